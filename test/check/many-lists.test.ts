import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { command, LIST_USER, postfixObstacle } from '../install/private-postfix.ts';
import { port, soundHost } from './sound-host.ts';

const obstacle = postfixObstacle();

afterEach(() => vi.unstubAllEnvs());

/** A host with so many lists, each with an entry in a real hash table; and a postmap that counts its runs. */
function hostOf(count: number) {
  vi.unstubAllEnvs();
  const host = soundHost();
  const names = Array.from({ length: count }, (_, at) => `list${at}`);
  const table = join(host.config, 'many');
  writeFileSync(table, names.map((name) => `${name}@example.com mlmmj:example.com/${name}\n`).join(''));
  execFileSync('postmap', ['-c', host.config, `hash:${table}`]);
  execFileSync('postconf', [
    '-c',
    host.config,
    '-e',
    `transport_maps = hash:${table}`,
    `relay_recipient_maps = hash:${table}`,
  ]);
  const spool = join(host.path, 'many');
  for (const name of names) {
    const list = join(spool, 'example.com', name);
    for (const directory of ['control', 'incoming', 'queue/discarded'])
      mkdirSync(join(list, directory), { recursive: true });
    const control = {
      listaddress: `${name}@example.com\n`,
      smtpport: `${port}\n`,
      footer_text: 'Footer\n',
      tocc: '',
      customheaders:
        'List-Id: <x>\nList-Unsubscribe: <https://example.com/x>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n',
    };
    for (const [file, text] of Object.entries(control)) writeFileSync(join(list, 'control', file), text);
  }
  execFileSync('chown', ['-R', LIST_USER, spool]);
  const line = readFileSync(join(host.config, 'master.cf'), 'utf8').replaceAll(host.spool, spool);
  writeFileSync(join(host.config, 'master.cf'), line);
  const bin = join(host.path, 'counting');
  const counted = join(host.path, 'counted');
  mkdirSync(bin);
  const real = execFileSync('sh', ['-c', 'PATH=$PATH:/usr/sbin command -v postmap'], {
    encoding: 'utf8',
  }).trim();
  writeFileSync(join(bin, 'postmap'), `#!/bin/sh\necho run >> ${counted}\nexec ${real} "$@"\n`);
  chmodSync(join(bin, 'postmap'), 0o755);
  writeFileSync(counted, '');
  vi.stubEnv('PATH', `${bin}${delimiter}${process.env.PATH}`);
  return { ...host, spool, runs: () => readFileSync(counted, 'utf8').split('\n').length - 1 };
}

const checkAll = (host: ReturnType<typeof hostOf>, ...args: string[]) =>
  command('check', [
    '--all',
    host.spool,
    '--postfix-config',
    host.config,
    '--amavis-port',
    String(port),
    ...args,
  ]);

describe.skipIf(obstacle)(`check of many lists${obstacle}`, () => {
  test('asks each table for all of them at once: as many runs of postmap for 60 lists as for 3', async () => {
    const few = hostOf(3);
    expect((await checkAll(few)).status).toBe(0);
    const many = hostOf(60);
    expect((await checkAll(many)).status).toBe(0);
    expect(many.runs()).toBe(few.runs());
    expect(many.runs()).toBeLessThan(10);
  });

  test('has a line for each list in order, and says once what several have in common', async () => {
    const host = hostOf(8);
    const list = (at: number) => join(host.spool, `example.com/list${at}`);
    for (const at of [1, 2, 3, 4, 5, 6]) writeFileSync(join(list(at), 'control/smtpport'), '9\n');
    writeFileSync(join(list(7), 'control/footer_text'), 'caf\xe9\n', 'latin1');
    const { status, out } = await checkAll(host);
    expect(status).toBe(1);
    expect(out).toContain(
      `list1@example.com, list2@example.com, list3@example.com, list4@example.com, list5@example.com and 1 more
  WRONG sends to 127.0.0.1 port 9, where nothing listens
`,
    );
    expect(out).toMatch(/\n\nlist7@example\.com\n {2}WRONG control\/footer_text is not UTF-8/);
    expect(out).toContain('\n\nlists in order\n  ok    list0@example.com\n\n2 things are wrong.\n');
    const verbose = await checkAll(host, '--verbose');
    expect(verbose.out.match(/sends to 127\.0\.0\.1 port 9/g)).toHaveLength(6);
    expect(verbose.out).toContain('\nlist0@example.com\n  ok    belongs to ');
    expect(JSON.parse((await checkAll(host, '--json')).out).findings.length).toBeGreaterThan(40);
  });

  test('a table that cannot be asked is one thing, and no list is in order then', async () => {
    const host = hostOf(4);
    const broken = join(host.config, 'gone');
    execFileSync('postconf', ['-c', host.config, '-e', `transport_maps = hash:${broken}`]);
    const { out } = await checkAll(host);
    expect(out).toContain(`WRONG hash:${broken} cannot be asked: `);
    expect(out).toContain(
      '\n\nlist0@example.com, list1@example.com, list2@example.com, list3@example.com\n  ?     where its mail goes is not known\n',
    );
    expect(out).not.toContain('lists in order');
    expect(out).toMatch(/\n1 thing is wrong, and 1 could not be looked at\.\n$/);
  });
});
