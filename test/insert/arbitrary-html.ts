// Messages of one HTML part, in any order of tags, in any transfer encoding.
import fc from 'fast-check';
import { htmlSoup } from '../helpers/html-soup.ts';

const NAMES =
  'p div b i a font span ul li h1 pre center blockquote button select option optgroup table tr td th caption template ' +
  'details summary dialog object svg math title noscript video ruby rt marquee form label x-y textarea style script';

const STYLES = [
  'display:none',
  'font-size:0',
  'font-size: 14px',
  'visibility:hidden',
  'max-height:0;overflow:hidden',
  'color:red',
];

/** HTML that is mostly well-formed in its tags, and not in their order. */
export const htmlText = fc
  .array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom(...NAMES.split(' ').flatMap((name) => [`<${name}>`, `</${name}>`])),
      },
      {
        weight: 2,
        arbitrary: fc.constantFrom(
          ...STYLES.flatMap((style) => [`<div style="${style}">`, `<span style="${style}">`]),
        ),
      },
      {
        weight: 4,
        arbitrary: fc.constantFrom(
          'text',
          ' ',
          '\n',
          '&nbsp;',
          'more\n',
          '\xa0',
          '<br>',
          '<hr>',
          '<img src=x>',
          '<div hidden>',
        ),
      },
      {
        weight: 2,
        arbitrary: fc.constantFrom(
          '</body>',
          '</html>',
          '</body></html>',
          '<body>',
          '<!-- c -->',
          '<!--',
          '-->',
          '--b--',
        ),
      },
    ),
    { maxLength: 24 },
  )
  .map((pieces) => pieces.join(''));

const CHARSETS = ['utf-8', 'us-ascii', 'iso-8859-1', 'windows-1252', 'utf-16le', 'iso-2022-jp', 'x-unknown'];

/** A message, its HTML in latin1 where it is not in UTF-16. */
export const htmlMessage = fc
  .record({
    html: fc.oneof(htmlText, htmlSoup),
    charset: fc.constantFrom(...CHARSETS),
    encoding: fc.constantFrom('7bit', '8bit', 'quoted-printable', 'base64'),
    crlf: fc.boolean(),
    inMultipart: fc.boolean(),
  })
  .map(({ html, charset, encoding, crlf, inMultipart }) => {
    const text = Buffer.from(html, charset === 'utf-16le' ? 'utf16le' : 'latin1');
    const content = encoded(text, charset === 'utf-16le' ? 'base64' : encoding);
    const type = `Content-Type: text/html; charset=${charset}\nContent-Transfer-Encoding: `;
    const part = `${type}${charset === 'utf-16le' ? 'base64' : encoding}\n\n${content}`;
    const whole = inMultipart
      ? `MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n${part}\n--b--\n`
      : `MIME-Version: 1.0\n${part}`;
    return Buffer.from(crlf ? whole.replace(/\r?\n/g, '\r\n') : whole, 'latin1');
  });

function encoded(text: Buffer, encoding: string): string {
  if (encoding === 'base64') return text.toString('base64').replace(/.{76}/g, '$&\n');
  const raw = text.toString('latin1');
  if (encoding !== 'quoted-printable') return raw;
  const quote = (c: string) => `=${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  return raw.replace(/[=\x00-\x08\x0b-\x1f\x7f-\xff]/g, quote).replace(/[^\n]{70}(?==)/g, '$&=\n');
}
