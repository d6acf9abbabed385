/** The platform as the executable has it: Bun's own calls, because each of Node's modules costs start-up time. */
import { spawnFromFile } from './nameless-file.ts';
import {
  type Channel,
  type Child,
  type ChildEnd,
  type FileStatus,
  type Platform,
  SAID_GRACE_MS,
  SAID_LIMIT,
  type Sink,
  type Taker,
} from './platform.ts';

/** How much of the input is read at once: first, and then again and again. The system's part of the price is per read. */
const BEGINNING = 131_072;
const AT_ONCE = 524_288;

/** How much of it is given out at once: what a piece of text is decoded to and compared with is garbage after it. */
const PIECE = 131_072;

/**
 * The scale at which code is compiled for what lies beyond the beginning. The bytes of a large message are read by
 * native code; to compile all that is only run once a piece would take more memory than the message does.
 */
const LARGE_MESSAGE_POLICY = 200;

/** How long to wait where somebody made a standard descriptor non-blocking and it is not ready. */
const RETRY_MS = 5;

/** How often memory is looked at, in bytes of input, and by how much it may have grown since the first collection. */
const LOOK_INTERVAL = 524_288;
const GARBAGE_LIMIT = 3_145_728;

/**
 * Up to this size a pipe takes all of it or nothing (POSIX's PIPE_BUF, as Linux has it). Bun.write, the cheapest way
 * to say a line, begins anew where a part of its bytes was taken and there was no room for the rest. Bun's writers
 * make the descriptor non-blocking, for all programs that share it and for good.
 */
const ATOMIC = 4096;

/** Bytes: less than this is mostly used again before it has been given back to the system. */
const WORTH_FREEING = 16_384;

export const platform: Platform = {
  input: () => withoutGarbage(standardInput()),

  async readFile(path, limit) {
    const file = Bun.file(path);
    return file.slice(0, limit + 1).bytes();
  },

  async stat(path): Promise<FileStatus> {
    const status = await Bun.file(path).stat();
    return {
      isDirectory: status.isDirectory(),
      isFile: status.isFile(),
      uid: status.uid,
      size: status.size,
    };
  },

  /**
   * Not by handing the bytes to Bun.spawn: where the memory file that Bun puts them into cannot be had (no descriptor
   * is free, no memory), it quietly takes a socket instead. If we then die, or the socket fails, half the message ends
   * there like a whole one, and mlmmj-receive exits 0.
   */
  spawn: (argv, input): Child & Taker => spawnFromFile(argv, input, platform),

  spawnWithChannel(argv) {
    const child = Bun.spawn([...argv], { stdio: ['pipe', 'ignore', 'pipe', 'pipe'] });
    try {
      return {
        ...childOf(child),
        control: sinkOf(child.stdin),
        channel: channelOf(child.stdio[3] as number),
      };
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  },

  spawnHolding(argv, channel) {
    const held = channel === undefined ? 'ignore' : (channel.handle as number);
    const child = Bun.spawn([...argv], { stdio: ['pipe', 'ignore', 'pipe', held] });
    return { ...childOf(child), control: sinkOf(child.stdin) };
  },

  spawnReading(argv, input, words) {
    return childOf(Bun.spawn([...argv], { stdio: [input, 'ignore', words] }));
  },

  settleIn: () => Bun.unsafe.setJITPolicy(1),

  free(bytes) {
    if (bytes.length >= WORTH_FREEING) (bytes.buffer as ArrayBuffer).transfer(0);
  },

  tidy(thoroughly) {
    // Drops compiled code too.
    if (thoroughly) Bun.shrink();
    Bun.gc(true);
  },

  async write(fd, bytes) {
    if (bytes.length <= ATOMIC) await Bun.write(fd === 1 ? Bun.stdout : Bun.stderr, bytes);
    else await writeLong(fd, bytes);
  },
};

/**
 * The beginning, which is all of nearly every message, with Bun's own read. For the rest `node:fs` is worth its price:
 * it reads into buffers of ours, where Bun's stream allocates each piece anew, at twice the time and 14 MB more
 * memory for 25 MB. One buffer is being filled while the other is worked on.
 */
async function* standardInput(): AsyncIterable<Uint8Array> {
  const beginning = await Bun.file(0).slice(0, BEGINNING).bytes();
  if (beginning.length > 0) yield beginning;
  // It may be more than was asked for, but it is only less at the end of the input.
  if (beginning.length < BEGINNING) return;
  Bun.unsafe.setJITPolicy(LARGE_MESSAGE_POLICY);
  const { read } = await import('node:fs');
  const fill = async (buffer: Uint8Array) =>
    buffer.subarray(0, await whenReady((done) => read(0, buffer, 0, buffer.length, null, done)));
  let idle: Uint8Array = new Uint8Array(AT_ONCE);
  let filled = await fill(new Uint8Array(AT_ONCE));
  while (filled.length > 0) {
    const next = fill(idle);
    // Where nobody asks for it any more, its failure is none.
    next.catch(() => undefined);
    for (let at = 0; at < filled.length; at += PIECE) yield filled.subarray(at, at + PIECE);
    idle = new Uint8Array(filled.buffer);
    filled = await next;
  }
}

/**
 * Text that is decoded on its way becomes garbage faster than the runtime thinks of collecting it. A collection takes
 * a third of a millisecond, so there is only one where memory has grown: bytes that go by as they are need none.
 */
async function* withoutGarbage(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let sinceLook = 0;
  let collected: number | undefined;
  for await (const piece of pieces) {
    yield piece;
    sinceLook += piece.length;
    if (sinceLook < LOOK_INTERVAL) continue;
    sinceLook = 0;
    if (collected !== undefined && process.memoryUsage.rss() <= collected + GARBAGE_LIMIT) continue;
    Bun.gc(true);
    collected ??= process.memoryUsage.rss();
  }
}

/** A reader costs less than `for await` over the stream, and both cost less than process.stdin. */
async function* pieces(stream: ReadableStream<Uint8Array>): AsyncIterable<Uint8Array> {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

async function writeLong(fd: number, bytes: Uint8Array): Promise<void> {
  const { write } = await import('node:fs');
  let at = 0;
  while (at < bytes.length) {
    at += await whenReady((done) => write(fd, bytes, at, bytes.length - at, null, done));
  }
}

/** Reads or writes, again and again while the descriptor is not ready; resolves to how many bytes it were. */
function whenReady(
  attempt: (done: (error: NodeJS.ErrnoException | null, length: number) => void) => void,
): Promise<number> {
  return new Promise((resolve, reject) => {
    attempt((error, length) => {
      if (error === null) resolve(length);
      else if (error.code === 'EAGAIN') setTimeout(() => resolve(whenReady(attempt)), RETRY_MS);
      else reject(error);
    });
  });
}

function childOf(child: BunSubprocess): Child {
  return {
    pid: child.pid,
    kill: (signal) => child.kill(signal),
    exited: ended(child),
  };
}

async function ended(child: BunSubprocess): Promise<ChildEnd> {
  const words: Uint8Array[] = [];
  const allSaid = typeof child.stderr === 'number' ? undefined : listen(child.stderr, words);
  try {
    await child.exited;
  } catch (error) {
    // The system does not say how it ended: somebody else has waited for it, or nobody had to.
    return { code: null, signal: null, said: '', failure: error as Error };
  }
  if (allSaid === undefined) return { code: child.exitCode, signal: child.signalCode, said: '' };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const grace = new Promise((resolve) => {
    timer = setTimeout(resolve, SAID_GRACE_MS);
  });
  await Promise.race([allSaid, grace]);
  clearTimeout(timer);
  const said = words.map((word) => new TextDecoder().decode(word)).join('');
  return { code: child.exitCode, signal: child.signalCode, said };
}

async function listen(stream: ReadableStream<Uint8Array>, words: Uint8Array[]): Promise<void> {
  let room = SAID_LIMIT;
  try {
    for await (const piece of pieces(stream)) {
      if (room > 0) words.push(piece.slice(0, room));
      room -= piece.length;
    }
  } catch {
    // What it said is only for the log.
  }
}

function sinkOf(sink: BunFileSink): Sink {
  return {
    async write(bytes) {
      try {
        // Either of them may come back as a promise, and either may fail. A sink that has lost what it was given
        // without saying so answers `true` from then on, where it would say how much it took.
        const written = await sink.write(bytes);
        const flushed = await sink.flush();
        return typeof written === 'number' && typeof flushed === 'number';
      } catch {
        return false;
      }
    },
    async end() {
      try {
        await sink.end();
      } catch {
        // The reader is gone.
      }
    },
  };
}

function channelOf(descriptor: number): Channel {
  const file = Bun.file(descriptor).writer({ highWaterMark: 65_536 });
  const sink = sinkOf(file);
  return {
    handle: descriptor,
    write: sink.write,
    async end() {
      await sink.end();
      // The writer has closed its own copy of the descriptor; the one that came from spawn() is still open.
      const { closeSync } = await import('node:fs');
      closeSync(descriptor);
    },
  };
}
