import { readFile } from 'node:fs/promises';
import type { FooterPair, PlacementWishes } from '../footer/footer.ts';
import { completeFooters } from '../library/complete-footers.ts';
import { CONTROL_LIMIT } from '../list/control.ts';
import { decodeText } from '../list/decode-text.ts';
import { readFooters } from '../list/footers.ts';
import { htmlFragment } from '../list/html-fragment.ts';
import { type MailingList, openList } from '../list/list.ts';
import { isBlank } from '../list/visible.ts';
import { readWishes } from '../list/wishes.ts';
import { platform } from '../platform/current.ts';
import { passThroughReason, readEnvelope } from '../transport/envelope.ts';
import { shortName } from '../transport/footing.ts';
import { PreviewProblem } from './problem.ts';

/** The footers that a preview is made with, and what the list says about messages that get none. */
export interface Footing {
  readonly footers: FooterPair | undefined;
  readonly wishes: PlacementWishes;
  /** Why there are no footers, or what is wrong with a footer file although there are. */
  readonly trouble: string | undefined;
  /** Why a message that begins like this gets no footer: a command, a bounce. Undefined for a post. */
  passThrough(head: Uint8Array): string | undefined;
}

/** The list's own footers, read as they are at a delivery. @throws PreviewProblem */
export async function footingOfList(directory: string): Promise<Footing> {
  let list: MailingList;
  try {
    list = await openList(directory, platform);
  } catch (error) {
    throw PreviewProblem.unreadable((error as Error).message);
  }
  const [{ footers, trouble }, wishes] = await Promise.all([
    readFooters(list, platform),
    readWishes(list, platform),
  ]);
  const name = shortName(list);
  const told = { sender: undefined, extension: undefined, environment: {} };
  return {
    footers,
    wishes,
    trouble: footers === undefined ? (trouble ?? 'the list has none') : trouble,
    passThrough: (head) => passThroughReason(readEnvelope(told, head, list), name, list.delimiter),
  };
}

/** Footers from files, for trying out. @throws PreviewProblem */
export async function footingOfFiles(
  textFile: string | undefined,
  htmlFile: string | undefined,
  wishes: PlacementWishes,
): Promise<Footing> {
  const [text, source] = await Promise.all([readHalf(textFile), readHalf(htmlFile)]);
  const html = await htmlFragment(source);
  const showsNothing = isBlank(text) && html === undefined;
  return {
    footers: showsNothing ? undefined : await completeFooters({ text, html: html ?? '' }),
    wishes,
    trouble: showsNothing ? 'the footer files show nothing' : undefined,
    passThrough: () => undefined,
  };
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
  if (text === undefined) throw PreviewProblem.unreadable(`${path} is not a text file`);
  return text;
}
