// Where a link of an HTML footer leads, as it is written in text.

import { asciiLower } from '../mime/bytes.ts';
import { percentDecoded, percentEncoded } from './percent-encoding.ts';
import { TextBuilder } from './text-builder.ts';
import { trimmed } from './text-lines.ts';
import { isSpace } from './unicode.ts';

const MAILTO: string = 'mailto:';

/**
 * What is worth showing of a link: an address for a plain `mailto:`, nothing for what leads nowhere outside a browser.
 * @param href an attribute's value, its character references decoded
 */
export function linkTarget(href: string): string {
  const target = withoutWhiteSpace(href);
  if (!leadsSomewhere(target)) return '';
  const isAddress = asciiLower(target.slice(0, MAILTO.length)) === MAILTO && !target.includes('?');
  if (!isAddress) return target;
  const address = target.slice(MAILTO.length);
  const decoded = percentDecoded(address);
  return decoded === null || hasSpecial(decoded) ? address : decoded;
}

/** The URL standard drops line ends and tabs; blanks and angle brackets would end the link in a mail reader. */
function withoutWhiteSpace(href: string): string {
  const text = trimmed(href);
  const target = new TextBuilder(text.length);
  for (let i = 0; i < text.length; i++) {
    const code: i32 = text.charCodeAt(i);
    if (isControl(code)) continue;
    if (isSpecialCode(code)) target.addText(percentEncoded(code));
    else target.add(code);
  }
  return target.text();
}

function isControl(code: i32): boolean {
  return code < 0x20 || (code >= 0x7f && code <= 0x9f);
}

function isSpecialCode(code: i32): boolean {
  return code === 0x3c || code === 0x3e || isSpace(code);
}

function hasSpecial(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code: i32 = text.charCodeAt(i);
    if (isSpecialCode(code) || isControl(code)) return true;
  }
  return false;
}

/** A scheme that a reader's programs know, and something after it. */
function leadsSomewhere(target: string): boolean {
  const colon: i32 = target.indexOf(':');
  if (colon < 0 || colon + 1 === target.length) return false;
  switch (asciiLower(target.slice(0, colon))) {
    case 'http':
    case 'https':
    case 'mailto':
    case 'ftp':
    case 'ftps':
    case 'tel':
    case 'news':
    case 'nntp':
    case 'xmpp':
    case 'irc':
      return true;
    default:
      return false;
  }
}

/** Whether a link's text says its target already, give or take a slash at the end. */
export function isSameLink(text: string, target: string): boolean {
  return bare(text) === bare(target);
}

function bare(link: string): string {
  const text = new TextBuilder(link.length);
  for (let i = 0; i < link.length; i++) {
    const code: i32 = link.charCodeAt(i);
    if (!isSpace(code)) text.add(code);
  }
  const lower = asciiLower(text.text());
  const start = lower.startsWith(MAILTO) ? MAILTO.length : 0;
  return lower.slice(start, lower.endsWith('/') ? lower.length - 1 : lower.length);
}
