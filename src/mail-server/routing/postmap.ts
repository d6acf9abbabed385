/** Postfix's tables, asked through postmap(1): all keys of a round in one run a table. */
import { firstTrouble } from '../postconf.ts';
import { run } from '../run.ts';
import { type Answer, type Asking, type Question, TableTrouble, takesPartialKeys } from './lookup.ts';

/** Runs of postmap at a time. */
const AT_ONCE = 4;

export class Postmap {
  readonly #config: string;
  readonly #answers = new Map<string, Map<string, string | undefined>>();
  readonly #troubles = new Map<string, TableTrouble>();

  /** @param config Postfix's configuration directory */
  constructor(config: string) {
    this.#config = config;
  }

  /** Drives many askings, step by step together. */
  async answer<Result>(askings: readonly Asking<Result>[]): Promise<Result[]> {
    const results: Result[] = [];
    let open = askings.map((asking, at) => ({ asking, at, step: asking.next() }));
    for (;;) {
      const waiting: { asking: Asking<Result>; at: number; question: Question }[] = [];
      for (const { asking, at, step } of open) {
        if (step.done) results[at] = step.value;
        else waiting.push({ asking, at, question: step.value });
      }
      if (waiting.length === 0) return results;
      await this.#ask(waiting.map(({ question }) => question));
      open = waiting.map(({ asking, at, question }) => ({
        asking,
        at,
        step: asking.next(this.#known(question)),
      }));
    }
  }

  #known({ tables, keys }: Question): Answer {
    for (const key of keys) {
      for (const table of tables) {
        if (key.partial && !takesPartialKeys(table)) continue;
        const value = this.#answers.get(table)?.get(key.text);
        if (value !== undefined) return { table, key: key.text, value };
        const trouble = this.#troubles.get(table);
        if (trouble !== undefined) return trouble;
      }
    }
    return undefined;
  }

  async #ask(questions: readonly Question[]): Promise<void> {
    const wanted = new Map<string, Set<string>>();
    for (const { tables, keys } of questions) {
      for (const table of tables) {
        if (this.#troubles.has(table)) continue;
        const known = this.#answers.get(table);
        for (const { text, partial } of keys) {
          if ((partial && !takesPartialKeys(table)) || known?.has(text)) continue;
          const unknown = wanted.get(table) ?? new Set();
          wanted.set(table, unknown.add(text));
        }
      }
    }
    const tables = [...wanted];
    const worker = async () => {
      for (let next = tables.pop(); next !== undefined; next = tables.pop()) {
        await this.#askTable(next[0], [...next[1]]);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  async #askTable(table: string, keys: readonly string[]): Promise<void> {
    const known = this.#answers.get(table) ?? new Map<string, string | undefined>();
    this.#answers.set(table, known);
    for (const key of keys) known.set(key, undefined);
    // What cannot be a line of its own is in no table.
    const lines = keys.filter((key) => key !== '' && !/[\n\0]/.test(key));
    // proxymap(8) is only another way to the same table, and one that needs a running Postfix.
    const plain = table.replace(/^proxy:/, '');
    const asked = await run('postmap', ['-c', this.#config, '-q', '-', plain], `${lines.join('\n')}\n`);
    for (const line of asked.stdout.split('\n')) {
      const tab = line.indexOf('\t');
      if (tab > 0) known.set(line.slice(0, tab), line.slice(tab + 1));
    }
    if (/: fatal: /.test(asked.stderr)) {
      this.#troubles.set(table, new TableTrouble(plain, firstTrouble(asked.stderr)));
    }
  }
}
