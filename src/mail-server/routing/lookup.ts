/**
 * Questions to lookup tables. What follows an address is pure: it asks by `yield`, and whoever drives it answers, so that
 * many addresses are asked for in one run of postmap(1) a table.
 */

export interface Key {
  readonly text: string;
  /** Part of an address, which patterns never see (regexp_table(5)). */
  readonly partial: boolean;
}

/** Each key is sought in all tables before the next one is. */
export interface Question {
  readonly tables: readonly string[];
  readonly keys: readonly Key[];
}

export interface Found {
  readonly table: string;
  readonly key: string;
  readonly value: string;
}

/** A table that cannot be asked: mail that needs it waits. */
export class TableTrouble extends Error {
  readonly table: string;

  constructor(table: string, what: string) {
    super(what);
    this.table = table;
  }
}

export type Answer = Found | TableTrouble | undefined;

export type Asking<Result> = Generator<Question, Result, Answer>;

/** @throws TableTrouble */
export function* find(tables: readonly string[], keys: readonly Key[]): Asking<Found | undefined> {
  if (tables.length === 0 || keys.length === 0) return undefined;
  const answer = yield { tables, keys };
  if (answer instanceof TableTrouble) throw answer;
  return answer;
}

/** Tables that are asked for whole keys alone: each has DICT_FLAG_PATTERN in Postfix. */
const PATTERNS = /^(?:proxy:)?(?:regexp|pcre|cidr|tcp|socketmap|randmap|fail):/;

export function takesPartialKeys(table: string): boolean {
  return !PATTERNS.test(table);
}
