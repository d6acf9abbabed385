/** A list's footer files, as the program reads them: which one is used, and what is wrong with each. */
import { existsSync, statSync } from 'node:fs';
import { substitutionsIn } from '../footer/substitute.ts';
import type { Files } from '../host/files.ts';
import { readControl } from '../list/control.ts';
import { type FooterFile, FooterFormat, htmlFooterFiles, textFooterFiles } from '../list/footer-files.ts';
import { type Half, readFooters, readHalf } from '../list/footers.ts';
import type { List } from '../list/list.ts';
import { readSizeLimit } from '../list/settings.ts';
import { readSubstitutions } from '../list/substitutions.ts';
import type { FooterFacts, FooterFileFacts } from './facts.ts';
import { htmlFlaws } from './footer-html.ts';

/** @param directory the list's, as the system names it */
export function gatherFooters(directory: string, list: List, files: Files): FooterFacts {
  const halves = [textFooterFiles(), htmlFooterFiles()].map((candidates) => ({
    candidates,
    half: readHalf(candidates, list, files),
  }));
  const { pair, troubles } = readFooters(list, files);
  const ofFiles = halves.map(({ half }) => half.trouble);
  const limit = readSizeLimit(list, files);
  return {
    files: halves.flatMap(({ candidates, half }) => filesOf(candidates, half, directory, list, files)),
    isShown: pair !== null,
    troubles: troubles.filter((trouble) => !ofFiles.includes(trouble)),
    size: pair === null ? 0 : Buffer.byteLength(pair.text) + Buffer.byteLength(pair.html),
    room: limit === Infinity ? undefined : limit,
  };
}

/** The first one that shows something, or cannot be used, is the one that counts: see `readHalf`. */
function filesOf(
  candidates: readonly FooterFile[],
  half: Half,
  directory: string,
  list: List,
  files: Files,
): FooterFileFacts[] {
  const chosen = candidates.findIndex(({ name }) => half.isFound && name === half.name);
  return candidates.flatMap(({ name, format }, at): FooterFileFacts[] => {
    const path = `${directory}/control/${name}`;
    if (!existsSync(path)) return [];
    const size = statSync(path).size;
    if (at === chosen && half.trouble === '') {
      return [
        {
          ...UNREAD,
          name,
          size,
          use: 'used' as const,
          ...contentFacts(name, format, half.content, list, files),
        },
      ];
    }
    if (at === chosen) return [{ ...UNREAD, name, size, use: 'unusable' as const, trouble: half.trouble }];
    const use = chosen < 0 || at < chosen ? ('blank' as const) : ('passed over' as const);
    return [{ ...UNREAD, name, size, use, instead: half.name }];
  });
}

const UNREAD = { instead: '', trouble: '', isUtf8: true, tags: [], dead: [], unknownWords: [] };

function contentFacts(name: string, format: FooterFormat, content: string, list: List, files: Files) {
  const isHtml = format === FooterFormat.Html;
  const { tags, dead } = isHtml ? htmlFlaws(content) : { tags: [], dead: [] };
  const { values } = readSubstitutions([content], list, files);
  // Of a list without an address nothing can be put in, which is said of its address.
  const words =
    list.addresses.length === 0 ? [] : substitutionsIn(content).filter((word) => !values.has(word));
  const bytes = readControl(list.directory, name, files).bytes;
  return {
    isUtf8: format === FooterFormat.Base64 || bytes === null || isUtf8(bytes),
    tags,
    dead,
    unknownWords: [...new Set(words)],
  };
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
