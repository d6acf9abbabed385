/** Aliases that give mail to mlmmj by a pipe of local(8), which runs it as somebody of its own. */
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { account } from '../mail-server/accounts.ts';
import { listEntries } from '../mail-server/main-cf.ts';
import { aliasTargets } from '../mail-server/routing/local-alias.ts';
import type { AliasPipe } from './host.ts';

/** Tables that are a file of lines, however it is indexed. */
const FILE_TABLE = /^(?:hash|btree|lmdb|cdb|dbm|sdbm|texthash):(\/.+)$/;

/** Never fails: what cannot be read is not ours to judge. @param aliasMaps `alias_maps`, @param privileges `default_privs` */
export function gatherAliasPipes(aliasMaps: string, privileges: string): AliasPipe[] {
  return listEntries(aliasMaps).flatMap((table) => {
    const path = FILE_TABLE.exec(table)?.[1];
    if (path === undefined) return [];
    try {
      const text = readFileSync(path, 'latin1');
      // local(8): as the table's owner, and where that is root, as default_privs says.
      const { uid } = statSync(path);
      const user = uid === 0 ? privileges.split(':')[0]! : (account(uid)?.name ?? String(uid));
      return pipesIn(text).map((pipe) => ({ ...pipe, path, user }));
    } catch {
      return [];
    }
  });
}

function pipesIn(text: string): Pick<AliasPipe, 'name' | 'directory'>[] {
  const logical = text.replace(/^\s*#.*\n/gm, '').replace(/\r?\n[ \t]+/g, ' ');
  return logical.split('\n').flatMap((line) => {
    const [, name, value] = /^("[^"]*"|[^\s:#]+)\s*:\s*(.*)$/.exec(line) ?? [];
    if (name === undefined) return [];
    return aliasTargets(value!).flatMap((target) => {
      const directory = target.kind === 'command' ? listOf(target.text) : undefined;
      return directory === undefined ? [] : [{ name, directory }];
    });
  });
}

/** The list that a command gives mail to, links followed. */
function listOf(command: string): string | undefined {
  const [, directory] =
    /\bmlmmj-(?:amime-)?receive\b.*?\s-L\s*['"]?(\/[^\s'"]*?)\/*['"]?(?:\s|$)/.exec(command) ?? [];
  if (directory === undefined) return undefined;
  try {
    return realpathSync(directory);
  } catch {
    return undefined;
  }
}
