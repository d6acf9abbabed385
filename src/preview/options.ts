import type { PlacementWishes } from '../footer/footer.ts';
import { readOptions } from '../read-options.ts';
import { PreviewProblem } from './problem.ts';

export interface PreviewOptions {
  /** Files, directories, mailboxes, `-`; at least one. */
  readonly inputs: readonly string[];
  readonly list: string | undefined;
  readonly footerText: string | undefined;
  readonly footerHtml: string | undefined;
  /** Only with footers from files: a list has its own. */
  readonly wishes: PlacementWishes;
  readonly json: boolean;
  readonly diff: boolean;
  readonly eml: string | undefined;
  readonly html: string | undefined;
  readonly out: string | undefined;
}

export const PREVIEW_USAGE = `Usage: mlmmj-amime-receive preview [options] FILE|DIRECTORY|MBOX|- …

Shows what would become of a message, part by part, and why. Nothing is delivered.

What a post would look like on a list, and why:
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
  --signed WISH       skip or wrap, as the list's amime-signed; not with -L
  --attachment-only WISH  part or skip, as the list's amime-attachment-only; not with -L
  --json              the same as data (docs/preview.md)
  --diff              the lines that change, byte by byte
  --eml FILE          write the outgoing message (- for standard output)
  --html FILE         write a page that shows the message before and after (- for standard output)
  --out DIR           write the outgoing message and the data of each message there
  --help

A directory, a mailbox or more than one file gives a summary: how many get the footer where, and how many do not and
why. Exit status: 0; 64 for a wrong call; 66 where something cannot be read; 73 where something cannot be written.
`;

/** Undefined stands for `--help`. @throws PreviewProblem with status 64 */
export function parsePreviewArgs(args: readonly string[]): PreviewOptions | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  const ofFiles = values['footer-text'] !== undefined || values['footer-html'] !== undefined;
  if (values.L === undefined && !ofFiles) {
    throw PreviewProblem.usage('which footers? -L LISTDIR, or --footer-text and --footer-html');
  }
  if (values.L !== undefined && (ofFiles || values.signed || values['attachment-only'])) {
    throw PreviewProblem.usage('-L brings footers and wishes of its own; give either it or the others');
  }
  if (positionals.length === 0)
    throw PreviewProblem.usage('which message? A FILE, a directory, or - is needed');
  const printed = [values.json, values.diff, values.eml === '-', values.html === '-'].filter(Boolean);
  if (printed.length > 1) {
    throw PreviewProblem.usage('standard output holds one of --json, --diff, --eml - and --html -');
  }
  return {
    inputs: positionals,
    list: values.L,
    footerText: values['footer-text'],
    footerHtml: values['footer-html'],
    wishes: {
      signed: oneOf('--signed', values.signed, ['skip', 'wrap']),
      attachmentOnly: oneOf('--attachment-only', values['attachment-only'], ['part', 'skip']),
    },
    json: values.json ?? false,
    diff: values.diff ?? false,
    eml: values.eml,
    html: values.html,
    out: values.out,
  };
}

/** The first choice is what is meant without the option. */
function oneOf<Choice extends string>(
  option: string,
  value: string | undefined,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  const found = choices.find((choice) => choice === (value ?? choices[0]));
  if (found === undefined) throw PreviewProblem.usage(`${option} ${value}: ${choices.join(' or ')} is meant`);
  return found;
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
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw PreviewProblem.usage((error as Error).message);
  }
}
