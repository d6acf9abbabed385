import { BASE64_LINE, encodeBase64 } from '../mime/base64.ts';
import { latin1 } from '../mime/bytes.ts';
import { isAsciiText, US_ASCII } from '../mime/charset.ts';
import { QuotedPrintableEncoder } from '../mime/quoted-printable.ts';
import { htmlForCharset } from './compose.ts';
import { foldLines } from './fold-lines.ts';
import type { FooterPair } from './footer.ts';
import type { FooterKind } from './placement.ts';

/**
 * The footer as a part of its own: header, blank line and text, 7-bit whatever the footer holds, without a line end
 * at the end. `inline` keeps most readers from showing it as an attachment (RFC 2183 §2.1).
 * @returns latin1 characters
 */
export function footerPart(kind: FooterKind, footers: FooterPair, eol: string): string {
  const { charset, encoding, body } =
    kind === 'text/html' ? htmlBody(footers.html) : textBody(footers.text, eol);
  return [
    `Content-Type: ${kind}; charset=${charset}`,
    `Content-Transfer-Encoding: ${encoding}`,
    'Content-Disposition: inline',
    '',
    body.replaceAll(/\r?\n/g, eol),
  ].join(eol);
}

interface Body {
  readonly charset: string;
  readonly encoding: string;
  readonly body: string;
}

function htmlBody(html: string): Body {
  return {
    charset: 'us-ascii',
    encoding: '7bit',
    body: foldLines(htmlForCharset(html, US_ASCII, true), US_ASCII),
  };
}

/** Quoted-printable stays readable in the raw message; base64 is for scripts in which nothing would be. */
function textBody(text: string, eol: string): Body {
  if (isAsciiText(text)) return { charset: 'us-ascii', encoding: '7bit', body: foldLines(text, US_ASCII) };
  const bytes = Buffer.from(text.replaceAll('\n', '\r\n'), 'utf8');
  const encoder = new QuotedPrintableEncoder('\r\n');
  const quoted = encoder.write(latin1(bytes)) + encoder.end();
  const base64 = encodeBase64(bytes, 0, BASE64_LINE, eol);
  return quoted.length <= 1.5 * base64.length
    ? { charset: 'utf-8', encoding: 'quoted-printable', body: quoted }
    : { charset: 'utf-8', encoding: 'base64', body: base64 };
}
