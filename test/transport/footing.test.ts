import { expect, it } from 'vitest';
import type { Destination } from '../../src/transport/destination.ts';
import { startWriter } from '../../src/transport/footing.ts';
import { DEFAULT_WISHES } from '../helpers/expectation.ts';

/** Counts what has been added since it last could leave. */
class Scales implements Destination {
  readonly committed = true;
  length = 0;
  most = 0;
  #pending = 0;

  add(bytes: Uint8Array): void {
    this.length += bytes.length;
    this.#pending += bytes.length;
    this.most = Math.max(this.most, this.#pending);
  }

  async flow(): Promise<void> {
    this.#pending = 0;
  }

  startOver(): void {}

  async finish(): Promise<void> {}

  async abandon(): Promise<boolean> {
    return false;
  }
}

it('what comes out of one large piece of many small parts leaves bit by bit', async () => {
  const footing = {
    footers: { text: 'x'.repeat(2000), html: 'x' },
    wishes: DEFAULT_WISHES,
    missing: undefined,
  };
  const scales = new Scales();
  const writer = await startWriter(footing, undefined, scales, 'lasting');
  await writer.write(
    Buffer.from(`Content-Type: multipart/alternative; boundary=b\n\n${'--b\n\nx\n'.repeat(30_000)}--b--\n`),
  );
  writer.end();
  expect(scales.length).toBeGreaterThan(60_000_000);
  expect(scales.most).toBeLessThan(12_000_000);
});
