import type { HostFacts, Leftover, ListFacts } from './facts.ts';
import { type Finding, wrong } from './finding.ts';

/** Files that are named one by one; a disk that was full for a night leaves hundreds. */
const NAMED = 5;

/**
 * What was left in a list's directories. Which file is whose cannot be known for certain, so nothing is removed here:
 * they are named, with what each is likely to be worth.
 */
export function judgeLeftovers(subject: string, list: ListFacts, host: HostFacts): Finding[] {
  const of = (wanted: Leftover['directory']) =>
    list.leftovers.filter(({ directory }) => directory === wanted);
  const incoming = of('incoming');
  return [
    ...judgeWhole(subject, list, host, [...incoming.filter(({ isCut }) => !isCut), ...of('queue')]),
    ...judgeCut(
      subject,
      list,
      incoming.filter(({ isCut }) => isCut),
    ),
    ...judgeOurs(subject, list, of('')),
  ];
}

function judgeWhole(
  subject: string,
  list: ListFacts,
  host: HostFacts,
  posts: readonly Leftover[],
): Finding[] {
  const bin = host.mlmmjReceive.path.slice(0, host.mlmmjReceive.path.lastIndexOf('/'));
  const user = host.user?.name ?? 'mlmmj';
  const findings = posts.slice(0, NAMED).map(({ directory, name, hours }) => {
    const program = directory === 'incoming' ? 'mlmmj-process' : 'mlmmj-send';
    const path = `${list.directory}/${directory}/${name}`;
    return wrong(
      subject,
      `${directory}/${name} has lain there for ${hours} h, and mlmmj never looks at it again`,
      `if it is whole, deliver it: su -s /bin/sh ${user} -c '${bin}/${program} -L ${list.directory} -m ${path}'`,
    );
  });
  const rest = posts.slice(NAMED);
  if (rest.length > 0) {
    findings.push(
      wrong(
        subject,
        `${rest.length} more lie there like these`,
        `ls -l ${[...new Set(rest.map(({ directory }) => `${list.directory}/${directory}`))].join(' ')}`,
      ),
    );
  }
  return findings;
}

/** On a full disk mlmmj-receive fails and leaves what it could write; the post itself was put off and came again. */
function judgeCut(subject: string, list: ListFacts, files: readonly Leftover[]): Finding[] {
  if (files.length === 0) return [];
  const [first] = files;
  const what =
    files.length === 1
      ? `incoming/${first!.name} does not end as a post does, and has lain there for ${first!.hours} h`
      : `${files.length} files in incoming (${named(files)}) do not end as posts do`;
  return [
    wrong(
      subject,
      `${what}: mlmmj-receive leaves such files on a full disk, and Postfix sends the post again`,
      `look at ${files.length === 1 ? 'it' : 'them'} in ${list.directory}/incoming, and remove what came again`,
    ),
  ];
}

function judgeOurs(subject: string, list: ListFacts, files: readonly Leftover[]): Finding[] {
  if (files.length === 0) return [];
  return [
    wrong(
      subject,
      `${named(files)} in its directory ${files.length === 1 ? 'is' : 'are'} from deliveries that were killed; the posts stayed in Postfix's queue`,
      `rm ${files
        .slice(0, NAMED)
        .map(({ name }) => `${list.directory}/${name}`)
        .join(' ')}`,
    ),
  ];
}

function named(files: readonly Leftover[]): string {
  const names = files.slice(0, NAMED).map(({ name }) => name);
  const more = files.length > NAMED ? ` and ${files.length - NAMED} more` : '';
  return `${names.join(', ')}${more}`;
}
