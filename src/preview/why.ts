import type { ReasonName } from '../insert/outcome-names.ts';
import type { PlacedFooter } from '../library/report.ts';

/** What keeps the footer out of a part: predicates for "it …". docs/footer-rules.md has them as well. */
export const SKIP_REASONS: Readonly<Record<Exclude<ReasonName, 'none'>, string>> = {
  signed: 'is signed',
  encrypted: 'is encrypted, or PKCS #7 of any kind',
  report: 'is a delivery report or a receipt',
  digest: "holds other people's messages",
  message: 'is a message itself',
  form: 'is a form that somebody sent',
  attachment: 'is an attachment, or has a file name',
  'attachment only': 'is the whole message and no text',
  'not text': 'is no text that readers show',
  'not the root of related': 'belongs to the root, as its pictures and styles do',
  'after the body': 'comes after the end of the body',
  'body continues': 'is followed by more of the body',
  blank: 'is blank, and another alternative is not',
  'unknown encoding': 'has a transfer encoding that does not exist',
  'unclear header': 'says two things of itself; readers disagree',
  'unreadable type': 'has a content type that cannot be read; readers guess',
  'unusable charset':
    'is in a charset into which ASCII does not fit, and which is not known well enough or not in base64',
  'broken base64': 'is not base64 all through, or ends in base64 that cannot be continued',
  'not really text': 'is something else than its type says',
  'unclosed pgp': 'ends inside a PGP block',
  'unfinished tag': 'ends inside an HTML tag',
  'delimiter line': 'would be cut off at a line of the footer, or at one next to it',
  'no boundary': 'is a multipart that says no boundary to find its parts by',
  'no content': 'has no content: its header is cut off',
  'already there': 'ends with the footer',
  'too many places': 'has more than 100 texts that would get the footer',
  'too much growth': 'would grow by more than 1 MiB',
  trouble: 'could not be worked on; that is a fault of ours',
};

/** What is done to a part that gets the footer. */
export function describePlacement(placed: PlacedFooter): string {
  switch (placed.manner) {
    case 'beside':
      return 'the footer, as a part of its own';
    case 'around':
      return 'a new multipart/mixed around the message, with the footer as its second part';
    default:
      return `the footer, ${placed.kind === 'text/html' ? 'where its HTML ends' : 'at its end'}${remarks(placed)}`;
  }
}

function remarks({ transliterated, mayBeHidden, convertedFrom }: PlacedFooter): string {
  return [
    transliterated && ', spelled in ASCII',
    convertedFrom !== undefined && `; ${describeConversion(convertedFrom)}`,
    mayBeHidden && '; HTML that is open there may hide it',
  ]
    .filter((remark) => remark !== false && remark !== undefined)
    .join('');
}

/** @param charset as the engine calls it: ASCII, and short */
export function describeConversion(charset: string): string {
  return `its text is converted from ${charset} to UTF-8`;
}

/** Why nothing happens to a part. */
export function describeSkip(reason: ReasonName): string {
  return `left as it is: ${subjectAndReason(reason)}`;
}

/** Why the footer is not in a part, but around it. */
export function describeWrapping(reason: ReasonName): string {
  return `because ${subjectAndReason(reason)}`;
}

function subjectAndReason(reason: ReasonName): string {
  return reason === 'none' ? 'nobody knows why' : `it ${SKIP_REASONS[reason]}`;
}
