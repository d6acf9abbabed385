import type { Outcome, Placed, Reason } from './outcome.ts';

/** What an operator reads behind `no footer: `, or in parentheses behind what was done. `%` stands for the root's type. */
export const REASONS: Readonly<Record<Reason, string>> = {
  signed: 'multipart/signed kept intact',
  encrypted: '% kept intact',
  report: 'multipart/report is a bounce or receipt',
  digest: 'multipart/digest kept intact',
  message: '% kept intact',
  attachment: 'attachments only',
  'attachment only': 'no text body in %',
  'not text': 'no text body in %',
  'not the root of related': 'no text body in %',
  'after the body': 'no text body in %',
  'unknown encoding': 'unknown transfer encoding',
  'unclear header': 'contradictory header',
  'unusable charset': 'charset not usable',
  'broken base64': 'broken base64',
  'unclosed pgp': 'unclosed PGP block',
  'unfinished tag': 'HTML ends inside a tag',
  'no boundary': 'multipart without usable boundary',
  'no content': 'no content',
  'already there': 'already there',
  trouble: 'internal trouble, message kept as it was',
};

/** A text that readers show, and that should have had the footer: worth a word even if another part has it. */
const MISSED: readonly Reason[] = [
  'trouble',
  'unknown encoding',
  'unclear header',
  'unusable charset',
  'broken base64',
  'unclosed pgp',
  'unfinished tag',
];

/** Reasons in the order in which they explain a missing footer; what comes first says more. */
const TELLING: readonly Reason[] = [
  'already there',
  'signed',
  'encrypted',
  'report',
  'digest',
  ...MISSED,
  'no boundary',
  'message',
  'attachment only',
  'attachment',
  'not text',
  'no content',
];

/** What was done to a message, in words for one line of the mail log: `footer added: text/plain, text/html`. */
export function summarize(outcome: Outcome): string {
  const why = firstOf(TELLING, outcome);
  if (outcome.placed.length === 0) return `no footer: ${why ?? `no text body in ${rootType(outcome)}`}`;
  const isAround = outcome.placed.some((placed) => placed.manner === 'around');
  if (isAround) return `footer added as a part: ${why ?? 'no text body'}`;
  const missed = firstOf(MISSED, outcome);
  const kinds = new Set(outcome.placed.map(describe));
  return `footer added: ${[...kinds].join(', ')}${missed ? ` (not everywhere: ${missed})` : ''}`;
}

function describe({ kind, manner, transliterated }: Placed): string {
  if (manner === 'beside') return `${kind} as a part`;
  return transliterated ? `${kind} in ASCII` : kind;
}

function firstOf(reasons: readonly Reason[], outcome: Outcome): string | undefined {
  const reason = reasons.find((candidate) => outcome.reasons.includes(candidate));
  return reason && REASONS[reason].replace('%', rootType(outcome));
}

/** From the message, so it may be anything: made fit for a log line. */
function rootType(outcome: Outcome): string {
  return outcome.rootType.replace(/[^!-~]/g, '_').slice(0, 40) || 'the message';
}
