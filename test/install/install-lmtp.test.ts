import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { describe, expect, test } from 'vitest';
import { file, lacks } from '../helpers/needs.ts';
import {
  command,
  LIST_USER,
  type PrivateHost,
  postfixObstacle,
  privateHost,
  spooledList,
} from './private-postfix.ts';

const obstacle = postfixObstacle();
const ADDRESS = 'news@lists.example.com';

interface SystemdHost extends PrivateHost {
  readonly units: string;
}

function systemdHost(main: string, master = ''): SystemdHost {
  const host = privateHost(main, master);
  const units = join(host.path, 'systemd');
  mkdirSync(units);
  spooledList(host, 'lists.example.com/news', ADDRESS);
  return { ...host, units, options: [...host.options, '--systemd-config', units] };
}

const install = (host: PrivateHost, ...args: string[]) => command('install', [...host.options, ...args]);
const uninstall = (host: PrivateHost, ...args: string[]) =>
  command('uninstall', ['--postfix-config', host.config, ...args]);

/** Where Postfix would send mail for an address: all of transport_maps is asked, as trivial-rewrite(8) does. */
function route(host: PrivateHost, address: string): string | undefined {
  for (const table of host.postconf('-xh', 'transport_maps').split(/[\s,]+/)) {
    const { stdout } = execaSync('postmap', ['-c', host.config, '-q', address, table], { reject: false });
    if (stdout !== '') return stdout;
  }
  return undefined;
}

describe.skipIf(obstacle)(`install --lmtp${obstacle}`, () => {
  test('puts everything in place, twice makes no difference, and uninstalling leaves no byte behind', async () => {
    const host = systemdHost('mydestination = lists.example.com\n');
    const before = host.snapshot();

    const dry = await install(host, '--lmtp', '--dry-run');
    expect(dry).toMatchObject({ status: 0, err: '' });
    expect(dry.out).toContain('+mlmmj-lmtp unix  -       -       n       -       20      lmtp\n');
    expect(dry.out).toContain(`+++ ${host.units}/mlmmj-amime.service\n`);
    expect(host.snapshot()).toEqual(before);

    const first = await install(host, '--lmtp');
    expect(first).toMatchObject({ status: 0, err: '' });
    expect(first.out).toContain(
      `  systemctl daemon-reload\n  systemctl enable --now mlmmj-amime.socket\n  postfix -c ${host.config} reload\n`,
    );
    expect(route(host, ADDRESS)).toBe('mlmmj-lmtp:unix:/run/mlmmj-amime/lmtp.sock');
    expect(host.postconf('-M')).not.toMatch(/^mlmmj /m);
    expect(host.postconf('-h', 'local_recipient_maps')).toContain(`hash:${host.config}/lmtp_transport`);
    const installed = host.snapshot();
    for (const again of [['--lmtp'], []]) {
      expect((await install(host, ...again)).out).toContain('nothing needs to change');
      expect(host.snapshot()).toEqual(installed);
    }

    const away = await uninstall(host);
    expect(away).toMatchObject({ status: 0, err: '' });
    expect(away.out).toContain('  systemctl stop mlmmj-amime.socket mlmmj-amime.service\n');
    expect(away.out).toContain(`  rm -f ${host.units}/*.wants/mlmmj-amime.*\n`);
    expect(host.snapshot()).toEqual(before);
  });

  test('from the pipe to the service, to another address, and back', async () => {
    const host = systemdHost('');
    writeFileSync(join(host.path, 'nothing'), '');
    execaSync('postmap', ['-c', host.config, `hash:${host.path}/nothing`]);
    execaSync('postconf', ['-c', host.config, '-e', `transport_maps = hash:${host.path}/nothing`]);
    const own = host.snapshot();
    await install(host, '--transport', 'hash');
    expect(route(host, ADDRESS)).toBe('mlmmj:lists.example.com/news');
    const piped = host.snapshot();

    expect((await install(host, '--lmtp')).status).toBe(0);
    expect(route(host, ADDRESS)).toBe('mlmmj-lmtp:unix:/run/mlmmj-amime/lmtp.sock');
    expect(host.postconf('-M', 'mlmmj/unix')).toContain('flags=DORhu');
    const table = 'postfix/transport_maps_maillist';
    expect(host.snapshot()[table]).toBe(piped[table]);

    const moved = await install(host, '--lmtp', 'inet:127.0.0.1:2424');
    expect(route(host, ADDRESS)).toBe('mlmmj-lmtp:inet:127.0.0.1:2424');
    expect(readFileSync(`${host.units}/mlmmj-amime.socket`, 'utf8')).toMatch(
      /^ListenStream=127\.0\.0\.1:2424$/m,
    );
    expect(moved.out).toContain('  systemctl restart mlmmj-amime.socket\n');

    const back = await install(host, '--pipe');
    expect(back.out).toContain('the LMTP service may stop once the queue is empty');
    expect(route(host, ADDRESS)).toBe('mlmmj:lists.example.com/news');
    // Mail that waits for the client mlmmj-lmtp still finds it.
    expect(host.postconf('-M', 'mlmmj-lmtp/unix')).toContain('lmtp');
    expect((await install(host)).out).toContain('nothing needs to change');
    const forth = await install(host, '--lmtp');
    expect(forth.out).toContain('  systemctl enable --now mlmmj-amime.socket\n');
    expect(route(host, ADDRESS)).toMatch(/^mlmmj-lmtp:unix:/);

    await uninstall(host);
    expect(host.snapshot()).toEqual(own);
  });

  test('uninstalling leaves what somebody changed since, and takes it out of use', async () => {
    const host = systemdHost('');
    await install(host, '--lmtp');
    writeFileSync(join(host.config, 'lmtp_transport'), '# mine\n', { flag: 'a' });
    writeFileSync(join(host.units, 'mlmmj-amime.service'), '# mine\n', { flag: 'a' });
    execaSync('postconf', ['-c', host.config, '-e', 'mynetworks = 10.0.0.0/8']);
    const { out, status } = await uninstall(host);
    expect(status).toBe(0);
    expect(out).toContain(join(host.config, 'lmtp_transport'));
    expect(out).toContain(join(host.units, 'mlmmj-amime.service'));
    expect(existsSync(join(host.units, 'mlmmj-amime.socket'))).toBe(false);
    expect(host.postconf('-n')).not.toContain('mlmmj');
    expect(host.postconf('-M')).not.toContain('mlmmj');
  });

  test('a unit that somebody wrote before is kept, and put back', async () => {
    const host = systemdHost('');
    const unit = join(host.units, 'mlmmj-amime.service');
    writeFileSync(
      unit,
      `[Service]\nUser=${LIST_USER}\nExecStart=/old/mlmmj-amime-receive serve --lists ${host.spool} --listen systemd --max-size 9M\n`,
    );
    const before = host.snapshot();
    await install(host, '--lmtp');
    expect(readFileSync(unit, 'utf8')).toContain(
      `ExecStart=${host.path}/usr/bin/mlmmj-amime-receive serve --lists ${host.spool} --listen systemd --max-size 9M\n`,
    );
    await uninstall(host);
    expect(host.snapshot()).toEqual(before);
  });

  const noSystemd = lacks(file('/usr/bin/systemd-analyze', 'systemd'));
  test.skipIf(noSystemd)(`systemd takes the units as they are adapted${noSystemd}`, async () => {
    const host = systemdHost('');
    await install(host, '--lmtp');
    const units = ['service', 'socket'].map((kind) => join(host.units, `mlmmj-amime.${kind}`));
    // The manual page need not be installed here.
    writeFileSync(units[0]!, readFileSync(units[0]!, 'utf8').replace(/^Documentation=.*$/m, ''));
    const { stderr } = spawnSync('/usr/bin/systemd-analyze', ['verify', ...units], { encoding: 'utf8' });
    expect(stderr).not.toMatch(/mlmmj-amime/);
  });

  test('a failure puts everything back, units included', async () => {
    const host = systemdHost('');
    writeFileSync(host.amavis, '$x = (1,\n1;\n');
    const before = host.snapshot();
    const { status, err } = await install(host, '--lmtp');
    expect(status).toBe(1);
    expect(err).toContain('(everything was put back as it was)');
    expect(host.snapshot()).toEqual(before);
  });
});

describe('a wrong call', () => {
  test.each([
    [['--lmtp=10.0.0.2'], '--lmtp 10.0.0.2: unix:/PATH or inet:HOST:PORT is meant'],
    [['--lmtp', 'inet:10.0.0.2'], '--lmtp inet:10.0.0.2: unix:/PATH or inet:HOST:PORT is meant'],
    [['--lmtp', 'inet:a:70000'], '--lmtp inet:a:70000: unix:/PATH'],
    [['--lmtp', 'unix:relative'], '--lmtp unix:relative: unix:/PATH'],
    [['--lmtp=unix:/a$b'], '--lmtp /a$b: only plain characters'],
    [['--lmtp', '--pipe'], 'either --lmtp or --pipe, not both'],
    [['--systemd-config', 'units'], '--systemd-config units: an absolute path is needed'],
  ])('%j', async (args, message) => {
    const { status, err } = await command('install', args);
    expect(status).toBe(64);
    expect(err).toContain(message);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});
