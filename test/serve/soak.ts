/**
 * Mail of all kinds at full speed into one service, and every stored message compared with what was acknowledged: in
 * number, and byte for byte with what the footer code makes of it in this process.
 */
import '../../src/portable.ts';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { NodeFiles } from '../../src/host/node-files.ts';
import { Outgoing } from '../../src/insert/outgoing.ts';
import { openList } from '../../src/list/list.ts';
import { type ListFooters, readListFooters } from '../../src/list/list-footers.ts';
import { BufferSource } from '../../src/mime/buffer-source.ts';
import { Post } from '../../src/transport/post.ts';
import { fixtures } from '../helpers/fixtures.ts';
import { LmtpClient, onTheWire } from './lmtp-client.ts';
import { makeSpool, type Program, type Spool, startService } from './service.ts';

export interface SoakReport {
  readonly sent: number;
  /** Replies with 250. */
  readonly acknowledged: number;
  readonly stored: number;
  /** What was stored otherwise than acknowledged, in words. Empty if all is well. */
  readonly differences: readonly string[];
  /** Seconds. */
  readonly seconds: number;
  /** MB: at rest after the first thousand messages (0 if there were fewer), at most while working, at rest at the end. */
  readonly resident: { readonly first: number; readonly most: number; readonly last: number };
  /** Open descriptors after the first thousand (0 if there were fewer), and at the end with all clients gone. */
  readonly descriptors: { readonly first: number; readonly last: number };
}

const LISTS = ['news', 'talk', 'plain'];
const AT_ONCE = 6;
/** Messages between two looks at what was stored: so that neither memory nor disk fills up with them. */
const BATCH = 500;

interface Sent {
  readonly message: Buffer;
  /** The lists whose delivery was acknowledged. */
  readonly lists: readonly string[];
}

export async function soak(
  program: Program,
  count: number,
  progress: (done: number, megabytes: number) => void = () => undefined,
  messages = kinds(),
): Promise<SoakReport> {
  const spool = await makeSpool();
  const service = await startService({
    program,
    lists: spool.path,
    mlmmjReceive: '/usr/bin/mlmmj-receive',
    args: ['-P'],
  });
  const pid = service.child.pid!;
  service.child.stderr!.removeAllListeners('data');
  service.child.stderr!.resume();
  const footers = new Map<string, ListFooters>();
  for (const name of LISTS) footers.set(name, footersOf(spool, name));
  const differences: string[] = [];
  let [acknowledged, stored, first, most, firstDescriptors] = [0, 0, 0, 0, 0];
  const begun = performance.now();
  for (let from = 0; from < count; from += BATCH) {
    const sent = await sendBatch(service.port, messages, from, Math.min(count, from + BATCH));
    for (const { lists } of sent.values()) acknowledged += lists.length;
    stored += compare(spool, sent, footers, differences);
    const now = resident(pid);
    most = Math.max(most, now);
    if (from + BATCH === 1000 && count > 1000) {
      await rest();
      [first, firstDescriptors] = [resident(pid), descriptors(pid)];
    }
    progress(Math.min(count, from + BATCH), now);
  }
  const seconds = (performance.now() - begun) / 1000;
  // A short soak is about the messages, not about memory.
  if (count > 1000) await rest();
  const report = {
    sent: count,
    acknowledged,
    stored,
    differences,
    seconds,
    resident: { first, most, last: resident(pid) },
    descriptors: { first: firstDescriptors, last: descriptors(pid) },
  };
  const status = await service.stop();
  if (status !== 0) differences.push(`the service ended with ${status}`);
  await spool.remove();
  return report;
}

/** Every fixture, and a few that are too large to be kept in memory. */
function kinds(): Buffer[] {
  const small = fixtures().map(({ bytes }) =>
    Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1'),
  );
  const large = Buffer.from(`Subject: large\n\n${`${'x'.repeat(99)}\n`.repeat(15_000)}`);
  return small.flatMap((message, at) => (at % 100 === 50 ? [message, large] : [message]));
}

/** Large enough for their memory to be released early, small enough to stay there; no two share a line of text. */
export function middling(): Buffer[] {
  return [...'abcdefghijk'].map((letter, at) => {
    const line = `${letter.repeat(60)}\n`;
    return Buffer.from(`Subject: ${letter}\n\n${line.repeat(300 * (at + 1) + 100 * (at % 3))}`);
  });
}

async function sendBatch(
  port: number,
  messages: Buffer[],
  from: number,
  to: number,
): Promise<Map<number, Sent>> {
  const sent = new Map<number, Sent>();
  let next = from;
  const work = async () => {
    const client = await LmtpClient.connect(port);
    while (next < to) {
      const serial = next++;
      const message = messages[serial % messages.length]!;
      if (serial % 97 === 96) {
        await breakOff(port, message);
        continue;
      }
      const wanted = LISTS.slice(serial % 3, (serial % 3) + 1 + (serial % 2));
      const replies = await client.deliver(
        `s${serial}@example.net`,
        [...wanted, ...(serial % 11 === 0 ? ['nobody'] : [])].map((name) => `${name}@example.org`),
        onTheWire(message),
      );
      sent.set(serial, { message, lists: wanted.filter((_, at) => replies[at]?.startsWith('250 2.1.5')) });
    }
    client.close();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return sent;
}

/** A client that goes away in the middle of its data: nothing of that may be stored. */
async function breakOff(port: number, message: Buffer): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write('LHLO x\r\nMAIL FROM:<gone@example.net>\r\nRCPT TO:<news@example.org>\r\nDATA\r\n');
  socket.write(onTheWire(message));
  await once(socket, 'data');
  socket.destroy();
}

/** Compares what was stored with what was acknowledged, and clears it away. @returns how many were stored */
function compare(
  spool: Spool,
  sent: ReadonlyMap<number, Sent>,
  footers: ReadonlyMap<string, ListFooters>,
  differences: string[],
): number {
  let stored = 0;
  for (const list of LISTS) {
    const incoming = join(spool.list(list), 'incoming');
    const seen = new Set<number>();
    for (const name of readdirSync(incoming)) {
      const bytes = readFileSync(join(incoming, name));
      rmSync(join(incoming, name));
      stored++;
      const serial = Number(/^Return-Path: <s([0-9]+)@/.exec(bytes.toString('latin1', 0, 60))?.[1] ?? -1);
      const message = sent.get(serial);
      if (message === undefined || !message.lists.includes(list)) {
        differences.push(`${list}: message ${serial} was stored and not acknowledged`);
      } else if (seen.has(serial)) differences.push(`${list}: message ${serial} was stored twice`);
      else if (!bytes.equals(expected(message.message, serial, list, footers.get(list)!))) {
        differences.push(`${list}: message ${serial} was stored with other content`);
      }
      seen.add(serial);
    }
    for (const [serial, { lists }] of sent) {
      if (lists.includes(list) && !seen.has(serial)) differences.push(`${list}: message ${serial} was lost`);
    }
  }
  return stored;
}

function expected(message: Buffer, serial: number, list: string, footers: ListFooters): Buffer {
  const top = Buffer.from(`Return-Path: <s${serial}@example.net>\nX-Original-To: ${list}@example.org\n`);
  // Over LMTP the last line always has its end.
  const source = new BufferSource(
    message.at(-1) === 0x0a ? message : Buffer.concat([message, Buffer.from('\n')]),
  );
  const post = new Post(source, '', top);
  post.addFooters(footers, null);
  while (post.step());
  const whole = Buffer.alloc(post.length);
  const outgoing = new Outgoing(source, post.plan);
  for (let at = 0; at < whole.length; ) at += outgoing.read(whole.subarray(at));
  return whole;
}

function footersOf(spool: Spool, name: string): ListFooters {
  const files = new NodeFiles();
  return readListFooters(openList(spool.list(name), files).list!, files);
}

/**
 * What a process holds for a moment, and what it keeps, are different things: the second one is to stay the same. It
 * is known when the service has tidied up for the second time.
 */
function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 13_000));
}

function resident(pid: number): number {
  return Number(/VmRSS:\s+([0-9]+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1024;
}

function descriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
