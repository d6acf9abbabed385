/** Real mailing lists in temporary directories. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ListDirectory {
  /** The directory that holds the list's. */
  readonly spool: string;
  /** The list's own directory, named `news`. */
  readonly directory: string;
  remove(): Promise<void>;
}

/** Makes a list with these control files; `listaddress` is news@example.org unless told (undefined: no such file). */
export async function makeList(
  control: Readonly<Record<string, string | Uint8Array | undefined>> = {},
): Promise<ListDirectory> {
  const spool = await mkdtemp(join(tmpdir(), 'amime-list-'));
  const directory = join(spool, 'news');
  await mkdir(join(directory, 'control'), { recursive: true });
  for (const [name, content] of Object.entries({ listaddress: 'news@example.org\n', ...control })) {
    if (content !== undefined) await writeFile(join(directory, 'control', name), content);
  }
  return { spool, directory, remove: () => rm(spool, { recursive: true, force: true }) };
}
