/** The part of a Platform that reads files, on the real file system; the rest refuses. It also notes what was read. */
import { open, stat } from 'node:fs/promises';
import type { Platform } from '../../src/platform/platform.ts';

export interface FilesPlatform extends Platform {
  /** Every path that was asked for, in order. */
  readonly asked: string[];
}

export function filesPlatform(): FilesPlatform {
  const asked: string[] = [];
  const refuse = () => {
    throw new Error('this platform reads files only');
  };
  return {
    asked,
    async readFile(path, limit) {
      asked.push(path);
      const file = await open(path, 'r');
      try {
        const buffer = Buffer.alloc(limit + 1);
        let length = 0;
        while (length < buffer.length) {
          const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
          if (bytesRead === 0) break;
          length += bytesRead;
        }
        return new Uint8Array(buffer.subarray(0, length));
      } finally {
        await file.close();
      }
    },
    async stat(path) {
      asked.push(path);
      const status = await stat(path);
      return {
        isDirectory: status.isDirectory(),
        isFile: status.isFile(),
        uid: status.uid,
        size: status.size,
      };
    },
    input: refuse,
    spawn: refuse,
    spawnWithChannel: refuse,
    spawnHolding: refuse,
    spawnReading: refuse,
    write: refuse,
  };
}
