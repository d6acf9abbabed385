import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { onTestFinished } from 'vitest';
import { runCommand } from '../../src/commands/run-command.ts';
import { VERSION } from '../../src/version.ts';
import { lacks, POSTFIX, ROOT_USER } from '../helpers/needs.ts';
import { makeQueue } from '../helpers/postfix-queue.ts';

/** Why tests with a real Postfix cannot run here, for their name; '' where they can. "postfix check" insists on root. */
export function postfixObstacle(): string {
  return lacks(ROOT_USER, POSTFIX);
}

/** Debian's account for list managers stands in for mlmmj's, which no package creates. */
export const LIST_USER = 'list';

/** A Postfix configuration of its own, never started, with a prefix, a spool and an Amavisd configuration beside it. */
export interface PrivateHost {
  readonly path: string;
  readonly config: string;
  readonly spool: string;
  readonly amavis: string;
  /** The options that make an installation stay in here. */
  readonly options: string[];
  /** What `postconf` prints with these arguments. */
  postconf(...args: string[]): string;
  /** Every file below the host with its mode and content, to compare before with after. */
  snapshot(): Record<string, string>;
}

/** Stands for the program where nothing is delivered: it says what it is. */
const PROGRAM = `#!/bin/sh
if [ "$1" = --version ]; then echo 'mlmmj-amime-receive ${VERSION}'; exit; fi
exit 75
`;

/** The shell script that iRedMail has under our program's name, as far as anybody can see what it is. */
export const PREDECESSOR = `#!/usr/bin/env bash
CMD_MLMMJ_RECEIVE='/usr/bin/mlmmj-receive'
CMD_ALTERMIME='/usr/bin/altermime'
while getopts ':L:' option; do LISTDIR="$OPTARG"; done
\${CMD_ALTERMIME} --input=- --disclaimer="$LISTDIR/control/footer_text" | \${CMD_MLMMJ_RECEIVE} -L "$LISTDIR"
`;

export function privateHost(main: string, master = ''): PrivateHost {
  const path = mkdtempSync(join(tmpdir(), 'amime-host-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  chmodSync(path, 0o755);
  const config = join(path, 'postfix');
  const spool = join(path, 'spool');
  const amavis = join(path, 'amavisd.conf');
  for (const directory of [config, spool, join(path, 'usr/bin')]) mkdirSync(directory, { recursive: true });
  makeQueue(path);
  writeFileSync(
    join(config, 'main.cf'),
    `# A host as its administrator left it.
compatibility_level = 3.6
queue_directory = ${path}/queue
data_directory = ${path}/data
meta_directory = /etc/postfix
myhostname = mail.example.com
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
${main}`,
  );
  const stock = '/usr/share/postfix/master.cf.dist';
  writeFileSync(join(config, 'master.cf'), `${readFileSync(stock, 'utf8')}${master}`);
  // Postfix reads a file again and again until its last change is a second old.
  for (const name of ['main.cf', 'master.cf']) utimesSync(join(config, name), 1e9, 1e9);
  writeFileSync(
    amavis,
    'use strict;\n$max_servers = 2;\n$inet_socket_port = [10024, 10026];\n\n1;  # insure a defined return\n',
  );
  writeFileSync(join(path, 'usr/bin/mlmmj-amime-receive'), PROGRAM, { mode: 0o755 });
  return {
    path,
    config,
    spool,
    amavis,
    options: [
      ['--postfix-config', config],
      ['--prefix', join(path, 'usr')],
      ['--spool', spool],
      ['--user', LIST_USER],
      ['--amavis-config', amavis],
    ].flat(),
    postconf: (...args) => execaSync('postconf', ['-c', config, ...args]).stdout,
    snapshot: () => snapshotOf(path),
  };
}

function snapshotOf(path: string, below = ''): Record<string, string> {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(join(path, below), { withFileTypes: true })) {
    const name = join(below, entry.name);
    if (name === 'queue' || name === 'data') continue;
    const status = statSync(join(path, name));
    const { mode, uid, gid } = status;
    const content = status.isDirectory() ? 'directory' : readFileSync(join(path, name), 'latin1');
    files[name] = `${mode.toString(8)} ${uid}:${gid} ${content}`;
    if (entry.isDirectory()) Object.assign(files, snapshotOf(path, name));
  }
  return files;
}

/** A list's directory in the spool, with as much as the installer looks at. */
export function spooledList(host: PrivateHost, nexthop: string, address: string): void {
  const control = join(host.spool, nexthop, 'control');
  mkdirSync(control, { recursive: true });
  writeFileSync(join(control, 'listaddress'), `${address}\n`);
  execFileSync('chown', ['-R', LIST_USER, join(host.spool, nexthop)]);
}

/** Runs a command of ours as a person would, in this process, and catches what it says. */
export async function command(
  name: 'install' | 'uninstall' | 'check',
  args: readonly string[],
): Promise<{ status: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const { stdout, stderr } = process;
  const write = [stdout.write, stderr.write] as const;
  stdout.write = catching(out);
  stderr.write = catching(err);
  try {
    const status = await runCommand(name, args);
    return { status, out: out.join(''), err: err.join('') };
  } finally {
    [stdout.write, stderr.write] = write;
  }
}

function catching(pieces: string[]): typeof process.stdout.write {
  return ((text: string, done?: () => void) => {
    pieces.push(text);
    done?.();
    return true;
  }) as typeof process.stdout.write;
}
