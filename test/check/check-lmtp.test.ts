/** `check` of lists behind the LMTP service: a Postfix that is never started, and the real service. */
import { chmodSync, chownSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { describe, expect, onTestFinished, test } from 'vitest';
import { account } from '../../src/mail-server/accounts.ts';
import { askLmtp } from '../../src/mail-server/lmtp-session.ts';
import { PROGRAMS, type Program } from '../helpers/programs.ts';
import {
  command,
  LIST_USER,
  type PrivateHost,
  postfixObstacle,
  spooledList,
} from '../install/private-postfix.ts';
import { type Service, startService } from '../serve/service.ts';
import { findings, port, soundHost } from './sound-host.ts';

const obstacle = postfixObstacle();
const MAIN = `recipient_delimiter = +
mlmmj-lmtp_destination_recipient_limit = 20
mlmmj-lmtp_destination_concurrency_limit = 20
`;
const CLIENT = 'mlmmj-lmtp unix - - n - 20 lmtp\n';

interface ServedHost extends PrivateHost {
  readonly list: string;
  readonly socket: string;
  readonly service: Service | undefined;
  readonly args: string[];
}

/** A host whose list is behind the running service; `settings` and `client` are what a test breaks. */
async function servedHost(
  more: {
    main?: string;
    client?: string;
    serve?: string[] | null;
    /** The service goes by another name, as one in a container does that is not seen. */
    elsewhere?: boolean;
    /** The part of the spool that the service has, with a list of another name. */
    lists?: string;
    address?: (socket: string) => string;
  } = {},
): Promise<ServedHost> {
  const host = soundHost({ main: more.main ?? MAIN, master: more.client ?? CLIENT });
  const run = join(host.path, 'run');
  mkdirSync(run);
  const { uid, gid } = account(LIST_USER)!;
  chownSync(run, uid, gid);
  const socket = join(run, 'lmtp.sock');
  const nexthop = (more.address ?? ((path: string) => `unix:${path}`))(socket);
  writeFileSync(join(host.config, 'lists'), `/^news([+].*)?@example\\.com$/ mlmmj-lmtp:${nexthop}\n`);
  let service: Service | undefined;
  if (more.lists !== undefined) spooledList(host, `${more.lists}/other`, `other@${more.lists}`);
  if (more.serve !== null) {
    service = await startService({
      program: more.elsewhere ? renamed(host) : PROGRAMS[0]!,
      lists: join(host.spool, more.lists ?? ''),
      args: ['--listen', `unix:${socket}`, ...(more.serve ?? [])],
      uid,
    });
    onTestFinished(async () => {
      await service!.stop();
    });
  }
  // Where no unit is: this machine's own are not the test's business.
  return { ...host, socket, service, args: ['--systemd-config', join(host.path, 'no-units')] };
}

function renamed(host: PrivateHost): Program {
  const link = join(host.path, 'list-host.js');
  symlinkSync(PROGRAMS[1]!.command[1]!, link);
  return { name: 'in a container', command: [process.execPath, link] };
}

const wrongs = async (host: ServedHost, ...args: string[]) =>
  (await findings(host, ...host.args, ...args)).wrong.map(({ what }) => what);

describe.skipIf(obstacle)(`check of the LMTP service${obstacle}`, () => {
  test('says that all is right where it is, and who runs it; asked for or noticed', async () => {
    const host = await servedHost();
    for (const args of [[host.list], ['--lmtp', `unix:${host.socket}`, host.list]]) {
      const { status, wrong, all } = await findings(host, ...host.args, ...args);
      expect(wrong).toEqual([]);
      expect(status).toBe(0);
      expect(all.map(({ what }) => what)).toEqual(
        expect.arrayContaining([
          'mlmmj-lmtp is a client for it',
          'mlmmj-lmtp_destination_recipient_limit is 20',
          "Postfix's user postfix may connect",
          expect.stringMatching(/^answers "220 lists\.example\.org /),
          'takes posts of up to 1073741824 bytes',
          `runs as ${LIST_USER}`,
          `news@example.com leads to mlmmj-lmtp:unix:${host.socket} by regexp:${host.config}/lists, which takes it`,
          `news+subscribe@example.com leads to mlmmj-lmtp:unix:${host.socket} by regexp:${host.config}/lists, which takes it`,
          `belongs to ${LIST_USER}`,
        ]),
      );
    }
    // It asked, and delivered nothing.
    expect(host.service!.log()).not.toMatch(/delivered|deferred|refused|lost/);
  });

  test('finds the lists by itself: the service says where they are', async () => {
    const host = await servedHost();
    // Nothing of the pipe is left that could tell.
    execaSync('postconf', ['-c', host.config, '-MX', 'mlmmj/unix']);
    const { status, all } = await findings(host, ...host.args, `--lmtp=unix:${host.socket}`);
    expect(status).toBe(0);
    expect(all.map(({ subject }) => subject)).toContain('news@example.com');
    expect(all.map(({ what }) => what)).not.toContain('master.cf has no service "mlmmj"');
  });

  test('asks for a list by its address: its directory may be on another host', async () => {
    const host = await servedHost();
    const { status, all } = await findings(host, ...host.args, 'news@example.com');
    expect(status).toBe(0);
    const said = all.filter(({ subject }) => subject === 'news@example.com').map(({ what }) => what);
    expect(said).toEqual(
      expect.arrayContaining([
        `news@example.com leads to mlmmj-lmtp:unix:${host.socket} by regexp:${host.config}/lists, which takes it`,
        `news+subscribe@example.com leads to mlmmj-lmtp:unix:${host.socket} by regexp:${host.config}/lists, which takes it`,
        // It is here all the same, and so all of it is looked at.
        'has a footer: control/footer_text',
      ]),
    );
    rmSync(host.list, { recursive: true });
    spooledList(host, 'example.com/another', 'another@example.com');
    // The service remembers for a second that there was one.
    await expect
      .poll(() => wrongs(host, 'news@example.com'), { timeout: 5000 })
      .toEqual([
        expect.stringContaining('which has no such list: 550 5.1.1'),
        expect.stringContaining('which has no such list: 550 5.1.1'),
      ]);
    // No list leads to the service then, so that the pipe's settings count as well.
    expect(await wrongs(host, 'other@example.com')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^transport_maps does not know other@example\.com: /),
        expect.stringMatching(/^transport_maps does not know other\+subscribe@example\.com: /),
      ]),
    );
  });

  test('asks the service for its lists where its process and their spool are not seen from here', async () => {
    const host = await servedHost({ elsewhere: true });
    execaSync('postconf', ['-c', host.config, '-MX', 'mlmmj/unix']);
    rmSync(join(host.path, 'usr/bin/mlmmj-receive'));
    const { status, wrong, all } = await findings(host, ...host.args, `--lmtp=unix:${host.socket}`);
    expect(wrong).toEqual([]);
    expect(status).toBe(0);
    expect(all.filter(({ subject }) => subject === 'news@example.com').map(({ what }) => what)).toEqual([
      `news@example.com leads to mlmmj-lmtp:unix:${host.socket} by regexp:${host.config}/lists, which takes it`,
      `news+subscribe@example.com leads to mlmmj-lmtp:unix:${host.socket} by regexp:${host.config}/lists, which takes it`,
    ]);
    await host.service!.stop();
    const { status: away, all: then } = await findings(host, ...host.args, `--lmtp=unix:${host.socket}`);
    expect(away).toBe(1);
    expect(then.filter(({ level }) => level === 'unknown').map(({ what }) => what)).toEqual([
      `the service at unix:${host.socket} does not say which lists it has`,
    ]);
  });

  test('finds that the service is away, and says it once', async () => {
    const host = await servedHost();
    await host.service!.stop();
    const { status, wrong, all } = await findings(host, ...host.args, host.list);
    expect(status).toBe(1);
    expect(wrong).toEqual([
      {
        level: 'wrong',
        subject: `LMTP service at unix:${host.socket}`,
        what: `there is no socket ${host.socket}`,
        mend: expect.stringContaining('systemctl enable --now mlmmj-amime.socket'),
      },
    ]);
    expect(all).toContainEqual(
      expect.objectContaining({ level: 'note', what: expect.stringContaining('which could not be asked') }),
    );
  });

  test('finds a socket that Postfix may not write to, or not come to', async () => {
    const host = await servedHost({ serve: ['--socket-mode', '0600'] });
    expect(await wrongs(host, host.list)).toEqual(["Postfix's user postfix may not write to the socket"]);
    chmodSync(join(host.path, 'run'), 0o700);
    expect(await wrongs(host, host.list)).toEqual([
      `Postfix's user postfix may not pass through ${host.path}/run`,
    ]);
  });

  test('finds a client in a chroot, from which the socket is not seen', async () => {
    const host = await servedHost({ client: CLIENT.replace('- - n', '- - y') });
    const { wrong } = await findings(host, ...host.args, host.list);
    expect(wrong[0]!.what).toBe(
      `mlmmj-lmtp runs in a chroot, from which the socket is not seen: it looks for ${host.path}/queue${host.socket}`,
    );
    execaSync('postconf', wrong[0]!.mend!.replace('postconf', `-c ${host.config}`).split(' '));
    expect(await wrongs(host, host.list)).toEqual([]);
  });

  test('finds that it does not know the list, or may not take its posts', async () => {
    const host = await servedHost({ lists: 'example.org' });
    const [first] = await wrongs(host, host.list);
    expect(first).toBe(
      `news@example.com leads to mlmmj-lmtp:unix:${host.socket} by regexp:${host.config}/lists, which has no such list: 550 5.1.1 there is no such mailing list`,
    );
    chmodSync(join(host.list, 'incoming'), 0o500);
    expect(await wrongs(host, host.list)).toContain(
      `${host.list}/incoming is closed to ${LIST_USER}: posts cannot be taken`,
    );
  });

  test('finds smaller posts there than Postfix takes', async () => {
    const host = await servedHost({ serve: ['--max-size', '1M'] });
    expect(await wrongs(host, host.list)).toEqual([
      'takes posts of up to 1048576 bytes, and Postfix up to 10240000: larger ones are bounced',
    ]);
  });

  test('finds that Postfix waits too short a time, and notes limits that do not fit', async () => {
    const main = 'recipient_delimiter = +\nlmtp_data_done_timeout = 60s\n';
    const host = await servedHost({ main });
    const { wrong, all } = await findings(host, ...host.args, host.list);
    expect(wrong.map(({ what }) => what)).toEqual([
      'Postfix waits only 60s for an answer that may take 420 s: posts would come twice',
    ]);
    expect(all).toContainEqual({
      level: 'note',
      subject: `LMTP service at unix:${host.socket}`,
      what: 'mlmmj-lmtp_destination_recipient_limit is 50: a post to more than 20 lists comes to the rest later',
      mend: 'postconf -e mlmmj-lmtp_destination_recipient_limit=20',
    });
    execaSync('postconf', ['-c', host.config, ...wrong[0]!.mend!.split(' ').slice(1)]);
    expect(await wrongs(host, host.list)).toEqual([]);
  });

  test('--lmtp finds a list that goes through the pipe, and a client that is missing', async () => {
    const host = await servedHost({ client: '' });
    writeFileSync(join(host.config, 'lists'), '/^news([+].*)?@example\\.com$/ mlmmj:example.com/news\n');
    expect(await wrongs(host, host.list, `--lmtp=unix:${host.socket}`)).toEqual(
      expect.arrayContaining([
        'master.cf has no service "mlmmj-lmtp"',
        'news@example.com leads to mlmmj:example.com/news, and not to the LMTP service',
      ]),
    );
    execaSync('postconf', ['-c', host.config, '-M', 'mlmmj-lmtp/unix=mlmmj-lmtp unix - - n - - smtp']);
    expect(await wrongs(host, host.list, `--lmtp=unix:${host.socket}`)).toContain(
      'mlmmj-lmtp in master.cf runs smtp, which speaks no LMTP',
    );
  });

  test('finds a unit whose sandbox leaves the lists out, and a user that is not there', async () => {
    const host = await servedHost({ serve: null });
    const units = join(host.path, 'units');
    mkdirSync(units);
    const unit = readFileSync(new URL('../../systemd/mlmmj-amime.service', import.meta.url), 'utf8');
    writeFileSync(
      join(units, 'mlmmj-amime.service'),
      unit
        .replace('--lists /var/vmail/mlmmj', `--lists ${host.spool}`)
        .replace('User=mlmmj', 'User=nobody-at-all'),
    );
    const { wrong } = await findings(host, '--systemd-config', units, host.list);
    expect(wrong.map(({ what }) => what)).toEqual([
      `there is no socket ${host.socket}`,
      'the user that its unit names does not exist',
      `its unit lets it only read ${host.spool}`,
    ]);
  });

  test('finds that nothing listens on a port, and that something else does', async () => {
    const host = await servedHost({ address: () => 'inet:127.0.0.1:9', serve: null });
    expect(await wrongs(host, host.list)).toEqual(['nothing answers (ECONNREFUSED)']);
    // What stands for Amavisd greets, and then goes.
    const other = await servedHost({ address: () => `inet:127.0.0.1:${port}`, serve: null });
    expect((await wrongs(other, other.list))[0]).toContain('no LMTP service');
  });

  test('prints the service under a heading of its own', async () => {
    const host = await servedHost();
    const options = ['--postfix-config', host.config, '--amavis-port', String(port), ...host.args, host.list];
    const { out } = await command('check', options);
    expect(out).toContain(`\nLMTP service at unix:${host.socket}\n  ok    mlmmj-lmtp is a client for it\n`);
    expect(out).toMatch(/\nAll is right\.\n$/);
  });
});

describe.skipIf(obstacle)(`lists without control/tocc${obstacle}`, () => {
  const mlmmj = (host: PrivateHost, version: string) =>
    writeFileSync(
      join(host.path, 'usr/bin/mlmmj-receive'),
      `#!/bin/sh\necho mlmmj-receive version ${version}\n`,
    );

  test('are noted once, with mlmmj 1.3, and that makes nothing wrong', async () => {
    const host = soundHost();
    mlmmj(host, '1.3.0');
    const { status, all } = await findings(host, host.list, host.list);
    expect(status).toBe(0);
    const notes = all.filter(({ what }) => what.includes('tocc'));
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatchObject({
      level: 'note',
      subject: 'mlmmj',
      what: 'without control/tocc, mlmmj 1.3.0 posts whatever names the list in To: or Cc:, commands too: news@example.com',
    });
  });

  test('and not with another mlmmj, or where the file is there', async () => {
    const host = soundHost();
    mlmmj(host, '1.4.0');
    expect((await findings(host)).all.filter(({ what }) => what.includes('tocc'))).toEqual([]);
    mlmmj(host, '1.3.0');
    writeFileSync(join(host.list, 'control/tocc'), '');
    expect((await findings(host)).all.filter(({ what }) => what.includes('tocc'))).toEqual([]);
  });
});

describe('asking an LMTP server', () => {
  /** Says what it is told to say, line for line, whatever it hears. */
  async function saying(...replies: string[]): Promise<{ kind: 'inet'; host: string; port: number }> {
    const server: Server = createServer((socket) => {
      const left = [...replies];
      socket.write(left.shift() ?? '');
      socket.on('data', () => socket.write(left.shift() ?? ''));
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    return { kind: 'inet', host: '127.0.0.1', port: (server.address() as { port: number }).port };
  }

  test('reads keywords with their parameters, and replies of several lines in pieces', async () => {
    const address = await saying(
      '220 there\r\n',
      '250-there\r\n250-SIZE 5\r\n250 pipelining\r\n',
      '250 ok\r\n',
      '550-5.1.1 no\r\n550 5.1.1 never\r\n',
      '250 ok\r\n',
      '221 bye\r\n',
    );
    const answer = await askLmtp(address, ['a@example.com']);
    expect(answer.trouble).toBeUndefined();
    expect([...answer.keywords]).toEqual([
      ['SIZE', '5'],
      ['PIPELINING', ''],
    ]);
    expect(answer.replies.get('a@example.com')).toBe('550-5.1.1 no 550 5.1.1 never');
  });

  test.each([
    ['a greeting that sends away', ['421 4.3.2 not now\r\n'], { greeting: '421 4.3.2 not now' }],
    ['something else', ['HTTP/1.1 400 Bad Request\r\n\r\n'], { greeting: 'HTTP/1.1 400 Bad Request' }],
    ['a server of SMTP', ['220 hello\r\n', '502 5.5.1 what?\r\n', '221 bye\r\n'], { greeting: '220 hello' }],
  ])('takes %s as it is', async (_, replies, expected) => {
    const answer = await askLmtp(await saying(...replies), ['a@example.com']);
    expect(answer).toMatchObject({ ...expected, trouble: undefined });
    expect(answer.keywords.size).toBe(0);
    expect(answer.replies.size).toBe(0);
  });
});

test('a wrong --lmtp is named', async () => {
  const { status, err } = await command('check', ['--lmtp=nonsense']);
  expect(status).toBe(64);
  expect(err).toContain('--lmtp nonsense: unix:/PATH or inet:HOST:PORT is meant');
});
