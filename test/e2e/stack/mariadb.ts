import { spawn } from 'node:child_process';
import { chownSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { account } from './account.ts';
import { listening } from './ports.ts';
import type { PrivateDirectory } from './private-directory.ts';

export interface MariaDb {
  readonly port: number;
  /** Runs statements as the administrator. */
  run(sql: string): Promise<string>;
}

/** The tables of an iRedMail host that the lookups read, with the columns that they use, and the account that reads. */
const TABLES = `
CREATE DATABASE vmail CHARACTER SET utf8mb4;
CREATE USER 'vmail'@'%' IDENTIFIED BY 'an everyday secret';
GRANT SELECT ON vmail.* TO 'vmail'@'%';
USE vmail;
CREATE TABLE domain (
  domain VARCHAR(255) NOT NULL PRIMARY KEY,
  active TINYINT(1) NOT NULL DEFAULT 1
);
CREATE TABLE maillists (
  address VARCHAR(255) NOT NULL PRIMARY KEY,
  domain VARCHAR(255) NOT NULL DEFAULT '',
  transport VARCHAR(255) NOT NULL DEFAULT '',
  active TINYINT(1) NOT NULL DEFAULT 1
);
CREATE TABLE forwardings (
  id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
  address VARCHAR(255) NOT NULL DEFAULT '',
  forwarding VARCHAR(255) NOT NULL DEFAULT '',
  domain VARCHAR(255) NOT NULL DEFAULT '',
  is_maillist TINYINT(1) NOT NULL DEFAULT 0,
  active TINYINT(1) NOT NULL DEFAULT 1
);`;

export async function startMariaDb(home: PrivateDirectory, port: number): Promise<MariaDb> {
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
  const run = async (sql: string) => {
    const client = await execa(
      '/usr/bin/mariadb',
      ['--no-defaults', `--socket=${socket}`, '--user=root', '-B'],
      {
        input: sql,
      },
    );
    return client.stdout;
  };
  await run(TABLES);
  return { port, run };
}
