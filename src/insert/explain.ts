// What was done to a message, in words for one line of the mail log.
import { FooterKind, Manner, Outcome, Placed, Reason } from './outcome.ts';

/** What an operator reads after `no footer: `, or in parentheses after what was done. `%` stands for the root's type. */
export function reasonText(reason: Reason): string {
  switch (reason) {
    case Reason.Signed:
      return 'multipart/signed kept intact';
    case Reason.Encrypted:
    case Reason.Message:
    case Reason.Form:
      return '% kept intact';
    case Reason.Report:
      return 'multipart/report is a bounce or receipt';
    case Reason.Digest:
      return 'multipart/digest kept intact';
    case Reason.Attachment:
      return 'attachments only';
    case Reason.UnknownEncoding:
      return 'unknown transfer encoding';
    case Reason.UnclearHeader:
      return 'contradictory header';
    case Reason.UnreadableType:
      return 'content type cannot be read';
    case Reason.UnusableCharset:
      return 'charset not usable';
    case Reason.BrokenBase64:
      return 'broken base64';
    case Reason.NotReallyText:
      return 'content is not what its type says';
    case Reason.UnclosedPgp:
      return 'unclosed PGP block';
    case Reason.UnfinishedTag:
      return 'HTML ends inside a tag';
    case Reason.DelimiterLine:
      return 'footer would end a part';
    case Reason.NoBoundary:
      return 'multipart without usable boundary';
    case Reason.NoContent:
      return 'no content';
    case Reason.AlreadyThere:
      return 'already there';
    case Reason.TooManyPlaces:
      return 'more than 100 texts';
    case Reason.TooMuchGrowth:
      return 'message would grow by more than 1 MiB';
    case Reason.Trouble:
      return 'internal trouble, message kept as it was';
    default:
      return 'no text body in %';
  }
}

/** Texts that readers show, and that should have had the footer: worth a word even if another part has it. */
const MISSED: Reason[] = [
  Reason.Trouble,
  Reason.UnknownEncoding,
  Reason.UnclearHeader,
  Reason.UnreadableType,
  Reason.UnusableCharset,
  Reason.BrokenBase64,
  Reason.NotReallyText,
  Reason.UnclosedPgp,
  Reason.UnfinishedTag,
  Reason.DelimiterLine,
];

/** Why there is no footer at all, in the order in which reasons explain it: what comes first says more. */
const WHOLE_MESSAGE: Reason[] = [
  Reason.TooManyPlaces,
  Reason.TooMuchGrowth,
  Reason.AlreadyThere,
  Reason.Signed,
  Reason.Encrypted,
  Reason.Report,
  Reason.Digest,
  Reason.Form,
];

const LESS_TELLING: Reason[] = [
  Reason.NoBoundary,
  Reason.Message,
  Reason.AttachmentOnly,
  Reason.Attachment,
  Reason.NotText,
  Reason.NoContent,
];

/** `footer added: text/plain, text/html`, or `no footer: …`. */
export function summarize(outcome: Outcome): string {
  if (outcome.placed.length === 0) return 'no footer: ' + mainReason(outcome);
  for (let i = 0; i < outcome.placed.length; i++) {
    if (outcome.placed[i].manner === Manner.Around) return 'footer added as a part: ' + mainReason(outcome);
  }
  const missed = firstOf(MISSED, outcome);
  const rest = missed === Reason.None ? '' : ` (not everywhere: ${sentence(missed, outcome)})`;
  return 'footer added: ' + places(outcome) + rest;
}

function mainReason(outcome: Outcome): string {
  let reason = firstOf(WHOLE_MESSAGE, outcome);
  if (reason === Reason.None) reason = firstOf(MISSED, outcome);
  if (reason === Reason.None) reason = firstOf(LESS_TELLING, outcome);
  return sentence(reason, outcome);
}

function firstOf(reasons: Reason[], outcome: Outcome): Reason {
  for (let i = 0; i < reasons.length; i++) if (outcome.reasons.indexOf(reasons[i]) >= 0) return reasons[i];
  return Reason.None;
}

function places(outcome: Outcome): string {
  const words: string[] = [];
  for (let i = 0; i < outcome.placed.length; i++) {
    const word = placeText(outcome.placed[i]);
    if (words.indexOf(word) < 0) words.push(word);
  }
  return words.join(', ');
}

function placeText(placed: Placed): string {
  const type = placed.kind === FooterKind.Html ? 'text/html' : 'text/plain';
  if (placed.manner === Manner.Beside) return type + ' as a part';
  if (placed.mayBeHidden) return type + ' (may not be seen)';
  return placed.transliterated ? type + ' in ASCII' : type;
}

function sentence(reason: Reason, outcome: Outcome): string {
  return reasonText(reason).replace('%', shownType(outcome.rootType));
}

/** The type is from the message, so it may be anything: it is made fit for a log line. */
function shownType(type: string): string {
  if (type === '') return 'the message';
  let shown = '';
  for (let i = 0; i < type.length && i < 40; i++) {
    const code = type.charCodeAt(i);
    shown += code > 0x20 && code < 0x7f ? String.fromCharCode(code) : '_';
  }
  return shown;
}
