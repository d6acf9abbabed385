/**
 * Which list has which further address. `control/listaddress` may name several, and only the first is where the layout
 * says; so for an address that no directory is named after, all lists are asked. What they say is kept for a
 * while: an address that does not exist must not cost a walk through the spool for each message.
 */
import { readdir } from 'node:fs/promises';
import { folded } from '../list/ascii-case.ts';
import { filledLines, readControl } from '../list/control.ts';
import type { Platform } from '../platform/platform.ts';
import { type Layout, levelPattern } from './layout.ts';
import { isSafeName } from './list-name.ts';

/** Milliseconds. A new alias works after this long. */
const KEPT_FOR = 10_000;

/** Lists read at the same time. */
const AT_ONCE = 32;

export class AliasIndex {
  readonly #spool: string;
  readonly #layout: Layout;
  readonly #platform: Platform;
  #index: Promise<ReadonlyMap<string, string>> | undefined;
  #readAt = 0;

  constructor(spool: string, layout: Layout, platform: Platform) {
    this.#spool = spool;
    this.#layout = layout;
    this.#platform = platform;
  }

  /** @param address in lower case */
  async directoryOf(address: string): Promise<string | undefined> {
    const now = performance.now();
    if (this.#index === undefined || now - this.#readAt > KEPT_FOR) {
      this.#readAt = now;
      this.#index = this.#read();
    }
    return (await this.#index).get(address);
  }

  forget(): void {
    this.#index = undefined;
  }

  async #read(): Promise<ReadonlyMap<string, string>> {
    const index = new Map<string, string>();
    const directories = await this.#lists();
    for (let at = 0; at < directories.length; at += AT_ONCE) {
      const some = directories.slice(at, at + AT_ONCE);
      const addresses = await Promise.all(some.map((directory) => this.#addressesOf(directory)));
      some.forEach((directory, number) => {
        for (const address of addresses[number]!) {
          if (!index.has(folded(address))) index.set(folded(address), directory);
        }
      });
    }
    return index;
  }

  async #addressesOf(directory: string): Promise<readonly string[]> {
    try {
      return filledLines((await readControl(directory, 'listaddress', this.#platform)) ?? new Uint8Array());
    } catch {
      // A list that cannot be read has no aliases until it can be.
      return [];
    }
  }

  /** Every directory that the layout could mean. */
  async #lists(): Promise<string[]> {
    let found = [this.#spool];
    for (const level of this.#layout.levels) {
      const pattern = levelPattern(level);
      const below = await Promise.all(
        found.map(async (directory) => {
          if (typeof pattern === 'string') return [`${directory}/${pattern}`];
          const names = await namesIn(directory);
          return names.filter((name) => pattern.test(name)).map((name) => `${directory}/${name}`);
        }),
      );
      found = below.flat();
    }
    return found;
  }
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).filter(isSafeName).sort();
  } catch {
    return [];
  }
}
