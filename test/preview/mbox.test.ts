import { describe, expect, it } from 'vitest';
import { MboxSplitter } from '../../src/preview/mbox.ts';

const FROM = 'From a@example.net Thu Nov  5 10:00:00 2026\n';

async function split(pieces: readonly string[]): Promise<string[]> {
  const messages: string[] = [];
  const splitter = new MboxSplitter(() => {
    const at = messages.push('') - 1;
    return {
      write: (bytes) => {
        messages[at] += Buffer.from(bytes).toString('latin1');
      },
      end: async () => {},
      discard: () => {},
    };
  });
  for (const piece of pieces) await splitter.write(Buffer.from(piece, 'latin1'));
  await splitter.end();
  return messages;
}

const CASES: [string, string, string[]][] = [
  ['two messages', `${FROM}A: 1\n\nx\n\n${FROM}A: 2\n\ny\n`, ['A: 1\n\nx\n\n', 'A: 2\n\ny\n']],
  ['From in a paragraph', `${FROM}A: 1\n\nFrom here on\n\nx`, ['A: 1\n\nFrom here on\n\nx']],
  ['From_ without an empty line before it', `${FROM}A: 1\n\nx\n${FROM}y\n`, [`A: 1\n\nx\n${FROM}y\n`]],
  ['CRLF', `${FROM}A: 1\r\n\r\nx\r\n\r\n${FROM}A: 2\r\n`, ['A: 1\r\n\r\nx\r\n\r\n', 'A: 2\r\n']],
  ['no From_ line after all', 'From me\nA: 1\n\nx\n', ['From me\nA: 1\n\nx\n']],
  [
    'a long line',
    `${FROM}A: 1\n\n${'x'.repeat(1500)}\n\n${FROM}B: 1\n`,
    [`A: 1\n\n${'x'.repeat(1500)}\n\n`, 'B: 1\n'],
  ],
];

describe('MboxSplitter', () => {
  it.each(CASES)('%s', async (_, mailbox, messages) => {
    expect(await split([mailbox])).toEqual(messages);
  });

  it.each(CASES)('%s, at all two-piece cuts', async (_, mailbox, messages) => {
    for (let cut = 1; cut < mailbox.length; cut++) {
      expect(await split([mailbox.slice(0, cut), mailbox.slice(cut)]), `cut at ${cut}`).toEqual(messages);
    }
    expect(await split([...mailbox])).toEqual(messages);
  });
});
