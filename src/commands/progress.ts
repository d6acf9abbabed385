const WIDTH = 30;
/** Milliseconds: more often than an eye follows is only work for the terminal. */
const PAUSE = 100;

/** A bar on standard error while many things are gone through; nothing where that is no terminal. */
export class Progress {
  readonly #total: number;
  #done = 0;
  #shownAt = 0;

  constructor(total: number) {
    this.#total = total;
  }

  step(): void {
    this.#done++;
    if (Date.now() - this.#shownAt < PAUSE) return;
    this.#shownAt = Date.now();
    const share = this.#total === 0 ? 1 : Math.min(1, this.#done / this.#total);
    const bar = '#'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '.');
    process.stderr.write(`\r[${bar}] ${this.#done} of ${this.#total}`);
  }

  clear(): void {
    if (this.#shownAt > 0) process.stderr.write(`\r${' '.repeat(WIDTH + 30)}\r`);
  }
}
