import { execaSync } from 'execa';
import { describe, expect, test } from 'vitest';
import {
  command,
  LIST_USER,
  type PrivateHost,
  postfixObstacle,
  privateHost,
  spooledList,
} from './private-postfix.ts';

const install = (host: PrivateHost, ...args: string[]) => command('install', [...host.options, ...args]);
const uninstall = (host: PrivateHost) => command('uninstall', ['--postfix-config', host.config]);

/** Installs, installs again, and uninstalls: what has to hold on every host. */
async function cycle(host: PrivateHost, installed: () => void = () => {}, ...args: string[]): Promise<void> {
  const before = host.snapshot();
  expect(await install(host, ...args)).toMatchObject({ status: 0, err: '' });
  expect(execaSync('postfix', ['-c', host.config, 'check']).exitCode).toBe(0);
  installed();
  const after = host.snapshot();
  expect((await install(host, ...args)).out).toContain('nothing needs to change');
  expect(host.snapshot()).toEqual(after);
  expect(await uninstall(host)).toMatchObject({ status: 0, err: '' });
  expect(host.snapshot()).toEqual(before);
}

const pipe = (attributes: string, argv = '/usr/bin/mlmmj-receive -L /var/spool/mlmmj/$nexthop') =>
  `mlmmj unix - n n - - pipe\n  ${attributes} argv=${argv}`;

const obstacle = postfixObstacle();

describe.skipIf(obstacle)('hosts as other people set them up', () => {
  test('files whose last line does not end', async () => {
    const host = privateHost('mynetworks = 127.0.0.0/8', pipe(`flags=R user=${LIST_USER}`));
    await cycle(host, () => {
      expect(host.postconf('-h', 'mynetworks')).toBe('127.0.0.0/8');
      expect(host.postconf('-h', 'mlmmj_destination_recipient_limit')).toBe('1');
    });
  });

  test('a transport with options before its flags', async () => {
    const host = privateHost('', `${pipe(`-v -o syslog_name=postfix/lists flags=R user=${LIST_USER}`)}\n`);
    await cycle(host, () => {
      expect(host.postconf('-M', 'mlmmj/unix').replace(/ +/g, ' ')).toContain(
        `pipe -v -o syslog_name=postfix/lists flags=DORhu user=${LIST_USER} null_sender= argv=`,
      );
    });
  });

  test('a directory named with a slash behind it', async () => {
    const host = privateHost('');
    spooledList(host, 'news', 'news@mail.example.com');
    const slashed = {
      ...host,
      options: host.options.map((word) => (word === host.config ? `${word}/` : word)),
    };
    await cycle(slashed, () => {
      expect(host.postconf('-h', 'transport_maps')).toBe(`hash:${host.config}/transport_maps_maillist`);
    });
    await install(host);
    expect((await install(slashed)).out).toContain('nothing needs to change');
    expect((await command('uninstall', ['--postfix-config', `${host.config}/`])).out).toContain('Put back:');
  });
});
