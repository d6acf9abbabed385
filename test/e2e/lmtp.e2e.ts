/** Postfix's lmtp(8) delivers to the service: through a socket and over TCP, to one host and to two, one of which fails. */
import { chownSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { arrived, deliveries, eventually, header } from './deliveries.ts';
import { compose, freshMessageId, POSTER, post, read, withHeader } from './mail.ts';
import { type Account, listAccount } from './stack/account.ts';
import { copyPrograms } from './stack/copy-programs.ts';
import { type ListHost, makeListHost, namespaceObstacle, removeListHost } from './stack/list-hosts.ts';
import { type ListService, startListService } from './stack/list-service.ts';
import { makeList } from './stack/lists.ts';
import { freePorts } from './stack/ports.ts';
import { makePostfix, type Postfix } from './stack/postfix.ts';
import { makePrivateDirectory, type PrivateDirectory } from './stack/private-directory.ts';
import { type Sink, startSink } from './stack/sink.ts';
import type { Stack } from './stack/stack.ts';

const EXECUTABLE =
  process.env.MLMMJ_AMIME_EXECUTABLE ?? new URL('../../dist/mlmmj-amime-receive', import.meta.url).pathname;
const obstacle = inject('obstacle');
const DOMAIN = 'lists.example.com';
const FOOTERS = { footer_text: 'Grüße von der Liste\n', footer_html: '<p>Grüße von der Liste</p>\n' };
const SUBSCRIBERS = ['ann@subscribers.example.net', 'bob@subscribers.example.org'];

/** A mail host that delivers by LMTP, with the settings and the service of the snippets. */
interface MailHost {
  readonly home: PrivateDirectory;
  readonly postfix: Postfix;
  readonly sink: Sink;
  readonly sinkPath: string;
  readonly executable: string;
  readonly owner: Account;
  /** As much of a Stack as posting takes. */
  readonly stack: Stack;
}

async function makeMailHost(
  transports: (home: string) => Readonly<Record<string, string>>,
): Promise<MailHost> {
  const home = makePrivateDirectory();
  const [smtp, sinkPort] = (await freePorts(2)) as [number, number];
  const owner = listAccount();
  const sinkPath = join(home.path, 'sink');
  const sink = await startSink(sinkPort, sinkPath, true);
  const executable = copyPrograms(EXECUTABLE, home.make('usr/bin'));
  const table = join(home.make('host'), 'lmtp_transport');
  const lines = Object.entries(transports(home.path)).map(
    ([address, transport]) => `${address} ${transport}\n`,
  );
  writeFileSync(table, lines.join(''));
  const postfix = makePostfix(home, 'host', smtp, {
    ...snippetSettings(),
    relayhost: `[127.0.0.1]:${sinkPort}`,
    mydestination: 'localhost',
    relay_domains: DOMAIN,
    transport_maps: `hash:${table}`,
    // Soon again, as long as it takes.
    minimal_backoff_time: '1s',
    maximal_backoff_time: '2s',
    queue_run_delay: '1s',
  });
  await execa('postmap', ['-c', postfix.config, `hash:${table}`]);
  const master = readFileSync(join(postfix.config, 'master.cf'), 'utf8');
  writeFileSync(join(postfix.config, 'master.cf'), master + snippet('lmtp.master.cf.snippet'));
  await postfix.run('postfix', 'check');
  await postfix.start();
  return { home, postfix, sink, sinkPath, executable, owner, stack: { smtpPort: smtp } as Stack };
}

function snippet(name: string): string {
  return readFileSync(new URL(`../../postfix/${name}`, import.meta.url), 'utf8');
}

/** The snippet's own settings, but for the lookup, which is the test's. */
function snippetSettings(): Record<string, string> {
  const settings = snippet('lmtp.main.cf.snippet').matchAll(/^([a-z][\w-]*) = (.*)$/gm);
  return Object.fromEntries([...settings].map((match) => [match[1]!, match[2]!]));
}

async function takeDown(host: MailHost | undefined): Promise<void> {
  host?.home.takeDown();
  await host?.sink.close();
}

describe.skipIf(obstacle)('a service on the same host', () => {
  let host: MailHost;
  let service: ListService | undefined;
  const services: ListService[] = [];

  beforeAll(async () => {
    const [port] = (await freePorts(1)) as [number];
    host = await makeMailHost((home) => ({
      [`socket@${DOMAIN}`]: `mlmmj-lmtp:unix:${home}/run/lmtp.sock`,
      [`both@${DOMAIN}`]: `mlmmj-lmtp:unix:${home}/run/lmtp.sock`,
      [`tcp@${DOMAIN}`]: `mlmmj-lmtp:inet:127.0.0.1:${port}`,
      [`nowhere@${DOMAIN}`]: `mlmmj-lmtp:inet:127.0.0.1:${port}`,
    }));
    const spool = host.home.make('vmail/mlmmj');
    const sinkPort = host.sink.port;
    for (const name of ['socket', 'both', 'tcp']) {
      // tocc: mlmmj 1.3.0 then believes what it is told of the recipient more than the header's To:.
      const control = { ...FOOTERS, tocc: '' };
      const options = { address: `${name}@${DOMAIN}`, subscribers: SUBSCRIBERS, control };
      await makeList(spool, host.owner, sinkPort, options);
    }
    const run = host.home.make('run');
    chownSync(run, host.owner.uid, host.owner.gid);
    const listen = [`unix:${run}/lmtp.sock`, `127.0.0.1:${port}`];
    for (const [number, where] of listen.entries()) {
      const args = ['--lists', spool, '--listen', where];
      services.push(
        await startListService(host.home, `service-${number}`, host.executable, host.owner, args),
      );
    }
    service = services[0];
  });
  afterAll(async () => {
    await Promise.all(services.map((one) => one.stop()));
    await takeDown(host);
  });

  test.each(['socket', 'tcp'])('a post to %s@ reaches the subscribers with its footers', async (name) => {
    const messageId = freshMessageId();
    const to = `${name}@${DOMAIN}`;
    const attachment = {
      filename: 'a.bin',
      content: Buffer.from(Array.from({ length: 9999 }, (_, at) => at % 256)),
    };
    await post(
      host.stack,
      to,
      await compose({ to, messageId, text: 'Wörter.', html: '<p>Wörter.</p>', attachments: [attachment] }),
    );
    const copies = await arrived(host.sinkPath, messageId, SUBSCRIBERS.length);
    expect(copies.flatMap((copy) => copy.recipients).sort()).toEqual([...SUBSCRIBERS].sort());
    for (const copy of copies) {
      expect(copy.sender).toMatch(new RegExp(`^${name}\\+bounces-\\d+-`));
      const mail = await read(copy.bytes);
      expect(mail.text?.split('Grüße von der Liste')).toHaveLength(2);
      expect(String(mail.html).split('Grüße von der Liste')).toHaveLength(2);
      expect(mail.attachments[0]?.content.equals(attachment.content)).toBe(true);
    }
    const line = await eventually('the line in the mail log', () =>
      host.postfix
        .log()
        .split('\n')
        .find((text) => text.includes(`to=<${to}>`) && text.includes('status=sent')),
    );
    expect(line).toContain('postfix/lmtp');
    expect(line).toContain('(250 2.1.5 footer added: text/plain, text/html)');
    const queueId = /: ([0-9A-Za-z]+): to=/.exec(line)![1];
    const ours = services
      .map((one) => one.log())
      .join('')
      .split('\n')
      .find((text) => text.includes(messageId));
    expect(ours).toMatch(new RegExp(`^delivered .*queue=${queueId} list=${DOMAIN}/${name} `));
  });

  test('10 MB arrive whole', async () => {
    const messageId = freshMessageId();
    const to = `socket@${DOMAIN}`;
    const content = Buffer.alloc(7_500_000, 'Zeichen für Zeichen. ');
    await post(
      host.stack,
      to,
      await compose({ to, messageId, text: 'Large.', attachments: [{ filename: 'l.bin', content }] }),
    );
    const [copy] = await arrived(host.sinkPath, messageId, SUBSCRIBERS.length);
    const mail = await read(copy!.bytes);
    expect(mail.attachments[0]?.content.equals(content)).toBe(true);
    expect(mail.text).toContain('Grüße von der Liste');
  });

  test('one message to two lists, and dots at the beginning of lines', async () => {
    const messageId = freshMessageId();
    const body = '.one dot\r\n..two\r\n.\r\nend\r\n';
    // The footer is not ASCII, so the text leaves in quoted-printable, which writes such dots as =2E.
    const message = withHeader(
      `socket@${DOMAIN}`,
      messageId,
      [`Cc: both@${DOMAIN}`, 'Content-Type: text/plain'],
      body,
    );
    await Promise.all([
      post(host.stack, `socket@${DOMAIN}`, message),
      post(host.stack, `both@${DOMAIN}`, message),
    ]);
    const copies = await arrived(host.sinkPath, messageId, 4);
    for (const { bytes } of copies)
      expect((await read(bytes)).text).toMatch(/^\.one dot\n\.\.two\n\.\nend\n/);
    const lists = copies.map(({ sender }) => sender.split('+')[0]).sort();
    expect(lists).toEqual(['both', 'both', 'socket', 'socket']);
  });

  test('a command by Bcc is a command, and a null sender is no post', async () => {
    const to = `tcp+subscribe@${DOMAIN}`;
    const messageId = freshMessageId();
    await post(
      host.stack,
      to,
      withHeader(`tcp@${DOMAIN}`, messageId, [], 'please\r\n'),
      'new@elsewhere.example',
    );
    await eventually('the question whether to subscribe', () =>
      deliveries(host.sinkPath).find((found) => found.sender.startsWith('tcp+bounces-confsub-')),
    );
    const bounced = freshMessageId();
    await post(
      host.stack,
      `tcp@${DOMAIN}`,
      withHeader(`tcp@${DOMAIN}`, bounced, [], 'undeliverable\r\n'),
      '',
    );
    await eventually('its line in our log', () => services[1]!.log().includes(bounced) || undefined);
    expect(
      services[1]!
        .log()
        .split('\n')
        .find((line) => line.includes(bounced)),
    ).toContain('footer="no footer: null sender"');
    expect(deliveries(host.sinkPath).filter(({ bytes }) => header(bytes).includes(bounced))).toEqual([]);
  });

  test('a list that does not exist is bounced to the poster', async () => {
    const messageId = freshMessageId();
    await post(host.stack, `nowhere@${DOMAIN}`, withHeader(`nowhere@${DOMAIN}`, messageId, [], 'hello?\r\n'));
    const bounce = await eventually('the bounce', () =>
      deliveries(host.sinkPath).find(
        ({ recipients, bytes }) => recipients.includes(POSTER) && bytes.includes(messageId),
      ),
    );
    expect(bounce.bytes.toString()).toContain('550 5.1.1 there is no such mailing list');
    expect(bounce.bytes.toString()).not.toContain(host.home.path);
  });

  test('while the service is away mail waits, and comes afterwards', async () => {
    await service!.stop();
    const messageId = freshMessageId();
    const to = `socket@${DOMAIN}`;
    await post(host.stack, to, withHeader(to, messageId, [], 'patience\r\n'));
    await eventually(
      'its deferral',
      () => /to=<socket@[^\n]*status=deferred/.test(host.postfix.log()) || undefined,
    );
    const args = [
      '--lists',
      join(host.home.path, 'vmail/mlmmj'),
      '--listen',
      `unix:${host.home.path}/run/lmtp.sock`,
    ];
    services[0] = await startListService(host.home, 'service-0', host.executable, host.owner, args);
    expect(await arrived(host.sinkPath, messageId, SUBSCRIBERS.length)).toHaveLength(SUBSCRIBERS.length);
  });
});

describe.skipIf(obstacle)('lists spread over two hosts', async () => {
  const noNamespaces = obstacle === undefined ? await namespaceObstacle() : undefined;
  if (noNamespaces !== undefined) console.log(`skipped: ${noNamespaces}`);
  const POSTS = 60;
  let host: MailHost;
  const listHosts: ListHost[] = [];
  const services: ListService[] = [];

  beforeAll(async () => {
    if (noNamespaces !== undefined) return;
    listHosts.push(await makeListHost(1), await makeListHost(2));
    host = await makeMailHost(() => ({
      [`one@${DOMAIN}`]: `mlmmj-lmtp:inet:${listHosts[0]!.address}:2424`,
      [`two@${DOMAIN}`]: `mlmmj-lmtp:inet:${listHosts[1]!.address}:2424`,
    }));
    for (const [at, name] of ['one', 'two'].entries()) {
      const options = { address: `${name}@${DOMAIN}`, subscribers: [], control: FOOTERS };
      await makeList(host.home.make(`spool-${at}`), host.owner, 25, options);
      services.push(await serve(at));
    }
  });
  afterAll(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await takeDown(host);
    for (const listHost of listHosts) await removeListHost(listHost);
  });

  /** `-P`: the posts stay where the test can count them. */
  function serve(at: number): Promise<ListService> {
    const { address, mailHost, namespace } = listHosts[at]!;
    const args = [
      '--lists',
      join(host.home.path, `spool-${at}`),
      '--listen',
      `${address}:2424`,
      '--allow',
      mailHost,
      '-P',
    ];
    return startListService(host.home, `host-${at}`, host.executable, host.owner, args, namespace);
  }

  function stored(at: number): string[] {
    const incoming = join(host.home.path, `spool-${at}`, DOMAIN, ['one', 'two'][at]!, 'incoming');
    return readdirSync(incoming).map((name) => readFileSync(join(incoming, name), 'utf8'));
  }

  test.skipIf(noNamespaces)(
    'one is stopped while mail is flowing: nothing is lost, nothing comes twice',
    async () => {
      const sent: string[][] = [[], []];
      const sendAll = async () => {
        for (let count = 0; count < POSTS; count++) {
          const at = count % 2;
          const to = `${['one', 'two'][at]}@${DOMAIN}`;
          const messageId = freshMessageId();
          sent[at]!.push(messageId);
          await post(
            host.stack,
            to,
            withHeader(to, messageId, ['Content-Type: text/plain'], `Post ${count}.\r\n`.repeat(500)),
          );
        }
      };
      const stopping = async () => {
        await eventually('the first posts', () => stored(1).length >= 5 || undefined);
        await services[1]!.stop();
      };
      await Promise.all([sendAll(), stopping()]);
      await eventually(
        'the other host to have all of its posts',
        () => stored(0).length >= POSTS / 2 || undefined,
      );
      expect(stored(1).length, 'some wait').toBeLessThan(POSTS / 2);
      services[1] = await serve(1);
      await eventually('the rest', () => stored(1).length >= POSTS / 2 || undefined);
      for (const at of [0, 1]) {
        const posts = stored(at);
        expect(posts).toHaveLength(POSTS / 2);
        for (const messageId of sent[at]!) {
          const found = posts.filter((text) => text.includes(messageId));
          expect(found, messageId).toHaveLength(1);
          expect(found[0]).toMatch(/Post [0-9]+\.\nGr=C3=BC=C3=9Fe von der Liste\n$/);
        }
      }
      expect(host.postfix.log()).not.toMatch(/status=bounced/);
    },
  );

  test.skipIf(noNamespaces)('nobody else may connect', async () => {
    const { namespace, address } = listHosts[0]!;
    // From the list host itself, by its own address: not the mail host's.
    const script = `import socket; print(socket.create_connection(('${address}', 2424)).recv(200).decode())`;
    const { stdout } = await execa('ip', ['netns', 'exec', namespace, 'python3', '-c', script]);
    expect(stdout).toMatch(/^421 /);
  });
});
