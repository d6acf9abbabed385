import { REASON_NAMES, type ReasonName } from '../insert/outcome-names.ts';
import type { MessagePreview } from './message-preview.ts';
import { type Colours, sizeInWords, terminalText } from './terminal-text.ts';

/** Summaries hold what stands in the messages, so there may be as many of them as messages. */
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
  readonly #slowest = new Top();
  readonly #notable = new Top();
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
    const note = noteOf(preview);
    if (note !== null) this.#notable.add({ name, ...note });
  }

  addUnreadable(name: string, why: string): void {
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
      ...section('Worth a look:', this.#notable.named),
      ...section('The slowest:', this.#slowest.named),
    );
    lines.push(...section(`Not read: ${this.#unreadableCount}`, this.#unreadable));
    return `${lines.join('\n')}\n`;
  }
}

function section(title: string, named: readonly Named[]): string[] {
  if (named.length === 0) return [];
  return ['', title, ...named.map(({ name, why }) => `  ${terminalText(name, 200)}: ${why}`)];
}

/** Keeps the few of the highest rank; of equals the first. */
class Top {
  readonly named: Named[] = [];

  add(one: Named): void {
    const place = this.named.findIndex(({ rank }) => rank < one.rank);
    if (place < 0) this.named.push(one);
    else this.named.splice(place, 0, one);
    this.named.length = Math.min(this.named.length, NAMED_LIMIT);
  }
}

/** Reasons that tell of something unusual, the most telling ones with the highest rank. */
const RANKS: Readonly<Partial<Record<ReasonName, number>>> = {
  trouble: 100,
  'too many places': 90,
  'too much growth': 90,
  'not really text': 70,
  'delimiter line': 70,
  'unclear header': 60,
  'unreadable type': 60,
  'unfinished tag': 60,
  'unclosed pgp': 60,
  'broken base64': 50,
  'unusable charset': 50,
  'no boundary': 40,
  'unknown encoding': 40,
  'no content': 30,
};
const HIDDEN_RANK = 65;
const PARTS_RANK = 20;
const ASCII_RANK = 10;
const MANY_PARTS = 50;

/** Why a message is worth a look, and how much; null for most. */
function noteOf({ outcome, tree, summary }: MessagePreview): { rank: number; why: string } | null {
  const mayBeHidden = outcome.placed.some((placed) => placed.mayBeHidden);
  const ranks = outcome.reasons.map((reason) => RANKS[REASON_NAMES[reason]] ?? 0);
  const rank = Math.max(mayBeHidden ? HIDDEN_RANK : 0, ...ranks);
  if (rank > 0) return { rank, why: summary };
  if (tree.count >= MANY_PARTS) return { rank: PARTS_RANK, why: `${tree.count} parts` };
  if (outcome.placed.some((placed) => placed.transliterated)) return { rank: ASCII_RANK, why: summary };
  return null;
}
