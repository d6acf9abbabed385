import { platform } from '../../src/platform/node.ts';
import type { Platform } from '../../src/platform/platform.ts';

export interface FilesPlatform extends Platform {
  /** Every path that was asked for, in order. */
  readonly asked: string[];
}

/** The real file system, which also notes what was asked for. */
export function filesPlatform(): FilesPlatform {
  const asked: string[] = [];
  return {
    ...platform,
    asked,
    readFile(path, limit) {
      asked.push(path);
      return platform.readFile(path, limit);
    },
    stat(path) {
      asked.push(path);
      return platform.stat(path);
    },
  };
}
