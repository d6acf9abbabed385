import { describe, expect, test } from 'vitest';
import { List } from '../../src/list/list.ts';
import { BufferSource } from '../../src/mime/buffer-source.ts';
import {
  DeclaredEnvelope,
  type Envelope,
  passThroughReason,
  RecipientKind,
  readEnvelope,
  SenderKind,
} from '../../src/transport/envelope.ts';
import { TRACE_LIMIT } from '../../src/transport/trace-fields.ts';

interface Declared {
  readonly sender?: string;
  readonly extension?: string;
}

const NEWS = listOf(['news@example.org'], '+');

function listOf(addresses: string[], delimiter: string): List {
  return new List('/spool/news', addresses, delimiter, null);
}

function judge(message: Uint8Array, declared: Declared = {}, list = NEWS): Envelope {
  const given = new DeclaredEnvelope(declared.sender ?? null, declared.extension ?? null);
  return readEnvelope(given, new BufferSource(message), list);
}

function read(head: string, declared: Declared = {}, list = NEWS): Envelope {
  return judge(Buffer.from(withRest(head)), declared, list);
}

function recipientOf({ recipient, extension }: Envelope): object {
  return { recipient, extension };
}

function senderOf({ sender, senderAddress }: Envelope): object {
  return { sender, address: senderAddress };
}

/** The line that Postfix's smtpd puts on top of a message with one recipient. */
function receivedFor(recipient: string): string {
  return [
    'Received: from mail.example.net (mail.example.net [192.0.2.7])',
    '\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)',
    '\t key-exchange X25519 server-signature RSA-PSS (2048 bits))',
    '\t(No client certificate requested)',
    '\tby mx.example.org (Postfix) with ESMTPS id 4XyZ',
    `\tfor ${recipient}; Thu,  5 Nov 2026 10:00:00 +0000 (UTC)`,
    '',
  ].join('\n');
}
const RECEIVED = receivedFor('<news@example.org>');
const REST = 'From: a@example.net\nTo: news@example.org\n\nHello.\n';

/** A field is only known to be over when the next line is seen. */
function withRest(head: string): string {
  return /\n\n/.test(head) ? head : head + REST;
}

const LIST = { recipient: RecipientKind.List, extension: '' };
const UNKNOWN = { recipient: RecipientKind.Unknown, extension: '' };
const SUBSCRIBE = extended('subscribe');

function extended(extension: string): object {
  return { recipient: RecipientKind.Extension, extension };
}

describe('the recipient', () => {
  const rows: [name: string, head: string, recipient: object][] = [
    ['stands in the topmost Received line', RECEIVED + REST, LIST],
    ['with an extension', receivedFor('<news+subscribe@example.org>') + REST, SUBSCRIBE],
    ['without angle brackets (Exim)', receivedFor('news+subscribe@example.org') + REST, SUBSCRIBE],
    [
      'on a line that is not folded',
      'Received: by mx (Postfix) id 4; for <news+subscribe@example.org>\n',
      UNKNOWN,
    ],
    [
      'behind one that does not end',
      'Received: by mx id 4 for <x for <news+subscribe@example.org>; date\n\n',
      SUBSCRIBE,
    ],
    ['unfolded', 'Received: by mx id 4 for <news+subscribe@example.org>; date\n\n', SUBSCRIBE],
    [
      'before a comment',
      'Received: by mx id 4 for <news+subscribe@example.org> (added by x); date\n\n',
      SUBSCRIBE,
    ],
    [
      'not inside a comment',
      'Received: by mx (sent for <news+subscribe@example.org>) id 4; date\n\n',
      UNKNOWN,
    ],
    ['not in the date', 'Received: by mx id 4;\n  for <news@example.org>\n\n', UNKNOWN],
    ['in Delivered-To above it', `Delivered-To: news+subscribe@example.org\n${RECEIVED}${REST}`, SUBSCRIBE],
    ['in X-Original-To above it', `X-Original-To: news+subscribe@example.org\n${RECEIVED}${REST}`, SUBSCRIBE],
    ['in any case', `X-Original-To: News+Subscribe@EXAMPLE.org\n${RECEIVED}`, SUBSCRIBE],
    [
      'in any case, but a subscriber’s address in his own',
      `Delivered-To: NEWS+Bounces-7-John.Doe=Example.net@EXAMPLE.org\n${RECEIVED}`,
      extended('bounces-7-John.Doe=Example.net'),
    ],
    [
      'with angle brackets and blanks',
      `Delivered-To:  <news+subscribe@example.org> \n${RECEIVED}`,
      SUBSCRIBE,
    ],
    [
      'behind other lines of the mail system',
      `X-Spam: no\nDelivered-To: news+subscribe@example.org\n${RECEIVED}`,
      SUBSCRIBE,
    ],
    [
      'behind an mbox separator',
      `From a@example.net  Thu Nov  5 10:00:00 2026\nDelivered-To: news+subscribe@example.org\n${RECEIVED}`,
      SUBSCRIBE,
    ],
    [
      'not below the first Received line',
      `Received: by mx id 4; date\nDelivered-To: news+subscribe@example.org\n${receivedFor('<news+x@example.org>')}${REST}`,
      UNKNOWN,
    ],
    [
      'Delivered-To before X-Original-To',
      `X-Original-To: news+subscribe@example.org\nDelivered-To: news@example.org\n${RECEIVED}`,
      LIST,
    ],
    [
      'the first of several Delivered-To',
      `Delivered-To: news+subscribe@example.org\nDelivered-To: news@example.org\n${RECEIVED}`,
      SUBSCRIBE,
    ],
    [
      'X-Original-To where Delivered-To is not the list',
      `X-Original-To: news+subscribe@example.org\nDelivered-To: u1234@store.example\n${receivedFor('<u1234@store.example>')}`,
      SUBSCRIBE,
    ],
    ['unknown for an alias', receivedFor('<team@example.org>') + REST, UNKNOWN],
    ['unknown for another domain', receivedFor('<news@example.net>') + REST, UNKNOWN],
    ['unknown for a longer name', receivedFor('<newsletter@example.org>') + REST, UNKNOWN],
    ['unknown for several recipients', 'Received: by mx (Postfix) with SMTP id 4; date\n\n', UNKNOWN],
    ['the plain address with an empty extension', receivedFor('<news+@example.org>') + REST, LIST],
    ['never To:', `To: news+subscribe@example.org\n${RECEIVED}`, LIST],
    [
      'not what the client called itself',
      `Received: from for <news+subscribe@example.org> by x (evil [192.0.2.9])\n\tby mx (Postfix) with SMTP id 4; date\n\n`,
      UNKNOWN,
    ],
    [
      'not hidden by a parenthesis in the greeting',
      `Received: from ( (evil [192.0.2.9])\n\tby mx (Postfix) with SMTP id 4\n\tfor <news+subscribe@example.org>; date\n\n`,
      SUBSCRIBE,
    ],
    [
      'unknown where the bytes are no characters',
      'Received: by mx id 4 for <news+\xffx@example.org>; date\n\n',
      UNKNOWN,
    ],
    ['in quotes', receivedFor('<"news+subscribe"@example.org>'), SUBSCRIBE],
    ['with a bracket in quotes', receivedFor('<"news+a>b"@example.org>'), extended('a>b')],
    [
      'not what the sender wrote into its quotes',
      receivedFor('<"news+ by x for <news@example.org>"@example.org>'),
      extended(' by x for <news@example.org>'),
    ],
    [
      'nor with quotes in its quotes',
      receivedFor('<"news+ by x for <news@example.org> \\"y"@example.org>'),
      extended(' by x for <news@example.org> "y'),
    ],
    ['unknown for quotes that do not end', receivedFor('<"news+subscribe@example.org>'), UNKNOWN],
    ['a quoted local part that is not the list', receivedFor('<"team"@example.org>'), UNKNOWN],
  ];
  test.each(rows)('%s', (_, head, recipient) => {
    const bytes = Buffer.from(withRest(head), head.includes('\xff') ? 'latin1' : 'utf8');
    for (const variant of [bytes, Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1')]) {
      expect(recipientOf(judge(variant))).toEqual(recipient);
    }
  });

  test('without any Received line only an unbroken run of envelope lines at the top is believed', () => {
    expect(
      recipientOf(read(`Return-Path: <a@b>\nDelivered-To: news+subscribe@example.org\n${REST}`)),
    ).toEqual(SUBSCRIBE);
    expect(recipientOf(read(`From: a@b\nDelivered-To: news+subscribe@example.org\n${REST}`))).toEqual(
      UNKNOWN,
    );
  });

  test('matches every address of the list, in any case', () => {
    const list = listOf(['News@Example.org', 'n@old.example'], '+');
    expect(recipientOf(read(receivedFor('<n+subscribe@OLD.example>'), {}, list))).toEqual(SUBSCRIBE);
    expect(recipientOf(read(receivedFor('<nEWS+subscribe@example.ORG>'), {}, list))).toEqual(SUBSCRIBE);
    expect(recipientOf(read(receivedFor('<n@example.org>'), {}, list))).toEqual(UNKNOWN);
  });

  test('is taken apart with the list’s own delimiter', () => {
    const dashed = listOf(['news-team@example.org'], '-');
    expect(recipientOf(read(receivedFor('<news-team-subscribe@example.org>'), {}, dashed))).toEqual(
      SUBSCRIBE,
    );
    expect(recipientOf(read(receivedFor('<news-team@example.org>'), {}, dashed))).toEqual(LIST);
    expect(recipientOf(read(receivedFor('<news@example.org>'), {}, dashed))).toEqual(UNKNOWN);
    const long = listOf(['news@example.org'], '--');
    expect(recipientOf(read(receivedFor('<news--subscribe@example.org>'), {}, long))).toEqual(SUBSCRIBE);
    expect(recipientOf(read(receivedFor('<news-subscribe@example.org>'), {}, long))).toEqual(UNKNOWN);
  });

  test('a list whose name holds the delimiter is not an extension of a shorter one', () => {
    const both = listOf(['a@example.org', 'a+b@example.org'], '+');
    expect(recipientOf(read(receivedFor('<a+b@example.org>'), {}, both))).toEqual(LIST);
    expect(recipientOf(read(receivedFor('<a+b+subscribe@example.org>'), {}, both))).toEqual(SUBSCRIBE);
    expect(recipientOf(read(receivedFor('<a+subscribe@example.org>'), {}, both))).toEqual(SUBSCRIBE);
  });

  test('is what the caller said, before what the message says', () => {
    const head = receivedFor('<news+subscribe@example.org>');
    expect(recipientOf(read(head, { extension: '' }))).toEqual(LIST);
    expect(recipientOf(read(head, { extension: 'owner' }))).toEqual(extended('owner'));
    expect(recipientOf(read(RECEIVED, { extension: 'subscribe' }))).toEqual(SUBSCRIBE);
    expect(recipientOf(read(RECEIVED, { extension: 'Subscribe' }))).toEqual(SUBSCRIBE);
  });

  test('is unknown for a list that has no address', () => {
    expect(recipientOf(read(RECEIVED, {}, listOf([], '+')))).toEqual(UNKNOWN);
    expect(recipientOf(read(RECEIVED, {}, listOf(['@example.org', ''], '+')))).toEqual(UNKNOWN);
  });
});

describe('the sender', () => {
  const NULL = { sender: SenderKind.Null, address: '' };
  const UNKNOWN = { sender: SenderKind.Unknown, address: '' };
  const from = (address: string) => ({ sender: SenderKind.Address, address });
  const rows: [name: string, head: string, declared: Declared, sender: object][] = [
    [
      'of the topmost Return-Path',
      `Return-Path: <a@example.net>\nReturn-Path: <b@example.net>\n${RECEIVED}`,
      {},
      from('a@example.net'),
    ],
    ['null', `Return-Path: <>\n${RECEIVED}`, {}, NULL],
    ['null as pipe(8) writes it', `Return-Path: <MAILER-DAEMON>\n${RECEIVED}`, {}, NULL],
    ['null in any case', `Return-Path: <mailer-daemon>\n${RECEIVED}`, {}, NULL],
    [
      'an address that only begins like that',
      `Return-Path: <MAILER-DAEMON@example.net>\n${RECEIVED}`,
      {},
      from('MAILER-DAEMON@example.net'),
    ],
    ['not one below the first Received line', `${RECEIVED}Return-Path: <>\n${REST}`, {}, UNKNOWN],
    ['unknown without', RECEIVED, {}, UNKNOWN],
    ['from -s', `Return-Path: <>\n${RECEIVED}`, { sender: 'a@example.net' }, from('a@example.net')],
    ['empty -s', RECEIVED, { sender: '' }, NULL],
    ['-s <>', RECEIVED, { sender: '<>' }, NULL],
    ['-s MAILER-DAEMON', RECEIVED, { sender: 'MAILER-DAEMON' }, NULL],
    ['from -s alone', RECEIVED, { sender: 'b@example.net' }, from('b@example.net')],
    ['with brackets in quotes', `Return-Path: <"<>"@example.net>\n${RECEIVED}`, {}, from('"<>"@example.net')],
    ['-s with brackets of its own', RECEIVED, { sender: '<>@b' }, from('<>@b')],
    [
      'UTF-8',
      `Return-Path: <é@example.net>\n${RECEIVED}`,
      {},
      from(Buffer.from('é@example.net').toString('latin1')),
    ],
  ];
  test.each(rows)('%s', (_, head, declared, sender) => {
    expect(senderOf(read(head, declared))).toEqual(sender);
  });
});

describe('what is added to the arguments', () => {
  const POST = `Return-Path: <a@example.net>\n${RECEIVED}`;
  const rows: [name: string, head: string, declared: Declared, additions: string[]][] = [
    ['all that is known', POST, {}, ['-e', '', '-s', 'a@example.net']],
    ['an extension', `Delivered-To: news+subscribe@example.org\n${RECEIVED}`, {}, ['-e', 'subscribe']],
    ['nothing for an alias', receivedFor('<team@example.org>'), {}, []],
    [
      'only the null sender for an alias',
      `Return-Path: <>\n${receivedFor('<team@example.org>')}`,
      {},
      ['-s', ''],
    ],
    ['no -e where the caller gave one', POST, { extension: '' }, ['-s', 'a@example.net']],
    ['no -s where the caller gave one', POST, { sender: 'b@example.net' }, ['-e', '']],
    ['neither where both are given', POST, { sender: 'b', extension: 'x' }, []],
    [
      'the null sender as null, over pipe(8)’s word for it',
      POST,
      { sender: 'MAILER-DAEMON', extension: '' },
      ['-s', ''],
    ],
    ['a command as mlmmj spells it', POST, { sender: 'b', extension: 'OWNER' }, ['-e', 'owner']],
    [
      'a command as mlmmj spells it, beside a sender',
      POST,
      { sender: 'b', extension: 'Help' },
      ['-e', 'help'],
    ],
    ['nothing over a command that is spelled so', POST, { sender: 'b', extension: 'owner' }, []],
    ['nothing over an empty -s', POST, { sender: '', extension: '' }, []],
  ];
  test.each(rows)('%s', (_, head, declared, additions) => {
    expect(read(head, declared).additions).toEqual(additions);
  });
});

describe('why a message passes without a footer', () => {
  const rows: [recipient: string, returnPath: string, reason: string][] = [
    ['news@example.org', 'a@example.net', ''],
    ['team@example.org', 'a@example.net', ''],
    ['news+subscribe@example.org', 'a@example.net', 'news+subscribe is a command'],
    ['news+confsub-0123@example.org', 'a@example.net', 'news+confsub-0123 is a command'],
    ['news+owner@example.org', 'a@example.net', "news+owner is for the list's owner"],
    ['news+bounces-7@example.org', '', 'news+bounces-7 is a bounce address'],
    ['news@example.org', '', 'null sender'],
    ['news@example.org', 'MAILER-DAEMON', 'null sender'],
    ['team@example.org', '', 'null sender'],
    [`news+${'x'.repeat(300)}@example.org`, 'a@b', `news+${'x'.repeat(52)}... is a command`],
  ];
  test.each(rows)('to %s from <%s>', (recipient, returnPath, reason) => {
    const envelope = read(`Return-Path: <${returnPath}>\n${receivedFor(`<${recipient}>`)}`);
    expect(passThroughReason(envelope, 'news', '+')).toBe(reason);
  });
});

describe('a header that is cut anywhere', () => {
  const whole = `Return-Path: <a@example.net>\nX-Original-To: News+Subscribe@example.org\n${receivedFor('<news+subscribe@example.org>')}${REST}`;
  test.each([whole, whole.replaceAll('\n', '\r\n')])('never says anything wrong', (message) => {
    const enough = message.indexOf('From:') + 1;
    for (let cut = 0; cut <= message.length; cut++) {
      const { recipient, extension, sender, senderAddress } = judge(Buffer.from(message.slice(0, cut)));
      if (recipient === RecipientKind.Extension) expect(extension, `cut at ${cut}`).toBe('subscribe');
      else expect(recipient, `cut at ${cut}`).toBe(RecipientKind.Unknown);
      if (sender === SenderKind.Address) expect(senderAddress, `cut at ${cut}`).toBe('a@example.net');
      else expect(sender, `cut at ${cut}`).toBe(SenderKind.Unknown);
      if (cut >= enough) {
        expect([recipient, sender], `cut at ${cut}`).toEqual([RecipientKind.Extension, SenderKind.Address]);
      }
    }
  });
});

describe('how much of a message is read', () => {
  /** Notes the furthest byte that anybody asked for. */
  class Watched extends BufferSource {
    furthest = 0;

    override read(offset: number, into: Uint8Array): number {
      const length = super.read(offset, into);
      this.furthest = Math.max(this.furthest, offset + length);
      return length;
    }
  }

  const nothing = new DeclaredEnvelope(null, null);

  test('no more than the envelope needs', () => {
    const source = new Watched(Buffer.from(RECEIVED + REST + 'x'.repeat(1_000_000)));
    expect(readEnvelope(nothing, source, NEWS).recipient).toBe(RecipientKind.List);
    expect(source.furthest).toBeLessThan(5000);
  });

  test('nothing where both are declared', () => {
    const source = new Watched(Buffer.from(RECEIVED + REST));
    readEnvelope(new DeclaredEnvelope('a@b', ''), source, NEWS);
    expect(source.furthest).toBe(0);
  });

  test('a header that hides its Received line far down is not believed', () => {
    const source = new Watched(Buffer.from('X: y\n'.repeat(TRACE_LIMIT) + RECEIVED + REST));
    expect(readEnvelope(nothing, source, NEWS).recipient).toBe(RecipientKind.Unknown);
    expect(source.furthest).toBeLessThan(TRACE_LIMIT + 5000);
    const one = Buffer.from(`X: ${'y'.repeat(TRACE_LIMIT)}\n${RECEIVED}${REST}`);
    expect(judge(one).recipient).toBe(RecipientKind.Unknown);
    const within = Buffer.from(`X: ${'y'.repeat(TRACE_LIMIT - 1000)}\n${RECEIVED}${REST}`);
    expect(judge(within).recipient).toBe(RecipientKind.List);
  });

  test('wherever the edges of what is in memory fall', () => {
    const fields = `X-Original-To: NEWS+Help@example.org\n${receivedFor('<news@example.org>')}`;
    for (let length = 3500; length < 4200; length += 7) {
      const head = `X: ${'y'.repeat(length)}\n${fields}${REST}`;
      expect(recipientOf(judge(Buffer.from(head))), String(length)).toEqual(extended('help'));
    }
  });

  test('an empty message says nothing', () => {
    expect(judge(new Uint8Array(0))).toMatchObject({
      recipient: RecipientKind.Unknown,
      sender: SenderKind.Unknown,
      additions: [],
    });
  });
});

describe('time', () => {
  const rows: [name: string, field: string, closing: string][] = [
    ['for after for', ' for <"', '; date'],
    ['for in quotes that escape', ' for <"\\" x', '"; date'],
    ['comments', '(by x)', '; date'],
    ['comments that stay open', '(', '; date'],
    ['by after by', ' by x', '; date'],
    ['quotes', '"a" ', '; date'],
    ['backslashes', '\\', '; date'],
    ['blanks', ' ', 'for'],
    ['brackets', ' for <', '>; date'],
  ];
  // Quadratic time would not be over before the test's timeout.
  test.each(rows)('a Received line of nothing but %s', (_, piece, closing) => {
    const message = Buffer.from(`Received: by mx ${piece.repeat(60_000 / piece.length)}${closing}\n${REST}`);
    const first = judge(message);
    for (let i = 0; i < 50; i++) expect(judge(message)).toEqual(first);
  });

  test('many addresses of many kinds', () => {
    const addresses = Array.from({ length: 3000 }, (_, index) => `list${index}@example.org`);
    const head = `Delivered-To: nobody@example.org\n`.repeat(1900);
    expect(read(head, {}, listOf(addresses, '+')).recipient).toBe(RecipientKind.Unknown);
  });
});
