import { listEntries, withEntry } from '../mail-server/main-cf.ts';
import { formatService, type Service } from '../mail-server/master-cf.ts';
import type { Change, Plan } from './change.ts';
import type { Host } from './host.ts';

/** A plan in the making: knows the host, so that only what differs becomes a change. */
export class Draft implements Plan {
  readonly changes: Change[] = [];
  readonly kept: string[] = [];
  readonly notes: string[] = [];
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  setting(name: string, after: string): void {
    const before = this.#host.explicit.get(name);
    if (before === after) this.kept.push(`main.cf: ${name} = ${before}`);
    else this.changes.push({ kind: 'setting', name, before, after });
  }

  service(key: string, after: Service): void {
    const existing = this.#host.services.get(key);
    const before = existing && formatService(existing);
    const line = formatService(after);
    if (before === line) this.kept.push(`master.cf: ${line}`);
    else this.changes.push({ kind: 'service', key, before, after: line });
  }

  file(path: string, after: string, more: { secret?: boolean; index?: string | undefined } = {}): void {
    const before = this.#host.files.get(path);
    const { secret = false, index } = more;
    if (before === after && !(index !== undefined && this.#host.stale.has(path))) this.kept.push(path);
    else {
      this.changes.push({ kind: 'file', path, before, after, secret, index });
    }
  }

  /** Adds an entry to a list in main.cf: at its end, or before the first entry that `before` fits. */
  addToList(name: string, entry: string, before?: (other: string) => boolean): void {
    const value = this.#planned(name) ?? this.#listValue(name);
    const expanded = this.#planned(name) ?? this.#host.expanded.get(name) ?? '';
    const merged = withEntry(value, entry, expanded, before);
    if (merged === value) this.kept.push(`main.cf: ${name} = ${value}`);
    else this.#replace(name, merged);
  }

  /** Takes entries out of a list in main.cf. */
  removeFromList(name: string, unwanted: (entry: string) => boolean): void {
    const value = this.#planned(name) ?? this.#listValue(name);
    const entries = listEntries(value);
    const rest = entries.filter((entry) => !unwanted(entry));
    if (rest.length < entries.length) this.#replace(name, rest.join(', '));
  }

  /** A default that comes to nothing (relay_domains has a long conditional) is not worth writing down. */
  #listValue(name: string): string {
    const expanded = this.#host.expanded.get(name) ?? '';
    return expanded.trim() === '' ? '' : (this.#host.effective.get(name) ?? '');
  }

  /** What an earlier step of this plan made of a setting. */
  #planned(name: string): string | undefined {
    const change = this.changes.find((other) => other.kind === 'setting' && other.name === name);
    return change?.kind === 'setting' ? change.after : undefined;
  }

  #replace(name: string, after: string): void {
    const at = this.changes.findIndex((other) => other.kind === 'setting' && other.name === name);
    if (at >= 0) this.changes.splice(at, 1);
    this.setting(name, after);
  }
}
