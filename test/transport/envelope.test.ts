import { describe, expect, test } from 'vitest';
import {
  type Envelope,
  headTellsEnvelope,
  type ListAddresses,
  passThroughReason,
  readEnvelope,
  type Told,
} from '../../src/transport/envelope.ts';

const NEWS: ListAddresses = { addresses: ['news@example.org'], delimiter: '+' };
const NOTHING: Told = { sender: undefined, extension: undefined, environment: {} };

function read(head: string, told: Partial<Told> = {}, list: ListAddresses = NEWS): Envelope {
  return readEnvelope({ ...NOTHING, ...told }, Buffer.from(withRest(head)), list);
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

const LIST = { kind: 'list' };
const UNKNOWN = { kind: 'unknown' };
const SUBSCRIBE = { kind: 'extension', extension: 'subscribe' };

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
      { kind: 'extension', extension: 'bounces-7-John.Doe=Example.net' },
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
    [
      'with a bracket in quotes',
      receivedFor('<"news+a>b"@example.org>'),
      { kind: 'extension', extension: 'a>b' },
    ],
    [
      'not what the sender wrote into its quotes',
      receivedFor('<"news+ by x for <news@example.org>"@example.org>'),
      { kind: 'extension', extension: ' by x for <news@example.org>' },
    ],
    [
      'nor with quotes in its quotes',
      receivedFor('<"news+ by x for <news@example.org> \\"y"@example.org>'),
      { kind: 'extension', extension: ' by x for <news@example.org> "y' },
    ],
    ['unknown for quotes that do not end', receivedFor('<"news+subscribe@example.org>'), UNKNOWN],
    ['a quoted local part that is not the list', receivedFor('<"team"@example.org>'), UNKNOWN],
  ];
  test.each(rows)('%s', (_, head, recipient) => {
    const bytes = Buffer.from(withRest(head), head.includes('\xff') ? 'latin1' : 'utf8');
    for (const variant of [bytes, Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1')]) {
      expect(readEnvelope(NOTHING, variant, NEWS).recipient).toEqual(recipient);
    }
  });

  test('without any Received line only an unbroken run of envelope lines at the top is believed', () => {
    expect(read(`Return-Path: <a@b>\nDelivered-To: news+subscribe@example.org\n${REST}`).recipient).toEqual(
      SUBSCRIBE,
    );
    expect(read(`From: a@b\nDelivered-To: news+subscribe@example.org\n${REST}`).recipient).toEqual(UNKNOWN);
  });

  test('matches every address of the list, in any case', () => {
    const list = { addresses: ['News@Example.org', 'n@old.example'], delimiter: '+' };
    expect(read(receivedFor('<n+subscribe@OLD.example>'), {}, list).recipient).toEqual(SUBSCRIBE);
    expect(read(receivedFor('<nEWS+subscribe@example.ORG>'), {}, list).recipient).toEqual(SUBSCRIBE);
    expect(read(receivedFor('<n@example.org>'), {}, list).recipient).toEqual(UNKNOWN);
  });

  test('is taken apart with the list’s own delimiter', () => {
    const dashed = { addresses: ['news-team@example.org'], delimiter: '-' };
    expect(read(receivedFor('<news-team-subscribe@example.org>'), {}, dashed).recipient).toEqual(SUBSCRIBE);
    expect(read(receivedFor('<news-team@example.org>'), {}, dashed).recipient).toEqual(LIST);
    expect(read(receivedFor('<news@example.org>'), {}, dashed).recipient).toEqual(UNKNOWN);
    const long = { addresses: ['news@example.org'], delimiter: '--' };
    expect(read(receivedFor('<news--subscribe@example.org>'), {}, long).recipient).toEqual(SUBSCRIBE);
    expect(read(receivedFor('<news-subscribe@example.org>'), {}, long).recipient).toEqual(UNKNOWN);
  });

  test('a list whose name holds the delimiter is not an extension of a shorter one', () => {
    const both = { addresses: ['a@example.org', 'a+b@example.org'], delimiter: '+' };
    expect(read(receivedFor('<a+b@example.org>'), {}, both).recipient).toEqual(LIST);
    expect(read(receivedFor('<a+b+subscribe@example.org>'), {}, both).recipient).toEqual(SUBSCRIBE);
    expect(read(receivedFor('<a+subscribe@example.org>'), {}, both).recipient).toEqual(SUBSCRIBE);
  });

  test('is what the caller said, before what the message says', () => {
    const head = receivedFor('<news+subscribe@example.org>');
    expect(read(head, { extension: '' }).recipient).toEqual(LIST);
    expect(read(head, { extension: 'owner' }).recipient).toEqual({ kind: 'extension', extension: 'owner' });
    expect(read(RECEIVED, { environment: { EXTENSION: 'subscribe' } }).recipient).toEqual(SUBSCRIBE);
    expect(read(head, { extension: '', environment: { EXTENSION: 'owner' } }).recipient).toEqual(LIST);
    expect(read(RECEIVED, { extension: 'Subscribe' }).recipient).toEqual(SUBSCRIBE);
  });

  test('is unknown for a list that has no address', () => {
    expect(read(RECEIVED, {}, { addresses: [], delimiter: '+' }).recipient).toEqual(UNKNOWN);
    expect(read(RECEIVED, {}, { addresses: ['@example.org', ''], delimiter: '+' }).recipient).toEqual(
      UNKNOWN,
    );
  });
});

describe('the sender', () => {
  const NULL = { kind: 'null' };
  const rows: [name: string, head: string, told: Partial<Told>, sender: object][] = [
    [
      'of the topmost Return-Path',
      `Return-Path: <a@example.net>\nReturn-Path: <b@example.net>\n${RECEIVED}`,
      {},
      { kind: 'address', address: 'a@example.net' },
    ],
    ['null', `Return-Path: <>\n${RECEIVED}`, {}, NULL],
    ['null as pipe(8) writes it', `Return-Path: <MAILER-DAEMON>\n${RECEIVED}`, {}, NULL],
    ['null in any case', `Return-Path: <mailer-daemon>\n${RECEIVED}`, {}, NULL],
    [
      'an address that only begins like that',
      `Return-Path: <MAILER-DAEMON@example.net>\n${RECEIVED}`,
      {},
      { kind: 'address', address: 'MAILER-DAEMON@example.net' },
    ],
    ['not one below the first Received line', `${RECEIVED}Return-Path: <>\n${REST}`, {}, UNKNOWN],
    ['unknown without', RECEIVED, {}, UNKNOWN],
    [
      'from -s',
      `Return-Path: <>\n${RECEIVED}`,
      { sender: 'a@example.net' },
      { kind: 'address', address: 'a@example.net' },
    ],
    ['empty -s', RECEIVED, { sender: '' }, NULL],
    ['-s <>', RECEIVED, { sender: '<>' }, NULL],
    ['-s MAILER-DAEMON', RECEIVED, { sender: 'MAILER-DAEMON' }, NULL],
    [
      'from the environment',
      RECEIVED,
      { environment: { SENDER: 'b@example.net' } },
      { kind: 'address', address: 'b@example.net' },
    ],
    ['-s before the environment', RECEIVED, { sender: '', environment: { SENDER: 'b@example.net' } }, NULL],
    [
      'with brackets in quotes',
      `Return-Path: <"<>"@example.net>\n${RECEIVED}`,
      {},
      { kind: 'address', address: '"<>"@example.net' },
    ],
    ['-s with brackets of its own', RECEIVED, { sender: '<>@b' }, { kind: 'address', address: '<>@b' }],
    ['UTF-8', `Return-Path: <é@example.net>\n${RECEIVED}`, {}, { kind: 'address', address: 'é@example.net' }],
  ];
  test.each(rows)('%s', (_, head, told, sender) => {
    expect(read(head, told).sender).toEqual(sender);
  });
});

describe('what is added to the arguments', () => {
  const POST = `Return-Path: <a@example.net>\n${RECEIVED}`;
  const rows: [name: string, head: string, told: Partial<Told>, additions: string[]][] = [
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
    ['neither where the environment says it', POST, { environment: { SENDER: 'b', EXTENSION: 'x' } }, []],
    [
      'the null sender as null, over pipe(8)’s word for it',
      POST,
      { sender: 'MAILER-DAEMON', extension: '' },
      ['-s', ''],
    ],
    [
      'and over the environment',
      POST,
      { extension: '', environment: { SENDER: 'MAILER-DAEMON' } },
      ['-s', ''],
    ],
    ['a command as mlmmj spells it', POST, { sender: 'b', extension: 'OWNER' }, ['-e', 'owner']],
    ['also over the environment', POST, { sender: 'b', environment: { EXTENSION: 'Help' } }, ['-e', 'help']],
    ['nothing over a command that is spelled so', POST, { sender: 'b', extension: 'owner' }, []],
    ['nothing over an empty -s', POST, { sender: '', extension: '' }, []],
  ];
  test.each(rows)('%s', (_, head, told, additions) => {
    expect(read(head, told).additions).toEqual(additions);
  });
});

describe('why a message passes without a footer', () => {
  const rows: [recipient: string, returnPath: string, reason: string | undefined][] = [
    ['news@example.org', 'a@example.net', undefined],
    ['team@example.org', 'a@example.net', undefined],
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
      const head = Buffer.from(message.slice(0, cut));
      expect(headTellsEnvelope(head), `cut at ${cut}`).toBe(cut >= enough);
      const { recipient, sender } = readEnvelope(NOTHING, head, NEWS);
      if (recipient.kind === 'extension')
        expect(recipient.extension.toLowerCase(), `cut at ${cut}`).toBe('subscribe');
      else expect(recipient, `cut at ${cut}`).toEqual(UNKNOWN);
      if (sender.kind !== 'unknown')
        expect(sender, `cut at ${cut}`).toEqual({ kind: 'address', address: 'a@example.net' });
      if (cut >= enough)
        expect([recipient.kind, sender.kind], `cut at ${cut}`).toEqual(['extension', 'address']);
    }
  });

  test('ends with the header, or with a line that is none', () => {
    expect(headTellsEnvelope(Buffer.from('Subject: x\n\nHello'))).toBe(true);
    expect(headTellsEnvelope(Buffer.from('Subject: x\nno field at all\n'))).toBe(true);
    expect(headTellsEnvelope(Buffer.from('Subject: x\nTo: y\n'))).toBe(false);
    expect(headTellsEnvelope(Buffer.from(''))).toBe(false);
  });
});
