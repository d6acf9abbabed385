import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { readLogLine } from '../../src/check/mail-log.ts';
import { logLine } from '../../src/serve/log-line.ts';
import { demandBuild, PROGRAMS, run } from '../helpers/programs.ts';
import { command } from '../install/private-postfix.ts';

const pipe = (text: string, to = 'news@example.org', status = 'sent') =>
  `Nov 27 15:44:31 mail postfix/pipe[4711]: 4XyZ12: to=<${to}>, relay=mlmmj, delay=0.12, delays=0.05/0.01/0/0.06, dsn=2.0.0, status=${status} (${text})`;

describe('a line of the mail log', () => {
  test.each([
    [
      pipe('delivered via mlmmj service (footer added: text/plain, text/html)'),
      'footer added: text/plain, text/html',
    ],
    [
      pipe(
        'delivered via mlmmj service (no footer: news+subscribe is a command)',
        'news+subscribe@example.org',
      ),
      'no footer: … is a command',
    ],
    [
      pipe(
        'delivered via mlmmj service (no footer: News+bounces-1-a=b is a bounce address)',
        'News+bounces-1-a=b@example.org',
      ),
      'no footer: … is a bounce address',
    ],
    [pipe('delivered via mlmmj service'), 'delivered, and nothing said of footers'],
    [
      pipe(
        'temporary failure. Command output: 4.3.0 list "news" has no control directory',
        'news@example.org',
        'deferred',
      ),
      'deferred: 4.3.0 list "…" has no control directory',
    ],
    [
      pipe(
        'user unknown. Command output: 5.1.1 there is no mailing list "news"',
        'news@example.org',
        'bounced',
      ),
      'bounced: 5.1.1 there is no mailing list "…"',
    ],
    [
      pipe('Command time limit exceeded: "/usr/bin/mlmmj-amime-receive"', 'news@example.org', 'bounced'),
      'bounced: Command time limit exceeded: "…"',
    ],
    [
      pipe('delivered via lists service (no footer: the list has none)').replace(
        'relay=mlmmj',
        'relay=lists',
      ),
      'no footer: the list has none',
    ],
    [
      `2026-11-27T15:44:31.000+00:00 lists serve[7]: ${logLine('delivered', { session: 'abc', queue: '4XyZ', list: 'example.org/news', recipient: 'news+x@example.org', size: 300, reply: '250 2.1.5', footer: 'footer added: text/plain', ms: 12 })}`.trimEnd(),
      'footer added: text/plain',
    ],
    [
      logLine('deferred', {
        session: 'abc',
        recipient: 'news@example.org',
        reply: '451 4.3.0',
        reason: 'list "news" is a "mess"',
      }).trimEnd(),
      'deferred: list "…" is a "…"',
    ],
    [
      logLine('refused', {
        session: 'abc',
        recipient: 'news@example.org',
        reply: '550 5.1.1',
        reason: 'there is no such mailing list',
      }).trimEnd(),
      'refused: there is no such mailing list',
    ],
  ])('%s', (line, result) => {
    expect(readLogLine(line)).toEqual({ list: 'news@example.org', result });
  });

  test.each([
    '',
    'Nov 27 15:44:31 mail postfix/smtp[1]: 4X: to=<a@example.net>, relay=mx.example.net[192.0.2.1]:25, delay=1, status=sent (250 ok)',
    'Nov 27 15:44:31 mail postfix/pipe[1]: 4X: to=<a@example.net>, relay=dovecot, delay=1, dsn=2.0.0, status=sent (delivered via dovecot service)',
    'listening on=unix:/run/x lists=/var/vmail/mlmmj found=3',
    'the post was delivered yesterday',
  ])('%j tells of no delivery to a list', (line) => {
    expect(readLogLine(line)).toBeUndefined();
  });
});

describe('check --log', () => {
  const log = [
    ...Array.from({ length: 3 }, () => pipe('delivered via mlmmj service (footer added: text/plain)')),
    pipe('delivered via mlmmj service (no footer: already there)'),
    pipe('delivered via mlmmj service (footer added: text/plain)', 'talk@example.org'),
    `${'x'.repeat(200_000)} ${pipe('delivered via mlmmj service (footer added: text/plain)')}`,
    'Nov 27 15:44:31 mail postfix/qmgr[1]: 4XyZ12: removed',
  ].join('\n');
  const expected = `news@example.org
       3  footer added: text/plain
       1  no footer: already there

talk@example.org
       1  footer added: text/plain

6 lines read: 5 deliveries and tries to deliver, 2 lists shown.
`;

  function file(name: string, content: string | Uint8Array): string {
    const directory = mkdtempSync(join(tmpdir(), 'amime-log-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    writeFileSync(join(directory, name), content);
    return join(directory, name);
  }

  test('counts a file, by list and reason', async () => {
    expect(await command('check', ['--log', file('mail.log', log)])).toEqual({
      status: 0,
      out: expected,
      err: '',
    });
    const packed = file('mail.log.2.gz', gzipSync(log));
    expect(await command('check', ['--log', packed])).toMatchObject({ status: 0, out: expected });
  });

  test('counts one list, as data', async () => {
    const { out } = await command('check', ['--json', '--log', file('mail.log', log), 'Talk@example.org']);
    expect(JSON.parse(out)).toEqual({
      lines: 6,
      deliveries: 5,
      lists: [{ list: 'talk@example.org', results: [{ result: 'footer added: text/plain', count: 1 }] }],
    });
  });

  test.each([
    [['--log', '/nowhere/mail.log'], 66, '/nowhere/mail.log cannot be read (ENOENT)'],
    [['--log', '/'], 66, '/ is a directory'],
    [['--log', '/x', '/var/vmail/mlmmj/list'], 64, 'lists are named by their addresses'],
  ])('%j', async (args, status, message) => {
    const result = await command('check', args);
    expect(result).toMatchObject({ status, out: '' });
    expect(result.err).toContain(message);
  });

  test('says of a damaged archive that it is one', async () => {
    const { status, err } = await command('check', ['--log', file('mail.log.gz', 'no archive')]);
    expect(status).toBe(66);
    expect(err).toMatch(/mail\.log\.gz cannot be unpacked: .+\n$/);
  });

  describe('as it is built', () => {
    beforeAll(demandBuild);

    test('reads standard input', async () => {
      const { status, stdout, stderr } = await run(PROGRAMS[1]!, ['check', '--log', '-'], { input: log });
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: expected, stderr: '' });
    });
  });
});
