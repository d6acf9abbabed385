/** The footer as people see it: once, in the right characters, in every alternative that should have it, nowhere else. */
import { Parser } from 'htmlparser2';
import iconv from 'iconv-lite';
import { type Expectation, numberInOutput, ownPartNumber, type Placement } from '../expectation.ts';
import {
  BODY_END,
  type MailparserReading,
  type PythonReading,
  type Readers,
  type ReadPart,
} from '../readers.ts';
import { flowedLines } from './flowed.ts';
import { oneTextInsertion } from './insertion.ts';

/** A footer pair with an ASCII word that stands once in each half, and survives any transliteration. */
export interface MarkedPair {
  readonly text: string;
  readonly html: string;
  readonly name: string;
  readonly marker: string;
}

/** A message in and out, as one pair of eyes sees them. */
interface Views<Reading> {
  readonly before: Reading;
  readonly after: Reading;
}

export async function sightFaults(
  input: Buffer,
  output: Buffer,
  pair: MarkedPair,
  expectation: Expectation,
  placement: Placement,
  readers: Readers,
): Promise<string[]> {
  const [before, after, oldMail, newMail] = await Promise.all([
    readers.python(input),
    readers.python(output),
    readers.mailparser(input),
    readers.mailparser(output),
  ]);
  const faults: string[] = [];
  let exact = expectation.characters !== 'ascii';
  if (before !== undefined && after !== undefined) {
    const footerHtml = await visibleHtml(pair, readers);
    faults.push(...pythonFaults({ before, after }, pair, footerHtml, placement, exact));
    exact &&= before.parts.every((part) => part.problem === null);
  } else if (before !== undefined) faults.push("Python's email package cannot read the output");
  if (oldMail !== undefined && newMail !== undefined) {
    if (readsAlike(input, oldMail, before, placement)) {
      faults.push(...mailparserFaults({ before: oldMail, after: newMail }, pair, placement, exact));
    }
  } else if (oldMail !== undefined) faults.push('mailparser cannot read the output');
  return faults;
}

/** mailparser has blind spots (blanks behind a boundary, some charsets): where it misses the author's text it is no judge. */
function readsAlike(
  message: Buffer,
  mail: MailparserReading,
  python: PythonReading | undefined,
  placement: Placement,
): boolean {
  const places = placement.footer === 'none' ? [] : placement.footer.filter((place) => place.kind === 'text');
  if (/^--\S[^\r\n]*[ \t]\r?$/m.test(message.toString('latin1'))) return false;
  return places.every((place) => {
    const part = python?.parts.find((one) => one.number === place.part);
    return part?.text == null || squeeze(mail.text).includes(squeeze(part.text));
  });
}

function pythonFaults(
  views: Views<PythonReading>,
  pair: MarkedPair,
  footerHtml: string,
  placement: Placement,
  exact: boolean,
): string[] {
  const faults: string[] = [];
  const left = new Map(views.after.parts.map((part) => [part.number, part]));
  for (const part of views.before.parts) {
    const number = numberInOutput(part.number, placement, part.inside.length > 0);
    const twin = left.get(number);
    left.delete(number);
    if (twin === undefined) {
      faults.push(`Python sees no part ${number} (part ${part.number} of the original)`);
      continue;
    }
    const place =
      placement.footer === 'none' ? undefined : placement.footer.find((one) => one.part === part.number);
    const name = `part ${part.number} (${part.type})`;
    if (place === undefined) faults.push(...untouchedFaults(part, twin).map((fault) => `${name}: ${fault}`));
    else {
      const sure = exact && part.problem === null;
      const found =
        place.kind === 'html' ? htmlFaults(part, twin, pair, footerHtml) : textFaults(part, twin, pair, sure);
      faults.push(...found.map((fault) => `${name}: ${fault}`));
    }
  }
  const own = ownPartNumber(placement);
  const added = [...left.values()];
  if (own !== undefined) {
    const mine = added.filter((part) => part.number === own || part.number.startsWith(`${own}.`));
    if (mine.length === 0) faults.push(`Python sees no part ${own} with the footer`);
    for (const part of mine) faults.push(...ownPartFaults(part, pair, footerHtml));
  }
  const stray = added.filter(
    (part) => own === undefined || !(part.number === own || part.number.startsWith(`${own}.`)),
  );
  if (stray.length > 0)
    faults.push(`Python sees new parts: ${stray.map((part) => `${part.number} ${part.type}`).join(', ')}`);
  return faults;
}

function untouchedFaults(before: ReadPart, after: ReadPart): string[] {
  const faults: string[] = [];
  if (before.type !== after.type) faults.push(`is now ${after.type}`);
  if (before.filename !== after.filename) faults.push(`is now named ${after.filename}`);
  if (before.sha256 !== after.sha256) faults.push('its content changed and should not');
  return faults;
}

function textFaults(before: ReadPart, after: ReadPart, pair: MarkedPair, exact: boolean): string[] {
  const faults: string[] = [];
  if (after.problem !== null && before.problem === null) faults.push(`no longer decodes: ${after.problem}`);
  const came = standardLines(before.text ?? '');
  const is = standardLines(after.text ?? '');
  const isWithoutBlanks =
    before.encoding === 'quoted-printable' && oneTextInsertion(withoutLineBlanks(came), is) !== undefined;
  const was = isWithoutBlanks ? withoutLineBlanks(came) : came;
  const added = occurrences(is, pair.marker) - occurrences(was, pair.marker);
  if (added !== 1) faults.push(`the text footer was added ${added} times`);
  const inserted =
    oneTextInsertion(was, is) ??
    oneTextInsertion(was.replace(/\n$/, ''), is) ??
    oneTextInsertion(asReadersShow(was), is);
  if (inserted === undefined && before.problem === null) {
    faults.push('the decoded text is not the original text plus one piece');
  }
  if (faults.length > 0 || !exact) return faults;
  return [...faults, ...lineFaults(before, after, was, is, pair)];
}

/** RFC 2045 §6.7 rule 3: a decoder drops them from quoted-printable, which the one used here does not. */
function withoutLineBlanks(text: string): string {
  return text.replace(/[ \t]+(?=\n|$)/g, '');
}

/** iso-8859-1 as every reader shows it: what it keeps for control characters is read as windows-1252. */
function asReadersShow(text: string): string {
  return text.replace(/[\x80-\x9f]+/g, (controls) =>
    iconv.decode(Buffer.from(controls, 'latin1'), 'windows-1252'),
  );
}

/** The footer's lines are whole lines of their own, also after a reader has joined flowed lines. */
function lineFaults(before: ReadPart, after: ReadPart, was: string, is: string, pair: MarkedPair): string[] {
  const flowed = before.format?.toLowerCase() === 'flowed';
  const delsp = before.delsp?.toLowerCase() === 'yes';
  const lines = (text: string) => (flowed ? flowedLines(text, delsp) : text.split('\n'));
  const footer = pair.text.split('\n');
  const overlong = footer.some((line) => Buffer.byteLength(line) > 900);
  if (overlong) {
    const squeezed = squeeze(lines(is).join('\n'));
    return occurrences(squeezed, squeeze(pair.text)) === 1
      ? []
      : ["the footer's characters are not all there"];
  }
  const trimmed = lines(is).map((line) => line.trimEnd());
  const wanted = footer.map((line) => line.trimEnd());
  const places = trimmed.flatMap((_, i) => (wanted.every((line, n) => trimmed[i + n] === line) ? [i] : []));
  if (places.length === 0) {
    const there = occurrences(squeeze(is), squeeze(pair.text)) > 0;
    const around = is.slice(Math.max(0, is.indexOf(pair.marker) - 160), is.indexOf(pair.marker) + 160);
    return [
      `the footer's lines ${there ? 'are joined or broken' : 'have wrong characters'}${flowed ? ' (format=flowed)' : ''}: ` +
        `${JSON.stringify(around)} in charset ${after.charset}`,
    ];
  }
  const faults: string[] = [];
  if (flowed) {
    // What was a paragraph before has to be one still: the last flowed line must not run into the footer.
    const old = flowedLines(was, delsp);
    while (old.at(-1)?.trim() === '') old.pop();
    const now = lines(is).slice(0, old.length);
    if (old.some((line, i) => line.trimEnd() !== now[i]?.trimEnd()) && !/^-----BEGIN PGP/m.test(was)) {
      faults.push('a flowed paragraph of the author runs into the footer');
    }
  }
  if (footer.includes('-- ') && !is.split('\n').includes('-- '))
    faults.push('the signature line "-- " lost its blank');
  return faults;
}

function htmlFaults(before: ReadPart, after: ReadPart, pair: MarkedPair, footerHtml: string): string[] {
  const faults: string[] = [];
  if (after.problem !== null && before.problem === null) faults.push(`no longer decodes: ${after.problem}`);
  const was = before.html ?? '';
  const is = after.html ?? '';
  const added = occurrences(is, pair.marker) - occurrences(was, pair.marker);
  if (added !== 1) {
    const raw = occurrences(after.text ?? '', pair.marker) - occurrences(before.text ?? '', pair.marker);
    faults.push(
      `the HTML footer is seen ${added} times${raw === added ? '' : ` (its source stands there ${raw} times)`}`,
    );
  } else if (
    occurrences(squeeze(is), squeeze(footerHtml)) !==
    occurrences(squeeze(was), squeeze(footerHtml)) + 1
  ) {
    const around = is.slice(Math.max(0, is.indexOf(pair.marker) - 80), is.indexOf(pair.marker) + 160);
    faults.push(
      `the HTML footer has wrong characters: ${JSON.stringify(around)} in charset ${after.charset}`,
    );
  } else if (was.includes(BODY_END) && is.lastIndexOf(pair.marker) > is.lastIndexOf(BODY_END)) {
    faults.push('the HTML footer stands behind the last </body> or </html>');
  }
  if (oneTextInsertion(standardLines(before.text ?? ''), standardLines(after.text ?? '')) === undefined) {
    if (before.problem === null) faults.push('the decoded HTML is not the original plus one piece');
  }
  return faults;
}

function ownPartFaults(part: ReadPart, pair: MarkedPair, footerHtml: string): string[] {
  const faults: string[] = [];
  const name = `the footer's own part ${part.number}`;
  if (part.type !== 'text/plain' && part.type !== 'text/html') faults.push(`${name} is ${part.type}`);
  if (part.problem !== null) faults.push(`${name} does not decode: ${part.problem}`);
  const text = part.type === 'text/html' ? (part.html ?? '') : (part.text ?? '');
  const wanted = part.type === 'text/html' ? footerHtml : pair.text;
  if (occurrences(squeeze(text), squeeze(wanted)) !== 1)
    faults.push(`${name} does not hold the footer once, in its characters`);
  return faults;
}

function mailparserFaults(
  views: Views<MailparserReading>,
  pair: MarkedPair,
  placement: Placement,
  exact: boolean,
): string[] {
  const { before, after } = views;
  const faults: string[] = [];
  const list = (mail: MailparserReading) =>
    mail.attachments.map((one) => `${one.type} ${JSON.stringify(one.filename)} ${one.sha256.slice(0, 12)}`);
  if (list(before).join('\n') !== list(after).join('\n')) {
    faults.push(
      `mailparser sees other attachments: ${list(before).join('; ')} became ${list(after).join('; ')}`,
    );
  }
  const kinds = placement.footer === 'none' ? [] : placement.footer.map((place) => place.kind);
  const own = ownPartNumber(placement) !== undefined;
  const text = { was: before.text, is: after.text };
  const html = { was: visibleInMailparser(before.html), is: visibleInMailparser(after.html) };
  const texts = occurrences(text.is, pair.marker) - occurrences(text.was, pair.marker);
  const htmls = occurrences(html.is, pair.marker) - occurrences(html.was, pair.marker);
  const textKinds = kinds.filter((kind) => kind === 'text').length;
  if (textKinds === 0 && kinds.length === 0 && !own) {
    if (texts + htmls !== 0)
      faults.push(`mailparser sees the footer ${texts + htmls} times and should see none`);
    return faults;
  }
  if (own ? texts + htmls < 1 : texts !== textKinds)
    faults.push(`mailparser sees the footer ${texts} times in the text`);
  if (kinds.includes('html') && htmls < 1) faults.push('mailparser does not see the footer in the HTML');
  if (faults.length === 0 && exact) {
    if (textKinds > 0 && !squeeze(text.is).includes(squeeze(pair.text))) {
      const around = text.is.slice(
        Math.max(0, text.is.indexOf(pair.marker) - 80),
        text.is.indexOf(pair.marker) + 80,
      );
      faults.push(`mailparser sees wrong characters in the text footer: ${JSON.stringify(around)}`);
    }
    if (kinds.includes('html') && !squeeze(html.is).includes(squeeze(visibleInMailparser(pair.html)))) {
      faults.push('mailparser sees wrong characters in the HTML footer');
    }
  }
  return faults;
}

function visibleInMailparser(html: string): string {
  let text = '';
  const parser = new Parser({ ontext: (piece) => (text += piece) }, { decodeEntities: true });
  parser.end(html);
  return text;
}

const visibleFooters = new Map<string, Promise<string>>();

/** A footer's own visible text, by the same reader that judges the parts. */
function visibleHtml(pair: MarkedPair, readers: Readers): Promise<string> {
  const known = visibleFooters.get(pair.html);
  if (known !== undefined) return known;
  const message = `Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n${pair.html}\n`;
  const asked = readers.python(Buffer.from(message)).then((reading) => reading?.parts[0]?.html ?? '');
  visibleFooters.set(pair.html, asked);
  return asked;
}

export function standardLines(text: string): string {
  return text.replace(/\r\n/g, '\n');
}

/** Without any white space: wrapping and stuffing do not change which characters are there. */
export function squeeze(text: string): string {
  return text.replace(/[\s\u00a0\u0001]+/g, '');
}

export function occurrences(text: string, piece: string): number {
  return piece === '' ? 0 : text.split(piece).length - 1;
}
