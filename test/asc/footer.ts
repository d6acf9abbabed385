// The footer room in WebAssembly: each function takes the text (UTF-8) that `input` made room for, and what it gives is
// in `output`, in UTF-8. It returns -1 where there is null.
import { decodeAttribute, decodeReferences } from '../../src/footer/character-references.ts';
import { CompletedFooters, completeFooters } from '../../src/footer/complete-footers.ts';
import { decodeText } from '../../src/footer/decode-text.ts';
import { deriveHtml } from '../../src/footer/derive-html.ts';
import { deriveText } from '../../src/footer/derive-text.ts';
import { escapeHtml } from '../../src/footer/escape-html.ts';
import { findLinks } from '../../src/footer/find-links.ts';
import { htmlFragment } from '../../src/footer/html-fragment.ts';
import { addressSubstitutions, controlNames, substitute } from '../../src/footer/substitute.ts';
import { isBlank, showsSomething } from '../../src/footer/visible.ts';
import { decodeUtf8, utf8Of } from '../../src/mime/bytes.ts';

let given: Uint8Array = new Uint8Array(0);
let made: Uint8Array = new Uint8Array(0);

export function input(length: i32): usize {
  given = new Uint8Array(length);
  return given.dataStart;
}

export function output(): usize {
  return made.dataStart;
}

export function collect(): void {
  __collect();
}

function text(): string {
  return decodeUtf8(given)!;
}

function give(text: string | null): i32 {
  made = text === null ? new Uint8Array(0) : utf8Of(text);
  return text === null ? -1 : made.length;
}

export function callDecodeText(): i32 {
  return give(decodeText(given));
}

export function callDeriveHtml(): i32 {
  return give(deriveHtml(text(), 'de'));
}

export function callFindLinks(): i32 {
  const links = findLinks(text());
  let found = '';
  for (let i = 0; i < links.length; i++) found += `${links[i].start} ${links[i].end} ${links[i].target}\n`;
  return give(found);
}

export function callReferences(): i32 {
  return give(`${decodeReferences(text())}\n${decodeAttribute(text())}`);
}

export function callVisible(): i32 {
  return (isBlank(text()) ? 1 : 0) + (showsSomething(text()) ? 2 : 0);
}

export function callSubstitute(): i32 {
  const values = addressSubstitutions('o\'n<e&"ws>@example.org', '+');
  const names = controlNames([text()]);
  for (let i = 0; i < names.length; i++) values.set(`control ${names[i]}`, `value of ${names[i]}`);
  return give(substitute(text(), values, escapeHtml));
}

export function callHtmlFragment(): i32 {
  return give(htmlFragment(text()));
}

export function callDeriveText(): i32 {
  return give(deriveText(text()));
}

let completed: CompletedFooters | null = null;

/** The input is a text half, NUL, an HTML half. */
export function complete(): void {
  const halves = text().split('\0');
  completed = completeFooters(halves[0], halves[1], '');
}

export function callComplete(): i32 {
  complete();
  const pair = completed!.footers;
  return give(pair === null ? completed!.trouble : `${pair.text}\0${pair.html}`);
}
