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

/** Reasons in the order in which they explain a missing footer; what comes first says more. */
const TELLING: readonly Reason[] = [
  'trouble',
  'already there',
  'signed',
  'encrypted',
  'report',
  'digest',
  'unknown encoding',
  'unclear header',
  'unusable charset',
  'broken base64',
  'unclosed pgp',
  'unfinished tag',
  'no boundary',
  'message',
  'attachment only',
  'attachment',
  'not text',
  'no content',
];

/** What was done to a message, in words for one line of the mail log: `footer added: text/plain, text/html`. */
export function summarize(outcome: Outcome): string {
  const reason = tellingReason(outcome);
  if (outcome.placed.length === 0) return `no footer: ${reason ?? `no text body in ${rootType(outcome)}`}`;
  const around = outcome.placed.find((placed) => placed.manner === 'around');
  if (around) return `footer added as a part: ${reason ?? 'no text body'}`;
  const kinds = outcome.placed.map(describe);
  const partial = reason && !isQuiet(outcome) ? ` (not everywhere: ${reason})` : '';
  return `footer added: ${[...new Set(kinds)].join(', ')}${partial}`;
}

function describe({ kind, manner, transliterated }: Placed): string {
  if (manner === 'beside') return `${kind} as a part`;
  return transliterated ? `${kind} in ASCII` : kind;
}

/** Parts that never get a footer need no mention beside those that did. */
function isQuiet(outcome: Outcome): boolean {
  const loud: readonly Reason[] = [
    'trouble',
    'unknown encoding',
    'unclear header',
    'unusable charset',
    'broken base64',
    'unclosed pgp',
    'unfinished tag',
  ];
  return !outcome.reasons.some((reason) => loud.includes(reason));
}

function tellingReason(outcome: Outcome): string | undefined {
  const reason = TELLING.find((candidate) => outcome.reasons.includes(candidate));
  return reason && REASONS[reason].replace('%', rootType(outcome));
}

/** From the message, so it may be anything: made fit for a log line. */
function rootType(outcome: Outcome): string {
  return outcome.rootType.replace(/[^!-~]/g, '_').slice(0, 40) || 'the message';
}
