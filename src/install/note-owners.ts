import type { Draft } from './draft.ts';
import type { AliasPipe, Host } from './host.ts';

/** What is named one by one. */
const NAMED = 5;

/**
 * Lists whose owner is not the one that delivers: mlmmj-receive refuses them, and their mail waits. After a chown what
 * was called as the old owner is refused in turn, and pipes of aliases(5) then bounce.
 */
export function noteOwners(draft: Draft, host: Host, user: string): void {
  for (const { owner, directories } of host.strangers) {
    const [what, belongs] =
      directories.length === 1 ? [directories[0]!, 'belongs'] : [`${directories.length} lists`, 'belong'];
    draft.notes.push(
      `${what} ${belongs} to ${owner} and not to ${user}, who delivers: chown -R ${user} ${directories.join(' ')}, then run this again`,
    );
  }
  const others = host.aliasPipes.filter((pipe) => pipe.user !== user);
  const groups = new Map<string, AliasPipe[]>();
  for (const pipe of others) {
    const key = `${pipe.path} calls mlmmj-receive as ${pipe.user}`;
    groups.set(key, [...(groups.get(key) ?? []), pipe]);
  }
  for (const [what, pipes] of groups) {
    draft.notes.push(
      `${what} for ${namesOf(pipes)}: remove these lines and run newaliases, for what they call is refused, and bounces, where the list belongs to ${user}`,
    );
  }
}

function namesOf(pipes: readonly AliasPipe[]): string {
  const names = pipes.slice(0, NAMED).map(({ name }) => name);
  return `${names.join(', ')}${pipes.length > NAMED ? ` and ${pipes.length - NAMED} more` : ''}`;
}
