import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OperationKind } from '../../../src/core/insert/plan.ts';
import { inMultipart, message, planText } from './one-text.ts';

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
const FOOTERS = ['F', '-- \nF\n> G', 'für\n--b--', 'жж\n日', '日 '.repeat(400), '--b', '<a>'];
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

const part = fc.record({
  charset: fc.constantFrom(...CHARSETS),
  encoding: fc.constantFrom(...ENCODINGS),
  flowed: fc.boolean(),
  content: text,
  isUtf8: fc.boolean(),
  isInMultipart: fc.boolean(),
  isCrlf: fc.boolean(),
  isEncoded: fc.boolean(),
});

function compose(one: {
  charset: string;
  encoding: string;
  flowed: boolean;
  content: string;
  isUtf8: boolean;
  isInMultipart: boolean;
  isCrlf: boolean;
  isEncoded: boolean;
}): Buffer {
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

const planning = fc.record({
  width: fc.integer({ min: 64, max: 300 }),
  piece: fc.integer({ min: 1, max: 300 }),
});

it('the plan is the same for every width of the window, and the message is for every size of a piece', () => {
  fc.assert(
    fc.property(
      part,
      fc.constantFrom(...FOOTERS),
      planning,
      fc.boolean(),
      (one, footer, { width, piece }, avoidsUnencoded) => {
        const input = compose(one);
        const whole = planText(input, footer, { avoidsUnencoded });
        const same = planText(input, footer, { width, piece, avoidsUnencoded });
        expect(same.output.toString('latin1')).toBe(whole.output.toString('latin1'));
        expect(same.plan).toEqual(whole.plan);
      },
    ),
    { numRuns: 1500 },
  );
});

it('undone it is the message that came; where a text is written anew, all around it', () => {
  fc.assert(
    fc.property(part, fc.constantFrom(...FOOTERS), (one, footer) => {
      const input = compose(one);
      const { whole, output, plan } = planText(input, footer);
      expect(plan.placed === null).toBe(plan.reason !== 0);
      if (whole.isEmpty) {
        expect(output.equals(input)).toBe(true);
        return;
      }
      let came = 0;
      let went = 0;
      for (const { kind, start, end, length } of whole.operations) {
        if (kind !== OperationKind.Insert) expect(start).toBe(came);
        if (kind === OperationKind.Keep) {
          expect(output.subarray(went, went + length).equals(input.subarray(start, end))).toBe(true);
        }
        if (kind !== OperationKind.Insert) came = end;
        went += length;
      }
      expect([came, went]).toEqual([input.length, output.length]);
    }),
    { numRuns: 1500 },
  );
});

it('a second pass adds nothing, and what was 7-bit clean stays so', () => {
  fc.assert(
    fc.property(part, fc.constantFrom(...FOOTERS), (one, footer) => {
      const input = compose(one);
      const { output } = planText(input, footer);
      const again = planText(output, footer);
      expect(again.output.toString('latin1')).toBe(output.toString('latin1'));
      if (one.encoding !== '8bit' && one.encoding !== 'binary' && !input.some((byte) => byte > 0x7f)) {
        expect(output.some((byte) => byte > 0x7f)).toBe(false);
      }
    }),
    { numRuns: 1500 },
  );
});
