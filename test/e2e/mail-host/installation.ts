import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa, execaSync } from 'execa';
import { describe, expect, inject, test } from 'vitest';
import type { Finding } from '../../../src/check/finding.ts';
import { arrived, header } from '../deliveries.ts';
import { dkimResults, freshMessageId, post, withHeader } from '../mail.ts';
import { startListService } from '../stack/list-service.ts';
import { freePorts } from '../stack/ports.ts';
import { openPrivateDirectory } from '../stack/private-directory.ts';
import { DATABASE_DOMAIN, FILE_DOMAIN, SUBSCRIBERS } from '../stack/stack.ts';

const stack = inject('stack')!;
const obstacle = inject('obstacle');

const program = (...args: string[]) => execa(join(stack.bin, 'mlmmj-amime-receive'), args, { reject: false });
const install = (...args: string[]) => program('install', ...stack.installOptions, ...args);

function check(...args: string[]): Promise<{ status: number | undefined; wrong: Finding[] }> {
  return checkWith(stack.amavisPort, ...args);
}

async function checkWith(
  amavisPort: number,
  ...args: string[]
): Promise<{ status: number | undefined; wrong: Finding[] }> {
  const options = ['--postfix-config', stack.config, '--amavis-port', String(amavisPort), '--json'];
  const { stdout, exitCode } = await program('check', ...options, ...args);
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  return { status: exitCode, wrong: findings.filter(({ level }) => level === 'wrong') };
}

const directory = (list: string) => join(stack.spool, list.split('@').reverse().join('/'));
const NEWS = `news@${FILE_DOMAIN}`;
const LEGACY = `legacy@${FILE_DOMAIN}`;
const DESK = `desk@${DATABASE_DOMAIN}`;

describe.skipIf(obstacle)('the installation', () => {
  test('kept what the host had', () => {
    const maps = execaSync('postconf', ['-c', stack.config, '-h', 'transport_maps']).stdout;
    expect(maps).toBe(
      [
        'inline:{ {away.example.net = discard:} }',
        `hash:${stack.config}/transport_maps_maillist`,
        `proxy:mysql:${stack.config}/mysql/transport_maps_maillist.cf`,
      ].join(', '),
    );
  });

  test.each(['hash', 'mysql'])(
    'a second time with --transport %s says that nothing needs to change',
    async (kind) => {
      const { stdout, exitCode } = await install('--transport', kind);
      expect(stdout).toContain('nothing needs to change');
      expect(exitCode).toBe(0);
    },
  );

  test('check finds everything right, for lists in a file and in the database', async () => {
    expect(await check(directory(NEWS), directory(LEGACY), directory(DESK))).toEqual({
      status: 0,
      wrong: [],
    });
  });

  test('check finds a list that the database has switched off, and an Amavisd that does not answer', async () => {
    const asleep = `asleep@${DATABASE_DOMAIN}`;
    const { status, wrong } = await checkWith(9, directory(asleep));
    expect(status).toBe(1);
    expect(wrong.map(({ what }) => what)).toContainEqual(
      expect.stringContaining(`Postfix refuses ${asleep}, asleep+subscribe@`),
    );
    if (existsSync('/etc/amavis/conf.d')) {
      expect(wrong.map(({ what }) => what)).toContain('nothing listens on port 9');
    }
  });

  test.each(['incoming', 'queue'])(
    'a post stuck in %s is delivered by the command that check names',
    async (place) => {
      const messageId = freshMessageId();
      const file = join(directory(NEWS), place, 'feedfacecafebeef');
      const message = withHeader(NEWS, messageId, ['Content-Type: text/plain'], 'It lay there for long.\r\n');
      const returnPath = place === 'incoming' ? 'Return-Path: <poster@elsewhere.example>\n' : '';
      writeFileSync(file, returnPath + message.toString().replaceAll('\r\n', '\n'));
      await execa('chown', [`${stack.owner.uid}:${stack.owner.gid}`, file]);
      const yesterday = Date.now() / 1000 - 86_400;
      utimesSync(file, yesterday, yesterday);
      const { status, wrong } = await check(directory(NEWS));
      expect(status).toBe(1);
      expect(wrong).toHaveLength(1);
      expect(wrong[0]!.what).toMatch(/^(incoming|queue)\/feedfacecafebeef has lain there for (23|24) h/);
      await execa('/bin/sh', ['-c', wrong[0]!.mend!.slice(wrong[0]!.mend!.indexOf('su -s'))]);
      await arrived(stack.sinks.eight, messageId, SUBSCRIBERS.length);
      expect(existsSync(file)).toBe(false);
    },
  );
});

describe.skipIf(obstacle)('lists in a file and in the database, routed to the LMTP service', () => {
  const lookUp = async (address: string) => {
    const maps = execaSync('postconf', ['-c', stack.config, '-xh', 'transport_maps']).stdout;
    for (const entry of maps.split(', ')) {
      // proxymap(8) knows the new table after a reload only.
      const table = entry.replace(/^proxy:/, '');
      const asked = await execa('postmap', ['-c', stack.config, '-q', address, table], { reject: false });
      if (asked.stdout !== '') return asked.stdout;
    }
    return undefined;
  };
  const reload = () => execa('postfix', ['-c', stack.config, 'reload'], { stdio: 'ignore' });

  test('go there, all but those that are switched off, and come back to the pipe', async () => {
    const [port] = (await freePorts(1)) as [number];
    const mapsBefore = execaSync('postconf', ['-c', stack.config, '-h', 'transport_maps']).stdout;
    const to = `mlmmj-lmtp:inet:127.0.0.1:${port}`;
    const { exitCode, stderr } = await install(
      '--lmtp',
      `inet:127.0.0.1:${port}`,
      '--systemd-config',
      'none',
    );
    expect([exitCode, stderr]).toEqual([0, '']);
    expect([await lookUp(NEWS), await lookUp(DESK)]).toEqual([to, to]);
    expect(await lookUp(`asleep@${DATABASE_DOMAIN}`)).toBeUndefined();
    expect((await install('--systemd-config', 'none')).stdout).toContain('nothing needs to change');

    const home = openPrivateDirectory(stack.path);
    const executable = join(stack.bin, 'mlmmj-amime-receive');
    const args = ['--lists', stack.spool, '--listen', `127.0.0.1:${port}`];
    const mlmmj = ['--mlmmj-receive', join(stack.bin, 'mlmmj-receive')];
    const service = await startListService(home, 'lmtp', executable, stack.owner, [...args, ...mlmmj]);
    try {
      await reload();
      for (const list of [NEWS, DESK]) {
        const messageId = freshMessageId();
        await post(stack, list, withHeader(list, messageId, ['Content-Type: text/plain'], 'By LMTP.\r\n'));
        await arrived(stack.sinks.eight, messageId, SUBSCRIBERS.length);
        expect(service.log()).toContain(messageId);
      }
      expect(await check('--lmtp', directory(NEWS), directory(DESK))).toEqual({ status: 0, wrong: [] });
    } finally {
      await service.stop();
    }
    expect((await install('--pipe')).exitCode).toBe(0);
    await reload();
    expect(execaSync('postconf', ['-c', stack.config, '-h', 'transport_maps']).stdout).toBe(mapsBefore);
    expect(await lookUp(DESK)).toBe(`mlmmj:${DATABASE_DOMAIN}/desk`);
    expect(await check(directory(NEWS), directory(DESK))).toEqual({ status: 0, wrong: [] });
  });
});

describe.skipIf(obstacle)('the client that keeps DKIM valid', () => {
  async function signatureAtOldHop(): Promise<string> {
    const messageId = freshMessageId();
    const fields = ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit'];
    await post(stack, LEGACY, withHeader(LEGACY, messageId, fields, 'Grüße\r\n'));
    const [copy] = await arrived(stack.sinks.seven, messageId, SUBSCRIBERS.length);
    expect(header(copy!.bytes)).toMatch(/^DKIM-Signature:/im);
    return (await dkimResults(stack, copy!.bytes)).join();
  }

  const reload = () => execa('postfix', ['-c', stack.config, 'reload'], { stdio: 'ignore' });

  test('is what does it: without it, a next hop without 8BITMIME breaks the signature; installing brings it back', async () => {
    await execa('postconf', ['-c', stack.config, '-X', 'sender_dependent_default_transport_maps']);
    await reload();
    expect(await signatureAtOldHop()).toContain('body hash did not verify');
    const { stdout, exitCode } = await install('--transport', 'hash');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('sender_dependent_default_transport_maps');
    await reload();
    expect(await signatureAtOldHop()).toBe(`${FILE_DOMAIN} pass`);
  });
});

describe.skipIf(obstacle)('uninstalling', () => {
  /** What a configuration directory holds, the tables of the database excepted, which came later than the copy. */
  function contents(path: string): Record<string, string> {
    const names = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isFile());
    return Object.fromEntries(names.map(({ name }) => [name, readFileSync(join(path, name), 'latin1')]));
  }

  test('puts back what was there', async () => {
    const installed = join(stack.path, 'installed');
    const keep = join(stack.path, 'installed.amavisd.conf');
    await execa('cp', ['-a', stack.config, installed]);
    await execa('cp', ['-a', stack.amavisConfig, keep]);
    const { exitCode, stdout } = await program('uninstall', '--postfix-config', stack.config);
    expect(stdout).not.toContain('Left');
    expect(exitCode).toBe(0);
    // The previous test's own edit of main.cf is somebody's; all else is as it was, to the byte.
    const { 'main.cf': main, ...others } = contents(stack.config);
    const { 'main.cf': mainBefore, ...othersBefore } = contents(join(stack.before, 'postfix'));
    expect(others).toEqual(othersBefore);
    expect(settings(main!)).toEqual(settings(mainBefore!));
    expect(readFileSync(stack.amavisConfig, 'utf8')).toBe(
      readFileSync(join(stack.before, 'amavisd.conf'), 'utf8'),
    );
    expect(existsSync(join(stack.config, 'mysql/transport_maps_maillist.cf'))).toBe(false);

    // The other suites need it back, with the lists that the file had before those of the database came.
    await execa('cp', ['-a', `${installed}/.`, stack.config]);
    await execa('cp', ['-a', keep, stack.amavisConfig]);
    await execa('postfix', ['-c', stack.config, 'reload'], { stdio: 'ignore' });
    expect(await check(directory(NEWS), directory(DESK))).toEqual({ status: 0, wrong: [] });
  });
});

function settings(main: string): string[] {
  return main
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}
