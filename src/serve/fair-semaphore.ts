/** Semaphore: so many deliveries run at once, and those that must wait are served in the order in which they asked. */
export class FairSemaphore {
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
   * @param signal ends the waiting early
   * @returns a function that gives the permit back, or null where none came free in time
   */
  acquire(milliseconds: number, signal: AbortSignal): Promise<(() => void) | null> {
    if (signal.aborted) return Promise.resolve(null);
    if (this.#free > 0 && this.#queue.length === 0) return Promise.resolve(this.#grant());
    return new Promise((resolve) => {
      const leave = () => {
        this.#queue.splice(this.#queue.indexOf(waiter), 1);
        settle(null);
      };
      const settle = (permit: (() => void) | null) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', leave);
        resolve(permit);
      };
      const timer = setTimeout(leave, milliseconds);
      signal.addEventListener('abort', leave);
      const waiter: Waiter = { grant: settle };
      this.#queue.push(waiter);
    });
  }

  #grant(): () => void {
    this.#free--;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#free++;
      this.#queue.shift()?.grant(this.#grant());
    };
  }
}

interface Waiter {
  grant(permit: () => void): void;
}
