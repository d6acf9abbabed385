/** The service in numbers, as Prometheus reads them (text format 0.0.4). */
import type { Outcome } from '../insert/outcome.ts';
import { KIND_NAMES, MANNER_NAMES, REASON_NAMES } from '../insert/outcome-names.ts';

/** Seconds. A small post takes milliseconds; the last bound is where deliveries are given up. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** Bytes. */
const BYTES = [1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864];

/** What is asked for at the moment it is looked at. */
export interface Gauges {
  readonly running: () => number;
  readonly waiting: () => number;
  readonly connections: () => number;
}

export class Metrics {
  readonly #recipients = new Counter();
  readonly #footers = new Counter();
  readonly #missing = new Counter();
  readonly #seconds = new Histogram(SECONDS);
  readonly #bytes = new Histogram(BYTES);

  /** One recipient. @param event as the log names it: `delivered`, `deferred`, `refused`, `lost` */
  recipient(event: string): void {
    this.#recipients.add({ result: event });
  }

  /** One delivered message. @param outcome null where it went out as it came in */
  footer(outcome: Outcome | null): void {
    for (const { kind, manner } of outcome?.placed ?? []) {
      this.#footers.add({ kind: KIND_NAMES[kind], manner: MANNER_NAMES[manner] });
    }
    if (outcome !== null && outcome.placed.length > 0) return;
    const reasons = outcome?.reasons.map((reason) => REASON_NAMES[reason]) ?? ['passed through'];
    for (const reason of reasons.length === 0 ? ['no text'] : reasons) this.#missing.add({ reason });
  }

  /** One message, for however many recipients. */
  message(milliseconds: number, bytes: number): void {
    this.#seconds.observe(milliseconds / 1000);
    this.#bytes.observe(bytes);
  }

  /** What is served at /metrics. */
  text({ running, waiting, connections }: Gauges): string {
    const gauge = (value: number) => ({ lines: (name: string) => [`${name} ${value}`] });
    return [
      family('recipients_total', 'counter', 'Recipients by what became of their message.', this.#recipients),
      family('footers_total', 'counter', 'Footers put in, by part and manner.', this.#footers),
      family('footers_missing_total', 'counter', 'Messages without a footer, by reason.', this.#missing),
      family('message_seconds', 'histogram', 'From DATA to the reply.', this.#seconds),
      family('message_bytes', 'histogram', 'Size of messages.', this.#bytes),
      family('deliveries_running', 'gauge', 'Deliveries now, one mlmmj-receive each.', gauge(running())),
      family('deliveries_waiting', 'gauge', 'Messages that wait for a delivery to end.', gauge(waiting())),
      family('connections', 'gauge', 'LMTP connections now.', gauge(connections())),
    ].join('');
  }
}

interface Series {
  lines(name: string): string[];
}

function family(name: string, type: string, help: string, series: Series): string {
  const full = `mlmmj_amime_${name}`;
  return `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n${series
    .lines(full)
    .map((line) => `${line}\n`)
    .join('')}`;
}

/** The values of labels are words of ours, so there is nothing to escape and few of them. */
class Counter implements Series {
  readonly #counts = new Map<string, number>();

  add(labels: Readonly<Record<string, string>>): void {
    const key = Object.entries(labels)
      .map(([name, value]) => `${name}="${value}"`)
      .join(',');
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  lines(name: string): string[] {
    return [...this.#counts].map(([key, count]) => `${name}{${key}} ${count}`);
  }
}

class Histogram implements Series {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;
  #count = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = bounds.map(() => 0);
  }

  observe(value: number): void {
    this.#sum += value;
    this.#count++;
    this.#bounds.forEach((bound, at) => {
      if (value <= bound) this.#counts[at]!++;
    });
  }

  lines(name: string): string[] {
    return [
      ...this.#bounds.map((bound, at) => `${name}_bucket{le="${bound}"} ${this.#counts[at]}`),
      `${name}_bucket{le="+Inf"} ${this.#count}`,
      `${name}_sum ${this.#sum}`,
      `${name}_count ${this.#count}`,
    ];
  }
}
