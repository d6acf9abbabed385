import { DEFAULT_DEADLINE_SECONDS, POSTFIX_TIME_LIMIT_SECONDS } from '../transport/arguments.ts';
import type { OptionTable } from './syntax.ts';

const HANDED_ON = "mlmmj-receive's own options, handed on to it";
const OWN = 'Options of its own';

/**
 * The options of pipe mode, for the manual page and the completions. It reads its arguments and says its help text
 * itself, in code that is compiled; tests hold all three together.
 */
export const PIPE_MODE_OPTIONS = {
  L: { takes: 'directory', group: HANDED_ON, purpose: "the list's directory", also: 'needed' },
  s: { takes: 'word', as: 'SENDER', group: HANDED_ON, purpose: 'the envelope sender' },
  e: {
    takes: 'word',
    as: 'EXTENSION',
    group: HANDED_ON,
    purpose: "the recipient's extension",
    manual: "It is empty for the list's plain address.",
  },
  F: { group: HANDED_ON, purpose: 'do not work in the background' },
  P: { group: HANDED_ON, purpose: 'store the post, do not process it' },
  'dry-run': {
    group: OWN,
    purpose: 'write the outgoing message to standard output instead',
    manual: 'Nothing is handed over, and the line for the log goes to standard error.',
  },
  'mlmmj-receive': {
    takes: 'file',
    as: 'PATH',
    group: OWN,
    purpose: 'the absolute path of mlmmj-receive',
    default: '/usr/local/bin/mlmmj-receive, else /usr/bin/mlmmj-receive',
  },
  deadline: {
    takes: 'number',
    as: 'SECONDS',
    group: OWN,
    purpose: 'give up in time for Postfix to keep the message',
    default: DEFAULT_DEADLINE_SECONDS,
    manual: `At most ${POSTFIX_TIME_LIMIT_SECONDS - 1}: Postfix bounces a message whose command runs longer than its command_time_limit.`,
  },
  help: { group: OWN, purpose: 'say what there is' },
  version: { group: OWN, purpose: 'say the version' },
} as const satisfies OptionTable;
