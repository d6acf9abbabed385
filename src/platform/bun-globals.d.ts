/**
 * The few pieces of Bun that `bun.ts` uses, as they are in the version that package.json names. A types package
 * would bring declarations that quarrel with @types/node; this page can be read.
 */
declare const Bun: {
  readonly stdout: BunFile;
  readonly stderr: BunFile;
  file(path: string | number): BunFile;
  gc(synchronously: boolean): void;
  /** Gives memory back to the system, as far as that is possible. */
  shrink(): void;
  unsafe: {
    /** Sets the scale of the thresholds at which code is compiled: 1 is a runtime's usual one (see scripts/build.ts). */
    setJITPolicy(scale: number): void;
  };
  write(target: BunFile, data: Uint8Array): Promise<number>;
  spawn(argv: string[], options: BunSpawnOptions): BunSubprocess;
};

/** Node 20 does not have it. */
interface ArrayBuffer {
  transfer(newByteLength: number): ArrayBuffer;
}

interface BunFile {
  stat(): Promise<{ isDirectory(): boolean; isFile(): boolean; uid: number; size: number; nlink: number }>;
  slice(start: number, end: number): BunFile;
  bytes(): Promise<Uint8Array>;
  writer(options?: { highWaterMark: number }): BunFileSink;
}

interface BunFileSink {
  /** Both give the number of bytes, or `true` where the sink has come to its end on its own. */
  write(bytes: Uint8Array): number | true | Promise<number | true>;
  flush(): number | true | Promise<number | true>;
  end(): number | Promise<number> | undefined;
}

interface BunSpawnOptions {
  stdout?: 'ignore';
  stderr?: 'pipe' | 'ignore';
  /** Descriptors 0, 1, 2, 3; a number is one of ours that the child gets a copy of. */
  stdio?: readonly ('pipe' | 'ignore' | number)[];
}

interface BunSubprocess {
  readonly pid: number;
  /** For `stdin: 'pipe'`. */
  readonly stdin: BunFileSink;
  /** A stream for `'pipe'`, and the number that was given. */
  readonly stderr: ReadableStream<Uint8Array> | number;
  /** Our ends of the further pipes, by the child's descriptor. */
  readonly stdio: readonly (number | null)[];
  readonly exited: Promise<number>;
  readonly exitCode: number | null;
  readonly signalCode: string | null;
  kill(signal: string): void;
}
