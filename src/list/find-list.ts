/**
 * From a recipient to the list it means: the address comes from the network, the directories from the disk. Whatever
 * is not certain is a temporary failure: a list that exists must never be said not to. Node only.
 */
import { realpath } from 'node:fs/promises';
import { Failure, FailureKind, temporary } from '../errors.ts';
import { byteString } from '../host/byte-string.ts';
import { type ByteString, type Files } from '../host/files.ts';
import { DeliveryFailure } from '../host/interruption.ts';
import { systemCode } from '../host/system-error.ts';
import { asciiLower } from '../mime/bytes.ts';
import { asMlmmjSpellsIt } from './address.ts';
import { AddressIndex } from './address-index.ts';
import { expandLayout, type Layout } from './layout.ts';
import { flawFailure, type List, openList } from './list.ts';
import { type CandidateSplit, candidateSplits } from './list-name.ts';
import { LEAST_DEPTH, SpoolError } from './spool.ts';

/** A list, and what of it a recipient means. */
export interface FoundList {
  readonly list: List;
  /** Its path below the spool, for the log. */
  readonly name: string;
  /** '' for the list's plain address; for commands and bounces as mlmmj knows it. */
  readonly extension: ByteString;
}

/** Milliseconds. A change of `listaddress` counts after this long; a list that has come or gone counts at once. */
const INDEX_KEPT_FOR = 10_000;

/** Milliseconds. Up to this age it still serves where the answer is yes, while it is read anew. */
const INDEX_STALE_FOR = 60_000;

/** Milliseconds. What is wrong with a spool may be mended at any time. */
const TROUBLE_KEPT_FOR = 1000;

/** These mean that there is no such directory; everything else is trouble of ours. */
const NOT_THERE = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'];

export class ListFinder {
  readonly #spool: string;
  readonly #layout: Layout;
  readonly #files: Files;
  #index: AddressIndex | null = null;
  #indexTime = 0;
  #reading: Promise<AddressIndex> | null = null;

  /** @param spool absolute path of the directory that holds the lists */
  constructor(spool: string, layout: Layout, files: Files) {
    this.#spool = spool;
    this.#layout = layout;
    this.#files = files;
  }

  /**
   * @param localPart without its quotes
   * @param domain '' where there is none
   * @throws DeliveryFailure `NoSuchList` where the whole spool was looked at and no list in it has this address
   */
  async find(localPart: string, domain: string): Promise<FoundList> {
    const lowerDomain = asciiLower(domain);
    const splits = candidateSplits(localPart);
    const index = await this.#indexAtHand();
    const found = await this.#search(splits, lowerDomain, index);
    if (found !== null) return found;
    const current = await this.#currentIndex();
    const foundNow = current === index ? null : await this.#search(splits, lowerDomain, current);
    if (foundNow !== null) return foundNow;
    throw notFound(splits, lowerDomain, current);
  }

  /** The spool as it is now. */
  look(): Promise<AddressIndex> {
    return this.#currentIndex();
  }

  /** What was read of the spool counts no longer. */
  forget(): void {
    this.#index = null;
    this.#reading = null;
  }

  async #search(
    splits: readonly CandidateSplit[],
    domain: string,
    index: AddressIndex,
  ): Promise<FoundList | null> {
    for (const split of splits) {
      const found = await this.#lists(split, domain, index);
      if (found.length > 1) throw new DeliveryFailure(temporary(doublyClaimed(found)));
      if (found.length === 1) return found[0]!;
    }
    return null;
  }

  /** All lists that claim an address: by `listaddress`, or by lying where the layout says that this address lives. */
  async #lists(split: CandidateSplit, domain: string, index: AddressIndex): Promise<FoundList[]> {
    const directories = new Set(index.claims(byteString(`${split.name}@${domain}`)));
    const below = expandLayout(this.#layout, split.name, domain);
    const claimed = directories.size > 0;
    // A path without the domain says less than a listaddress that has it.
    if (below !== null && (this.#layout.namesDomain || !claimed)) directories.add(`${this.#spool}/${below}`);
    const found = new Map<ByteString, FoundList>();
    for (const directory of directories) {
      const list = await this.#open(directory, split);
      if (list !== null) found.set(list.list.directory, list);
    }
    return [...found.values()];
  }

  /** Null where there is no list in this directory, or one whose delimiter is another. */
  async #open(directory: string, { remainder }: CandidateSplit): Promise<FoundList | null> {
    const inside = await this.#inside(directory);
    if (inside === null) return null;
    const opened = openList(byteString(inside.path), this.#files);
    const failure = opened.failure ?? flawFailure(opened.list!);
    // It has gone in between.
    if (failure?.kind === FailureKind.NoSuchList) return null;
    if (failure !== null) throw new DeliveryFailure(failure);
    const list = opened.list!;
    const rest = byteString(remainder);
    if (rest === '') return { list, name: inside.name, extension: '' };
    if (!asciiLower(rest).startsWith(asciiLower(list.delimiter))) return null;
    return { list, name: inside.name, extension: asMlmmjSpellsIt(rest.slice(list.delimiter.length)) };
  }

  /**
   * Where a path really leads. A link that leads out of the spool is refused, for now: it may be an attack or an
   * administrator's second disk, and mail can wait until it is known.
   */
  async #inside(path: string): Promise<{ path: string; name: string } | null> {
    try {
      const [spool, real] = await Promise.all([realpath(this.#spool), realpath(path)]);
      const holder = spool === '/' ? '/' : `${spool}/`;
      if (real.startsWith(holder)) return { path: real, name: real.slice(holder.length) };
    } catch (error) {
      if (NOT_THERE.includes(systemCode(error))) return null;
      throw failureOf(SpoolError.of(error, 'the list cannot be looked at'));
    }
    throw new DeliveryFailure(temporary('the list is a link that leads out of the spool'));
  }

  /** Good enough to find what is there, and cheap: whoever asks next has a newer one. */
  async #indexAtHand(): Promise<AddressIndex> {
    const age = performance.now() - this.#indexTime;
    if (this.#index === null || age > INDEX_STALE_FOR) return this.#readIndex();
    if (age > INDEX_KEPT_FOR) this.#readIndex().catch(() => undefined);
    return this.#index;
  }

  /** Good enough to say that something is not there. */
  async #currentIndex(): Promise<AddressIndex> {
    const index = this.#index;
    const keptFor = index?.trouble === null ? INDEX_KEPT_FOR : TROUBLE_KEPT_FOR;
    const isYoung = performance.now() - this.#indexTime <= keptFor;
    return index !== null && isYoung && (await index.isCurrent()) ? index : this.#readIndex();
  }

  #readIndex(): Promise<AddressIndex> {
    if (this.#reading !== null) return this.#reading;
    const begun = performance.now();
    const reading = AddressIndex.read(
      this.#spool,
      Math.max(LEAST_DEPTH, this.#layout.levels.length),
      this.#files,
    );
    this.#reading = reading;
    return reading.then((index) => {
      // Otherwise it was told to forget meanwhile.
      if (this.#reading === reading) {
        this.#reading = null;
        this.#index = index;
        this.#indexTime = begun;
      }
      return index;
    });
  }
}

/**
 * Domains that exist inside one mail system only. mlmmj's README.postfix rewrites a list's address to `list@localhost.mlmmj`
 * with virtual_alias_maps, and leads that to pipe(8).
 */
const DUMMY_DOMAIN = /(?:^|\.)(?:mlmmj|localhost|localdomain)$/;

function notFound(splits: readonly CandidateSplit[], domain: string, index: AddressIndex): DeliveryFailure {
  if (index.trouble !== null) return failureOf(index.trouble);
  for (const { name } of splits) {
    const reason = index.unaddressed(name);
    if (reason !== null) return new DeliveryFailure(temporary(reason));
  }
  if (DUMMY_DOMAIN.test(domain)) {
    return new DeliveryFailure(
      temporary(`no list has an address at ${domain}: send it the list's own address, see docs/serve.md`),
    );
  }
  return new DeliveryFailure(new Failure(FailureKind.NoSuchList, 'there is no such mailing list'));
}

function failureOf(trouble: SpoolError): DeliveryFailure {
  const failure = new DeliveryFailure(temporary(trouble.message));
  failure.cause = trouble.cause;
  return failure;
}

function doublyClaimed(found: readonly FoundList[]): string {
  const names = found.map(({ name }) => `"${name}"`).sort();
  return `the address is that of ${names.length} lists: ${names.join(', ')}`;
}
