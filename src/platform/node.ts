/** The platform as plain Node has it. Its start-up costs ten times what these modules do, so they are simply imported. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, stat } from 'node:fs/promises';
import type { Duplex, Readable, Writable } from 'node:stream';
import { spawnFromFile } from './nameless-file.ts';
import {
  type Channel,
  type Child,
  type ChildEnd,
  type Platform,
  SAID_GRACE_MS,
  SAID_LIMIT,
  type Sink,
  type Taker,
} from './platform.ts';

export const platform: Platform = {
  // Not a file stream on descriptor 0: that fails with EAGAIN where whoever started us left the pipe non-blocking.
  input: () => process.stdin,

  async readFile(path, limit) {
    const file = await open(path, 'r');
    try {
      const bytes = Buffer.allocUnsafe(limit + 1);
      let length = 0;
      while (length < bytes.length) {
        const { bytesRead } = await file.read(bytes, length, bytes.length - length, null);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return bytes.subarray(0, length);
    } finally {
      await file.close();
    }
  },

  async stat(path) {
    const status = await stat(path);
    return {
      isDirectory: status.isDirectory(),
      isFile: status.isFile(),
      uid: status.uid,
      size: status.size,
    };
  },

  spawn: (argv, input): Child & Taker => spawnFromFile(argv, input, platform),

  spawnWithChannel(argv) {
    const [program, ...args] = argv;
    const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'pipe', 'pipe'] });
    return {
      ...childOf(child),
      control: sinkOf(child.stdin!),
      channel: channelOf(child.stdio[3] as Duplex),
    };
  },

  spawnHolding(argv, channel) {
    const [program, ...args] = argv;
    const held = channel === undefined ? 'ignore' : (channel.handle as Duplex);
    const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'pipe', held] });
    return { ...childOf(child), control: sinkOf(child.stdin!) };
  },

  spawnReading(argv, input, words) {
    const [program, ...args] = argv;
    return childOf(spawn(program, args, { stdio: [input, 'ignore', words] }));
  },

  async write(fd, bytes) {
    const stream = fd === 1 ? process.stdout : process.stderr;
    await new Promise<void>((resolve, reject) => {
      // Without a listener a broken pipe would come as an uncaught exception besides.
      stream.once('error', reject);
      stream.write(bytes, (error) => {
        stream.off('error', reject);
        if (error) reject(error);
        else resolve();
      });
    });
  },
};

function childOf(child: ChildProcess): Child {
  // A program that cannot be started is reported later, as an event; the promise turns it into an end like any other.
  const exited = ended(child);
  return {
    pid: child.pid ?? 0,
    kill: (signal) => {
      // One that could not be started has the process id 0, and that would be this whole process group.
      if (child.pid !== undefined) child.kill(signal);
    },
    exited,
  };
}

async function ended(child: ChildProcess): Promise<ChildEnd> {
  const words: Uint8Array[] = [];
  const allSaid = child.stderr && listen(child.stderr, words);
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    if (allSaid === null) return { code, signal, said: '' };
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise((resolve) => {
      timer = setTimeout(resolve, SAID_GRACE_MS);
    });
    await Promise.race([allSaid, grace]);
    clearTimeout(timer);
    child.stderr!.destroy();
    return { code, signal, said: Buffer.concat(words).toString() };
  } catch (error) {
    return { code: null, signal: null, said: '', failure: error as Error };
  }
}

function listen(stream: Readable, words: Uint8Array[]): Promise<void> {
  let room = SAID_LIMIT;
  stream.on('data', (piece: Uint8Array) => {
    if (room > 0) words.push(piece.slice(0, room));
    room -= piece.length;
  });
  stream.on('error', () => undefined);
  return new Promise((resolve) => {
    stream.once('close', resolve);
  });
}

function sinkOf(stream: Writable): Sink {
  // EPIPE, which write() reports already.
  stream.on('error', () => undefined);
  return {
    write: (bytes) =>
      new Promise((resolve) => {
        stream.write(bytes, (error) => resolve(!error));
      }),
    end: () =>
      new Promise((resolve) => {
        stream.end(() => resolve());
        stream.once('close', () => resolve());
      }),
  };
}

function channelOf(stream: Duplex): Channel {
  const sink = sinkOf(stream);
  return {
    handle: stream,
    write: sink.write,
    async end() {
      // end() alone would only shut down our direction and wait for the other's.
      await sink.end();
      stream.destroy();
    },
  };
}
