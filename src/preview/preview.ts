import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { Progress } from '../commands/progress.ts';
import { ExitStatus } from '../errors.ts';
import { DEFAULT_MEMORY_LIMIT, MessageCollector } from '../library/message-collector.ts';
import type { Source } from '../mime/source.ts';
import { asData } from './as-data.ts';
import { renderChanges } from './byte-diff.ts';
import { makePage } from './make-page.ts';
import { type MessagePreview, outgoingOf, previewMessage } from './message-preview.ts';
import type { MessageSink } from './message-sink.ts';
import { countFiles, visitMessages } from './messages.ts';
import type { PreviewOptions } from './options.ts';
import { makeFolder, OutFile, writeWhole } from './out-file.ts';
import { footersOfFiles, footersOfList, type PreviewFooters } from './preview-footers.ts';
import { PreviewProblem } from './problem.ts';
import { renderText } from './render-text.ts';
import { ResultPaths } from './result-paths.ts';
import { Sources } from './sources.ts';
import { Tally } from './tally.ts';
import { colours } from './terminal-text.ts';

/** Makes the previews that were asked for. @returns the exit status. @throws PreviewProblem */
export async function preview(options: PreviewOptions): Promise<number> {
  const { list, footerText, footerHtml, placement, inputs } = options;
  const footers =
    list === undefined ? await footersOfFiles(footerText, footerHtml, placement) : footersOfList(list);
  const isDirectory = await leadsToDirectory(inputs[0]!);
  const isMany = inputs.length > 1 || isDirectory;
  const paths = new ResultPaths(options.out ?? '', inputs, isDirectory && inputs.length === 1);
  const run = new PreviewRun(options, footers, isMany, paths);
  const progress = isMany && process.stderr.isTTY ? new Progress(await countFiles(inputs)) : undefined;
  await visitMessages(inputs, {
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
class PreviewRun {
  readonly #options: PreviewOptions;
  readonly #footers: PreviewFooters;
  readonly #isMany: boolean;
  readonly #paths: ResultPaths;
  readonly #sources: Sources;
  readonly #tally = new Tally();
  /** Asked once: each time it looks at three variables of the environment. */
  readonly #temporary = tmpdir();
  readonly #paint = colours(process.stdout.isTTY === true && !process.env.NO_COLOR);
  /** What is to be printed of the first message, while it is the only one. */
  #single = '';

  constructor(options: PreviewOptions, footers: PreviewFooters, isMany: boolean, paths: ResultPaths) {
    this.#options = options;
    this.#footers = footers;
    this.#isMany = isMany;
    this.#paths = paths;
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
    const { eml, html, diff } = this.#options;
    if (this.#tally.messages > 0 && (eml !== undefined || html !== undefined || diff)) {
      throw PreviewProblem.usage('that is a mailbox with many messages; for those there is --out');
    }
    const collector = new MessageCollector(this.#temporary, DEFAULT_MEMORY_LIMIT);
    return {
      write: (chunk) => store(collector, chunk),
      end: () => this.#show(name, collector.source()).finally(() => collector.discard()),
      discard: () => collector.discard(),
    };
  }

  unreadable(name: string, why: string): void {
    this.#tally.addUnreadable(name, why);
    process.stderr.write(`mlmmj-amime-receive preview: ${name} cannot be read (${why})\n`);
  }

  finish(): number {
    const isOne = !this.#isMany && this.#tally.messages === 1;
    const hasNews = this.#tally.messages > 0 || this.#tally.unreadable === 0;
    if (hasNews && !this.#options.json && !this.#takesOutput) {
      writeWhole('-', isOne ? this.#single : this.#tally.table(this.#paint));
    }
    return this.#tally.unreadable > 0 ? ExitStatus.NoInput : ExitStatus.Ok;
  }

  async #show(name: string, message: Source): Promise<void> {
    const { eml, html, out } = this.#options;
    const started = performance.now();
    const made = await previewMessage(message, this.#footers);
    this.#tally.add(name, made, performance.now() - started);
    if (eml !== undefined) this.#writeMessage(eml, message, made);
    if (html !== undefined) {
      this.#demandFree(html);
      writeWhole(html, await makePage(name, message, made, this.#footers));
    }
    if (out !== undefined) {
      this.#writeMessage(this.#pathBelow(name, 'eml'), message, made);
      writeWhole(this.#pathBelow(name, 'json'), this.#data(name, made));
    }
    this.#say(name, message, made);
  }

  #data(name: string, made: MessagePreview): string {
    return `${JSON.stringify(asData(name, made, this.#footers))}\n`;
  }

  #say(name: string, message: Source, made: MessagePreview): void {
    if (this.#options.json) writeWhole('-', this.#data(name, made));
    else if (this.#takesOutput) process.stderr.write(`${made.summary}\n`);
    else if (this.#tally.messages > 1) return;
    else if (this.#options.diff) this.#single = changesOf(name, message, made);
    else this.#single = renderText(name, made, this.#footers, this.#paint);
  }

  /** Whether standard output is a file that was asked for, so that nothing else may be said there. */
  get #takesOutput(): boolean {
    return this.#options.eml === '-' || this.#options.html === '-';
  }

  #writeMessage(path: string, message: Source, { plan }: MessagePreview): void {
    this.#demandFree(path);
    const file = new OutFile(path);
    for (const piece of outgoingOf(message, plan)) file.write(piece);
    file.end();
  }

  #pathBelow(name: string, ending: 'eml' | 'json'): string {
    const path = this.#paths.path(name, ending);
    this.#demandFree(path);
    makeFolder(path);
    return path;
  }

  #demandFree(path: string): void {
    if (path === '-' || !this.#sources.include(path)) return;
    throw PreviewProblem.usage(
      `${path} is read, or lies in a directory that is; a result needs another place`,
    );
  }
}

/** @throws PreviewProblem where a large message finds no room */
function store(collector: MessageCollector, chunk: Uint8Array): void {
  try {
    collector.add(chunk);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw PreviewProblem.unwritable(`${tmpdir()} cannot be written (${code})`);
  }
}

/** Both messages are in memory here: who looks at single bytes looks at small messages. */
function changesOf(name: string, message: Source, { plan }: MessagePreview): string {
  const before = new Uint8Array(message.size);
  if (message.read(0, before) < before.length)
    throw PreviewProblem.unreadable(`${name} cannot be read again`);
  const after = Buffer.concat([...outgoingOf(message, plan)]);
  return renderChanges(name, Buffer.from(before.buffer), after) || 'No byte changes.\n';
}

async function leadsToDirectory(path: string): Promise<boolean> {
  if (path === '-') return false;
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}
