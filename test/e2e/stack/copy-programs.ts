import { chmodSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';

/** Puts an executable, and the tools that lie beside it, into a directory. @returns where the executable is then */
export function copyPrograms(executable: string, directory: string): string {
  const copied = join(directory, 'mlmmj-amime-receive');
  for (const end of ['', '-tools']) {
    copyFileSync(executable + end, copied + end);
    chmodSync(copied + end, 0o755);
  }
  return copied;
}
