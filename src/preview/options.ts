import { readArguments } from '../commands/read-arguments.ts';
import type { CommandSyntax } from '../commands/syntax.ts';
import {
  ATTACHMENT_ONLY_WORDS,
  type AttachmentOnly,
  PlacementOptions,
  SIGNED_MAIL_WORDS,
  type SignedMail,
} from '../footer/options.ts';
import { PreviewProblem } from './problem.ts';

export interface PreviewOptions {
  /** Files, directories, mailboxes, `-`; at least one. */
  readonly inputs: readonly string[];
  readonly list: string | undefined;
  readonly footerText: string | undefined;
  readonly footerHtml: string | undefined;
  /** Only with footers from files: a list has its own. */
  readonly placement: PlacementOptions;
  readonly json: boolean;
  readonly diff: boolean;
  readonly eml: string | undefined;
  readonly html: string | undefined;
  readonly out: string | undefined;
}

export const PREVIEW = {
  name: 'preview',
  operands: 'FILE|DIRECTORY|MBOX|- …',
  about: `Shows what would become of a message, part by part, and why. Nothing is delivered.

What a post would look like with an example of a footer:
  mlmmj-amime-receive preview post.eml

What it would look like on a list, and why:
  mlmmj-amime-receive preview -L /var/vmail/mlmmj/example.org/news post.eml

With footers that no list has yet; the missing half is made from the other:
  mlmmj-amime-receive preview --footer-text footer.txt post.eml

In a browser, before and after; the message can do no harm there:
  mlmmj-amime-receive preview -L /var/vmail/mlmmj/example.org/news --html page.html post.eml

Exactly which bytes change:
  mlmmj-amime-receive preview -L /var/vmail/mlmmj/example.org/news --diff post.eml

A new footer on everything that the list ever sent:
  mlmmj-amime-receive preview --footer-html new.html /var/vmail/mlmmj/example.org/news/archive
`,
  options: {
    L: { takes: 'directory', as: 'LISTDIR', purpose: 'the list whose footers are used' },
    'footer-text': { takes: 'file', purpose: 'a text footer', also: 'instead of -L' },
    'footer-html': {
      takes: 'file',
      purpose: 'an HTML footer',
      also: 'instead of -L',
      manual:
        'Where one of the two is missing it is made from the other. Without any of these the footer is an example.',
    },
    signed: {
      takes: 'word',
      as: 'MODE',
      choices: SIGNED_MAIL_WORDS,
      purpose: "skip or wrap, as the list's amime-signed",
      also: 'not with -L',
    },
    'attachment-only': {
      takes: 'word',
      as: 'MODE',
      choices: ATTACHMENT_ONLY_WORDS,
      purpose: "part or skip, as the list's amime-attachment-only",
      also: 'not with -L',
    },
    json: { purpose: 'the same as data', also: 'one line for each message (docs/preview.md)' },
    diff: { purpose: 'the lines that change, byte by byte' },
    eml: { takes: 'file', purpose: 'write the outgoing message', also: '- is standard output' },
    html: {
      takes: 'file',
      purpose: 'write a page that shows the message before and after',
      also: '- is standard output',
    },
    out: {
      takes: 'directory',
      purpose: 'write the outgoing message and the data of each message there',
    },
  },
  closing: `A directory, a mailbox or more than one file gives a summary: how many get the footer where, and
how many do not and why. Exit status: 0; 64 for a wrong call; 66 where something cannot be read;
73 where something cannot be written.
`,
} as const satisfies CommandSyntax;

/** @throws CommandProblem with status 64 */
export function parsePreviewArgs(args: readonly string[]): PreviewOptions {
  const { values, operands } = readArguments(PREVIEW, args);
  const ofFiles = values['footer-text'] !== undefined || values['footer-html'] !== undefined;
  if (values.L !== undefined && (ofFiles || values.signed || values['attachment-only'])) {
    throw PreviewProblem.usage('-L has footers and options of its own; use either it or the others');
  }
  if (operands.length === 0) {
    throw PreviewProblem.usage('no message given: use a FILE, a directory, or - for standard input');
  }
  const printed = [values.json, values.diff, values.eml === '-', values.html === '-'].filter(Boolean);
  if (printed.length > 1) {
    throw PreviewProblem.usage('standard output holds one of --json, --diff, --eml - and --html -');
  }
  return {
    inputs: operands,
    list: values.L,
    footerText: values['footer-text'],
    footerHtml: values['footer-html'],
    placement: placementOf(values.signed, values['attachment-only']),
    json: values.json ?? false,
    diff: values.diff ?? false,
    eml: values.eml,
    html: values.html,
    out: values.out,
  };
}

/** The first of the words is meant without the option. */
function placementOf(signed: string | undefined, attachmentOnly: string | undefined): PlacementOptions {
  const options = new PlacementOptions();
  if (signed !== undefined) options.signed = SIGNED_MAIL_WORDS.indexOf(signed) as SignedMail;
  if (attachmentOnly !== undefined) {
    options.attachmentOnly = ATTACHMENT_ONLY_WORDS.indexOf(attachmentOnly) as AttachmentOnly;
  }
  return options;
}
