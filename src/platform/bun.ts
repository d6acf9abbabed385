/** The platform as the executable has it: Bun's own calls, because each of Node's modules costs start-up time. */
import type { Channel, Child, ChildEnd, FileStatus, Platform, Sink, Taker } from './platform.ts';

/** How much of a child's complaints is kept. The rest is read and dropped, so that it never waits for us. */
const SAID_LIMIT = 4096;

/** Bytes of input between two garbage collections. */
const COLLECTION_INTERVAL = 2_097_152;

/** How long after a child's end its standard error may stay open: a grandchild that inherited it is not waited for. */
const SAID_GRACE_MS = 200;

/** Descriptors are given out lowest first, and we have a dozen open: enough to find the one that holds the message. */
const HIGHEST_DESCRIPTOR = 31;

export const platform: Platform = {
  input: () => withoutGarbage(pieces(Bun.stdin.stream())),

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

  /** Bun puts a stdin given as bytes into a memfd before it forks (Linux): the message is there, whole, or no child is. */
  spawn(argv, input): Child & Taker {
    const child = Bun.spawn([...argv], { stdin: input, stdout: 'ignore', stderr: 'pipe' });
    // Looked for while the child works: afterwards it would be waited for.
    const file = memoryFile(input.length);
    return { ...childOf(child), tookAll: async () => wasRead(await file) };
  },

  spawnWithChannel(argv) {
    const child = Bun.spawn([...argv], { stdio: ['pipe', 'ignore', 'pipe', 'pipe'] });
    const descriptor = child.stdio[3];
    if (typeof descriptor !== 'number') throw new Error('the runtime gave no descriptor for the channel');
    return {
      ...childOf(child),
      control: sinkOf(child.stdin),
      channel: channelOf(descriptor),
    };
  },

  spawnHolding(argv, channel) {
    const held = channel === undefined ? 'ignore' : (channel.handle as number);
    const child = Bun.spawn([...argv], { stdio: ['pipe', 'ignore', 'pipe', held] });
    return { ...childOf(child), control: sinkOf(child.stdin) };
  },

  spawnReading(argv, descriptor) {
    return childOf(Bun.spawn([...argv], { stdio: [descriptor, 'ignore', 'pipe'] }));
  },

  tidy: () => Bun.gc(true),

  async write(fd, bytes) {
    await Bun.write(fd === 1 ? Bun.stdout : Bun.stderr, bytes);
  },
};

/**
 * Bun allocates each piece anew, outside of what its garbage collector counts, so that it collects late: without
 * this, 1 GB in pieces of 64 KB takes 25 MB more memory than 1 KB does, with it 14. It costs no time; what is
 * collected often stays in the processor's cache.
 */
async function* withoutGarbage(stream: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let sinceCollection = 0;
  for await (const piece of stream) {
    yield piece;
    sinceCollection += piece.length;
    if (sinceCollection >= COLLECTION_INTERVAL) {
      sinceCollection = 0;
      Bun.gc(true);
    }
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

function childOf(child: BunSubprocess): Child {
  return {
    pid: child.pid,
    kill: (signal) => child.kill(signal),
    exited: ended(child),
  };
}

async function ended(child: BunSubprocess): Promise<ChildEnd> {
  const words: Uint8Array[] = [];
  const allSaid = listen(child.stderr, words);
  await child.exited;
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
  for await (const piece of pieces(stream)) {
    if (room > 0) words.push(piece.slice(0, room));
    room -= piece.length;
  }
}

function sinkOf(sink: BunFileSink): Sink {
  return {
    async write(bytes) {
      try {
        // Either of them may come back as a promise, and either may fail.
        await sink.write(bytes);
        await sink.flush();
        return true;
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

/**
 * Bun keeps the memory file of a child's input open, so its read position, which it shares with the child, tells
 * how far the child came. The file is known by what it is: a nameless file of exactly the message's size.
 */
async function memoryFile(size: number): Promise<BunFile | undefined> {
  for (let descriptor = 3; descriptor <= HIGHEST_DESCRIPTOR; descriptor++) {
    try {
      const file = Bun.file(descriptor);
      const status = await file.stat();
      if (status.isFile() && status.nlink === 0 && status.size === size) return file;
    } catch {
      // Not open.
    }
  }
  return undefined;
}

async function wasRead(file: BunFile | undefined): Promise<boolean | undefined> {
  return file && (await file.slice(0, 1).bytes()).length === 0;
}
