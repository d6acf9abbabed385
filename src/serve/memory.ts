/** What can be asked of the engine about memory. Node's sees to it by itself; Bun's keeps what it once had. */

/** As much of Bun as is asked here. */
interface Bun {
  gc(force: boolean): void;
  shrink(): void;
  readonly unsafe: { setJITPolicy?(scale: number): void };
}

const bun = (globalThis as { Bun?: Bun }).Bun;

/** Bytes: less than this is mostly used again before it has been given back to the system. */
const WORTH_RELEASING = 16_384;

/** Says that this process lives long: the executable is built for a command that is over before compiling pays off. */
export function optimizeForLongRun(): void {
  bun?.unsafe.setJITPolicy?.(1);
}

/**
 * Gives the memory of which these bytes are a part back now; all views of it are empty then. Until the garbage collector found out, the
 * next messages would get fresh memory, with a page fault for each 4 KB of it: a fifth of the service's part in a
 * message of 100 KB.
 */
export function releaseMemory(bytes: Uint8Array): void {
  if (bun !== undefined && bytes.buffer.byteLength >= WORTH_RELEASING) {
    (bytes.buffer as ArrayBuffer & { transfer(length: number): ArrayBuffer }).transfer(0);
  }
}

/**
 * Gives back memory that is not needed now; it takes some 10 ms.
 * @param thoroughly also compiled code, which the next message would need: for a service that has nothing to do
 */
export function collectGarbage(thoroughly: boolean): void {
  if (thoroughly) bun?.shrink();
  bun?.gc(true);
}
