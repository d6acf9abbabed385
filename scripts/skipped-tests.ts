/**
 * What a run says of the tests that it skipped, in lines: what each of them needs stands in its name
 * (`lacks` in test/helpers/needs.ts), with the Debian packages that bring it.
 */
export function describeSkipped(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const needy = names.filter((name) => NEEDS.test(name));
  const others = names.filter((name) => !NEEDS.test(name));
  const lines: string[] = [];
  if (needy.length > 0) {
    lines.push('', `${needy.length} skipped, because this machine lacks what they need:`, ...indented(needy));
    lines.push(...remedy(needy));
  }
  if (others.length > 0)
    lines.push('', `${others.length} not run, for a reason of their own:`, ...indented(others));
  return lines;
}

const NEEDS = /\(needs (.+?)(?:: apt-get install ([a-z0-9.+ -]+))?\)/;

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

/** The packages that were missing, and no others. */
function remedy(needy: readonly string[]): string[] {
  const found = needy.map((name) => NEEDS.exec(name)!);
  const packages = new Set(found.flatMap(([, , names]) => names?.split(' ') ?? []));
  const lines: string[] = [];
  if (packages.size > 0) lines.push(`On Debian or Ubuntu: apt-get install ${[...packages].sort().join(' ')}`);
  if (found.some(([, what]) => /\broot\b/.test(what!) && !/not to be root/.test(what!)))
    lines.push('Some run as root alone.');
  return lines;
}
