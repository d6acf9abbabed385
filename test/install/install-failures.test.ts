import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { describe, expect, test, vi } from 'vitest';
import { applyFile, freshName } from '../../src/install/file-change.ts';
import { Journal } from '../../src/install/journal.ts';
import {
  command,
  LIST_USER,
  PREDECESSOR,
  type PrivateHost,
  postfixObstacle,
  privateHost,
} from './private-postfix.ts';

const install = (host: PrivateHost, ...args: string[]) => command('install', [...host.options, ...args]);
const uninstall = (host: PrivateHost, ...args: string[]) =>
  command('uninstall', ['--postfix-config', host.config, ...args]);

const obstacle = postfixObstacle();

describe.skipIf(obstacle)(`what goes wrong changes nothing, and is said in one line${obstacle}`, () => {
  /** Runs an installation that must fail, and checks that it left no trace. */
  async function failing(host: PrivateHost, ...args: string[]): Promise<{ status: number; line: string }> {
    const before = host.snapshot();
    const { status, err, out } = await install(host, ...args);
    expect(out).toBe('');
    expect(err).toMatch(/^mlmmj-amime-receive install: .+\n$/);
    expect(host.snapshot()).toEqual(before);
    return { status, line: err };
  }

  test('a database that does not answer', async () => {
    const host = privateHost('');
    const table = join(host.path, 'mine.cf');
    writeFileSync(table, 'user = vmail\npassword = s3cret\nhosts = 127.0.0.1:9\ndbname = vmail\n');
    const { line } = await failing(host, '--transport', 'mysql', '--lookup-from', table);
    expect(line).toMatch(/the lookup mysql:\S+ does not work: .*\(everything was put back as it was\)/);
    expect(line).not.toContain('s3cret');
  });

  test('a file that cannot be written', async (context) => {
    const host = privateHost('');
    const file = join(host.config, 'master.cf');
    if (execaSync('chattr', ['+i', file], { reject: false }).exitCode !== 0) context.skip('no chattr here');
    try {
      const { status, line } = await failing(host);
      expect(status).toBe(73);
      expect(line).toContain(`${file} cannot be written (EPERM)`);
    } finally {
      execaSync('chattr', ['-i', file]);
    }
  });

  test("an Amavisd configuration that perl doesn't take once ours is in it", async () => {
    const host = privateHost('');
    writeFileSync(host.amavis, '$x = (1,\n1;\n');
    expect((await failing(host)).line).toContain('amavisd.conf: syntax error');
  });

  test('a Postfix that is not in order already', async () => {
    const host = privateHost('mail_owner = nobody-at-all\n');
    expect((await failing(host)).line).toContain(
      'nothing was changed, because Postfix is not in order already',
    );
  });

  test('no Postfix', async () => {
    const host = privateHost('');
    rmSync(join(host.config, 'main.cf'));
    const { status, line } = await failing(host);
    expect(status).toBe(69);
    expect(line).toContain(`there is no Postfix configuration: ${host.config}/main.cf is missing`);
  });

  test("a transport that is somebody else's", async () => {
    const host = privateHost('', `mlmmj unix - n n - - pipe flags=R user=${LIST_USER} argv=/bin/cat\n`);
    expect((await failing(host)).line).toContain('the service "mlmmj" in master.cf runs /bin/cat');
  });

  test('the program is not installed', async () => {
    const host = privateHost('');
    rmSync(join(host.path, 'usr/bin/mlmmj-amime-receive'));
    expect((await failing(host)).line).toContain('make install');
  });

  test('something else has its name', async () => {
    const host = privateHost(
      '',
      `mlmmj unix - n n - - pipe flags=R user=${LIST_USER} argv=/usr/bin/mlmmj-receive\n`,
    );
    const program = join(host.path, 'usr/bin/mlmmj-amime-receive');
    writeFileSync(program, PREDECESSOR);
    const { status, line } = await failing(host);
    expect(status).toBe(1);
    expect(line).toContain(
      `${program} is the shell script of that name, not this program: mv ${program} ${program}.script, then make install PREFIX=${host.path}/usr`,
    );
    writeFileSync(program, '#!/bin/sh\nexit 0\n');
    expect((await failing(host)).line).toContain(`${program} is not this program`);
  });

  test('an earlier run that was killed half-way is taken back first', async () => {
    const host = privateHost('');
    const before = host.snapshot();
    const path = join(host.config, 'main.cf');
    const content = readFileSync(path);
    const change = {
      path,
      before: content,
      after: Buffer.from('half = done\n'),
      mode: 0o644,
      uid: 0,
      gid: 0,
      secret: false,
    };
    const late = {
      ...change,
      path: join(host.config, 'master.cf'),
      before: readFileSync(join(host.config, 'master.cf')),
    };
    const fresh = { ...change, path: join(host.config, 'fresh'), before: undefined };
    new Journal(host.config).begin([change, fresh, late]);
    applyFile(change);
    applyFile(fresh);
    // Killed here: two of three files are written.

    const { out, status } = await install(host);
    expect(status).toBe(0);
    expect(out).toContain('An earlier run was interrupted: what it had changed was put back first.');
    expect(host.postconf('-h', 'myhostname')).toBe('mail.example.com');
    expect(existsSync(fresh.path)).toBe(false);
    await uninstall(host);
    expect(host.snapshot()).toEqual(before);
  });

  test('and where somebody has been at the files since, they are named', async () => {
    const host = privateHost('');
    const path = join(host.config, 'main.cf');
    const content = readFileSync(path);
    new Journal(host.config).begin([
      { path, before: content, after: Buffer.from('x'), mode: 0o644, uid: 0, gid: 0, secret: false },
    ]);
    writeFileSync(path, `${content}mynetworks = 10.0.0.0/8\n`);
    const { err, status } = await install(host);
    expect(status).toBe(1);
    expect(err).toContain(`an earlier run was interrupted and ${path} has changed since`);
    expect((await install(host)).status).toBe(0);
  });

  test('no directory for temporary files', async () => {
    const host = privateHost('');
    vi.stubEnv('TMPDIR', '/nonexistent');
    try {
      const { status, line } = await failing(host);
      expect(status).toBe(73);
      expect(line).toMatch(/install: \/nonexistent\/\S+ cannot be written \(ENOENT\)\n$/);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test('a file system that is read-only', async (context) => {
    const host = privateHost('');
    const mount = (...args: string[]) => execaSync('mount', args, { reject: false }).exitCode === 0;
    if (!mount('--bind', host.config, host.config)) context.skip('no mount here');
    try {
      mount('-o', 'remount,ro,bind', host.config);
      const { status, line } = await failing(host);
      expect(status).toBe(73);
      expect(line).toContain('mlmmj-amime-receive.installed cannot be written (');
    } finally {
      execaSync('umount', [host.config]);
    }
  });

  test('a record that was left half written, or half removed, is no installation', async () => {
    const host = privateHost('');
    const before = host.snapshot();
    const record = join(host.config, 'mlmmj-amime-receive.installed');
    mkdirSync(record, { mode: 0o700 });
    writeFileSync(join(record, '0-main.cf.running'), 'x');
    expect((await uninstall(host)).out).toContain('Nothing is installed here');
    expect(host.snapshot()).toEqual(before);
  });

  test('a file that was being written when the run was killed does not stay', async () => {
    const host = privateHost('');
    const before = host.snapshot();
    const path = join(host.config, 'main.cf');
    new Journal(host.config).begin([
      {
        path,
        before: readFileSync(path),
        after: Buffer.from('x'),
        mode: 0o644,
        uid: 0,
        gid: 0,
        secret: false,
      },
    ]);
    writeFileSync(freshName(path), 'half of');
    await uninstall(host);
    expect(host.snapshot()).toEqual(before);
  });

  test('the record goes before the copies that it relies on', () => {
    const host = privateHost('');
    const path = join(host.config, 'main.cf');
    const journal = new Journal(host.config);
    journal.begin([
      {
        path,
        before: readFileSync(path),
        after: Buffer.from('x'),
        mode: 0o644,
        uid: 0,
        gid: 0,
        secret: false,
      },
    ]);
    const removed: string[] = [];
    const sweep = vi.spyOn(journal, 'sweep').mockImplementation(() => {
      removed.push(...readdirSync(journal.directory));
    });
    journal.complete(undefined);
    expect(sweep).toHaveBeenCalledOnce();
    expect(removed).toEqual(['0-main.cf.running']);
  });

  test('a record that is damaged is left to a person', async () => {
    const host = privateHost('');
    await install(host);
    const record = join(host.config, 'mlmmj-amime-receive.installed/journal.json');
    writeFileSync(record, '{"installed": {');
    for (const { status, err } of [await install(host), await uninstall(host)]) {
      expect(status).toBe(1);
      expect(err).toMatch(/: \S+journal\.json is damaged: .+\n$/);
    }
  });

  test('a Postfix that says why to its log alone', async () => {
    const host = privateHost('syslog_name =\n');
    expect((await failing(host)).line).toMatch(
      /not in order already: postfix check: bad string length 0 < 1: syslog_name/,
    );
  });
});
