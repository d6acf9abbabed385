/** From what a client says to a directory: nothing it can say leads anywhere but to a list. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FailureKind } from '../../src/core/errors.ts';
import type { DeliveryFailure } from '../../src/core/host/interruption.ts';
import { NodeFiles } from '../../src/core/host/node-files.ts';
import { ListFinder } from '../../src/core/list/find-list.ts';
import { expandLayout, type Layout, parseLayout } from '../../src/core/list/layout.ts';
import { candidateSplits, isSafeName } from '../../src/core/list/list-name.ts';
import { AllowedPeers, isLoopback, parseListenAddress } from '../../src/serve/listen-address.ts';
import { parsePathArgument, splitMailbox } from '../../src/serve/mailbox.ts';
import { parseServeArguments, SERVE_USAGE } from '../../src/serve/options.ts';
import { makeSpool, type Spool } from './service.ts';

/** Bits and pieces that attackers and odd mail systems use. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '/',
        '\\',
        '\0',
        '%2e',
        '%',
        '%u',
        '%d',
        '@',
        '"',
        '<',
        '>',
        '+',
        '-',
        '=',
        '\n',
        '\r',
        ' ',
      ),
      fc.constantFrom(
        'news',
        'example.org',
        'control',
        '\u202e',
        '\u200b',
        '\ufeff',
        '\ufffd',
        'é',
        'e\u0301',
        '\u00ad',
        '~',
        '*',
      ),
      fc.string({ maxLength: 4, unit: 'binary' }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

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

describe('names and layouts', () => {
  test('a local part has its splits, longest name first, in lower case', () => {
    expect(candidateSplits('News-List+Sub')).toEqual([
      { name: 'news-list+sub', remainder: '' },
      { name: 'news-list', remainder: '+Sub' },
      { name: 'news', remainder: '-List+Sub' },
    ]);
    expect(candidateSplits('..')).toEqual([]);
    expect(candidateSplits('+x')).toEqual([{ name: '+x', remainder: '' }]);
    expect(candidateSplits('a-'.repeat(500)).length).toBeLessThanOrEqual(32);
  });

  test.each([
    '',
    '.',
    '..',
    '.hidden',
    'a/b',
    'a\\b',
    'a\0',
    'a\nb',
    'a b',
    'a\u00a0b',
    'a\u202eb',
    'a\u200b',
    '\ufeffa',
    'a\ufffd',
    'x'.repeat(256),
    'é'.repeat(128),
  ])('%j is no name', (name) => expect(isSafeName(name)).toBe(false));
  test.each(['news', 'a.b', 'a..b', '-rf', 'näws', "o'neill", '$(x)', 'x'.repeat(255)])(
    '%j is a name',
    (name) => {
      expect(isSafeName(name)).toBe(true);
    },
  );

  test.each([
    ['%d/%u', 'example.org/news'],
    ['%u', 'news'],
    ['lists/%u@%d', 'lists/news@example.org'],
    ['%d/lists-%u/100%%', 'example.org/lists-news/100%'],
  ])('the layout %s', (text, path) => {
    expect(expandLayout(parseLayout(text) as Layout, 'news', 'example.org')).toBe(path);
  });

  test.each(['', '/%u', '%d', '%x/%u', '../%u', '%d//%u', '%u/', '.x/%u', '%u%'])(
    '%j is no layout',
    (text) => {
      expect(typeof parseLayout(text)).toBe('string');
    },
  );

  test('whatever is expanded is a plain path below the spool', () => {
    const layouts = ['%d/%u', '%u', 'x%u%d/y'].map((text) => parseLayout(text) as Layout);
    fc.assert(
      fc.property(nasty, nasty, (user, domain) => {
        for (const layout of layouts) {
          const path = expandLayout(layout, user, domain);
          if (path === null) continue;
          expect(path.split('/')).toHaveLength(layout.levels.length);
          for (const name of path.split('/')) expect(isSafeName(name)).toBe(true);
        }
      }),
    );
  });
});

/** The real file system, which also notes what was asked for. */
class NotedFiles extends NodeFiles {
  readonly asked: string[] = [];

  override status(path: string) {
    this.asked.push(path);
    return super.status(path);
  }

  override read(path: string, limit: number) {
    this.asked.push(path);
    return super.read(path, limit);
  }
}

describe('finding lists', () => {
  let spool: Spool;
  beforeAll(async () => {
    spool = await makeSpool();
    await spool.add('a-b');
    await spool.add('a', { delimiter: '-' });
    await mkdir(join(spool.path, 'flat/control'), { recursive: true });
    await writeFile(join(spool.path, 'flat/control/listaddress'), 'flat@example.org\nother@alias.example\n');
  });
  afterAll(() => spool.remove());

  function finder(layout: string) {
    const files = new NotedFiles();
    return { finder: new ListFinder(spool.path, parseLayout(layout) as Layout, files), files };
  }
  async function found(layout: string, address: string): Promise<string> {
    try {
      const { localPart, domain } = splitMailbox(address)!;
      const { name, extension } = await finder(layout).finder.find(localPart, domain);
      return `${name} ${extension}`.trim();
    } catch (error) {
      return (error as Error).message;
    }
  }

  test.each([
    ['%d/%u', 'news@example.org', 'example.org/news'],
    ['%d/%u', 'News+Foo@EXAMPLE.org', 'example.org/news foo'],
    ['%d/%u', 'News+Bounces-7-A=b.c@EXAMPLE.org', 'example.org/news bounces-7-A=b.c'],
    ['%d/%u', '"news"@example.org', 'example.org/news'],
    ['%d/%u', 'a-b@example.org', 'example.org/a-b'],
    ['%d/%u', 'a-b+c@example.org', 'example.org/a-b c'],
    ['%d/%u', 'a-c@example.org', 'example.org/a c'],
    ['%d/%u', 'a+c@example.org', 'there is no such mailing list'],
    ['%d/%u', 'news-foo@example.org', 'there is no such mailing list'],
    ['%d/%u', 'news@elsewhere.example', 'there is no such mailing list'],
    ['%u', 'flat@whatever.example', 'flat'],
    ['%u', 'other+x@alias.example', 'flat x'],
    ['%u', 'other@example.org', 'there is no such mailing list'],
  ])('with %s, %s is %s', async (layout, address, expected) => {
    expect(await found(layout, address)).toBe(expected);
  });

  test('nothing outside the spool is ever looked at', async () => {
    const { finder: hostile, files } = finder('%d/%u');
    await fc.assert(
      fc.asyncProperty(nasty, nasty, async (user, domain) => {
        try {
          await hostile.find(user, domain);
        } catch (error) {
          const { kind } = (error as DeliveryFailure).failure;
          expect([FailureKind.NoSuchList, FailureKind.Temporary]).toContain(kind);
        }
      }),
      { numRuns: 300 },
    );
    for (const path of files.asked)
      expect(path.startsWith(`${spool.path}/`) && !path.includes('/../')).toBe(true);
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
    [['--lists', '/a'], /given twice/],
    [['--frobnicate'], /unknown argument "--frobnicate"/],
    [['stray'], /unknown argument "stray"/],
    [['--listen'], /needs a value/],
  ])('%j', (args, complaint) => {
    const parsed = parseServeArguments(['--lists', '/var/spool/mlmmj', ...args]);
    if (complaint === undefined) expect(parsed.kind).toBe('serve');
    else expect((parsed as { message: string }).message).toMatch(complaint);
  });

  test('the usage text names every option there is', () => {
    expect(SERVE_USAGE).toMatch(/^Usage: /);
    for (const name of SERVE_USAGE.match(/(?<=--)[a-z-]+/g) ?? []) {
      const parsed = parseServeArguments([`--${name}`, 'x']);
      if (name !== 'help')
        expect((parsed as { message: string }).message, name).not.toMatch(/unknown argument/);
    }
    for (const line of SERVE_USAGE.split('\n')) expect(line.length).toBeLessThanOrEqual(110);
  });
});
