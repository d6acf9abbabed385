import type { DeliveryCounts } from './mail-log.ts';
import { shown } from './report.ts';

/** The counts for people: each list, and below it how often what became of its mail. @param wanted addresses; none for all */
export function reportCounts(counts: DeliveryCounts, wanted: readonly string[]): string {
  const lists = counts.counted(wanted);
  const lines: string[] = [];
  for (const { list, results } of lists) {
    lines.push(shown(list));
    for (const { result, count } of results) lines.push(`${String(count).padStart(8)}  ${shown(result)}`);
    lines.push('');
  }
  const { lines: read, deliveries } = counts;
  lines.push(
    `${read} lines read: ${deliveries} deliveries and tries to deliver, ${lists.length} lists shown.`,
  );
  return `${lines.join('\n')}\n`;
}

/** The same for machines: one JSON object. */
export function countsAsJson(counts: DeliveryCounts, wanted: readonly string[]): string {
  const { lines, deliveries } = counts;
  return `${JSON.stringify({ lines, deliveries, lists: counts.counted(wanted) }, undefined, 2)}\n`;
}
