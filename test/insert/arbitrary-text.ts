import fc from 'fast-check';
import { inMultipart, message } from './one-text.ts';

/** Pieces that texts and footers are made of: each is awkward somewhere. */
const PIECES = [
  'a',
  ' ',
  '\n',
  '\r\n',
  '\r',
  '\t',
  '=',
  '=20',
  '=\n',
  '.',
  '-',
  '--',
  '--b',
  '--b--',
  '-- \n',
  '> ',
  'From ',
  'ü',
  'ж',
  '日',
  '\xfc',
  '\x1b$B',
  '\x1b(B',
  '\0',
  'YQ==',
  'YWFh',
  '\n\n',
  'x'.repeat(90),
  'y '.repeat(600),
  '-----BEGIN PGP MESSAGE-----\n',
  '-----END PGP MESSAGE-----\n',
  '\xa0',
  '\ufeff',
];
export const FOOTERS = ['F', '-- \nF\n> G', 'für\n--b--', 'жж\n日', '日 '.repeat(400), '--b', '<a>'];
const CHARSETS = [
  '',
  'us-ascii',
  'utf-8',
  'iso-8859-1',
  'x-made-up',
  'utf-16',
  'utf-32',
  'koi8-r',
  'iso-2022-jp',
  'shift_jis',
];
const ENCODINGS = ['', '7bit', '8bit', 'binary', 'quoted-printable', 'base64', 'x-none'];

const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }).map((pieces) => pieces.join(''));

interface TextMessage {
  readonly charset: string;
  readonly encoding: string;
  readonly flowed: boolean;
  readonly content: string;
  readonly isUtf8: boolean;
  readonly isInMultipart: boolean;
  readonly isCrlf: boolean;
  readonly isEncoded: boolean;
}

/** A message that is one text, or has one in a multipart whose boundary is `b`. */
export const textMessage: fc.Arbitrary<Buffer> = fc
  .record({
    charset: fc.constantFrom(...CHARSETS),
    encoding: fc.constantFrom(...ENCODINGS),
    flowed: fc.boolean(),
    content: text,
    isUtf8: fc.boolean(),
    isInMultipart: fc.boolean(),
    isCrlf: fc.boolean(),
    isEncoded: fc.boolean(),
  })
  .map(compose);

function compose(one: TextMessage): Buffer {
  const parameters = [
    one.charset === '' ? '' : `; charset=${one.charset}`,
    one.flowed ? '; format=flowed' : '',
  ];
  const bytes = Buffer.from(one.content, one.isUtf8 ? 'utf8' : 'latin1');
  const content =
    one.isEncoded && one.encoding === 'base64' ? bytes.toString('base64') : bytes.toString('latin1');
  const single = message(`text/plain${parameters.join('')}`, one.encoding, content);
  const whole = one.isInMultipart ? inMultipart('b', single) : single;
  return Buffer.from(one.isCrlf ? whole.replace(/\r?\n/g, '\r\n') : whole, 'latin1');
}

/** `AMIME_DEEP=10 npm test` runs every generated case ten times as often. */
export const DEPTH = Math.max(1, Number(process.env.AMIME_DEEP ?? 1) || 1);
