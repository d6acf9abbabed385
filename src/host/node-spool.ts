// The message on its way through Node: in memory, or if it is large, in a file beside the list.

import { temporary } from '../errors.ts';
import { BufferSource } from '../mime/buffer-source.ts';
import { Source } from '../mime/source.ts';
import { closeQuietly, MEMORY_DIRECTORY, openAnonymousFile, writeAt } from './anonymous-file.ts';
import { FileSource } from './file-source.ts';
import { DeliveryFailure } from './interruption.ts';
import { systemCode } from './system-error.ts';

/** Bytes. Nearly all list mail is smaller. */
const IN_MEMORY = 524_288;

export interface Spooled {
  readonly source: Source;
  /** Gives back what it lies in. */
  discard(): void;
}

/** @throws DeliveryFailure */
export async function spool(
  input: AsyncIterable<Uint8Array>,
  directories: readonly string[],
): Promise<Spooled> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  let file: OutgoingFile | null = null;
  try {
    for await (const piece of readable(input)) {
      size += piece.length;
      if (file !== null) file.add(piece);
      else pieces.push(piece);
      if (file === null && size > IN_MEMORY) {
        file = new OutgoingFile(directories);
        file.add(Buffer.concat(pieces.splice(0)));
      }
    }
  } catch (error) {
    file?.discard();
    throw error;
  }
  if (file === null) return { source: new BufferSource(Buffer.concat(pieces)), discard: () => undefined };
  const spooled = file;
  return { source: spooled.source(), discard: () => spooled.discard() };
}

async function* readable(input: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* input;
  } catch (error) {
    throw new DeliveryFailure(temporary(`the message cannot be read (${systemCode(error)})`));
  }
}

/** A file that is written from its beginning, and whose own position stays there. */
export class OutgoingFile {
  readonly fd: number;
  size = 0;

  /** @throws DeliveryFailure, as all else here */
  constructor(directories: readonly string[]) {
    this.fd = storing(() => openAnonymousFile(directories));
  }

  add(bytes: Uint8Array): void {
    storing(() => writeAt(this.fd, bytes, this.size));
    this.size += bytes.length;
  }

  /** What was written so far. */
  source(): Source {
    return new FileSource(this.fd, this.size);
  }

  discard(): void {
    closeQuietly(this.fd);
  }
}

/** Where the file for a message of some size may lie, best first. */
export function directoriesFor(size: number, directories: readonly string[]): readonly string[] {
  return size <= IN_MEMORY && process.platform === 'linux' ? [MEMORY_DIRECTORY, ...directories] : directories;
}

function storing<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    const code = systemCode(error);
    const isFull = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
    const problem = isFull ? 'there is no room for the message' : 'the message cannot be stored';
    throw new DeliveryFailure(temporary(`${problem} (${code})`));
  }
}
