import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CommandProblem } from '../commands/problem.ts';
import { ExitStatus } from '../errors.ts';
import { applyFile, type FileChange, fingerprint, freshName } from './file-change.ts';

/** What an installation did to a file, and what to put back. */
export interface JournalFile {
  readonly path: string;
  /** The copy of what was there, in the journal's directory; undefined where nothing was. */
  readonly backup: string | undefined;
  /** The fingerprint of what was written. */
  readonly after: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Somebody changed the file between two installations: the copy is too old to be put back as it is. */
  readonly edited: boolean;
}

/** A setting or service as it was before the first installation and as the last one left it. */
export interface JournalValue {
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string;
}

/** Everything that uninstalling needs. */
export interface Installed {
  readonly files: readonly JournalFile[];
  readonly settings: readonly JournalValue[];
  readonly services: readonly JournalValue[];
  /** Amavisd's configuration that includes our file, where it had to be told. */
  readonly include: { readonly main: string; readonly bank: string } | undefined;
  /** The address of the LMTP service that lists are routed to; undefined where they go through the pipe. */
  readonly lmtp?: string | undefined;
}

/** A run that is changing files at this moment, or that was killed while it did. */
interface Running {
  readonly files: readonly (Omit<JournalFile, 'edited'> & {
    readonly before: string;
    readonly inNewDirectory: boolean;
  })[];
}

interface Stored {
  readonly installed: Installed | undefined;
  readonly running: Running | undefined;
}

const JOURNAL = 'journal.json';

/**
 * The record of an installation, in a directory of its own in Postfix's configuration directory: copies of all files
 * as they were, and what was done. It is written before anything is touched, so that whatever happens in between can
 * be taken back.
 */
export class Journal {
  readonly directory: string;

  constructor(config: string) {
    this.directory = join(config, 'mlmmj-amime-receive.installed');
  }

  /** Whether there is a record that only root may read. */
  isClosed(): boolean {
    try {
      accessSync(this.directory, constants.X_OK);
      return false;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EACCES';
    }
  }

  /** What is installed; undefined where nothing is. */
  installed(): Installed | undefined {
    return this.#read().installed;
  }

  /** Removes what a run left that was killed before its first change, or after its last one. */
  sweep(): void {
    if (existsSync(this.directory) && !existsSync(join(this.directory, JOURNAL)))
      rmSync(this.directory, { recursive: true, force: true });
  }

  /** Whether an earlier run was killed between its first and its last change. */
  interrupted(): boolean {
    return this.#read().running !== undefined;
  }

  /** Records what is about to be changed, with copies of the files. */
  begin(changes: readonly FileChange[]): void {
    const { installed } = this.#read();
    try {
      mkdirSync(this.directory, { recursive: true, mode: 0o700 });
      this.#write({ installed, running: { files: changes.map((change, at) => this.#running(change, at)) } });
    } catch (error) {
      this.sweep();
      throw error;
    }
  }

  #running(change: FileChange, number: number): Running['files'][number] {
    const { path, mode, uid, gid } = change;
    const backup = change.before && `${number}-${basename(path)}.running`;
    if (backup !== undefined) this.#keep(backup, change.before!);
    return {
      path,
      backup,
      mode,
      uid,
      gid,
      before: fingerprint(change.before),
      after: fingerprint(change.after),
      inNewDirectory: !existsSync(dirname(path)),
    };
  }

  /**
   * Takes back what the run that began last has changed. A file that somebody else changed meanwhile is left.
   *
   * @returns the files that were left.
   */
  takeBack(): string[] {
    const { installed, running } = this.#read();
    const left: string[] = [];
    for (const file of running?.files ?? []) {
      rmSync(freshName(file.path), { force: true });
      const now = fingerprint(readIfThere(file.path));
      if (now === file.before) continue;
      if (now !== file.after) left.push(file.path);
      else applyFile({ ...file, after: file.backup === undefined ? undefined : this.#kept(file.backup) });
      if (file.inNewDirectory && existsSync(dirname(file.path))) rmdirSync(dirname(file.path));
    }
    this.#finish(installed, running);
    return left;
  }

  /** The run is complete, and this is what is installed from now on; undefined where everything was taken out. */
  complete(installed: Installed | undefined): void {
    this.#finish(installed, this.#read().running);
  }

  /** Keeps a file as it was before the first installation; returns the name of the copy. */
  keepOriginal(path: string, content: Buffer): string {
    const name = `${fingerprint(Buffer.from(path)).slice(0, 8)}-${basename(path)}`;
    this.#keep(name, content);
    return name;
  }

  original(file: JournalFile): Buffer | undefined {
    return file.backup === undefined ? undefined : this.#kept(file.backup);
  }

  #finish(installed: Installed | undefined, running: Running | undefined): void {
    if (installed === undefined) {
      // The record first: without it the copies are only copies, with it they are what a later run relies on.
      rmSync(join(this.directory, JOURNAL), { force: true });
      this.sweep();
      return;
    }
    this.#write({ installed, running: undefined });
    for (const file of running?.files ?? []) {
      if (file.backup !== undefined) rmSync(join(this.directory, file.backup), { force: true });
    }
  }

  #keep(name: string, content: Buffer): void {
    applyFile({ path: join(this.directory, name), after: content, mode: 0o600, ...owner() });
  }

  #kept(name: string): Buffer {
    return readFileSync(join(this.directory, name));
  }

  #read(): Stored {
    const path = join(this.directory, JOURNAL);
    if (!existsSync(path)) return { installed: undefined, running: undefined };
    try {
      return JSON.parse(readFileSync(path, 'utf8'));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new CommandProblem(
        ExitStatus.Wrong,
        `${path} is damaged: the files as they were lie beside it; put back what you want, then remove that directory`,
        { cause: error },
      );
    }
  }

  #write(stored: Stored): void {
    const after = Buffer.from(`${JSON.stringify(stored, undefined, 2)}\n`);
    applyFile({ path: join(this.directory, JOURNAL), after, mode: 0o600, ...owner() });
  }
}

function owner(): { uid: number; gid: number } {
  return { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
}

function readIfThere(path: string): Buffer | undefined {
  return existsSync(path) ? readFileSync(path) : undefined;
}
