import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execaSync } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../../src/check/finding.ts';
import { parseService, type Service, serviceKey } from '../../src/mail-server/master-cf.ts';
import { smtpAddress } from '../../src/mail-server/probe.ts';
import { command, postfixObstacle } from '../install/private-postfix.ts';
import { type RunningPostfix, runningPostfix } from '../mail-server/running-postfix.ts';

const obstacle = postfixObstacle();

describe.skipIf(obstacle)(`check --probe${obstacle}`, () => {
  let postfix: RunningPostfix;

  beforeAll(async () => {
    postfix = await runningPostfix(
      (at) => `mydestination =
virtual_mailbox_domains = boxes.example
virtual_mailbox_maps = texthash:${at}/boxes`,
      { boxes: 'list@boxes.example x\n' },
    );
  }, 60_000);
  afterAll(() => postfix?.stop());

  async function probed(address: string): Promise<Pick<Finding, 'level' | 'what'>> {
    const { out } = await command('check', [
      '--json',
      '--postfix-config',
      postfix.config,
      '--probe',
      address,
    ]);
    const { findings } = JSON.parse(out) as { findings: Finding[] };
    const { level, what } = findings.at(-1)!;
    return { level, what };
  }

  test('says what the running smtpd answers, and sends nothing', async () => {
    const port = Number(
      /:(\d+)$/.exec(execaSync('postconf', ['-c', postfix.config, '-M']).stdout.split(/\s/)[0]!)![1],
    );
    const where = `smtpd at 127.0.0.1 port ${port} says to`;
    expect(await probed('list@boxes.example')).toEqual({
      level: 'right',
      what: `${where} list@boxes.example: 250 2.1.5 Ok`,
    });
    expect(await probed('other@boxes.example')).toEqual({
      level: 'wrong',
      what: `${where} other@boxes.example: 550 5.1.1 <other@boxes.example>: Recipient address rejected: User unknown in virtual mailbox table`,
    });
    const log = readFileSync(join(dirname(postfix.config), 'log'), 'utf8');
    expect(log).toContain('rset=1 quit=1');
    expect(log).not.toContain('postfix/qmgr');
  });

  test('without it nothing is asked of smtpd', async () => {
    const log = () =>
      readFileSync(join(dirname(postfix.config), 'log'), 'utf8').match(/smtpd\[\d+\]: connect/g)?.length;
    const before = log();
    await command('check', ['--json', '--postfix-config', postfix.config, 'list@boxes.example']);
    expect(log()).toBe(before);
  });

  test('says that nothing answers', async () => {
    execaSync('postfix', ['-c', postfix.config, 'stop'], { stdio: 'ignore' });
    expect((await probed('list@boxes.example')).what).toMatch(/does not answer \(ECONNREFUSED\)$/);
    execaSync('postfix', ['-c', postfix.config, 'start'], { stdio: 'ignore' });
  });
});

test.each([
  [['submission inet n - y - - smtpd', 'smtp inet n - y - - smtpd'], 'all', { host: '127.0.0.1', port: 25 }],
  [
    ['smtp inet n - y - 1 postscreen', '127.0.0.1:10025 inet n - n - - smtpd'],
    '192.0.2.1, ::1',
    { host: '192.0.2.1', port: 25 },
  ],
  [['[::1]:2525 inet n - n - - smtpd'], 'loopback-only', { host: '::1', port: 2525 }],
  [['smtp unix - - n - - smtp'], 'all', undefined],
])('where mail from elsewhere comes in: %j on %s', (lines, interfaces, address) => {
  const services = new Map<string, Service>(
    lines.map((line) => [serviceKey(parseService(line)), parseService(line)]),
  );
  expect(smtpAddress(services, new Map([['inet_interfaces', interfaces]]))).toEqual(address);
});
