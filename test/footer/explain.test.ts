import { describe, expect, it } from 'vitest';
import { REASONS, summarize } from '../../src/footer/explain.ts';
import type { Outcome, Placed, Reason } from '../../src/footer/outcome.ts';

const into = (kind: Placed['kind'], transliterated = false): Placed => ({
  manner: 'into',
  kind,
  transliterated,
});
const said = (placed: Placed[], reasons: Reason[] = [], rootType = 'multipart/mixed'): string =>
  summarize({ placed, reasons, rootType } satisfies Outcome);

describe('summarize', () => {
  it.each([
    [said([into('text/plain'), into('text/html')]), 'footer added: text/plain, text/html'],
    [said([into('text/plain', true)]), 'footer added: text/plain in ASCII'],
    [said([{ ...into('text/html'), manner: 'beside' }], ['attachment']), 'footer added: text/html as a part'],
    [
      said([{ ...into('text/plain'), manner: 'around' }], ['signed']),
      'footer added as a part: multipart/signed kept intact',
    ],
    [said([into('text/plain')], ['after the body', 'attachment']), 'footer added: text/plain'],
    [
      said([into('text/plain')], ['signed', 'unknown encoding']),
      'footer added: text/plain (not everywhere: unknown transfer encoding)',
    ],
    [
      said([], ['after the body', 'encrypted'], 'multipart/encrypted'),
      'no footer: multipart/encrypted kept intact',
    ],
    [said([], ['attachment', 'already there']), 'no footer: already there'],
    [said([], [], 'multipart/alternative'), 'no footer: no text body in multipart/alternative'],
    [said([], ['not text'], `x/${'\n'.repeat(100)}`), `no footer: no text body in x/${'_'.repeat(38)}`],
    [said([], [], ''), 'no footer: no text body in the message'],
  ])('says %j', (line, expected) => expect(line).toBe(expected));

  it('has words for every reason that fit into the line pipe(8) keeps', () => {
    for (const reason of Object.keys(REASONS) as Reason[]) {
      expect(said([], [reason], 'application/pkcs7-mime')).toMatch(/^no footer: [ -~]{3,88}$/);
    }
  });
});
