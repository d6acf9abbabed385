import type { KindName, MannerName, ReasonName } from '../insert/outcome-names.ts';
import type { PlacedFooter } from '../library/report.ts';
import type { MessagePreview } from './message-preview.ts';
import type { PartNode } from './part-tree.ts';
import type { PreviewFooters } from './preview-footers.ts';

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
  readonly footer: FooterData | null;
  readonly reason: ReasonName | null;
}

export interface FooterData {
  readonly manner: MannerName;
  readonly kind: KindName;
  readonly transliterated: boolean;
  readonly mayBeHidden: boolean;
  readonly convertedFrom: string | null;
}

export function asData(name: string, preview: MessagePreview, footers: PreviewFooters): PreviewData {
  const { summary, size, sizeAfter, tree } = preview;
  const { pair, trouble } = footers;
  const parts: PartData[] = [];
  const add = (part: PartNode): void => {
    parts.push(partData(part));
    part.parts.forEach(add);
  };
  if (tree.root !== null) add(tree.root);
  return {
    format: 1,
    name,
    summary,
    size,
    sizeAfter,
    footers: pair === null ? null : { text: pair.text, html: pair.html },
    trouble,
    parts,
    partsNotShown: tree.unshown,
  };
}

function partData(part: PartNode): PartData {
  const { number, mediaType, charset, encoding, disposition, named, size, placed, reason } = part;
  const footer = placed === null ? null : footerData(placed);
  return { number, mediaType, charset, encoding, disposition, named, size, footer, reason };
}

function footerData({ manner, kind, transliterated, mayBeHidden, convertedFrom }: PlacedFooter): FooterData {
  return {
    manner,
    kind,
    transliterated,
    mayBeHidden: mayBeHidden ?? false,
    convertedFrom: convertedFrom ?? null,
  };
}
