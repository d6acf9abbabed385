/**
 * Which lists a spool holds, and which address is whose: `control/listaddress` of every list, whether they lie beside each
 * other (as mlmmj-make-ml makes them), by domain (as iRedMail does), or both. Node only.
 */
import { realpath, stat } from 'node:fs/promises';
import { byteString } from '../host/byte-string.ts';
import { type ByteString, FileKind, type Files } from '../host/files.ts';
import { asciiLower } from '../mime/bytes.ts';
import { filledLines, readControl } from './control.ts';
import { listName } from './list.ts';
import { entriesOf, SpoolError } from './spool.ts';

/** Lists read without a pause: half a millisecond or so. */
const AT_ONCE = 16;

/** The spool at one moment. */
export class AddressIndex {
  /** How many lists there are. */
  lists = 0;
  /** The first address of each that has one which fits into a line. */
  readonly primaries: ByteString[] = [];
  /** Why lists may be missing here, in words without paths; null where there is no such reason. */
  trouble: SpoolError | null = null;
  /** By address in lower case: absolute paths. Mostly one each. */
  readonly #claims = new Map<ByteString, string[]>();
  /** By name in lower case: why a directory that could be this list does not say what its address is. */
  readonly #unaddressed = new Map<string, string>();
  /** Directories that hold lists, and when they were changed last. */
  readonly #looked = new Map<string, number>();

  /** The lists that have this address. @param address in lower case */
  claims(address: ByteString): readonly string[] {
    return this.#claims.get(address) ?? [];
  }

  /** Why nobody knows whether the list of this name is the one that is meant; null where there is none of this name. */
  unaddressed(name: string): string | null {
    return this.#unaddressed.get(name) ?? null;
  }

  /** Whether no list has come or gone since: a change of `listaddress` alone does not show. */
  async isCurrent(): Promise<boolean> {
    for (const [directory, changed] of this.#looked) {
      if ((await changeTime(directory)) !== changed) return false;
    }
    return true;
  }

  /** Never rejects. @param depth how many directories a list may lie below the spool */
  static async read(spool: string, depth: number, files: Files): Promise<AddressIndex> {
    const index = new AddressIndex();
    await new Walk(index, files, depth).walk(spool);
    return index;
  }

  /** For the walk. */
  add(directory: string, addresses: readonly ByteString[]): void {
    this.lists++;
    const [primary] = addresses;
    if (primary !== undefined && /^[^\x00-\x20\x7f]+$/.test(primary)) this.primaries.push(primary);
    for (const address of new Set(addresses.map(asciiLower))) {
      const claims = this.#claims.get(address);
      if (claims === undefined) this.#claims.set(address, [directory]);
      else claims.push(directory);
    }
  }

  /** For the walk. */
  addUnaddressed(name: string, reason: string): void {
    this.#unaddressed.set(asciiLower(name), reason);
  }

  /** For the walk. */
  addLooked(directory: string, changed: number): void {
    this.#looked.set(directory, changed);
  }
}

class Walk {
  readonly #index: AddressIndex;
  readonly #files: Files;
  readonly #depth: number;
  readonly #seen = new Set<string>();
  #root = '';
  #read = 0;

  constructor(index: AddressIndex, files: Files, depth: number) {
    this.#index = index;
    this.#files = files;
    this.#depth = depth;
  }

  async walk(spool: string): Promise<void> {
    this.#index.addLooked(spool, await changeTime(spool));
    try {
      const root = await realpath(spool);
      this.#root = root === '/' ? '' : root;
      await this.#lookInto(root, 1);
      if (this.#index.lists === 0) this.#note(new SpoolError('there is no list in the spool'));
    } catch (error) {
      this.#note(SpoolError.of(error, 'the spool cannot be read'));
    }
  }

  /** @param level of what is in the directory; the spool's own entries have 1 */
  async #lookInto(directory: string, level: number): Promise<void> {
    this.#index.addLooked(directory, await changeTime(directory));
    const entries = await entriesOf(directory);
    if (level === 1 && entries.length === 0) this.#note(new SpoolError('the spool is empty'));
    for (const { name, isLink } of entries) {
      const path = `${directory === '/' ? '' : directory}/${name}`;
      const real = isLink ? await this.#target(path, name) : path;
      if (real === null || this.#seen.has(real)) continue;
      this.#seen.add(real);
      if (++this.#read % AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
      if (this.#takeList(real, name) || level === this.#depth) continue;
      try {
        await this.#lookInto(real, level + 1);
      } catch (error) {
        this.#note(SpoolError.of(error, `"${listName(byteString(name))}" in the spool cannot be read`));
      }
    }
  }

  /** Where a link leads; null where that is nowhere, or out of the spool. */
  async #target(path: string, name: string): Promise<string | null> {
    try {
      const real = await realpath(path);
      if (real.startsWith(`${this.#root}/`)) return real;
      this.#index.addUnaddressed(name, 'the list is a link that leads out of the spool');
    } catch {
      // It leads nowhere, so there is no list.
    }
    return null;
  }

  /** @returns whether the directory is a list's */
  #takeList(directory: string, name: string): boolean {
    const path = byteString(directory);
    const shown = `list "${listName(path)}"`;
    const file = readControl(path, 'listaddress', this.#files);
    if (file.bytes !== null) {
      this.#index.add(directory, filledLines(file.bytes));
      return true;
    }
    if (file.trouble !== '') {
      this.#index.add(directory, []);
      this.#note(new SpoolError(`${shown}: ${file.trouble}`));
      return true;
    }
    if (this.#files.status(`${path}/control`).kind !== FileKind.Directory) return false;
    this.#index.add(directory, []);
    this.#index.addUnaddressed(name, `${shown} has no listaddress`);
    return true;
  }

  /** The first reason is as good as any. */
  #note(trouble: SpoolError): void {
    this.#index.trouble ??= trouble;
  }
}

/** -1 where it cannot be seen. */
async function changeTime(directory: string): Promise<number> {
  try {
    return (await stat(directory)).mtimeMs;
  } catch {
    return -1;
  }
}
