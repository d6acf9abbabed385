import type { Reason } from '../footer/outcome.ts';
import type { MessagePreview } from './message-preview.ts';
import { type Colours, shown, sizeInWords } from './shown.ts';

/** Lines differ by what stands in the messages, so there is no limit to them but this one. */
const LINES_LIMIT = 40;
const NAMED_LIMIT = 5;
/** Below this, time is made by everything but the message. Milliseconds. */
const SLOW = 20;

interface Named {
  readonly name: string;
  readonly rank: number;
  readonly why: string;
}

/** Counts what became of many messages, and remembers the few that are worth a look. */
export class Tally {
  readonly #counts = new Map<string, number>();
  #messages = 0;
  #withFooter = 0;
  #bytes = 0;
  #others = 0;
  readonly #slowest = new Best();
  readonly #oddest = new Best();
  readonly #unreadable: Named[] = [];
  #unreadableCount = 0;

  get messages(): number {
    return this.#messages;
  }

  get unreadable(): number {
    return this.#unreadableCount;
  }

  add(name: string, preview: MessagePreview, milliseconds: number): void {
    this.#messages++;
    this.#bytes += preview.size;
    if (preview.outcome.placed.length > 0) this.#withFooter++;
    const count = this.#counts.get(preview.summary);
    if (count !== undefined || this.#counts.size < LINES_LIMIT)
      this.#counts.set(preview.summary, (count ?? 0) + 1);
    else this.#others++;
    if (milliseconds >= SLOW) {
      const why = `${milliseconds.toFixed(0)} ms for ${sizeInWords(preview.size)}`;
      this.#slowest.add({ name, rank: milliseconds, why });
    }
    const odd = oddity(preview);
    if (odd !== undefined) this.#oddest.add({ name, ...odd });
  }

  /** A file that cannot be read. */
  missed(name: string, why: string): void {
    this.#unreadableCount++;
    if (this.#unreadable.length < NAMED_LIMIT) this.#unreadable.push({ name, rank: 0, why });
  }

  table(paint: Colours): string {
    if (this.#messages === 0) return 'There is no message.\n';
    const [all, footed, bare] = [this.#messages, this.#withFooter, this.#messages - this.#withFooter];
    const sum = [
      `${all} ${all === 1 ? 'message' : 'messages'} (${sizeInWords(this.#bytes)})`,
      `${footed} ${footed === 1 ? 'gets' : 'get'} the footer, ${bare} ${bare === 1 ? 'does' : 'do'} not`,
    ];
    const lines = [paint.strong(sum.join(': ')), ''];
    const width = Math.max(5, String(this.#messages).length);
    const row = (count: number, line: string) => `${String(count).padStart(width)}  ${line}`;
    const sorted = [...this.#counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    for (const [line, count] of sorted) {
      lines.push(row(count, line.startsWith('no footer') ? paint.left(line) : paint.good(line)));
    }
    if (this.#others > 0) lines.push(row(this.#others, paint.quiet('of other kinds')));
    lines.push(
      ...section('The oddest:', this.#oddest.named),
      ...section('The slowest:', this.#slowest.named),
    );
    lines.push(...section(`Not read: ${this.#unreadableCount}`, this.#unreadable));
    return `${lines.join('\n')}\n`;
  }
}

function section(title: string, named: readonly Named[]): string[] {
  if (named.length === 0) return [];
  return ['', title, ...named.map(({ name, why }) => `  ${shown(name, 200)}: ${why}`)];
}

/** Keeps the few of the highest rank; of equals the first. */
class Best {
  readonly named: Named[] = [];

  add(one: Named): void {
    const place = this.named.findIndex(({ rank }) => rank < one.rank);
    if (place < 0) this.named.push(one);
    else this.named.splice(place, 0, one);
    this.named.length = Math.min(this.named.length, NAMED_LIMIT);
  }
}

/** What is odd about a message and how odd, most telling first. */
const ODD_REASONS: Readonly<Partial<Record<Reason, number>>> = {
  trouble: 100,
  'unclear header': 60,
  'unfinished tag': 60,
  'unclosed pgp': 60,
  'broken base64': 50,
  'unusable charset': 50,
  'no boundary': 40,
  'unknown encoding': 40,
  'no content': 30,
};
const MANY_PARTS = 50;

function oddity({ outcome, tree, summary }: MessagePreview): { rank: number; why: string } | undefined {
  const rank = Math.max(0, ...outcome.reasons.map((reason) => ODD_REASONS[reason] ?? 0));
  if (rank > 0) return { rank, why: summary };
  if (tree.count >= MANY_PARTS) return { rank: 20, why: `${tree.count} parts` };
  if (outcome.placed.some(({ transliterated }) => transliterated)) return { rank: 10, why: summary };
  return undefined;
}
