import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { account, groupId } from '../e2e/stack/account.ts';

/** Where Postfix says what belongs to an installation, a line each: `path:type:owner:group:mode:flags`. */
const POSTFIX_FILES = '/etc/postfix/postfix-files';

/**
 * Makes the directories that Postfix would make when it is checked first, with four processes of a shell for each.
 *
 * @param path is where `queue` and `data` come to be. Nothing is made where there is no Postfix, or no root.
 */
export function makeQueue(path: string): void {
  if (!existsSync(POSTFIX_FILES) || process.getuid?.() !== 0) return;
  const places: Record<string, string> = {
    $queue_directory: join(path, 'queue'),
    $data_directory: join(path, 'data'),
  };
  const { uid } = account('postfix');
  const gid = groupId('postdrop');
  for (const line of readFileSync(POSTFIX_FILES, 'utf8').split('\n')) {
    const [name = '', type, owner, group, mode = ''] = line.split(':');
    const [root = '', ...below] = name.split('/');
    const place = places[root];
    if (place === undefined || type !== 'd') continue;
    const directory = join(place, ...below);
    mkdirSync(directory);
    chownSync(directory, owner === 'root' ? 0 : uid, group === '-' ? 0 : gid);
    chmodSync(directory, Number.parseInt(mode, 8));
  }
}
