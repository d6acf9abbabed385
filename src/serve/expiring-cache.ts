/** Milliseconds for which an entry counts: an operator's change takes effect that soon. */
const TIME_TO_LIVE = 1000;

/** Entries; beyond that nothing is cached. */
const LIMIT = 256;

/**
 * Cache of what is asked for again and again; what failed is tried anew. To find a list and to read its control files
 * took a fifth of a message's time under load.
 */
export class ExpiringCache<Value> {
  readonly #now: () => number;
  readonly #entries = new Map<string, Promise<Value>>();
  #cleared: number;

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#cleared = now();
  }

  get(key: string, load: () => Promise<Value>): Promise<Value> {
    if (this.#now() - this.#cleared >= TIME_TO_LIVE) this.clear();
    const cached = this.#entries.get(key);
    if (cached !== undefined) return cached;
    const loaded = load();
    if (this.#entries.size < LIMIT) {
      this.#entries.set(key, loaded);
      loaded.catch(() => {
        if (this.#entries.get(key) === loaded) this.#entries.delete(key);
      });
    }
    return loaded;
  }

  clear(): void {
    this.#entries.clear();
    this.#cleared = this.#now();
  }
}
