import {
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandProblem } from '../commands/problem.ts';
import { PostconfEditor } from './postconf-editor.ts';

/** What Postfix reads when it starts. */
export const CONFIGURATION = ['main.cf', 'master.cf'] as const;

/** Does one step on a copy of the configuration. */
export type Edit = <Result>(step: (postconf: PostconfEditor) => Promise<Result>) => Promise<Result>;

/**
 * Works on a copy of main.cf and master.cf, which is gone afterwards. What goes wrong there is said of the original.
 *
 * @param work gets the copy's directory, and what does one step on it
 */
export async function onCopy<Result>(
  config: string,
  work: (stage: string, edit: Edit) => Promise<Result>,
): Promise<Result> {
  const stage = mkdtempSync(join(tmpdir(), 'mlmmj-amime-install-'));
  try {
    for (const name of CONFIGURATION) {
      const text = readFileSync(join(config, name));
      // postconf -e glues its line to a last one that does not end.
      const end = text.length === 0 || text.at(-1) === 0x0a ? '' : '\n';
      writeFileSync(join(stage, name), Buffer.concat([text, Buffer.from(end)]));
    }
    return await work(stage, editor(stage));
  } catch (error) {
    if (error instanceof CommandProblem) error.message = error.message.replaceAll(stage, config);
    throw error;
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/**
 * Before each step the files are made to look an hour old: Postfix reads a file that changed within the last second
 * again and again until it has settled.
 */
function editor(stage: string): Edit {
  const postconf = new PostconfEditor(stage);
  return (step) => {
    const anHourAgo = Date.now() / 1000 - 3600;
    for (const name of CONFIGURATION) utimesSync(join(stage, name), anHourAgo, anHourAgo);
    return step(postconf);
  };
}

/** Whether a path is that of main.cf or master.cf, which may be links to elsewhere. */
export function configurationOf(config: string): (path: string) => boolean {
  const paths = CONFIGURATION.map((name) => resolve(join(config, name)));
  return (path) => paths.includes(path);
}

/** A configuration file that is a link is changed where it points to, so that the link stays. */
export function resolve(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}
