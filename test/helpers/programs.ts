/** The two programs as they are built, the native one and the one for Node, run as a mail system would run them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chown, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ListDirectory, makeList } from './list-directory.ts';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const MLMMJ_RECEIVE = ['/usr/local/bin/mlmmj-receive', '/usr/bin/mlmmj-receive'].find(existsSync);

export interface Program {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const EXECUTABLE = join(ROOT, 'dist/mlmmj-amime-receive');
const SCRIPT = join(ROOT, 'dist/amime-receive.js');
/** Each of the two becomes the tools, as Bun or Node run them, where it is called with a command. */
const TOOLS = ['dist/mlmmj-amime-receive-tools', 'dist/tools.js'].map((path) => join(ROOT, path));

export const PROGRAMS: readonly Program[] = [
  { name: 'the executable', command: [EXECUTABLE] },
  { name: 'on Node', command: [process.execPath, SCRIPT] },
];

/** To be called before the programs are: a test of something stale, or of nothing, would say nothing. */
export function demandBuild(): void {
  for (const path of [EXECUTABLE, SCRIPT, ...TOOLS]) {
    if (!existsSync(path)) throw new Error(`${path} is missing: run \`make build\` first`);
  }
}

export interface Run {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly bytes: Buffer;
}

export interface RunOptions {
  readonly input?: Uint8Array | string;
  readonly env?: Record<string, string>;
  readonly uid?: number;
  readonly cwd?: string;
}

/** pipe(8)'s environment, and nothing else of ours. */
const ENVIRONMENT = { LANG: 'C', MAIL_CONFIG: '/etc/postfix', PATH: '/usr/bin:/bin' };

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Run>;
}

export function start(program: Program, args: readonly string[], options: RunOptions = {}): Started {
  const [file, ...first] = program.command;
  const child = spawn(file, [...first, ...args], {
    env: { ...ENVIRONMENT, ...options.env },
    cwd: options.cwd ?? '/',
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => out.push(piece));
  child.stderr.on('data', (piece: Buffer) => err.push(piece));
  // A program that has seen enough closes its input; that is its right.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<Run>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => {
      const bytes = Buffer.concat(out);
      resolve({ status, signal, stdout: bytes.toString(), stderr: Buffer.concat(err).toString(), bytes });
    });
  });
  return { child, ended };
}

export function run(program: Program, args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const { child, ended } = start(program, args, options);
  child.stdin!.end(options.input ?? '');
  return ended;
}

/** A stand-in for mlmmj-receive, from test/fixtures/bin. */
export function standIn(name: string): string {
  return join(ROOT, 'test/fixtures/bin', name);
}

export interface Spool extends ListDirectory {
  /** What mlmmj-receive has stored, complete or not. */
  stored(): Promise<Buffer[]>;
}

/** A list with the directories that mlmmj-receive writes into. */
export async function makeSpool(control: Record<string, string> = {}, uid?: number): Promise<Spool> {
  const list = await makeList(control);
  const incoming = join(list.directory, 'incoming');
  for (const name of ['incoming', 'queue', 'archive']) await mkdir(join(list.directory, name));
  if (uid !== undefined) {
    for (const path of [list.spool, list.directory, incoming, join(list.directory, 'queue')])
      await chown(path, uid, uid);
  }
  return {
    ...list,
    async stored() {
      const names = (await readdir(incoming)).sort();
      return Promise.all(names.map((name) => readFile(join(incoming, name))));
    },
  };
}

/** Whether a process has a text in its command line: what pgrep(1) says, without a process for each time that it is asked. */
export function runs(text: string): boolean {
  return readdirSync('/proc').some((pid) => /^\d+$/.test(pid) && commandLine(pid).includes(text));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}

/** Waits for something that will surely come, however slow the machine is; the test's own time limit ends it. */
export async function until<Value>(
  look: () => Promise<Value | undefined> | Value | undefined,
): Promise<Value> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A post of about this size, with trace lines as pipe(8) writes them. */
export function post(size = 0, recipient = 'news@example.org'): Buffer {
  const head = [
    'Return-Path: <a@example.net>',
    'Received: from mail.example.net (mail.example.net [192.0.2.7])',
    '\tby mx.example.org (Postfix) with ESMTP id 4XyZ',
    `\tfor <${recipient}>; Thu,  5 Nov 2026 10:00:00 +0000 (UTC)`,
    'From: a@example.net',
    'To: news@example.org',
    'Subject: A post',
    '',
    'Hello.',
    '',
  ].join('\n');
  const line = `${'0123456789'.repeat(7)}\n`;
  return Buffer.from(head + line.repeat(Math.ceil(Math.max(0, size - head.length) / line.length)));
}
