/** LMTP dialogues over real sockets, with the programs as they are built and the real mlmmj-receive where it is there. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  Client,
  FOOTER,
  makeSpool,
  message,
  PROGRAMS,
  type Service,
  type Spool,
  startService,
} from './service.ts';

const TOP = (recipient: string, sender = 'a@example.net') =>
  `Return-Path: <${sender}>\nX-Original-To: ${recipient}\n`;

describe.each(PROGRAMS)('$name', (program) => {
  let spool: Spool;
  let service: Service;
  let client: Client;
  beforeAll(async () => {
    spool = await makeSpool();
    service = await startService({ program, lists: spool.path, args: ['--max-size', '3M'] });
  });
  afterAll(async () => {
    expect(await service.stop()).toBe(0);
    await spool.remove();
  });

  /** The stored messages that have this text, each as mlmmj-receive got it. */
  async function storedWith(list: string, text: string): Promise<string[]> {
    return (await spool.stored(list)).filter((stored) => stored.includes(text));
  }

  /** What mlmmj-receive was called with for messages whose sender holds this text. */
  async function callsFrom(list: string, sender: string): Promise<string[][]> {
    const queue = join(spool.list(list), 'queue');
    const names = (await readdir(queue)).filter((name) => name.startsWith('arguments.'));
    const calls = await Promise.all(
      names.map(async (name) => (await readFile(join(queue, name), 'utf8')).split('\n')),
    );
    return calls
      .filter((call) => call.some((word) => word.includes(sender)))
      .map((call) => call.slice(0, -1));
  }

  async function greeted(): Promise<Client> {
    client?.close();
    client = await Client.greeted(service.port);
    return client;
  }

  test('greets, says what it can, and takes nothing but LMTP', async () => {
    const client = await Client.connect(service.port);
    expect(await client.reply()).toBe('220 lists.example.org LMTP');
    expect(await client.ask('EHLO client')).toMatch(/^500 /);
    expect(await client.ask('MAIL FROM:<a@example.net>')).toMatch(/^503 /);
    const features = (await client.ask('LHLO client')).split('\r\n').map((line) => line.slice(4));
    expect(features.sort()).toEqual(
      [
        '8BITMIME',
        'ENHANCEDSTATUSCODES',
        'PIPELINING',
        'SIZE 3145728',
        'SMTPUTF8',
        'XLISTS',
        'lists.example.org',
      ].sort(),
    );
    for (const command of ['STARTTLS', 'AUTH PLAIN x', 'WIZ', 'SHELL', 'KILL', 'XCLIENT NAME=x']) {
      expect(await client.ask(command), command).toMatch(/^50[0-9] /);
    }
    expect(await client.ask('QUIT')).toMatch(/^221 /);
    client.close();
  });

  test('says which lists it has to whoever may connect', async () => {
    const client = await greeted();
    const lines = (await client.ask('XLISTS')).split('\r\n');
    expect(lines.shift()).toMatch(/^250-\d+ lists$/);
    expect(lines).toEqual(expect.arrayContaining([expect.stringMatching(/^250[ -]news@example\.org$/)]));
    expect(await client.ask('NOOP')).toMatch(/^250 /);
  });

  test('a post gets what pipe(8) writes on top, LF line ends, and its footer', async () => {
    const client = await greeted();
    const replies = await client.deliver(['news@example.org'], message('one'));
    expect(replies).toEqual(['250 2.1.5 footer added: text/plain']);
    expect(await storedWith('news', 'Subject: one\n')).toEqual([
      `${TOP('news@example.org')}${message('one')}${FOOTER} news\n`,
    ]);
    const line = await service.logged('delivered', '<one@example.net>');
    expect(line).toMatch(
      /^delivered session=\S+ queue=4XyZ list=example\.org\/news recipient=news@example\.org message-id=<one@example\.net> size=[0-9]+ reply="250 2\.1\.5" footer="footer added: text\/plain" ms=[0-9]+$/,
    );
  });

  test('a message to several lists: one pass, each its own footer, each its own reply', async () => {
    const client = await greeted();
    const replies = await client.deliver(
      ['talk@example.org', 'nobody@example.org', 'plain@example.org', 'news@example.org'],
      message('several'),
    );
    expect(replies).toEqual([
      '250 2.1.5 footer added: text/plain',
      '250 2.1.5 no footer: the list has none',
      '250 2.1.5 footer added: text/plain',
    ]);
    for (const list of ['news', 'talk']) {
      expect(await storedWith(list, 'Subject: several')).toEqual([
        `${TOP(`${list}@example.org`)}${message('several')}${FOOTER} ${list}\n`,
      ]);
    }
    expect(await storedWith('plain', 'Subject: several')).toEqual([
      `${TOP('plain@example.org')}${message('several')}`,
    ]);
    expect(await service.logged('refused', 'nobody@example.org')).toContain('reply="550 5.1.1"');
  });

  test('the same recipient twice, in any spelling: one delivery, one reply each', async () => {
    const client = await greeted();
    const same = ['news@example.org', 'talk@example.org', 'NEWS@Example.ORG', 'news@example.org'];
    const replies = await client.deliver(same, message('twice'));
    expect(replies).toHaveLength(4);
    expect(new Set(replies)).toEqual(new Set(['250 2.1.5 footer added: text/plain']));
    expect(await storedWith('news', 'Subject: twice')).toHaveLength(1);
    expect(await client.ask('NOOP'), 'no reply too many or too few').toMatch(/^250 2\.0\.0 /);
  });

  test('commands and bounces go through untouched, with their extension', async () => {
    const client = await greeted();
    const text = message('command');
    const replies = await client.deliver(
      ['news+Subscribe-nomail@example.org', 'news+bounces-7-b=x.net@example.org'],
      text,
    );
    expect(replies).toEqual([
      '250 2.1.5 no footer: news+subscribe-nomail is a command',
      '250 2.1.5 no footer: news+bounces-7-b=x.net is a bounce address',
    ]);
    expect(await storedWith('news', 'X-Original-To: news+Subscribe')).toEqual([
      TOP('news+Subscribe-nomail@example.org') + text,
    ]);
    const calls = await callsFrom('news', 'subscribe-nomail');
    expect(calls).toEqual([['-L', spool.list('news'), '-s', 'a@example.net', '-e', 'subscribe-nomail']]);
  });

  test.each([
    ['', ''],
    ['"a b>c"@example.net', '"a b>c"@example.net'],
    ['x@xn--mller-kva.example', 'x@xn--mller-kva.example'],
    ['müller@bücher.example', 'mÃ¼ller@bÃ¼cher.example'],
    ['@relay.example,@other.example:routed@example.net', 'routed@example.net'],
    ['-rf@example.net', '-rf@example.net'],
  ])('the sender %j reaches mlmmj as it is', async (sender, stored) => {
    const client = await greeted();
    expect(await client.ask(`MAIL FROM:<${sender}> BODY=8BITMIME SMTPUTF8 SIZE=100`)).toBe(
      '250 2.1.0 Accepted',
    );
    expect(await client.ask('RCPT TO:<talk@example.org>')).toBe('250 2.1.5 Accepted');
    await client.ask('DATA');
    const [reply] = await client.finish(message(`sender-${sender.length}`));
    expect(reply).toMatch(sender === '' ? /no footer: null sender$/ : /footer added/);
    const [found] = await storedWith('talk', `Subject: sender-${sender.length}\n`);
    expect(found).toMatch(`Return-Path: <${stored}>\n`);
    const told = sender.replace(/^@[^:]*:/, '');
    expect((await callsFrom('talk', '-s')).map((call) => call[3])).toContain(told);
  });

  test('everything pipelined in one packet, two messages and QUIT', async () => {
    const client = await Client.connect(service.port);
    await client.reply();
    const one = (name: string) => [
      'MAIL FROM:<a@example.net>',
      'RCPT TO:<news@example.org>',
      'RCPT TO:<nobody@example.org>',
      'RCPT TO:<talk@example.org>',
      'DATA',
      message(name).replaceAll('\n', '\r\n').trimEnd(),
      '.',
    ];
    client.send(`${['LHLO x', ...one('piped-1'), 'RSET', ...one('piped-2'), 'QUIT'].join('\r\n')}\r\n`);
    const replies = await client.replies(17);
    expect(
      replies
        .slice(1)
        .map((reply) => reply.slice(0, 3))
        .join(' '),
    ).toBe('250 250 550 250 354 250 250 250 250 250 550 250 354 250 250 221');
    for (const name of ['piped-1', 'piped-2']) {
      expect(await storedWith('news', `Subject: ${name}`)).toHaveLength(1);
      expect(await storedWith('talk', `Subject: ${name}`)).toHaveLength(1);
    }
    client.close();
  });

  test('byte by byte, with everything that dots and line ends can be', async () => {
    const client = await greeted();
    await client.begin(['plain@example.org']);
    const wire =
      '..one dot\r\n...two\r\n.gone\r\nbare\n..lf\n.\nbare\r.cr\r\r\n.\r.\r\n..\r\n\r\nend\r\n.\r\n';
    client.socket.setNoDelay(true);
    for (const byte of Buffer.from(wire)) {
      client.send(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await client.reply()).toMatch(/^250 2\.1\.5 /);
    const expected = '.one dot\n..two\ngone\nbare\n..lf\n.\nbare\r.cr\r\n\r.\n.\n\nend\n';
    expect(await storedWith('plain', 'one dot')).toEqual([TOP('plain@example.org') + expected]);
  });

  test.each([
    ['LF dot LF', '\n.\n'],
    ['LF dot CRLF', '\n.\r\n'],
    ['CRLF dot LF', '\r\n.\n'],
    ['CRLF dot CR', '\r\n.\r'],
    ['CR dot CR', '\r.\r'],
    ['CR dot CRLF', '\r.\r\n'],
    ['CR LF dot CR CR LF', '\r\n.\r\r\n'],
    ['CRLF NUL dot CRLF', '\r\n\0.\r\n'],
    ['CRLF dot NUL CRLF', '\r\n.\0\r\n'],
    ['CRLF blank dot CRLF', '\r\n .\r\n'],
  ])('no second message comes in behind %s', async (name, ending) => {
    const client = await greeted();
    const tag = `smuggled-${name.replaceAll(' ', '-')}`;
    await client.begin(['plain@example.org']);
    const second = `MAIL FROM:<evil@example.net>\r\nRCPT TO:<talk@example.org>\r\nDATA\r\nSubject: ${tag}\r\n\r\nx`;
    client.send(`Subject: outer ${tag}\r\n\r\nx${ending}${second}\r\n.\r\n`);
    expect(await client.reply()).toMatch(/^250 2\.1\.5 /);
    expect(await client.ask('NOOP'), 'one reply, for one message').toMatch(/^250 2\.0\.0 /);
    const [outer, ...others] = await storedWith('plain', `outer ${tag}`);
    expect(others).toEqual([]);
    expect(outer).toContain('evil@example.net');
    expect(await storedWith('talk', tag)).toEqual([]);
  });

  test('8-bit mail arrives bit for bit, in any charset', async () => {
    const client = await greeted();
    const body = Buffer.from(
      Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => byte !== 10 && byte !== 13),
    );
    const text = Buffer.concat([Buffer.from('Subject: bits\n\n'), body, Buffer.from('\n')]);
    await client.begin(['plain@example.org']);
    client.send(Buffer.concat([Buffer.from('Subject: bits\r\n\r\n'), body, Buffer.from('\r\n.\r\n')]));
    expect(await client.reply()).toMatch(/^250 /);
    expect(await storedWith('plain', 'Subject: bits')).toEqual([
      TOP('plain@example.org') + text.toString('latin1'),
    ]);
  });

  test('too large, announced: refused before any data', async () => {
    const client = await greeted();
    expect(await client.ask('MAIL FROM:<a@example.net> SIZE=3145729')).toMatch(/^552 5\.3\.4 /);
    expect(await client.ask('MAIL FROM:<a@example.net> SIZE=3145728')).toMatch(/^250 2\.1\.0 /);
  });

  test.each([
    ['by a little', 3_145_800],
    ['by far', 5_000_000],
  ])(
    'too large %s, not announced: 552 for each recipient, nothing stored, the session goes on',
    async (_, size) => {
      const client = await greeted();
      await client.begin(['news@example.org', 'talk@example.org', 'news@example.org']);
      const replies = await client.finish(message('too-large', `${'x'.repeat(99)}\n`.repeat(size / 100)), 3);
      for (const reply of replies)
        expect(reply).toMatch(/^552 5\.3\.4 the message is larger than 3145728 bytes$/);
      expect(await storedWith('news', 'Subject: too-large')).toEqual([]);
      expect(await client.deliver(['news@example.org'], message(`after-large-${size}`))).toEqual([
        '250 2.1.5 footer added: text/plain',
      ]);
    },
  );

  test.each([1_040_000, 1_060_000, 3_000_000])(
    'a message of %i bytes reaches each of its lists whole',
    async (size) => {
      const client = await greeted();
      const text = message(`large-${size}`, `${'y'.repeat(99)}\n`.repeat(size / 100));
      const replies = await client.deliver(
        ['news@example.org', 'talk@example.org', 'plain@example.org'],
        text,
      );
      expect(replies.map((reply) => reply.slice(0, 9))).toEqual(['250 2.1.5', '250 2.1.5', '250 2.1.5']);
      for (const list of ['news', 'talk']) {
        const [stored] = await storedWith(list, `Subject: large-${size}\n`);
        expect(stored === `${TOP(`${list}@example.org`)}${text}${FOOTER} ${list}\n`).toBe(true);
      }
      const [stored] = await storedWith('plain', `Subject: large-${size}\n`);
      expect(stored === TOP('plain@example.org') + text).toBe(true);
    },
  );

  test.each([
    ['after connecting', []],
    ['after MAIL', ['MAIL FROM:<a@example.net>']],
    ['after RCPT', ['MAIL FROM:<a@example.net>', 'RCPT TO:<news@example.org>']],
    ['after DATA', ['MAIL FROM:<a@example.net>', 'RCPT TO:<news@example.org>', 'DATA']],
    ['in the header', ['MAIL FROM:<a@example.net>', 'RCPT TO:<news@example.org>', 'DATA', 'Subject: gone']],
    [
      'in the body',
      ['MAIL FROM:<a@example.net>', 'RCPT TO:<news@example.org>', 'DATA', 'Subject: gone\r\n\r\nx\r\n.'],
    ],
  ])('a client that goes away %s leaves nothing behind', async (_, commands) => {
    const client = await greeted();
    for (const command of commands.slice(0, 3)) await client.ask(command);
    for (const data of commands.slice(3)) client.send(`${data}`);
    client.close();
    const next = await greeted();
    expect(await next.deliver(['talk@example.org'], message('next'))).toEqual([
      '250 2.1.5 footer added: text/plain',
    ]);
    expect(await storedWith('news', 'Subject: gone')).toEqual([]);
  });

  test.each([
    ['that lies in memory', 'half-small', 100],
    ['that lies in a file', 'half-large', 20_000],
  ])('a client that goes away in the middle of a message %s: nothing was started', async (_, name, lines) => {
    const before = await Promise.all(['news', 'talk'].map((list) => callsFrom(list, '')));
    const client = await greeted();
    await client.begin(['news@example.org', 'talk@example.org']);
    client.send(
      `Message-ID: <${name}@x>\r\nSubject: ${name}\r\n\r\n${`${'z'.repeat(98)}\r\n`.repeat(lines)}.`,
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    client.close();
    expect(await service.logged('lost', `<${name}@x>`, 'news@')).toContain('the client went away');
    for (const [number, list] of ['news', 'talk'].entries()) {
      expect(await storedWith(list, `Subject: ${name}`)).toEqual([]);
      expect(await callsFrom(list, '')).toHaveLength(before[number]!.length);
    }
  });

  test.each([
    ['RCPT TO:<../../etc@example.org>'],
    ['RCPT TO:<news/../talk@example.org>'],
    ['RCPT TO:<news@../example.org>'],
    ['RCPT TO:<.@example.org>'],
    ['RCPT TO:<"news/control"@example.org>'],
    ['RCPT TO:<news@example.org/news>'],
    ['RCPT TO:<postmaster>'],
    ['RCPT TO:<news>'],
  ])('%s is no list of ours', async (command) => {
    const client = await greeted();
    await client.ask('MAIL FROM:<a@example.net>');
    expect(await client.ask(command)).toBe('550 5.1.1 there is no such mailing list');
  });

  test.each([
    ['RCPT TO:<ne\0ws@example.org>'],
    ['RCPT TO:<news@example.org\x01>'],
    ['RCPT TO:<>'],
    ['RCPT TO:news@example.org'],
    ['RCPT TO:<"news@example.org>'],
    ['RCPT TO:<news@example.org> NOTIFY=x\x1b[31m'],
  ])('%j is not an address', async (command) => {
    const client = await greeted();
    await client.ask('MAIL FROM:<a@example.net>');
    expect(await client.ask(command)).toMatch(/^501 5\.[15]\.[0-9] /);
  });

  test('a command line without end is cut off, and noise is too', async () => {
    const long = await greeted();
    long.send(`MAIL FROM:<${'x'.repeat(20_000)}`);
    expect(await long.reply()).toMatch(/^421 /);
    const noisy = await Client.greeted(service.port);
    for (let at = 0; at < 9; at++) expect(await noisy.ask('WHAT')).toMatch(/^500 /);
    expect(await noisy.ask('WHAT')).toMatch(/^421 /);
    noisy.close();
  });

  test('nothing of a message reaches the log unescaped', async () => {
    const client = await greeted();
    const text =
      'Message-ID: <a\x1b[31m"b\u00e4\r\n\tc d=e@x>\nReceived: by x id a"b=\x07c; now\nSubject: ugly\n\nx\n';
    await client.deliver(['news@example.org'], Buffer.from(text, 'latin1'));
    const line = await service.logged('delivered', 'c d=e@x');
    expect(line).toMatch(/^[ -~]+$/);
    expect(line).toContain('message-id="<a\\u001b[31m\\"b\\ufffd\\tc d=e@x>"');
    expect(line).toContain('queue="a\\"b=\\u0007c"');
  });
});
