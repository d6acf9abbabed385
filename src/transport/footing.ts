/**
 * A message on its way to a destination, with a list's footers where it is a post. A footer is never worth a mail: as
 * long as nothing has left us, the message is also kept as it came in, and goes out like that if anything is wrong
 * with the footer code.
 */
import type { FooterPair, PlacementWishes } from '../footer/footer.ts';
import type { Outcome } from '../footer/outcome.ts';
import { readFooters } from '../list/footers.ts';
import { listName, type MailingList } from '../list/list.ts';
import { readWishes } from '../list/wishes.ts';
import type { Platform } from '../platform/platform.ts';
import { DeliveryError } from '../status.ts';
import { COLLECT_LIMIT, type Destination } from './destination.ts';
import { type PieceLife, Pieces } from './pieces.ts';

/** What a list wants put into its posts. */
export interface Footing {
  readonly footers: FooterPair | undefined;
  readonly wishes: PlacementWishes;
  /** Why there are no footers, where there are none. */
  readonly missing: string | undefined;
}

export async function readFooting(list: MailingList, platform: Platform): Promise<Footing> {
  const [{ footers, trouble }, wishes] = await Promise.all([
    readFooters(list, platform),
    readWishes(list, platform),
  ]);
  return { footers, wishes, missing: footers === undefined ? (trouble ?? 'the list has none') : undefined };
}

/** What a list is called in the log: the local part of its address, or its directory's name. */
export function shortName(list: MailingList): string {
  const address = list.addresses[0] ?? '';
  const at = address.lastIndexOf('@');
  return at > 0 ? address.slice(0, at) : listName(list.directory);
}

/** A fault in it, even one that shows when it is loaded, costs the footer, not the mail. */
export function loadFooterCode(): Promise<FooterCode> {
  footerCode ??= Promise.all([import('../footer/inserter.ts'), import('../footer/explain.ts')]);
  return footerCode;
}

type FooterCode = [typeof import('../footer/inserter.ts'), typeof import('../footer/explain.ts')];

/** Kept: to ask again for what is loaded already takes its time too, with each message of a service. */
let footerCode: Promise<FooterCode> | undefined;

/** What was done to a message, once it is whole. */
export interface Done {
  /** In words for the log line. */
  readonly summary: string;
  /** Undefined where the message went out as it came in. */
  readonly outcome: Outcome | undefined;
  /** What went wrong in the footer code, if anything did: for a log, never for the poster. */
  readonly failure: unknown;
}

/** Takes a message piece by piece. */
export interface MessageWriter {
  /** Resolves when the destination wants more. @throws DeliveryError */
  write(piece: Uint8Array): Promise<void>;
  /** The message is complete. The destination is still to be finished. @throws DeliveryError */
  end(): Done;
}

/**
 * @param unfit why the message is not to be touched, in words for the log; undefined for a post
 * @param life of the pieces that are written
 */
export async function startWriter(
  footing: Footing,
  unfit: string | undefined,
  destination: Destination,
  life: PieceLife,
): Promise<MessageWriter> {
  const reason = unfit ?? footing.missing;
  if (reason !== undefined || footing.footers === undefined) return new Unchanged(destination, `${reason}`);
  try {
    const work = await startFooterWork(footing.footers, footing.wishes, destination);
    return new WithFooters(work, destination, new Original(destination, life), stepFor(footing.footers));
  } catch (error) {
    return new Unchanged(destination, troubleOf(error), error);
  }
}

class Unchanged implements MessageWriter {
  readonly #destination: Destination;
  readonly #reason: string;
  readonly #failure: unknown;

  constructor(destination: Destination, reason: string, failure?: unknown) {
    this.#destination = destination;
    this.#reason = reason;
    this.#failure = failure;
  }

  async write(piece: Uint8Array): Promise<void> {
    this.#destination.add(piece);
    await this.#destination.flow();
  }

  end(): Done {
    return { summary: `no footer: ${this.#reason}`, outcome: undefined, failure: this.#failure };
  }
}

/** Bytes, about, that may come out of the footer code before any of them can leave. */
const OUTPUT_AT_ONCE = 8_388_608;

/** Bytes of a small part with its delimiter. */
const SMALL_PART = 8;

/**
 * How many bytes the footer code is given at a time. A part of eight bytes can get a footer of 64 KiB, so what comes out
 * of one large piece of hostile mail would fill the memory. For a footer of a few lines that is no matter.
 */
function stepFor({ text, html }: FooterPair): number {
  return Math.ceil((OUTPUT_AT_ONCE * SMALL_PART) / (text.length + html.length));
}

class WithFooters implements MessageWriter {
  readonly #destination: Destination;
  readonly #original: Original;
  readonly #step: number;
  #work: FooterWork | undefined;
  #failure: unknown;

  constructor(work: FooterWork, destination: Destination, original: Original, step: number) {
    this.#work = work;
    this.#destination = destination;
    this.#original = original;
    this.#step = step;
  }

  async write(piece: Uint8Array): Promise<void> {
    this.#original.keep(piece);
    if (this.#work === undefined) {
      this.#destination.add(piece);
      return this.#destination.flow();
    }
    for (let at = 0; at < piece.length && this.#work !== undefined; at += this.#step) {
      this.#attempt((work) => work.write(piece.subarray(at, at + this.#step)));
      await this.#destination.flow();
    }
  }

  end(): Done {
    this.#attempt((work) => work.end());
    if (this.#work === undefined) {
      return {
        summary: `no footer: ${troubleOf(this.#failure)}`,
        outcome: undefined,
        failure: this.#failure,
      };
    }
    return this.#work.done();
  }

  #attempt(step: (work: FooterWork) => void): void {
    if (this.#work === undefined) return;
    try {
      step(this.#work);
    } catch (error) {
      this.#work = undefined;
      this.#failure = error;
      this.#original.restore(error);
    }
  }
}

/** The message as it came in, until some of it has gone out or it has become too large to be kept. */
class Original {
  readonly #destination: Destination;
  #kept: Pieces | undefined;

  constructor(destination: Destination, life: PieceLife) {
    this.#destination = destination;
    this.#kept = new Pieces(life);
  }

  keep(piece: Uint8Array): void {
    if (this.#destination.committed) this.#kept = undefined;
    this.#kept?.add(piece);
    if (this.#kept !== undefined && this.#kept.length > COLLECT_LIMIT) this.#kept = undefined;
  }

  /** Puts the message as it came in, as far as it came, in place of what the footer code made of it. */
  restore(cause: unknown): void {
    if (this.#kept === undefined || this.#destination.committed) {
      throw new DeliveryError('temporary', `the footer code failed in the middle (${troubleOf(cause)})`, {
        cause,
      });
    }
    this.#destination.startOver();
    for (const piece of this.#kept) this.#destination.add(piece);
  }
}

interface FooterWork {
  write(piece: Uint8Array): void;
  end(): void;
  done(): Done;
}

async function startFooterWork(
  footers: FooterPair,
  wishes: PlacementWishes,
  destination: Destination,
): Promise<FooterWork> {
  const [{ FooterInserter }, { summarize }] = await loadFooterCode();
  const inserter = new FooterInserter(footers, wishes, (bytes) => destination.add(bytes));
  return {
    write: (piece) => inserter.write(piece),
    end: () => inserter.end(),
    done: () => ({
      summary: summarize(inserter.outcome),
      outcome: inserter.outcome,
      failure: inserter.failure,
    }),
  };
}

function troubleOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
