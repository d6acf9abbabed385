/** The native host with a stand-in for the shared code (faulty-core.ts): the message's first line says what happens. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMPILER, lacks } from '../helpers/needs.ts';
import { type Program, ROOT } from '../helpers/programs.ts';

export const FAULTY: Program = {
  name: 'the native host',
  command: [join(ROOT, 'dist/native/faulty/mlmmj-amime-receive')],
};

/** The same without what only Linux has. */
export const FAULTY_POSIX: Program = {
  name: 'the native host with POSIX alone',
  command: [join(ROOT, 'dist/native/faulty/posix/mlmmj-amime-receive')],
};

export const noCompiler = lacks(COMPILER);

/** Builds what is missing or stale; test files that run at the same time wait for each other. */
export async function buildFaultyHost(): Promise<void> {
  const lock = join(tmpdir(), 'mlmmj-amime-faulty-host.lock');
  for (let tries = 0; ; tries++) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (tries === 1000) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  try {
    execFileSync('make', ['-s', 'native-faulty'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  } finally {
    rmdirSync(lock);
  }
}

/** A message with a wish in its first line, and lines up to a size. */
export function wishing(wish: string, size = 0): Buffer {
  const line = `${'0123456789'.repeat(7)}\n`;
  const head = `${wish}\n`;
  return Buffer.from(head + line.repeat(Math.ceil(Math.max(0, size - head.length) / line.length)));
}
