/** How many deliveries may run at once. Those that must wait are served in the order in which they asked. */
export class Slots {
  readonly #count: number;
  #free: number;
  readonly #queue: Waiter[] = [];

  constructor(count: number) {
    this.#count = count;
    this.#free = count;
  }

  get running(): number {
    return this.#count - this.#free;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /**
   * Waits until `wanted` slots are free and nobody who asked earlier is waiting, and takes them all at once: a message
   * for several lists that took them one by one could wait for ever for another that does the same.
   *
   * @param wanted at most all there are
   * @returns a function that gives them back one by one, or undefined where they did not come free in time
   */
  take(wanted: number, milliseconds: number): Promise<(() => void) | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#queue.splice(this.#queue.indexOf(waiter), 1);
        resolve(undefined);
        // Whoever wanted many may have stood in the way of some who want few.
        this.#serve();
      }, milliseconds);
      const waiter: Waiter = {
        wanted: Math.min(wanted, this.#count),
        take: () => {
          clearTimeout(timer);
          resolve(() => this.#giveBack());
        },
      };
      this.#queue.push(waiter);
      this.#serve();
    });
  }

  #giveBack(): void {
    this.#free++;
    this.#serve();
  }

  #serve(): void {
    for (let next = this.#queue[0]; next !== undefined && next.wanted <= this.#free; next = this.#queue[0]) {
      this.#queue.shift();
      this.#free -= next.wanted;
      next.take();
    }
  }
}

interface Waiter {
  readonly wanted: number;
  take(): void;
}
