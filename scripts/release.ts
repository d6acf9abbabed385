/**
 * `make release VERSION=…`: everything that is published, in dist/release, and a tag; with DRY_RUN=1 the same without commit and
 * tag, and the tree as it was. Whatever is missing is said before anything changes.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { changelogOf, type ReleasedFile, releaseNotes } from './release-notes.ts';

const root = new URL('..', import.meta.url).pathname;
const release = join(root, 'dist/release');
const NAME = 'mlmmj-amime-receive';

/** What builds the files, and the Debian package that has it. */
const NEEDED: readonly (readonly [program: string, debian: string])[] = [
  ['git', 'git'],
  ['cc', 'gcc libc6-dev'],
  ['aarch64-linux-gnu-gcc', 'gcc-aarch64-linux-gnu'],
  ['dpkg-deb', 'dpkg'],
  ['rpmbuild', 'rpm'],
];

class Refusal extends Error {}

try {
  main(process.argv[2] ?? '', process.env.DRY_RUN === '1');
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(`make release: ${error.message}`);
  process.exitCode = 1;
}

function main(version: string, isDryRun: boolean): void {
  if (!/^\d+\.\d+\.\d+(?:-[0-9a-z]+(?:\.[0-9a-z]+)*)?$/.test(version))
    throw new Refusal('say which: make release VERSION=1.2.3');
  const tag = `v${version}`;
  if (output('git', ['status', '--porcelain']) !== '')
    throw new Refusal('there are changes that are not committed');
  if (output('git', ['tag', '--list', tag]) !== '') throw new Refusal(`the tag ${tag} is there already`);
  const missing = NEEDED.filter(([program]) => !has(program)).map(([, debian]) => debian);
  if (missing.length > 0) throw new Refusal(`not everything is here: apt-get install ${missing.join(' ')}`);
  const changes = readChanges(version);

  // The one place where the version stands; package-lock.json repeats it.
  const { version: before } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const isNew = before !== version;
  if (isNew) run('npm', ['version', '--no-git-tag-version', '--ignore-scripts', version]);
  try {
    if (isNew && !isDryRun)
      run('git', ['commit', '--quiet', '-m', `release: ${version}`, 'package.json', 'package-lock.json']);
    rmSync(release, { recursive: true, force: true });
    run('make', ['--no-print-directory', 'release-files', `VERSION=${version}`]);
    const files = readdirSync(release).sort().map(describe);
    writeFileSync(
      join(release, 'SHA256SUMS'),
      files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join(''),
    );
    writeFileSync(join(release, 'RELEASE-NOTES.md'), releaseNotes(version, changes, files));
    if (!isDryRun) run('git', ['tag', '--annotate', '-m', `${NAME} ${version}`, tag]);
  } finally {
    if (isNew && isDryRun) run('git', ['checkout', '--quiet', '--', 'package.json', 'package-lock.json']);
  }
  console.log(
    `dist/release has ${NAME} ${version}; ${isDryRun ? 'nothing was tagged' : `git push --follow-tags publishes ${tag}`}.`,
  );
}

function readChanges(version: string): string {
  try {
    return changelogOf(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), version);
  } catch (error) {
    throw new Refusal((error as Error).message);
  }
}

function describe(name: string): ReleasedFile {
  const content = readFileSync(join(release, name));
  return { name, size: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}

function has(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
}

function output(program: string, args: readonly string[]): string {
  const { stdout, status } = spawnSync(program, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Refusal(`${program} ${args.join(' ')} failed`);
  return stdout.trim();
}

function run(program: string, args: readonly string[]): void {
  const { status } = spawnSync(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Refusal(`${program} ${args.join(' ')} failed; nothing was tagged`);
}
