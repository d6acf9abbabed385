/** What a client says, who may say it, and how the service is told so. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AllowedPeers, isLoopback, parseListenAddress } from '../../src/serve/listen-address.ts';
import { parsePathArgument, splitMailbox } from '../../src/serve/mailbox.ts';
import { parseServeArgs } from '../../src/serve/options.ts';
import { nasty } from '../helpers/nasty-text.ts';

describe('paths in MAIL and RCPT', () => {
  test.each([
    ['<a@example.net>', 'a@example.net', {}],
    [
      ' <a@example.net> SIZE=5 BODY=8BITMIME smtputf8',
      'a@example.net',
      { SIZE: '5', BODY: '8BITMIME', SMTPUTF8: true },
    ],
    ['<>', '', {}],
    ['<@a,@b:c@example.net>', 'c@example.net', {}],
    ['<"a b\\"c>@d"@example.net>', '"a b\\"c>@d"@example.net', {}],
    ['<ünï@bücher.example>', 'ünï@bücher.example', {}],
    ['<a@[IPv6:::1]>', 'a@[IPv6:::1]', {}],
    ['<postmaster>', 'postmaster', {}],
  ])('%j', (text, address, parameters) => {
    expect(parsePathArgument(text)).toEqual({ address, parameters, duplicate: undefined });
  });

  test.each([
    '',
    'a@b',
    '<a@b',
    'a@b>',
    '<a b@c>',
    '<a@b>c',
    '<a@b\0>',
    '<a@b\x85>',
    '<a\ufffd@b>',
    '<@b>',
    '<a@b@c>',
    '<"a@b>',
    `<${'a'.repeat(1001)}>`,
  ])('%j is none', (text) => expect(parsePathArgument(text)).toBeUndefined());

  test('a parameter given twice is told', () => {
    expect(parsePathArgument('<a@b> SIZE=1 size=2')?.duplicate).toBe('SIZE');
    expect(parsePathArgument('<a@b> __proto__=1 constructor=2')?.parameters.SIZE).toBeUndefined();
  });

  test('takes no time for hostile text', () => {
    for (const text of [
      `<${'"\\'.repeat(5000)}`,
      `<${'@a,'.repeat(5000)}`,
      `<a@b>${' x=y'.repeat(5000)}`,
      `<${'"a"'.repeat(5000)}`,
    ]) {
      parsePathArgument(text);
      splitMailbox(text);
    }
  });

  test('whatever it takes has a local part and no control character', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const path = parsePathArgument(`<${text}>`);
        if (path === undefined || path.address === '') return;
        expect(path.address).not.toMatch(/[\0-\x1f\x7f]/);
        expect(splitMailbox(path.address)?.localPart).toBeTruthy();
      }),
    );
  });
});

describe('who may connect, and where', () => {
  test.each([
    ['127.0.0.1:2424', { kind: 'tcp', host: '127.0.0.1', port: 2424 }],
    ['[::1]:24', { kind: 'tcp', host: '::1', port: 24 }],
    ['unix:/run/x.sock', { kind: 'unix', path: '/run/x.sock' }],
    ['systemd', { kind: 'systemd' }],
  ])('%s', (text, address) => expect(parseListenAddress(text)).toEqual(address));

  test.each(['localhost:24', '127.0.0.1', '127.0.0.1:65536', '::1:24', '[127.0.0.1]:24', 'unix:x', ':24'])(
    '%s is no address to listen on',
    (text) => expect(parseListenAddress(text)).toBeUndefined(),
  );

  test('loopback is this host only', () => {
    for (const address of ['127.0.0.1', '127.9.9.9', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1'])
      expect(isLoopback(address)).toBe(true);
    for (const address of [
      '0.0.0.0',
      '::',
      '10.0.0.1',
      '192.0.2.1',
      '::ffff:10.0.0.1',
      'fe80::1',
      '128.0.0.1',
    ])
      expect(isLoopback(address)).toBe(false);
  });

  test('networks', () => {
    const peers = new AllowedPeers();
    expect(['10.1.0.0/16', '192.0.2.7', '2001:db8::/32'].every((network) => peers.add(network))).toBe(true);
    expect(
      ['10.1.0.0/33', '10.1/16', 'x', '10.0.0.0/', '10.0.0.0/a', '::/129', ''].some((network) =>
        peers.add(network),
      ),
    ).toBe(false);
    for (const address of [
      '10.1.2.3',
      '::ffff:10.1.2.3',
      '192.0.2.7',
      '2001:db8:1::1',
      '127.0.0.1',
      '::1',
      '',
    ])
      expect(peers.admits(address)).toBe(true);
    for (const address of ['10.2.0.1', '192.0.2.8', '2001:db9::1', '::ffff:10.2.0.1', 'unknown'])
      expect(peers.admits(address)).toBe(false);
  });
});

describe('arguments', () => {
  test.each([
    [['--listen', '0.0.0.0:24', '--allow', '10.0.0.0/8,192.0.2.1'], undefined],
    [['--listen', '10.0.0.1:24'], /10\.0\.0\.1 can be reached by others/],
    [['--listen', '[::]:24'], /can be reached by others/],
    [['--listen', 'mail:24'], /an address, not a name/],
    [['--max-connections', 'many'], /--max-connections needs a number/],
    [['--max-size', '50M'], undefined],
    [['--max-size', '0'], /--max-size/],
    [['--tls-cert', '/x'], /go together/],
    [['--allow', 'everyone'], /--allow/],
    [['--layout', '../%u'], /--layout/],
    [['--hostname', 'a b'], /--hostname/],
    [['--lists', '/a'], /^--lists was given twice \(see serve --help\)$/],
    [['-F', '-P', '-F'], /^-F was given twice/],
    [['--allow', '10.0.0.1', '--allow', '10.0.0.2'], undefined],
    [['--idle-seconds', '5x'], /--idle-seconds needs a number from 1 to 999999/],
    [['--idle-seconds', '0'], /--idle-seconds needs a number/],
    [['--tls-cert', 'x', '--tls-key', '/y'], /--tls-cert needs an absolute path/],
    [['--frobnicate'], /unknown option "--frobnicate"/],
    [['stray'], /unknown argument "stray"/],
    [['--listen'], /needs a value/],
  ])('%j', (args, complaint) => {
    const parse = () => parseServeArgs(['--lists', '/var/spool/mlmmj', ...args]);
    if (complaint === undefined) expect(parse).not.toThrow();
    else expect(parse).toThrow(complaint);
  });
});
