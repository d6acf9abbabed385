import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { lacks, MOUNTING } from '../helpers/needs.ts';
import { standIn } from '../helpers/programs.ts';
import {
  Client,
  FOOTER,
  makeSpool,
  message,
  PROGRAMS,
  type Service,
  type Spool,
  startService,
} from './service.ts';

const noMounting = lacks(MOUNTING);

describe.each(PROGRAMS)('$name', (program) => {
  let service: Service | undefined;
  let client: Client | undefined;
  const paths: string[] = [];
  afterEach(async () => {
    client?.close();
    expect(await service?.stop(), service?.log()).toBe(0);
    for (const path of paths.splice(0)) await rm(path, { recursive: true, force: true });
  });

  async function emptySpool(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), 'amime-flat-'));
    paths.push(path);
    return path;
  }

  async function addList(spool: string, name: string, listaddress: string): Promise<void> {
    for (const below of ['control', 'incoming', 'queue'])
      await mkdir(join(spool, name, below), { recursive: true });
    await writeFile(join(spool, name, 'control/listaddress'), listaddress);
    await writeFile(join(spool, name, 'control/footer_text'), `${FOOTER} ${name}\n`);
  }

  async function start(lists: string, args: readonly string[] = []): Promise<Client> {
    service = await startService({ program, lists, args });
    client = await Client.greeted(service.port);
    return client;
  }

  test('a flat spool as mlmmj-make-ml makes it needs no options', async () => {
    const spool = await emptySpool();
    await addList(spool, 'news', 'news@example.org\n');
    await addList(spool, 'second', 'talk@example.net\nall@example.net\n');
    await addList(spool, 'third', 'third@example.net\nall@example.net\n');
    const client = await start(spool);
    expect(service!.log()).toMatch(/^listening on=\S+ lists=\S+ found=3$/m);
    expect(await client.deliver(['news@example.org', 'talk+help@example.net'], message('flat'))).toEqual([
      '250 2.1.5 footer added: text/plain',
      '250 2.1.5 no footer: talk+help is a command',
    ]);
    await client.ask('MAIL FROM:<a@example.net>');
    expect(await client.ask('RCPT TO:<news@example.net>')).toBe('550 5.1.1 there is no such mailing list');
    expect(await client.ask('RCPT TO:<all@example.net>')).toBe(
      '451 4.3.0 the address is that of 2 lists: "second", "third"',
    );
    expect(await client.ask('RCPT TO:<news@localhost.mlmmj>')).toBe(
      "451 4.3.0 no list has an address at localhost.mlmmj: send it the list's own address, see docs/serve.md",
    );
    expect(await service!.logged('deferred', 'all@example.net')).toContain('second');
  });

  test('a spool without lists is said at start, and its mail waits', async () => {
    const spool = await emptySpool();
    const client = await start(spool);
    expect(await service!.logged('trouble')).toBe('trouble error="the spool is empty"');
    expect(service!.log()).toContain(' found=0\n');
    await client.ask('MAIL FROM:<a@example.net>');
    expect(await client.ask('RCPT TO:<news@example.org>')).toBe('451 4.3.0 the spool is empty');
    await addList(spool, 'news', 'news@example.org\n');
    expect(await client.ask('RCPT TO:<news@example.org>')).toBe('250 2.1.5 Accepted');
  });

  test('while a large post is being planned and written, other sessions have their turns', async () => {
    const spool = await makeSpool();
    paths.push(spool.path);
    const client = await start(spool.path, ['--max-size', '100M']);
    const other = await Client.greeted(service!.port);
    // Each part is gone through, and each could have been the one with the text.
    const part = `--x\nContent-Type: application/x\n\n${'y'.repeat(60)}\n`;
    const header = 'Subject: large\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\ntext\n';
    const large = `${header}${part.repeat(100_000)}--x--\n`;
    let isDone = false;
    let turns = 0;
    const delivery = client.deliver(['news@example.org', 'talk@example.org'], large).then((replies) => {
      isDone = true;
      return replies;
    });
    // The file is made when what is planned is written.
    while (!isDone) {
      expect(await other.ask('NOOP')).toMatch(/^250 /);
      turns++;
    }
    expect(await delivery).toEqual(Array(2).fill('250 2.1.5 footer added: text/plain'));
    expect(turns).toBeGreaterThan(20);
    for (const list of ['news', 'talk']) {
      const [stored] = await spool.stored(list);
      const at = stored!.indexOf('\n--x\nContent-Type: application/x');
      expect(stored!.slice(0, at).endsWith(`text\n${FOOTER} ${list}`), 'each list has its own footer').toBe(
        true,
      );
      expect(stored!.endsWith(`${part}--x--\n`)).toBe(true);
    }
    other.close();
  });

  test.skipIf(noMounting)(`full disks: the mail waits, and nothing is started${noMounting}`, async () => {
    const spool: Spool = await makeSpool();
    paths.push(spool.path);
    // A disk of 1 MB for all of talk@, and one of 100 KB for what mlmmj stores of news@.
    const script = `
      cp -a "${spool.list('talk')}" "${spool.path}/.copy" && mount -t tmpfs -o size=1m x "${spool.list('talk')}" &&
      cp -a "${spool.path}/.copy/." "${spool.list('talk')}" && mount -t tmpfs -o size=100k x "${spool.list('news')}/incoming" &&
      exec "$@"`;
    const command = ['unshare', '--mount', '--map-root-user', 'sh', '-c', script, 'sh', ...program.command];
    service = await startService({
      program: { name: program.name, command: command as [string, ...string[]] },
      lists: spool.path,
      mlmmjReceive: standIn('stores-each'),
    });
    client = await Client.greeted(service.port);
    const line = `${'z'.repeat(99)}\n`;
    expect(await client.deliver(['news@example.org'], message('little', line))).toEqual([
      '250 2.1.5 footer added: text/plain',
    ]);
    expect(await client.deliver(['news@example.org'], message('middling', line.repeat(500)))).toEqual([
      "451 4.3.0 there is no room for the message in the list's directory",
    ]);
    expect(await client.deliver(['talk@example.org'], message('large', line.repeat(15_000)))).toEqual([
      '451 4.3.0 there is no room for the message (ENOSPC)',
    ]);
    expect(await client.deliver(['talk@example.org'], message('both', line.repeat(6000)))).toEqual([
      "451 4.3.0 there is no room for the message in the list's directory",
    ]);
    const calls = (await readdir(join(spool.list('news'), 'queue'))).filter((name) =>
      name.startsWith('arguments.'),
    );
    expect(calls).toHaveLength(1);
    expect(existsSync(join(spool.path, '.copy/queue'))).toBe(true);
  });
});
