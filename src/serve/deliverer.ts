/** What takes the mail: which list an address is, what is put into its posts, and who gets them. */
import { byteString, textOfBytes } from '../host/byte-string.ts';
import type { ByteString } from '../host/files.ts';
import { DeliveryFailure } from '../host/interruption.ts';
import { NodeFiles } from '../host/node-files.ts';
import { type FoundList, ListFinder } from '../list/find-list.ts';
import type { List } from '../list/list.ts';
import { type ListFooters, readListFooters } from '../list/list-footers.ts';
import { ReceiveCall } from '../transport/arguments.ts';
import { findMlmmjReceive } from '../transport/mlmmj-receive.ts';
import type { LmtpBackend, LmtpTransaction } from './backend.ts';
import { ExpiringCache } from './expiring-cache.ts';
import { FairSemaphore } from './fair-semaphore.ts';
import type { Limits, ServeOptions } from './options.ts';
import { OutgoingFiles } from './outgoing-files.ts';
import type { Result } from './result.ts';
import { Transaction, type TransactionResult } from './transaction.ts';

/** Who is told of what becomes of mail, for the log and the numbers. */
export interface DeliveryReport {
  refused(session: string, recipient: string, result: Result): void;
  taken(session: string, result: TransactionResult): void;
  trouble(session: string, error: unknown): void;
}

export class Deliverer implements LmtpBackend {
  readonly limits: Limits;
  readonly report: DeliveryReport;
  readonly files = new NodeFiles();
  readonly outgoing = new OutgoingFiles();
  /** Has a permit for each delivery that may run. */
  readonly semaphore: FairSemaphore;
  readonly finder: ListFinder;
  /** mlmmj-receive's `-F` and `-P`. */
  readonly receiveFlags: readonly string[];
  readonly #receive = new ReceiveCall();
  readonly #lists = new ExpiringCache<FoundList>();
  readonly #footers = new ExpiringCache<ListFooters>();
  readonly #programs = new ExpiringCache<ByteString>();

  constructor(options: ServeOptions, report: DeliveryReport) {
    this.limits = options.limits;
    this.report = report;
    this.semaphore = new FairSemaphore(options.limits.deliveries);
    this.finder = new ListFinder(options.lists, options.layout, this.files);
    this.receiveFlags = options.receiveFlags;
    this.#receive.mlmmjReceive = byteString(options.mlmmjReceive ?? '');
    this.#receive.isStoredOnly = options.receiveFlags.includes('-P');
  }

  mail(session: string, sender: string): LmtpTransaction {
    return new Transaction(session, sender, this);
  }

  async lists(): Promise<readonly string[]> {
    const { primaries, trouble } = await this.finder.look();
    if (trouble !== null && primaries.length === 0) throw trouble;
    return primaries.map(textOfBytes);
  }

  trouble(session: string, error: unknown): void {
    this.report.trouble(session, error);
  }

  /** mlmmj-receive stores the post and starts nothing. */
  get isStoredOnly(): boolean {
    return this.#receive.isStoredOnly;
  }

  /** @throws DeliveryFailure */
  findList(localPart: string, domain: string): Promise<FoundList> {
    return this.#lists.get(`${localPart}\0${domain}`, () => this.finder.find(localPart, domain));
  }

  footersOf(list: List): Promise<ListFooters> {
    return this.#footers.get(list.directory, async () => readListFooters(list, this.files));
  }

  /** mlmmj-receive's path. @throws DeliveryFailure */
  receivePath(): Promise<ByteString> {
    return this.#programs.get('mlmmj-receive', async () => {
      const { path, failure } = findMlmmjReceive(this.#receive, this.files);
      if (failure !== null) throw new DeliveryFailure(failure);
      return path;
    });
  }

  /** What was read from the disk counts no longer. */
  forget(): void {
    this.finder.forget();
    for (const cache of [this.#lists, this.#footers, this.#programs]) cache.clear();
  }
}
