import { describe, expect, it } from 'vitest';
import { PgpBlocks } from '../../src/insert/pgp-blocks.ts';

function read(pieces: Buffer[]): [seen: boolean, open: boolean] {
  const blocks = new PgpBlocks();
  for (const piece of pieces) blocks.push(piece, piece.length);
  blocks.end();
  return [blocks.seen, blocks.open];
}

describe('PgpBlocks', () => {
  it.each([
    ['no PGP\n', false, false],
    ['-----BEGIN PGP MESSAGE-----\nx\n-----END PGP MESSAGE-----', true, false],
    ['-----BEGIN PGP SIGNED MESSAGE-----\nx\n-----BEGIN PGP SIGNATURE-----\n', true, true],
    ['> -----BEGIN PGP MESSAGE-----\n', false, false],
    ['see -----BEGIN PGP MESSAGE-----\n', false, false],
    ['a\n\r-----BEGIN PGP MESSAGE-----\n', false, false],
    ['-----BEGIN PGP MESSAGE-----\r\r\nx\r\r\n', true, true],
    ['-----BEGIN PGP MESSAGE, PART 01/10----- \t\r\n', true, true],
    ['------BEGIN PGP MESSAGE-----\n', false, false],
    ['-----BEGIN PGP -----\n', false, false],
    ['-----BEGIN PGP message-----\n', false, false],
    ['-----BEGIN PGP MESSAGE----- x\n', false, false],
    ['-----BEGIN PGP MESSAGE----\n', false, false],
    ['\n\n-----\n-----------\n-----END PGP MESSAGE-----\n-', true, false],
    [`-----BEGIN PGP MESSAGE-----${' '.repeat(200)}\n`, false, false],
  ])('in %j, however it is cut', (text, seen, open) => {
    const bytes = Buffer.from(text, 'latin1');
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(read([bytes.subarray(0, cut), bytes.subarray(cut)]), `cut at ${cut}`).toEqual([seen, open]);
    }
    const single = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
    expect(read(single)).toEqual([seen, open]);
  });
});
