import { stat } from 'node:fs/promises';
import { asData } from './as-data.ts';
import { renderChanges } from './byte-diff.ts';
import { type Footing, footingOfFiles, footingOfList } from './footing.ts';
import { type MessagePreview, Previewer } from './message-preview.ts';
import { countFiles, type MessageSink, visitMessages } from './messages.ts';
import type { PreviewOptions } from './options.ts';
import { makeFolder, OutFile, resultPath } from './out-file.ts';
import { markedFooters, renderPage } from './page.ts';
import { PreviewProblem } from './problem.ts';
import { Progress } from './progress.ts';
import { renderText } from './render-text.ts';
import { colours } from './shown.ts';
import { ShownTexts } from './shown-texts.ts';
import { Sources } from './sources.ts';
import { Tally } from './tally.ts';

/** Makes the previews that were asked for. @returns the exit status. @throws PreviewProblem */
export async function preview(options: PreviewOptions): Promise<number> {
  const footing =
    options.list === undefined
      ? await footingOfFiles(options.footerText, options.footerHtml, options.wishes)
      : await footingOfList(options.list);
  const isMany = options.inputs.length > 1 || (await isDirectory(options.inputs[0]!));
  const run = new Run(options, footing, isMany);
  const progress =
    isMany && process.stderr.isTTY ? new Progress(await countFiles(options.inputs)) : undefined;
  await visitMessages(options.inputs, {
    begin: (name) => {
      progress?.step();
      return run.begin(name);
    },
    unreadable: (name, why) => {
      progress?.clear();
      run.unreadable(name, why);
    },
  });
  progress?.clear();
  return run.finish();
}

/** Every message is treated in the same way; what is shown in the end depends on how many there were. */
class Run {
  readonly #options: PreviewOptions;
  readonly #footing: Footing;
  readonly #isMany: boolean;
  readonly #sources: Sources;
  readonly #tally = new Tally();
  readonly #paint = colours(process.stdout.isTTY === true && !process.env.NO_COLOR);
  /** What is to be printed of the first message, while it is the only one. */
  #single = '';

  constructor(options: PreviewOptions, footing: Footing, isMany: boolean) {
    this.#options = options;
    this.#footing = footing;
    this.#isMany = isMany;
    const { inputs, footerText, footerHtml } = options;
    this.#sources = new Sources([...inputs, footerText, footerHtml].filter((path) => path !== undefined));
    for (const [option, wanted] of [
      ['--eml', options.eml],
      ['--html', options.html],
      ['--diff', options.diff || undefined],
    ] as const) {
      if (wanted !== undefined && isMany)
        throw PreviewProblem.usage(`${option} takes one message; for many there is --out`);
    }
  }

  begin(name: string): MessageSink {
    const { eml, html, diff, out } = this.#options;
    if (this.#tally.messages > 0 && (eml !== undefined || html !== undefined || diff)) {
      throw PreviewProblem.usage('that is a mailbox with many messages; for those there is --out');
    }
    const started = performance.now();
    const file = eml !== undefined ? this.#create(eml) : out && this.#createBelow(out, name, 'eml');
    const whole = diff ? { before: [] as Buffer[], after: [] as Buffer[] } : undefined;
    const page = html === undefined ? undefined : new Page(this.#footing);
    const previewer = new Previewer(this.#footing, (bytes) => {
      if (file) file.write(bytes);
      page?.writeAfter(bytes);
      whole?.after.push(Buffer.from(bytes));
    });
    return {
      write: (chunk) => {
        whole?.before.push(Buffer.from(chunk));
        page?.write(chunk);
        previewer.write(chunk);
      },
      end: () => {
        const made = previewer.end();
        if (file) file.end();
        this.#tally.add(name, made, performance.now() - started);
        if (html !== undefined) fill(this.#create(html), page!.render(name, made));
        const data = `${JSON.stringify(asData(name, made, this.#footing))}\n`;
        if (out !== undefined) fill(this.#createBelow(out, name, 'json'), data);
        this.#say(
          name,
          made,
          data,
          whole && renderChanges(name, Buffer.concat(whole.before), Buffer.concat(whole.after)),
        );
      },
    };
  }

  unreadable(name: string, why: string): void {
    this.#tally.missed(name, why);
    process.stderr.write(`mlmmj-amime-receive preview: ${name} cannot be read (${why})\n`);
  }

  finish(): number {
    const { json } = this.#options;
    const isOne = !this.#isMany && this.#tally.messages === 1;
    const hasNews = this.#tally.messages > 0 || this.#tally.unreadable === 0;
    if (hasNews && !json && !this.#takesOutput) {
      fill(new OutFile('-'), isOne ? this.#single : this.#tally.table(this.#paint));
    }
    return this.#tally.unreadable > 0 ? 66 : 0;
  }

  #say(name: string, made: MessagePreview, data: string, changes: string | undefined): void {
    if (this.#options.json) fill(new OutFile('-'), data);
    else if (this.#takesOutput) process.stderr.write(`${made.summary}\n`);
    else if (this.#tally.messages === 1) {
      this.#single = changes ?? renderText(name, made, this.#footing, this.#paint);
      if (changes === '') this.#single = 'No byte changes.\n';
    }
  }

  /** Whether standard output is a file that was asked for, so that nothing else may be said there. */
  get #takesOutput(): boolean {
    return this.#options.eml === '-' || this.#options.html === '-';
  }

  #create(path: string): OutFile {
    if (path !== '-' && this.#sources.include(path)) {
      throw PreviewProblem.usage(
        `${path} is read, or lies in a directory that is; a result needs another place`,
      );
    }
    return new OutFile(path);
  }

  #createBelow(out: string, name: string, ending: 'eml' | 'json'): OutFile {
    const path = resultPath(out, name, ending);
    if (!this.#sources.include(path)) makeFolder(path);
    return this.#create(path);
  }
}

/** Reads what a reader shows, before and after: the message goes by a second time, with a footer that is marked. */
class Page {
  readonly #footing: Footing;
  readonly #before = new ShownTexts();
  readonly #after = new ShownTexts();
  readonly #marked = new ShownTexts();
  readonly #marking: Previewer;

  constructor(footing: Footing) {
    const footers = footing.footers && markedFooters(footing.footers);
    this.#footing = footing;
    this.#marking = new Previewer({ ...footing, footers }, (bytes) => this.#marked.write(bytes));
  }

  /** The message as it came. */
  write(chunk: Uint8Array): void {
    this.#before.write(chunk);
    this.#marking.write(chunk);
  }

  /** What goes out. */
  writeAfter(bytes: Uint8Array): void {
    this.#after.write(bytes);
  }

  render(name: string, made: MessagePreview): string {
    this.#before.end();
    this.#marking.end();
    for (const texts of [this.#after, this.#marked]) texts.end();
    // A footer that is there already is not found by one that is marked, which would be added to it.
    const after = made.outcome.reasons.includes('already there') ? this.#after : this.#marked;
    return renderPage(name, made, this.#footing, { before: this.#before.texts, after: after.texts });
  }
}

function fill(file: OutFile, text: string): void {
  file.write(Buffer.from(text));
  file.end();
}

async function isDirectory(path: string): Promise<boolean> {
  if (path === '-') return false;
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}
