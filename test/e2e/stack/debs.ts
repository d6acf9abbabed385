import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

/**
 * Makes the .deb packages of what has been built, not compressed: the program, and the commands with an engine of their own, which
 * no host is too old for.
 *
 * @returns their paths
 */
export async function buildDebs(root: string, directory: string): Promise<string[]> {
  const executable = process.env.MLMMJ_AMIME_EXECUTABLE;
  const settings = [`PACKAGES=${directory}`, `STAGES=${directory}.stages`];
  if (executable !== undefined) settings.push(`EXECUTABLE=${executable}`);
  await execa('make', ['-s', 'debs', 'deb-standalone', ...settings], {
    cwd: root,
    env: { DEB_COMPRESSION: 'none' },
  });
  const names = readdirSync(directory).filter((name) => /receive_|-standalone_/.test(name));
  return names.sort().map((name) => join(directory, name));
}
