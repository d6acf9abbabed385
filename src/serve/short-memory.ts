/** Milliseconds for which what was learnt is remembered: an operator's change counts a second later. */
const MEMORY = 1000;

/** What comes on top of so many in the same second is learnt anew each time. */
const LIMIT = 256;

/**
 * Remembers for a moment what is asked again and again; what failed is tried anew. To find a list and to read its
 * control files took a fifth of a message's time under load.
 */
export class ShortMemory<Value> {
  readonly #now: () => number;
  readonly #known = new Map<string, Promise<Value>>();
  #forgotten: number;

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number) {
    this.#now = now;
    this.#forgotten = now();
  }

  recall(key: string, learn: () => Promise<Value>): Promise<Value> {
    if (this.#now() - this.#forgotten >= MEMORY) this.forget();
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const learnt = learn();
    if (this.#known.size < LIMIT) {
      this.#known.set(key, learnt);
      learnt.catch(() => {
        if (this.#known.get(key) === learnt) this.#known.delete(key);
      });
    }
    return learnt;
  }

  forget(): void {
    this.#known.clear();
    this.#forgotten = this.#now();
  }
}
