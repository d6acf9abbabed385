/** From a recipient to the list it means: the address comes from the network, the directories from the disk. */
import { readdir, realpath } from 'node:fs/promises';
import { folded } from '../list/ascii-case.ts';
import { systemCode } from '../list/control.ts';
import { asMlmmjSpellsIt } from '../list/extension.ts';
import { demandWorkable, type MailingList, openList } from '../list/list.ts';
import type { Platform } from '../platform/platform.ts';
import { DeliveryError } from '../status.ts';
import { AliasIndex } from './alias-index.ts';
import { expandLayout, type Layout } from './layout.ts';
import { type Reading, readings } from './list-name.ts';
import { splitMailbox } from './mailbox.ts';

/** A list, and what of it a recipient means. */
export interface FoundList {
  readonly list: MailingList;
  /** Its path below the spool, for the log. */
  readonly name: string;
  /** '' for the list's plain address; for commands and bounces as mlmmj knows it. */
  readonly extension: string;
}

/** These mean that there is no such directory; everything else is trouble of ours. */
const NOT_THERE = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'];

export class ListFinder {
  readonly #spool: string;
  readonly #layout: Layout;
  readonly #platform: Platform;
  readonly #aliases: AliasIndex;

  /** @param spool absolute path of the directory that holds the lists */
  constructor(spool: string, layout: Layout, platform: Platform) {
    this.#spool = spool;
    this.#layout = layout;
    this.#platform = platform;
    this.#aliases = new AliasIndex(spool, layout, platform);
  }

  /**
   * @param address a recipient as RCPT gave it
   * @throws DeliveryError `no-such-list` where the spool is there and no list in it has this address
   */
  async find(address: string): Promise<FoundList> {
    const mailbox = splitMailbox(address);
    const domain = folded(mailbox?.domain ?? '');
    const all = mailbox === undefined ? [] : readings(mailbox.localPart);
    for (const reading of all) {
      const below = expandLayout(this.#layout, reading.name, domain);
      const found = below === undefined ? undefined : await this.#open(`${this.#spool}/${below}`, reading);
      if (found !== undefined) return found;
    }
    for (const reading of all) {
      const directory = await this.#aliases.directoryOf(`${reading.name}@${domain}`);
      const found = directory === undefined ? undefined : await this.#open(directory, reading);
      if (found !== undefined) return found;
    }
    await this.#demandSpool();
    throw new DeliveryError('no-such-list', 'there is no such mailing list');
  }

  /** What was learnt of the spool counts no longer. */
  forget(): void {
    this.#aliases.forget();
  }

  /** `undefined` where there is no list in this directory, or one that this reading does not fit. */
  async #open(directory: string, { rest }: Reading): Promise<FoundList | undefined> {
    const inside = await this.#inside(directory);
    if (inside === undefined) return undefined;
    const list = await openList(inside.path, this.#platform);
    demandWorkable(list);
    const { name } = inside;
    if (rest === '') return { list, name, extension: '' };
    if (!folded(rest).startsWith(folded(list.delimiter))) return undefined;
    return { list, name, extension: asMlmmjSpellsIt(rest.slice(list.delimiter.length)) };
  }

  /**
   * Where a path really leads. A link that leads out of the spool is refused, for now: it may be an attack or an
   * administrator's second disk, and mail can wait until it is known.
   */
  async #inside(path: string): Promise<{ path: string; name: string } | undefined> {
    try {
      const [spool, real] = await Promise.all([realpath(this.#spool), realpath(path)]);
      const holder = spool === '/' ? '/' : `${spool}/`;
      if (real.startsWith(holder)) return { path: real, name: real.slice(holder.length) };
    } catch (error) {
      const code = systemCode(error);
      if (NOT_THERE.includes(code)) return undefined;
      throw new DeliveryError('temporary', `the list cannot be looked at (${code})`, { cause: error });
    }
    throw new DeliveryError('temporary', 'the list is a link that leads out of the spool');
  }

  /** An empty spool is more likely a disk that is not mounted than a host without lists. */
  async #demandSpool(): Promise<void> {
    try {
      if ((await readdir(this.#spool)).length > 0) return;
    } catch (error) {
      throw new DeliveryError('temporary', `the spool cannot be read (${systemCode(error)})`, {
        cause: error,
      });
    }
    throw new DeliveryError('temporary', 'the spool is empty');
  }
}
