/** Milliseconds that one message may keep the thread to itself. */
const TURN = 5;

/** Lets all other sessions have their turn when this one has had its own: there is one thread for all of them. */
export class Turns {
  readonly #abandoned: AbortSignal;
  #begun = performance.now();
  /** Milliseconds of the turns before this one. */
  #used = 0;

  constructor(abandoned: AbortSignal) {
    this.#abandoned = abandoned;
  }

  /** To be called between two steps. @throws the reason for which the message was abandoned meanwhile */
  async next(): Promise<void> {
    this.#abandoned.throwIfAborted();
    if (performance.now() - this.#begun < TURN) return;
    this.#used = this.used;
    await new Promise((resolve) => setImmediate(resolve));
    this.#begun = performance.now();
    this.#abandoned.throwIfAborted();
  }

  /** The message was abandoned. */
  get areOver(): boolean {
    return this.#abandoned.aborted;
  }

  /** Milliseconds for which this message had the thread. */
  get used(): number {
    return this.#used + performance.now() - this.#begun;
  }
}
