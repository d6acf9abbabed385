import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Account } from './account.ts';

export interface ListOptions {
  readonly address: string;
  readonly subscribers: readonly string[];
  /** Files in `control/`, by name: the footers, for instance. */
  readonly control?: Readonly<Record<string, string>>;
}

const DIRECTORIES = [
  'incoming',
  'queue/discarded',
  'archive',
  'text',
  'subconf',
  'unsubconf',
  'bounce',
  'control',
  'moderation',
  'subscribers.d',
  'digesters.d',
  'nomailsubs.d',
  'requeue',
];

/** Makes a mailing list as mlmmj-make-ml does, without its questions, in `spool/DOMAIN/NAME`; returns its directory. */
export async function makeList(
  spool: string,
  owner: Account,
  smtpPort: number,
  list: ListOptions,
): Promise<string> {
  const [name, domain] = list.address.split('@') as [string, string];
  const directory = join(spool, domain, name);
  for (const below of DIRECTORIES) mkdirSync(join(directory, below), { recursive: true });
  cpSync('/usr/share/mlmmj/text.skel/en', join(directory, 'text'), { recursive: true });
  const control: Record<string, string> = {
    listaddress: `${list.address}\n`,
    owner: `owner@${domain}\n`,
    relayhost: '127.0.0.1\n',
    smtpport: `${smtpPort}\n`,
    ...list.control,
  };
  for (const [file, text] of Object.entries(control)) writeFileSync(join(directory, 'control', file), text);
  writeFileSync(join(directory, 'index'), '');
  for (const subscriber of list.subscribers) {
    const file = join(directory, 'subscribers.d', subscriber[0]!.toLowerCase());
    writeFileSync(file, `${subscriber}\n`, { flag: 'a' });
  }
  chmodSync(directory, 0o700);
  await execa('/bin/chown', ['-R', `${owner.uid}:${owner.gid}`, directory]);
  return directory;
}
