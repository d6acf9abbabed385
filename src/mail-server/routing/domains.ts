/** Which address class a domain is in. */
import { type Asking, find, takesPartialKeys } from './lookup.ts';
import type { DomainParameter, RoutingSettings } from './settings.ts';

/** Whether one of main.cf's lists of domains has a domain: the first pattern that fits decides (match_list(3)). */
export function* hasDomain(
  settings: RoutingSettings,
  parameter: DomainParameter,
  domain: string,
): Asking<boolean> {
  // Only relay_domains is matched as domains are, and the others as texts.
  const isDomainList = parameter === 'relay_domains';
  const withParents = isDomainList && settings.parentMatches.has(parameter);
  const name = domain.toLowerCase();
  for (const entry of settings.domains[parameter]) {
    const negations = /^!*/.exec(entry)![0].length;
    const pattern = entry.slice(negations);
    const fits = TABLE.test(pattern)
      ? yield* isKeyOf(pattern, name, isDomainList, withParents)
      : fitsText(pattern.toLowerCase(), name, isDomainList, withParents);
    if (fits) return negations % 2 === 0;
  }
  return false;
}

const TABLE = /^[\w-]+:/;

function* isKeyOf(table: string, name: string, isDomainList: boolean, withParents: boolean): Asking<boolean> {
  const parents = isDomainList && takesPartialKeys(table) ? parentsOf(name, withParents) : [];
  const keys = [{ text: name, partial: false }, ...parents.map((text) => ({ text, partial: true }))];
  return (yield* find([table], keys)) !== undefined;
}

function fitsText(pattern: string, name: string, isDomainList: boolean, withParents: boolean): boolean {
  if (pattern === name) return true;
  if (!isDomainList) return false;
  if (withParents) return name.endsWith(`.${pattern}`);
  return pattern.startsWith('.') && name.endsWith(pattern);
}

/** The domains above a domain: with a dot in front where that is how tables name all that is below one. */
export function parentsOf(domain: string, plain: boolean): string[] {
  const labels = domain.split('.');
  return labels.slice(1).map((_, at) => `${plain ? '' : '.'}${labels.slice(at + 1).join('.')}`);
}
