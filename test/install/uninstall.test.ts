import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { describe, expect, test } from 'vitest';
import { command, type PrivateHost, postfixObstacle, privateHost, spooledList } from './private-postfix.ts';

const install = (host: PrivateHost, ...args: string[]) => command('install', [...host.options, ...args]);
const uninstall = (host: PrivateHost, ...args: string[]) =>
  command('uninstall', ['--postfix-config', host.config, ...args]);

const obstacle = postfixObstacle();

describe.skipIf(obstacle)('installing after somebody changed what was installed', () => {
  test('uninstalling takes back what is ours and leaves what is theirs', async () => {
    const host = privateHost('transport_maps = hash:/etc/postfix/transport\nrecipient_delimiter = +\n');
    await install(host, '--transport', 'hash');
    execaSync('postconf', ['-c', host.config, '-e', 'mynetworks = 10.0.0.0/8']);
    const maps = host.postconf('-h', 'transport_maps');
    execaSync('postconf', ['-c', host.config, '-e', `transport_maps = hash:/first, ${maps}, hash:/last`]);
    execaSync('postconf', ['-c', host.config, '-M', 'mine/unix=mine unix - - n - - discard']);
    writeFileSync(host.amavis, `$theirs = 1;\n${readFileSync(host.amavis, 'utf8')}`);
    writeFileSync(join(host.config, 'mlmmj-out.regexp'), '# mine\n');

    const { out, status } = await uninstall(host);
    expect(status).toBe(0);
    expect(host.postconf('-h', 'transport_maps')).toBe(
      'hash:/first, hash:/etc/postfix/transport, hash:/last',
    );
    expect(host.postconf('-h', 'mynetworks')).toBe('10.0.0.0/8');
    expect(host.postconf('-n')).not.toContain('mlmmj');
    expect(host.postconf('-M')).not.toContain('mlmmj');
    expect(host.postconf('-M', 'mine/unix')).toContain('discard');
    expect(readFileSync(host.amavis, 'utf8')).toMatch(/^\$theirs = 1;\nuse strict;/);
    expect(readFileSync(host.amavis, 'utf8')).not.toContain('include_config_files');
    expect(out).toContain('Left, because it was changed since:\n');
    expect(out).toContain(join(host.config, 'mlmmj-out.regexp'));
  });

  test('a second installation does not make the first forget what was there', async () => {
    const host = privateHost('');
    spooledList(host, 'one', 'one@mail.example.com');
    const before = host.snapshot();
    await install(host, '--transport', 'hash');
    spooledList(host, 'two', 'two@mail.example.com');
    expect((await install(host, '--transport', 'hash')).out).toContain('transport_maps_maillist');
    await install(host, '--transport', 'hash', '--amavis-port', '20027');
    rmSync(join(host.spool, 'two'), { recursive: true });
    await uninstall(host);
    expect(host.snapshot()).toEqual(before);
  });

  test('an edit between two installations survives uninstalling', async () => {
    const host = privateHost('');
    await install(host, '--transport', 'none');
    execaSync('postconf', ['-c', host.config, '-e', 'mynetworks = 10.0.0.0/8']);
    await install(host, '--transport', 'hash');
    await uninstall(host);
    expect(host.postconf('-n')).toContain('mynetworks = 10.0.0.0/8');
    expect(host.postconf('-n')).not.toContain('mlmmj');
  });
});
