import { describe, expect, it } from 'vitest';
import { FooterPair } from '../../src/footer/footer-pair.ts';
import { PlacementOptions } from '../../src/footer/options.ts';
import { PartObserver } from '../../src/insert/observer.ts';
import { List } from '../../src/list/list.ts';
import { ListFooters } from '../../src/list/list-footers.ts';
import { BufferSource } from '../../src/mime/buffer-source.ts';
import { DeclaredEnvelope } from '../../src/transport/envelope.ts';
import { Post, routeTo } from '../../src/transport/post.ts';
import { carryOut } from '../helpers/insert.ts';

const MESSAGE = 'Subject: x\n\nHello.\n';
const PAIR = new FooterPair('the list', '<p>the list</p>');
const NO_TOP = new Uint8Array(0);

function footers(sizeLimit = Infinity, trouble = '', pair: FooterPair | null = PAIR): ListFooters {
  return new ListFooters(pair, new PlacementOptions(), sizeLimit, trouble);
}

function planned(message: string, listFooters: ListFooters, top = '', passThrough = ''): Post {
  const post = new Post(new BufferSource(Buffer.from(message)), passThrough, Buffer.from(top));
  post.addFooters(listFooters, null);
  while (post.step());
  return post;
}

function handedOver(message: string, post: Post): string {
  const outgoing = carryOut(Buffer.from(message), post.plan).toString();
  expect(post.length).toBe(outgoing.length);
  return outgoing;
}

describe('Post', () => {
  it('puts the footers in', () => {
    const post = planned(MESSAGE, footers());
    expect(post.summary).toBe('footer added: text/plain');
    expect(post.outcome?.placed).toHaveLength(1);
    expect(handedOver(MESSAGE, post)).toBe(`${MESSAGE}the list\n`);
  });

  it('passes through what is no post, and does not ask for footers', () => {
    const post = planned(MESSAGE, footers(), '', 'null sender');
    expect(post.wantsFooters).toBe(false);
    expect(post.summary).toBe('no footer: null sender');
    expect(post.outcome).toBeNull();
    expect(post.plan.isEmpty).toBe(true);
  });

  it.each([
    ['', 'no footer: the list has none'],
    ['footer_text is not a text file', 'no footer: footer_text is not a text file'],
  ])('says why the list has none: %j', (trouble, summary) => {
    expect(planned(MESSAGE, footers(Infinity, trouble, null)).summary).toBe(summary);
  });

  it('puts the mail system’s lines on top, with footers and without', () => {
    const top = 'Return-Path: <>\n';
    expect(handedOver(MESSAGE, planned(MESSAGE, footers(), top))).toBe(`${top}${MESSAGE}the list\n`);
    expect(handedOver(MESSAGE, planned(MESSAGE, footers(), top, 'null sender'))).toBe(top + MESSAGE);
    const cut = MESSAGE.slice(0, -1);
    expect(handedOver(cut, planned(cut, footers(), top, 'null sender'))).toBe(top + MESSAGE);
  });

  it('counts all that is handed over against the limit', () => {
    const top = 'Return-Path: <>\n';
    const size = `${top}${MESSAGE}the list\n`.length;
    expect(planned(MESSAGE, footers(size), top).summary).toBe('footer added: text/plain');
    const post = planned(MESSAGE, footers(size - 1), top);
    expect(post.summary).toBe('no footer: the post would be larger than control/maxmailsize');
    expect(post.outcome).toBeNull();
    expect(handedOver(MESSAGE, post)).toBe(top + MESSAGE);
  });

  it('says what is wrong beside a footer that was put in', () => {
    expect(planned(MESSAGE, footers(Infinity, 'motto is not a text file')).summary).toBe(
      'footer added: text/plain; motto is not a text file',
    );
    const pdf = 'Content-Type: text/calendar\n\nx\n';
    const options = new PlacementOptions();
    options.attachmentOnly = 1;
    const trouble = 'motto is not a text file';
    const post = planned(pdf, new ListFooters(PAIR, options, Infinity, trouble));
    expect(post.summary).toMatch(/^no footer: [^;]*$/);
  });

  it('can be given up at any time', () => {
    const message = `Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(5000)}--b--`;
    const post = new Post(new BufferSource(Buffer.from(message)), '', NO_TOP);
    post.addFooters(footers(), null);
    expect(post.step()).toBe(true);
    post.giveUp('planning took too long');
    expect(post.step()).toBe(false);
    expect(post.summary).toBe('no footer: planning took too long');
    expect(handedOver(message, post)).toBe(`${message}\n`);
  });

  it('before any planning is the message as it came', () => {
    const post = new Post(new BufferSource(Buffer.from('Subject: x')), '', NO_TOP);
    expect(post.wantsFooters).toBe(true);
    expect(handedOver('Subject: x', post)).toBe('Subject: x\n');
  });

  it('tells an observer of the parts', () => {
    const told: string[] = [];
    class Observer extends PartObserver {
      partStart(number: string): void {
        told.push(`start ${number}`);
      }
      partEnd(number: string): void {
        told.push(`end ${number}`);
      }
      placed(number: string): void {
        told.push(`placed ${number}`);
      }
      skipped(): void {}
    }
    const post = new Post(new BufferSource(Buffer.from(MESSAGE)), '', NO_TOP);
    post.addFooters(footers(), new Observer());
    while (post.step());
    expect(told).toEqual(['start 1', 'end 1', 'placed 1']);
  });
});

describe('routeTo', () => {
  const list = new List('/spool/directory', ['news@example.org'], '-', null);
  const route = (sender: string | null, extension: string | null) =>
    routeTo(list, new DeclaredEnvelope(sender, extension), new BufferSource(Buffer.from(MESSAGE)));

  it('says what mlmmj-receive is to be told, and why a message passes through', () => {
    expect(route('a@b', '')).toEqual({ additions: [], passThroughReason: '' });
    expect(route('MAILER-DAEMON', 'Help')).toEqual({
      additions: ['-e', 'help', '-s', ''],
      passThroughReason: 'news-help is a command',
    });
    expect(route(null, null)).toEqual({ additions: [], passThroughReason: '' });
  });
});
