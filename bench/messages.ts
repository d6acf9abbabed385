/** Mail of any size, made piece by piece: nothing here holds a whole message. */
export type Pieces = Iterable<Uint8Array>;

const FIELDS =
  'Return-Path: <poster@example.com>\nReceived: from mx.example.com\n\tby lists.example.org for <demo@example.org>; ' +
  'Mon, 5 Jan 2026 10:00:00 +0000\nFrom: Poster <poster@example.com>\nTo: demo@example.org\nSubject: bench\n' +
  'Message-ID: <bench@example.com>\nMIME-Version: 1.0\n';
const TEXT = 'Ein ganz normaler Satz mit Umlauten (ä, ö, ü), wie er in vielen Mails steht.\n';
const QUOTED_TEXT = 'Gr=C3=BC=C3=9Fe an alle, die diese Liste =\nlesen\n'.repeat(4);
const PIECE = 1 << 16;

/** A message of about `size` bytes. */
export type Maker = (size: number) => Pieces;

export const MESSAGES = {
  'alternative with a PDF': (size) =>
    headed(
      'Content-Type: multipart/mixed; boundary=m\n',
      texts(
        `--m\nContent-Type: multipart/alternative; boundary=a\n\n${alternative('plain', QUOTED_TEXT)}${alternative(
          'html',
          `<html><body><p>${QUOTED_TEXT}</p></body></html>\n`,
        )}--a--\n\n--m\n`,
      ),
      texts('Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n'),
      filler(base64Line(), Math.max(size - 1300, 1)),
      texts('\n--m--\n'),
    ),
  'text only': (size) =>
    headed('Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n', filler(TEXT, size)),
  'text with an attachment': (size) =>
    headed(
      'Content-Type: multipart/mixed; boundary=b\n',
      [
        ...texts(
          `--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n${TEXT}\n--b\n`,
        ),
        ...texts('Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n'),
      ],
      filler(base64Line(), size),
      texts('\n--b--\n'),
    ),
  'HTML in quoted-printable': (size) =>
    headed(
      'Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n',
      texts('<html><body>\n'),
      filler('<p style=3D"color:red">Gr=C3=BC=C3=9Fe an alle, die diese Liste =\nlesen</p>\n', size),
      texts('</body></html>\n'),
    ),
  'HTML in base64': (size) =>
    headed('Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n', base64Html(size)),
} satisfies Record<string, Maker>;

/** The shapes that must not cost memory. */
export const SHAPES = {
  'one huge attachment': MESSAGES['text with an attachment'],
  'text/plain, 8bit': MESSAGES['text only'],
  'text/plain, 7bit, us-ascii': (size) =>
    headed(
      'Content-Type: text/plain; charset=us-ascii\n',
      filler('Just a = sentence of plain ASCII, as in 1985.\n', size),
    ),
  'text/plain, no MIME': (size) =>
    chain(
      texts('From: a@example.com\nSubject: x\n\n'),
      filler('Just a = sentence of plain ASCII, as in 1985.\n', size),
    ),
  'text/plain, iso-8859-1': (size) =>
    headed(
      'Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n',
      filler(TEXT, size, 'latin1'),
    ),
  'text/plain, format=flowed': (size) =>
    headed(
      'Content-Type: text/plain; charset=us-ascii; format=flowed\n',
      filler('A line that flows and \nends.\n', size),
    ),
  'text/plain, quoted-printable': (size) =>
    headed(
      'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n',
      filler('Gr=C3=BC=C3=9Fe an alle, die diese Liste =\nlesen\n', size),
    ),
  'text/plain, base64': (size) =>
    headed(
      'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n',
      filler(base64Line(), size),
    ),
  'text/html, 8bit': (size) =>
    headed(
      'Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n',
      texts('<html><body>\n'),
      filler(`<p>${TEXT}</p>`, size),
      texts('</body></html>\n'),
    ),
  'text/html, quoted-printable': MESSAGES['HTML in quoted-printable'],
  'text/html, base64': MESSAGES['HTML in base64'],
  'text/html, nothing but </body>': (size) =>
    headed('Content-Type: text/html; charset=utf-8\n', filler('</body><p>x</p>\n', size)),
  'text/html, one endless comment': (size) =>
    headed(
      'Content-Type: text/html; charset=utf-8\n',
      texts('<body>x</body><!--'),
      filler('</body> - \n', size),
    ),
  'one huge line': (size) =>
    headed('Content-Type: text/plain; charset=utf-8\n', filler('x', size), texts('\n')),
  'one huge line of quoted-printable': (size) =>
    headed(
      'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n',
      filler('=41', size),
      texts('\n'),
    ),
  'nothing but newlines': (size) => headed('Content-Type: text/plain; charset=utf-8\n', filler('\n', size)),
  'nothing but boundary lookalikes': (size) =>
    headed(
      'Content-Type: multipart/mixed; boundary=b\n',
      texts('--b\n\n'),
      filler('--bb\n--b x\n', size),
      texts('\n--b--\n'),
    ),
} satisfies Record<string, Maker>;

/** Shapes that are counted, not weighed: parts, levels, bytes of header. */
export const COUNTED: Readonly<Record<string, { readonly count: number; readonly make: Maker }>> = {
  parts: {
    count: 100_000,
    make: (count) =>
      headed(
        'Content-Type: multipart/mixed; boundary=b\n',
        repeated('--b\nContent-Type: text/plain\n\nhello\n', count),
        texts('--b--\n'),
      ),
  },
  'levels of nesting': { count: 10_000, make: nested },
  'levels of nesting, never closed': { count: 10_000, make: (count) => openings(count) },
  'bytes in one header field': {
    count: 10_000_000,
    make: (count) => chain(texts(FIELDS), texts('X-Long: '), filler('x', count), texts('\n\nbody\n')),
  },
  'header fields': {
    count: 500_000,
    make: (count) => chain(texts(FIELDS), repeated('X-Field: value, value\n', count), texts('\nbody\n')),
  },
  'bytes in a Content-Type field': {
    count: 10_000_000,
    make: (count) =>
      chain(texts(`${FIELDS}Content-Type: text/plain`), filler(';\n a=b', count), texts('\n\nbody\n')),
  },
};

/** The plain message that everything is compared with. */
export const SMALL: Pieces = [
  Buffer.from(`${FIELDS}Content-Type: text/plain; charset=utf-8\n\n${'A short line.\n'.repeat(60)}`),
];

function headed(fields: string, ...bodies: Pieces[]): Pieces {
  return chain(texts(`${FIELDS}${fields}\n`), ...bodies);
}

function* chain(...all: Pieces[]): Generator<Uint8Array> {
  for (const pieces of all) yield* pieces;
}

function alternative(subtype: string, text: string): string {
  const encoding = 'Content-Transfer-Encoding: quoted-printable';
  return `--a\nContent-Type: text/${subtype}; charset=utf-8\n${encoding}\n\n${text}\n`;
}

function texts(text: string): Uint8Array[] {
  return [Buffer.from(text)];
}

/** The same text over and over, in whole copies, at least `size` bytes (at least once). */
function* filler(text: string, size: number, charset: 'utf8' | 'latin1' = 'utf8'): Generator<Uint8Array> {
  const one = Buffer.from(text, charset);
  const block = Buffer.alloc(one.length * Math.ceil(PIECE / one.length), one);
  let left = Math.max(1, Math.ceil(size / one.length)) * one.length;
  for (; left > block.length; left -= block.length) yield block;
  yield block.subarray(0, left);
}

function repeated(text: string, count: number): Generator<Uint8Array> {
  return filler(text, count * Buffer.byteLength(text));
}

function base64Line(): string {
  return `${Buffer.from(TEXT.repeat(2)).toString('base64').slice(0, 76)}\n`;
}

function* base64Html(size: number): Generator<Uint8Array> {
  const encode = (text: string) =>
    `${(
      Buffer.from(text)
        .toString('base64')
        .match(/.{1,76}/g) ?? []
    ).join('\n')}\n`;
  // Whole lines of 57 bytes only: padding inside would be the end of the data.
  const lines = (text: string) => encode(text + ' '.repeat(56 - ((Buffer.byteLength(text) + 56) % 57)));
  yield Buffer.from(lines('<html><body>'));
  yield* filler(lines('<p>Grüße an alle, die diese Liste lesen, und an ihre Freunde.</p>'), size);
  yield Buffer.from(encode('</body></html>\r\n'));
}

function* nested(levels: number): Generator<Uint8Array> {
  yield* openings(levels);
  for (let i = levels - 1; i >= 0; i--) yield Buffer.from(`\n--level${i}--\n`);
}

function* openings(levels: number): Generator<Uint8Array> {
  yield Buffer.from(FIELDS);
  for (let i = 0; i < levels; i++)
    yield Buffer.from(`Content-Type: multipart/mixed; boundary=level${i}\n\n--level${i}\n`);
  yield Buffer.from('Content-Type: text/plain\n\nat the bottom\n');
}
