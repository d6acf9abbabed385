import { readFile } from 'node:fs/promises';
import { completeFooters } from '../footer/complete-footers.ts';
import { decodeText } from '../footer/decode-text.ts';
import type { FooterPair } from '../footer/footer-pair.ts';
import type { PlacementOptions } from '../footer/options.ts';
import { byteString } from '../host/byte-string.ts';
import { NodeFiles } from '../host/node-files.ts';
import { CONTROL_LIMIT } from '../list/control.ts';
import { Access, type List, openList } from '../list/list.ts';
import { ListFooters, readListFooters } from '../list/list-footers.ts';
import type { Source } from '../mime/source.ts';
import { DeclaredEnvelope } from '../transport/envelope.ts';
import { routeTo } from '../transport/post.ts';
import { PreviewProblem } from './problem.ts';

/** The footers that previews are made with: a list's own, or others that are tried out. */
export class PreviewFooters {
  readonly footers: ListFooters;
  readonly #list: List | null;

  /** @param list null where footers are tried out that no list has */
  constructor(footers: ListFooters, list: List | null) {
    this.footers = footers;
    this.#list = list;
  }

  get pair(): FooterPair | null {
    return this.footers.pair;
  }

  /** Why there are no footers, or what is wrong with the list's files although there are; null where nothing is. */
  get trouble(): string | null {
    if (this.pair === null) return this.footers.missingReason;
    const flaw = this.#list?.flaw?.trouble ?? '';
    return [this.footers.trouble, flaw].filter((trouble) => trouble !== '').join('; ') || null;
  }

  /** Why a message gets no footer whatever is in it: a command, a bounce. '' for a post. */
  passThroughReason(message: Source): string {
    if (this.#list === null) return '';
    return routeTo(this.#list, new DeclaredEnvelope(null, null), message).passThroughReason;
  }

  /** The same with other footers. */
  withPair(pair: FooterPair): PreviewFooters {
    const { options, sizeLimit, trouble } = this.footers;
    return new PreviewFooters(new ListFooters(pair, options, sizeLimit, trouble), this.#list);
  }
}

/** The list's own footers, read as they are at a delivery. @throws PreviewProblem */
export function footersOfList(directory: string): PreviewFooters {
  const files = new NodeFiles();
  const { list, failure } = openList(byteString(directory), files, Access.Read);
  if (list === null) throw PreviewProblem.unreadable(failure!.message);
  return new PreviewFooters(readListFooters(list, files), list);
}

/** Says what it is wherever it is shown. */
const EXAMPLE =
  '-- \nAn example: name a list (-L LISTDIR) or a file (--footer-text FILE) for a footer of yours.\n';

/** Footers from files, for trying out; an example where none is named. @throws PreviewProblem */
export async function footersOfFiles(
  textFile: string | undefined,
  htmlFile: string | undefined,
  options: PlacementOptions,
): Promise<PreviewFooters> {
  const isExample = textFile === undefined && htmlFile === undefined;
  const [text, html] = await Promise.all([readHalf(textFile), readHalf(htmlFile)]);
  const { footers, trouble } = completeFooters(isExample ? EXAMPLE : text, html, '');
  const missing = trouble === '' ? 'the footer files show nothing' : trouble;
  return new PreviewFooters(
    new ListFooters(footers, options, Infinity, footers === null ? missing : ''),
    null,
  );
}

async function readHalf(path: string | undefined): Promise<string> {
  if (path === undefined) return '';
  const bytes = await readFile(path).catch((error) => {
    throw PreviewProblem.unreadable(`${path} cannot be read (${error.code})`);
  });
  // Not shown as if all were well: a list would send its posts without it.
  if (bytes.length > CONTROL_LIMIT) {
    throw PreviewProblem.unreadable(`${path} is larger than a footer may be (${CONTROL_LIMIT / 1024} KiB)`);
  }
  const text = decodeText(bytes);
  if (text === null) throw PreviewProblem.unreadable(`${path} is not a text file`);
  return text;
}
