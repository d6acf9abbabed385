import { spawn } from 'node:child_process';
import { chownSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { account } from './account.ts';
import { listening } from './ports.ts';
import type { PrivateDirectory } from './private-directory.ts';
import { type DatabaseList, READER, VMAIL_TABLES, vmailRows } from './vmail.ts';

const VMAIL = `CREATE DATABASE vmail CHARACTER SET utf8mb4;
CREATE USER '${READER.name}'@'%' IDENTIFIED BY '${READER.password}';
GRANT SELECT ON vmail.* TO '${READER.name}'@'%';
USE vmail;
${VMAIL_TABLES}
`;

/** MariaDB with the tables of an iRedMail host, and lists in them. */
export async function startMariaDb(
  home: PrivateDirectory,
  port: number,
  lists: readonly DatabaseList[],
): Promise<void> {
  const directory = home.make('mariadb');
  const { uid, gid } = account('mysql');
  for (const path of [directory, home.make('mariadb/data'), home.make('mariadb/tmp')])
    chownSync(path, uid, gid);
  const data = join(directory, 'data');
  const socket = join(directory, 'mariadb.sock');
  const log = join(directory, 'log');
  await execa('/usr/bin/mariadb-install-db', [
    '--no-defaults',
    `--datadir=${data}`,
    '--user=mysql',
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    '--skip-name-resolve',
  ]);
  const output = openSync(log, 'a');
  const server = spawn(
    '/usr/sbin/mariadbd',
    [
      '--no-defaults',
      `--datadir=${data}`,
      `--socket=${socket}`,
      `--tmpdir=${join(directory, 'tmp')}`,
      `--pid-file=${join(directory, 'pid')}`,
      '--user=mysql',
      '--bind-address=127.0.0.1',
      `--port=${port}`,
      '--skip-name-resolve',
      '--skip-log-bin',
      '--innodb-buffer-pool-size=16M',
      '--innodb-flush-log-at-trx-commit=0',
      '--performance-schema=OFF',
    ],
    { stdio: ['ignore', output, output] },
  );
  home.record('mariadbd', server.pid);
  await listening(port, 'mariadbd', server);
  await execa('/usr/bin/mariadb', ['--no-defaults', `--socket=${socket}`, '--user=root'], {
    input: VMAIL + vmailRows(lists),
  });
}
