// An HTML footer as a block of its own.
import { asciiLower } from '../mime/bytes.ts';

/**
 * HTML that begins on a line of its own wherever it is put, as a text footer does: text, a link or a picture at its
 * start would go on in the post's last line. Unchanged where its first element breaks the line by itself.
 */
export function onItsOwnLine(html: string): string {
  return breaksLine(firstElement(html)) ? html : `<div>${html}</div>`;
}

/** Elements before which readers break the line (HTML standard, §15.3), and `<br>`. */
function breaksLine(element: string): boolean {
  switch (element) {
    case 'address':
    case 'article':
    case 'aside':
    case 'blockquote':
    case 'br':
    case 'center':
    case 'details':
    case 'dir':
    case 'div':
    case 'dl':
    case 'fieldset':
    case 'figure':
    case 'footer':
    case 'form':
    case 'h1':
    case 'h2':
    case 'h3':
    case 'h4':
    case 'h5':
    case 'h6':
    case 'header':
    case 'hr':
    case 'listing':
    case 'main':
    case 'menu':
    case 'nav':
    case 'ol':
    case 'p':
    case 'pre':
    case 'section':
    case 'table':
    case 'ul':
      return true;
    default:
      return false;
  }
}

/** The name of the element that HTML begins with, comments left out; '' where it begins with text. */
function firstElement(html: string): string {
  let at = afterWhiteSpace(html, 0);
  while (html.startsWith('<!--', at)) {
    const end = html.indexOf('-->', at + 4);
    if (end < 0) return '';
    at = afterWhiteSpace(html, end + 3);
  }
  if (!html.startsWith('<', at)) return '';
  const start = at + 1;
  let end = start;
  while (end < html.length && isNameCharacter(html.charCodeAt(end), end > start)) end++;
  if (end === html.length || !endsName(html.charCodeAt(end))) return '';
  return asciiLower(html.substring(start, end));
}

function afterWhiteSpace(html: string, from: i32): i32 {
  let at = from;
  while (at < html.length && isHtmlWhiteSpace(html.charCodeAt(at))) at++;
  return at;
}

function isHtmlWhiteSpace(code: i32): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d && code !== 0x0b);
}

function isNameCharacter(code: i32, mayBeDigit: boolean): boolean {
  const lower = code | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || (mayBeDigit && code >= 0x30 && code <= 0x39);
}

function endsName(code: i32): boolean {
  return isHtmlWhiteSpace(code) || code === 0x2f || code === 0x3e;
}
