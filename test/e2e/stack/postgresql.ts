import { spawn } from 'node:child_process';
import { chownSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { account } from './account.ts';
import { listening } from './ports.ts';
import type { PrivateDirectory } from './private-directory.ts';
import { type DatabaseList, READER, VMAIL_TABLES, vmailRows } from './vmail.ts';

/** Where Debian keeps the servers of all versions. */
const VERSIONS = '/usr/lib/postgresql';

/** PostgreSQL's programs; undefined where it is not installed. */
export function postgresqlPrograms(): string | undefined {
  try {
    const [newest] = readdirSync(VERSIONS).sort((one, other) => Number(other) - Number(one));
    return newest === undefined ? undefined : join(VERSIONS, newest, 'bin');
  } catch {
    return undefined;
  }
}

/** PostgreSQL with the tables of an iRedMail host, and lists in them. */
export async function startPostgresql(
  home: PrivateDirectory,
  port: number,
  lists: readonly DatabaseList[],
): Promise<void> {
  const programs = postgresqlPrograms()!;
  const { uid, gid } = account('postgres');
  const directory = home.make('postgresql');
  chownSync(directory, uid, gid);
  const data = join(directory, 'data');
  const password = join(directory, 'password');
  writeFileSync(password, `${READER.password}\n`);
  chownSync(password, uid, gid);
  // Both refuse to run as root.
  const asPostgres = { uid, gid, cwd: directory };
  await execa(
    join(programs, 'initdb'),
    [
      ...['--pgdata', data, '--encoding=UTF8', '--locale=C', '--username=postgres', '--no-sync'],
      ...['--auth-local=trust', '--auth-host=scram-sha-256', `--pwfile=${password}`],
    ],
    asPostgres,
  );
  const output = openSync(join(directory, 'log'), 'a');
  const server = spawn(
    join(programs, 'postgres'),
    [
      ...['-D', data, '-k', directory, '-h', '127.0.0.1', '-p', String(port)],
      ...['-c', 'fsync=off', '-c', 'shared_buffers=16MB', '-c', 'max_connections=40'],
    ],
    { stdio: ['ignore', output, output], ...asPostgres },
  );
  home.record('postgres', server.pid);
  await listening(port, 'postgres', server);
  const psql = (database: string, input: string) =>
    execa(
      'psql',
      [...['-h', directory, '-p', String(port), '-U', 'postgres'], '-qXv', 'ON_ERROR_STOP=1', database],
      { input },
    );
  await psql(
    'postgres',
    `CREATE ROLE ${READER.name} LOGIN PASSWORD '${READER.password}';\nCREATE DATABASE vmail;`,
  );
  await psql(
    'vmail',
    `${VMAIL_TABLES}\nGRANT SELECT ON ALL TABLES IN SCHEMA public TO ${READER.name};\n${vmailRows(lists)}`,
  );
}
