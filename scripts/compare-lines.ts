/** A line of a comparison. */
export interface Change {
  readonly kind: 'same' | 'added' | 'removed';
  readonly line: string;
}

/** The lines of two short texts side by side, by their longest common subsequence. */
export function compareLines(before: string, after: string): Change[] {
  const old = before.split('\n');
  const fresh = after.split('\n');
  const common = Array.from({ length: old.length + 1 }, () => new Array<number>(fresh.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = fresh.length - 1; j >= 0; j--) {
      common[i]![j] =
        old[i] === fresh[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
    }
  }
  const changes: Change[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      changes.push({ kind: 'same', line: old[i]! });
      i++;
      j++;
    } else if (i < old.length && (j === fresh.length || common[i + 1]![j]! >= common[i]![j + 1]!)) {
      changes.push({ kind: 'removed', line: old[i++]! });
    } else changes.push({ kind: 'added', line: fresh[j++]! });
  }
  return changes;
}
