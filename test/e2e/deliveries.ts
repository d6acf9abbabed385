import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A message that reached a subscriber's mail server. */
export interface Delivery {
  readonly sender: string;
  readonly recipients: readonly string[];
  /** As it came over the wire, CRLF and all. */
  readonly bytes: Buffer;
}

/** Everything that has arrived in a sink so far. */
export function deliveries(sink: string): Delivery[] {
  if (!existsSync(sink)) return [];
  return readdirSync(sink)
    .filter((name) => name.endsWith('.eml'))
    .sort()
    .map((name) => {
      const envelope = JSON.parse(readFileSync(join(sink, name.replace('.eml', '.json')), 'utf8'));
      return { ...envelope, bytes: readFileSync(join(sink, name)) };
    });
}

/** The deliveries whose header holds a text (a message id), as soon as there are as many as asked for. */
export async function arrived(sink: string, text: string, count: number): Promise<Delivery[]> {
  return eventually(`${count} deliveries with ${text}`, () => {
    const found = deliveries(sink).filter((delivery) => header(delivery.bytes).includes(text));
    return found.length >= count ? found : undefined;
  });
}

/** A message's header, up to the empty line. */
export function header(bytes: Buffer): string {
  const end = bytes.indexOf('\r\n\r\n');
  return bytes.subarray(0, end < 0 ? bytes.length : end).toString('latin1');
}

/** Asks again and again until there is an answer; says what it waited for where there is none. */
export async function eventually<Result>(
  what: string,
  ask: () => Result | undefined | Promise<Result | undefined>,
  seconds = 40,
): Promise<Result> {
  for (const until = Date.now() + seconds * 1000; Date.now() < until; ) {
    const result = await ask();
    if (result !== undefined) return result;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited ${seconds} s in vain for ${what}`);
}
