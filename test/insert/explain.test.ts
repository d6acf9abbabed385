import { describe, expect, it } from 'vitest';
import { reasonText, summarize } from '../../src/insert/explain.ts';
import { FooterKind, Manner, Outcome, Placed, Reason } from '../../src/insert/outcome.ts';
import { REASON_NAMES } from '../../src/insert/outcome-names.ts';

const { Text, Html } = FooterKind;

function placed(kind: FooterKind, manner = Manner.Into, transliterated = false, mayBeHidden = false): Placed {
  return new Placed(manner, kind, transliterated, mayBeHidden, '');
}

function said(footers: Placed[], reasons: Reason[] = [], rootType = 'multipart/mixed'): string {
  const outcome = new Outcome();
  outcome.placed.push(...footers);
  outcome.reasons.push(...reasons);
  outcome.rootType = rootType;
  return summarize(outcome);
}

describe('summarize', () => {
  it.each([
    [said([placed(Text), placed(Html)]), 'footer added: text/plain, text/html'],
    [said([placed(Text, Manner.Into, true)]), 'footer added: text/plain in ASCII'],
    [said([placed(Html, Manner.Into, false, true)]), 'footer added: text/html (may not be seen)'],
    [said([placed(Html, Manner.Beside)], [Reason.Attachment]), 'footer added: text/html as a part'],
    [
      said([placed(Text, Manner.Around)], [Reason.Signed]),
      'footer added as a part: multipart/signed kept intact',
    ],
    [said([placed(Text)], [Reason.AfterTheBody, Reason.Attachment]), 'footer added: text/plain'],
    [said([placed(Text)], [Reason.BodyContinues, Reason.Blank]), 'footer added: text/plain'],
    [
      said([placed(Text)], [Reason.Signed, Reason.UnknownEncoding]),
      'footer added: text/plain (not everywhere: unknown transfer encoding)',
    ],
    [
      said([], [Reason.AfterTheBody, Reason.Encrypted], 'multipart/encrypted'),
      'no footer: multipart/encrypted kept intact',
    ],
    [said([], [Reason.Attachment, Reason.AlreadyThere]), 'no footer: already there'],
    [said([], [Reason.Attachment, Reason.TooManyPlaces]), 'no footer: more than 100 texts'],
    [said([], [], 'multipart/alternative'), 'no footer: no text body in multipart/alternative'],
    [said([], [Reason.NotText], `x/${'\n'.repeat(100)}`), `no footer: no text body in x/${'_'.repeat(38)}`],
    [said([], [], ''), 'no footer: no text body in the message'],
  ])('says %j', (line, expected) => expect(line).toBe(expected));

  it('has words for every reason that fit into the line that pipe(8) keeps', () => {
    for (const reason of Object.keys(REASON_NAMES).map(Number) as Reason[]) {
      expect(reasonText(reason)).not.toBe('');
      expect(said([], [reason], 'application/pkcs7-mime')).toMatch(/^no footer: [ -~]{3,88}$/);
    }
  });
});
