import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asOwnPart, type Expectation, inParts, NOTHING, WRAPPED } from '../helpers/expectation.ts';
import { insertFooters } from '../helpers/insert.ts';
import { judge } from '../helpers/judge.ts';
import { lacks, program } from '../helpers/needs.ts';
import { ALL_PAIRS, JAPANESE, WESTERN } from '../helpers/pairs.ts';
import { Readers } from '../helpers/readers.ts';
import { Pgp, Smime } from '../helpers/signatures.ts';

let readers: Readers;
beforeAll(() => {
  readers = new Readers();
});
afterAll(() => readers.close());

const ENTITIES = {
  plain: 'Content-Type: text/plain; charset=us-ascii\n\nSigned text. \n-- \nfrom here\n',
  'quoted-printable':
    'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nGr=C3=BC=C3=9Fe=20\n',
  multipart:
    'Content-Type: multipart/alternative; boundary=alt\n\n--alt\n\ntext\n--alt\nContent-Type: text/html\n\n<p>html</p>\n--alt--\n',
};
const FIELDS =
  'Received: from a by b\nFrom: Poster <poster@example.com>\nTo: demo@example.org\nSubject: signed\n';
const EOLS = [
  ['LF', '\n'],
  ['CRLF', '\r\n'],
] as const;
const CASES = Object.entries(ENTITIES).flatMap(([kind, entity]) =>
  EOLS.map(([lines, eol]) => [kind, lines, entity, eol] as const),
);

/** A signed entity as a whole message. `MIME-Version` may already stand in it: openssl writes one. */
function message(signed: Buffer, eol: string): Buffer {
  const version = /^MIME-Version:/im.test(signed.toString('latin1')) ? '' : 'MIME-Version: 1.0\n';
  return Buffer.concat([Buffer.from((FIELDS + version).replaceAll('\n', eol)), signed]);
}

function nested(signed: Buffer, eol: string): Buffer {
  const entity = signed.toString('latin1').replace(/^MIME-Version:.*\r?\n/im, '');
  const text =
    `${FIELDS}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=outer\n\n--outer\n`.replaceAll(
      '\n',
      eol,
    );
  const tail =
    '\n--outer\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\nJVBERg==\n--outer--\n';
  return Buffer.from(text + entity + tail.replaceAll('\n', eol), 'latin1');
}

/** A mailing list or a gateway put text in front: the signed part is no longer what the reader's body ends with. */
function withTextBefore(signed: Buffer, eol: string): Buffer {
  const whole = nested(signed, eol).toString('latin1');
  return Buffer.from(
    whole.replace(`--outer${eol}`, `--outer${eol}${eol}A note before.${eol}--outer${eol}`),
    'latin1',
  );
}

const SKIPPED: Expectation = { ...NOTHING, why: 'signed at the top: left byte for byte' };
const WRAP: Expectation = { ...WRAPPED, why: 'signed at the top, wrapped' };
const NESTED: Expectation = { ...asOwnPart('1'), alsoFine: [NOTHING], why: 'the signed part is the body' };
const BEFORE: Expectation = {
  ...inParts(['1', 'text']),
  alsoFine: [asOwnPart('1'), asOwnPart('2')],
  why: 'a text before',
};

const noOpenssl = lacks(program('openssl'));

describe.skipIf(noOpenssl)(`S/MIME${noOpenssl}`, () => {
  let smime: Smime;
  beforeAll(() => {
    smime = new Smime();
  });
  afterAll(() => smime.close());

  it.each(CASES)('%s in %s verifies after the footer', async (_, __, entity, eol) => {
    const signed = smime.signed(entity, eol);
    await everyWay(signed, eol, (output) => smime.verify(output));
  });

  it.each(EOLS)('an opaque signature in %s is left alone', async (_, eol) => {
    const input = message(smime.opaque(ENTITIES.plain, eol), eol);
    for (const signed of ['skip', 'wrap'] as const) {
      const output = insertFooters(input, WESTERN, { signed, attachmentOnly: 'part' });
      const fine = { ...NOTHING, alsoFine: [WRAPPED], why: 'opaque' };
      expect(await judge(input, output, WESTERN, fine, readers)).toEqual([]);
      expect(smime.verify(output)).toBe(smime.verify(input));
    }
  });
});

const noGpg = lacks(program('gpg', 'gnupg'));

describe.skipIf(noGpg)(`PGP${noGpg}`, () => {
  let pgp: Pgp;
  beforeAll(() => {
    pgp = new Pgp();
  });
  afterAll(() => pgp.close());

  it.each(CASES)('/MIME %s in %s verifies after the footer', async (_, __, entity, eol) => {
    await everyWay(pgp.signed(entity.replace(/\n$/, ''), eol), eol, (output) => pgp.verify(output));
  });

  it.each(
    EOLS.flatMap(([lines, eol]) =>
      ['8bit', 'quoted-printable', 'base64'].map((encoding) => [encoding, lines, eol] as const),
    ),
  )('clear-signed text in %s and %s verifies, and the footer stands behind it', async (encoding, _, eol) => {
    for (const after of ['', 'a line of a gateway\n']) {
      const text = pgp.clearSigned('Grüße, signiert.\n- eine Liste\n') + after;
      const input = textMessage(text, encoding, eol);
      for (const pair of ALL_PAIRS) {
        const output = insertFooters(input, pair);
        expect(
          await judge(input, output, pair, { ...inParts(['1', 'text']), why: 'after END' }, readers),
        ).toEqual([]);
        const shown = (await readers.python(output))?.parts[0]?.text ?? '';
        expect(pgp.verifyText(shown), shown).toBe('good');
        expect(shown.indexOf(pair.marker)).toBeGreaterThan(shown.indexOf('-----END PGP SIGNATURE-----'));
      }
    }
  });

  it.each(EOLS)('an encrypted block in %s still opens', async (_, eol) => {
    const input = textMessage(pgp.encrypted('geheim\n'), '7bit', eol);
    const output = insertFooters(input, JAPANESE);
    expect(
      await judge(input, output, JAPANESE, { ...inParts(['1', 'text']), why: 'after END' }, readers),
    ).toEqual([]);
    expect(pgp.decrypt((await readers.python(output))?.parts[0]?.text ?? '')).toBe('geheim\n');
  });
});

async function everyWay(signed: Buffer, eol: string, verify: (message: Buffer) => string): Promise<void> {
  const verdict = verify(message(signed, eol));
  expect(verdict).not.toMatch(/^openssl:|gpg:/);
  const ways = [
    [message(signed, eol), 'skip', SKIPPED],
    [message(signed, eol), 'wrap', WRAP],
    [nested(signed, eol), 'skip', NESTED],
    [nested(signed, eol), 'wrap', NESTED],
    [withTextBefore(signed, eol), 'skip', BEFORE],
  ] as const;
  for (const [input, wish, expectation] of ways) {
    for (const pair of ALL_PAIRS) {
      const output = insertFooters(input, pair, { signed: wish, attachmentOnly: 'part' });
      expect(await judge(input, output, pair, expectation, readers), output.toString('latin1')).toEqual([]);
      expect(verify(output), output.toString('latin1')).toBe(verdict);
    }
  }
}

function textMessage(text: string, encoding: string, eol: string): Buffer {
  const bytes = Buffer.from(text.replace(/\r?\n/g, encoding === 'base64' ? '\r\n' : eol));
  const head = `${FIELDS}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: ${encoding}\n\n`;
  const body =
    encoding === 'base64'
      ? (bytes.toString('base64').match(/.{1,76}/g) ?? []).join(eol) + eol
      : encoding === 'quoted-printable'
        ? bytes
            .toString('latin1')
            .replace(/[=\x80-\xff]/g, (one) => `=${one.charCodeAt(0).toString(16).toUpperCase()}`)
        : bytes.toString('latin1');
  return Buffer.from(head.replaceAll('\n', eol) + body, 'latin1');
}
