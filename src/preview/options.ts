import {
  ATTACHMENT_ONLY_WORDS,
  type AttachmentOnly,
  PlacementOptions,
  SIGNED_MAIL_WORDS,
  type SignedMail,
} from '../footer/options.ts';
import { readOptions } from '../read-options.ts';
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

export const PREVIEW_USAGE = `Usage: mlmmj-amime-receive preview [options] FILE|DIRECTORY|MBOX|- …

Shows what would become of a message, part by part, and why. Nothing is delivered.

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

Options:
  -L LISTDIR          the list whose footers are used
  --footer-text FILE  a text footer; --footer-html FILE  an HTML footer; instead of -L
  --signed MODE       skip or wrap, as the list's amime-signed; not with -L
  --attachment-only MODE  part or skip, as the list's amime-attachment-only; not with -L
  --json              the same as data (docs/preview.md)
  --diff              the lines that change, byte by byte
  --eml FILE          write the outgoing message (- for standard output)
  --html FILE         write a page that shows the message before and after (- for standard output)
  --out DIR           write the outgoing message and the data of each message there
  --help

A directory, a mailbox or more than one file gives a summary: how many get the footer where, and how many do not and
why. Exit status: 0; 64 for a wrong call; 66 where something cannot be read; 73 where something cannot be written.
`;

/** @throws PreviewProblem with status 64 */
export function parsePreviewArgs(args: readonly string[]): PreviewOptions {
  const { values, positionals } = parse(args);
  const ofFiles = values['footer-text'] !== undefined || values['footer-html'] !== undefined;
  if (values.L !== undefined && (ofFiles || values.signed || values['attachment-only'])) {
    throw PreviewProblem.usage('-L has footers and options of its own; use either it or the others');
  }
  if (positionals.length === 0) {
    throw PreviewProblem.usage('no message given: use a FILE, a directory, or - for standard input');
  }
  const printed = [values.json, values.diff, values.eml === '-', values.html === '-'].filter(Boolean);
  if (printed.length > 1) {
    throw PreviewProblem.usage('standard output holds one of --json, --diff, --eml - and --html -');
  }
  return {
    inputs: positionals,
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

function placementOf(signed: string | undefined, attachmentOnly: string | undefined): PlacementOptions {
  const options = new PlacementOptions();
  options.signed = chosen('--signed', signed, SIGNED_MAIL_WORDS) as SignedMail;
  options.attachmentOnly = chosen(
    '--attachment-only',
    attachmentOnly,
    ATTACHMENT_ONLY_WORDS,
  ) as AttachmentOnly;
  return options;
}

/** Which of the words it is; the first one is meant without the option. */
function chosen(option: string, value: string | undefined, words: readonly string[]): number {
  const index = value === undefined ? 0 : words.indexOf(value);
  if (index < 0) throw PreviewProblem.usage(`${option} ${value}: expected ${words.join(' or ')}`);
  return index;
}

function parse(args: readonly string[]) {
  try {
    return readOptions({
      args: [...args],
      allowPositionals: true,
      options: {
        L: { type: 'string', short: 'L' },
        'footer-text': { type: 'string' },
        'footer-html': { type: 'string' },
        signed: { type: 'string' },
        'attachment-only': { type: 'string' },
        json: { type: 'boolean' },
        diff: { type: 'boolean' },
        eml: { type: 'string' },
        html: { type: 'string' },
        out: { type: 'string' },
      },
    });
  } catch (error) {
    throw PreviewProblem.usage((error as Error).message);
  }
}
