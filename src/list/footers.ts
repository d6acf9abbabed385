/**
 * A list's footers: found under the names that their owners have given them, read well whatever wrote them, and made whole
 * where there is only one half.
 */
import { completeFooters } from '../footer/complete-footers.ts';
import { decodeText } from '../footer/decode-text.ts';
import { escapeHtml } from '../footer/escape-html.ts';
import { FooterPair } from '../footer/footer-pair.ts';
import { htmlFragment } from '../footer/html-fragment.ts';
import { SUBSTITUTED_LIMIT } from '../footer/limits.ts';
import { asItIs, substitute } from '../footer/substitute.ts';
import { isBlank } from '../footer/visible.ts';
import { Files } from '../host/files.ts';
import { decodeBase64Text } from './base64-text.ts';
import { readControl } from './control.ts';
import { FooterFile, FooterFormat, htmlFooterFiles, textFooterFiles } from './footer-files.ts';
import { List } from './list.ts';
import { readLanguage } from './settings.ts';
import { readSubstitutions } from './substitutions.ts';

export class Footers {
  constructor(
    /** Null where the list has no footer that shows anything. */
    readonly pair: FooterPair | null,
    /** What is wrong with files, in words for the log line. There may be footers all the same. */
    readonly troubles: string[],
  ) {}
}

/** Reads the list's footers; what is in, or wrong with, their files never fails. */
export function readFooters(list: List, files: Files): Footers {
  const text = readHalf(textFooterFiles(), list, files);
  const html = readHalf(htmlFooterFiles(), list, files);
  const troubles: string[] = [];
  addTrouble(troubles, text.trouble);
  addTrouble(troubles, html.trouble);
  const substitutions = readSubstitutions([text.content, html.content], list, files);
  for (let i = 0; i < substitutions.troubles.length; i++) troubles.push(substitutions.troubles[i]);

  const textFooter = filled(text, substitute(text.content, substitutions.values, asItIs), troubles);
  const htmlFooter = filled(html, substitute(html.content, substitutions.values, escapeHtml), troubles);
  // Only HTML that is made from the text says its language.
  const language = textFooter !== '' && htmlFooter === '' ? readLanguage(list, files) : '';
  const completed = completeFooters(textFooter, htmlFooter, language);
  addTrouble(troubles, completed.trouble);
  return new Footers(completed.footers, troubles);
}

/** One half of a pair before its substitutions. */
export class Half {
  constructor(
    /** Of its file. */
    readonly name: string,
    /** '' where there is none. */
    readonly content: string,
    /** What is wrong with its file, or ''. */
    readonly trouble: string,
  ) {}

  get isFound(): boolean {
    return this.content !== '' || this.trouble !== '';
  }
}

/**
 * The first file that shows something. One that is there and cannot be used ends the search: to go on to an older name
 * would send a footer that the owner has replaced.
 */
export function readHalf(candidates: FooterFile[], list: List, files: Files): Half {
  for (let i = 0; i < candidates.length; i++) {
    const half = readFile(candidates[i], list, files);
    if (half.isFound) return half;
  }
  return new Half('', '', '');
}

function readFile(file: FooterFile, list: List, files: Files): Half {
  const control = readControl(list.directory, file.name, files);
  const bytes = control.bytes;
  if (bytes === null) return new Half(file.name, '', control.trouble);
  const half = readText(file.name, bytes);
  if (half.content === '') return half;
  switch (file.format) {
    case FooterFormat.Base64:
      return decodeBase64(half);
    case FooterFormat.Html:
      return new Half(file.name, htmlFragment(half.content), '');
    default:
      return half;
  }
}

function readText(name: string, bytes: Uint8Array): Half {
  const content = decodeText(bytes);
  if (content === null) return new Half(name, '', `${name} is not a text file`);
  return new Half(name, isBlank(content) ? '' : content, '');
}

function decodeBase64(half: Half): Half {
  const bytes = decodeBase64Text(half.content);
  return bytes === null ? new Half(half.name, '', `${half.name} is not base64`) : readText(half.name, bytes);
}

/** @param content the half after its substitutions; null where it has grown too large */
function filled(half: Half, content: string | null, troubles: string[]): string {
  if (content !== null) return content;
  troubles.push(`${half.name} grows larger than ${SUBSTITUTED_LIMIT / 1024} KiB`);
  return '';
}

function addTrouble(troubles: string[], trouble: string): void {
  if (trouble !== '') troubles.push(trouble);
}
