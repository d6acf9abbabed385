import type { Manner, Reason } from '../footer/outcome.ts';
import type { Footing } from './footing.ts';
import type { MessagePreview } from './message-preview.ts';
import type { PartNode } from './part-tree.ts';

/** One message as `--json` gives it; docs/preview.md says what each key means. */
export interface PreviewData {
  readonly format: 1;
  readonly name: string;
  readonly summary: string;
  readonly size: number;
  readonly sizeAfter: number;
  readonly footers: { readonly text: string; readonly html: string } | null;
  readonly trouble: string | null;
  readonly parts: readonly PartData[];
  readonly partsNotShown: number;
}

export interface PartData {
  readonly number: string | null;
  readonly mediaType: string;
  readonly charset: string | null;
  readonly encoding: string | null;
  readonly disposition: string | null;
  readonly named: boolean;
  readonly size: number;
  readonly footer: {
    readonly manner: Manner;
    readonly kind: string;
    readonly transliterated: boolean;
  } | null;
  readonly reason: Reason | null;
}

export function asData(name: string, preview: MessagePreview, footing: Footing): PreviewData {
  const { summary, size, sizeAfter, tree } = preview;
  const parts: PartData[] = [];
  const add = (part: PartNode): void => {
    parts.push(partData(part));
    part.parts.forEach(add);
  };
  if (tree.root !== undefined) add(tree.root);
  return {
    format: 1,
    name,
    summary,
    size,
    sizeAfter,
    footers: footing.footers ?? null,
    trouble: footing.trouble ?? null,
    parts,
    partsNotShown: tree.unshown,
  };
}

function partData(part: PartNode): PartData {
  return {
    number: part.number ?? null,
    mediaType: part.mediaType,
    charset: part.charset ?? null,
    encoding: part.encoding ?? null,
    disposition: part.disposition ?? null,
    named: part.named,
    size: part.size,
    footer: part.placed ?? null,
    reason: part.reason ?? null,
  };
}
