/** What a release is made of, as far as it can be looked at without making one. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { billOfMaterials, type NpmBill } from '../../scripts/bill-of-materials.ts';
import { changelogOf, releaseNotes } from '../../scripts/release-notes.ts';
import { demandBuild, post, ROOT } from '../helpers/programs.ts';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const { version, devDependencies } = JSON.parse(read('package.json'));
const PROGRAM = 'dist/mlmmj-amime-receive';

let place: string;
beforeAll(() => {
  demandBuild();
  place = mkdtempSync(join(tmpdir(), 'amime-release-'));
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

function isThere(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

/** The files below a directory. */
function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort();
}

describe('the release notes', () => {
  const changelog = '# Changelog\n\nWhat.\n\n## 1.2.0\n\n- New.\n\n## 1.1.0\n\n- Old.\n';

  test('have what the changelog says of the version, and each file with its purpose', () => {
    expect(changelogOf(changelog, '1.2.0')).toBe('- New.');
    const file = { name: 'mlmmj-amime-receive_1.2.0-1_amd64.deb', size: 877_180, sha256: 'abc' };
    const notes = releaseNotes('1.2.0', '- New.', [file]);
    expect(notes).toContain('# mlmmj-amime-receive 1.2.0\n\n- New.\n');
    expect(notes).toContain(
      `| ${file.name} | 878 | Debian and Ubuntu, x86-64: what Postfix runs | \`abc\` |`,
    );
  });

  test.each([
    ['another version on top', changelog, '1.1.0', 'begins with "1.2.0" and not with 1.1.0'],
    ['nothing written', '## 1.2.0\n\n## 1.1.0\n\n- Old.\n', '1.2.0', 'says nothing of 1.2.0'],
    ['no version at all', '# Changelog\n', '1.2.0', 'begins with "" and not with 1.2.0'],
  ])('are refused: %s', (_, text, wanted, complaint) => {
    expect(() => changelogOf(text, wanted)).toThrow(complaint);
  });

  test('do not name a file without saying what it is for', () => {
    expect(() => releaseNotes('1.2.0', '', [{ name: 'core', size: 1, sha256: 'a' }])).toThrow('core is for');
  });
});

test('the bill of materials names what is inside, and not what it was built with', () => {
  const sbom = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--sbom-type', 'application'];
  const npm = execFileSync('npm', sbom, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 });
  const bundled = JSON.parse(read('dist/tools-packages.json')) as string[];
  expect(bundled.some((name) => name.startsWith('execa@'))).toBe(true);
  const make = () => billOfMaterials(JSON.parse(npm) as NpmBill, devDependencies, bundled, new Date(0));
  const bill = make() as {
    serialNumber: string;
    components: { name: string; licenses: unknown[]; version?: string }[];
  };
  const names = bill.components.map(({ name }) => name);
  for (const name of [
    '@exodus/bytes',
    'any-ascii',
    'assemblyscript',
    'wabt',
    'bun',
    'Unicode Character Database',
  ])
    expect(names).toContain(name);
  for (const name of ['vitest', 'typescript', 'mailparser']) expect(names).not.toContain(name);
  expect(bill.components.filter(({ licenses }) => licenses.length === 0)).toEqual([]);
  expect(bill.serialNumber).toMatch(
    /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(JSON.stringify(make())).toBe(JSON.stringify(bill));
  // As the tables say of themselves.
  const unicode = bill.components.find(({ name }) => name === 'Unicode Character Database')!.version;
  expect(read('src/footer/spellings.ts')).toContain(`Unicode ${unicode}'s`);
});

test('each package in the commands has its license with them', () => {
  const licenses = read('dist/tools-licenses.txt');
  for (const reference of JSON.parse(read('dist/tools-packages.json')) as string[])
    expect(licenses).toContain(`\n${reference.replace(/@(?=[^@]*$)/, ' ')} (`);
});

describe('packages of other systems', () => {
  /** The archive's tree, with what is compiled there already. */
  let archive: string;

  beforeAll(() => {
    archive = join(place, 'archive');
    mkdirSync(join(archive, 'native'), { recursive: true });
    mkdirSync(join(archive, 'tools'));
    for (const name of [
      'LICENSES',
      'LICENSE',
      'NOTICE',
      'README.md',
      'CHANGELOG.md',
      'amavis',
      'completions',
    ])
      cpSync(join(ROOT, name), join(archive, name), { recursive: true });
    for (const name of ['contrib', 'docs', 'man', 'postfix', 'systemd', 'scripts/install.mk'])
      cpSync(join(ROOT, name), join(archive, name), { recursive: true });
    cpSync(join(ROOT, 'packaging/archive.mk'), join(archive, 'Makefile'));
    cpSync(join(ROOT, PROGRAM), join(archive, 'native/mlmmj-amime-receive'));
    for (const name of ['tools.js', 'tools-licenses.txt'])
      cpSync(join(ROOT, 'dist', name), join(archive, 'tools', name));
    cpSync(join(ROOT, 'scripts/tools-on-node.sh'), join(archive, 'tools/mlmmj-amime-receive-tools'));
  });

  const makes = ['make', 'bmake'].map((make) => ({ make, isMissing: !isThere(make) }));
  describe.each(makes)("FreeBSD's and OpenBSD's lists name", ({ make, isMissing }) => {
    test.skipIf(isMissing)(`what ${make} installs (Debian: ${make})`, () => {
      const target = join(place, make);
      execFileSync(make, ['-s', 'install', `DESTDIR=${target}`], { cwd: archive, stdio: 'ignore' });
      const installed = filesBelow(join(target, 'usr/local'));
      const freebsd = read('contrib/ports/freebsd/pkg-plist')
        .split('\n')
        .filter((line) => line !== '' && !line.includes('rc.d'))
        .map((line) => line.replace('%%TOOLS%%', '').replace(/(man\/.*)\.gz$/, '$1'));
      expect(freebsd.sort()).toEqual(installed);
      const openbsd = read('contrib/ports/openbsd/pkg/PLIST')
        .split('\n')
        .map((line) => line.replace(/^@(?:bin|man) /, ''))
        .filter((line) => line !== '' && !line.endsWith('/') && !line.startsWith('@'))
        .map((line) => line.replace(/^man\//, 'share/man/'));
      expect(openbsd.sort()).toEqual(installed);
    });
  });

  test.skipIf(!isThere('bmake')).each(['freebsd', 'openbsd'])(
    'the port for %s can be read (Debian: bmake)',
    (system) => {
      const ports = join(place, 'ports');
      mkdirSync(ports, { recursive: true });
      writeFileSync(join(ports, 'bsd.port.mk'), 'all:\n');
      writeFileSync(join(ports, 'sys.mk'), '');
      const makefile = join(ROOT, 'contrib/ports', system, 'Makefile');
      const done = spawnSync('bmake', ['-m', ports, '-f', makefile, '-V', '${DISTVERSION}${V}'], {
        encoding: 'utf8',
      });
      expect(done).toMatchObject({ status: 0, stderr: '', stdout: '@VERSION@\n' });
    },
  );

  test("Alpine's APKBUILD does its steps", () => {
    const apkbuild = join(place, 'APKBUILD');
    writeFileSync(apkbuild, read('packaging/alpine/APKBUILD').replace('@VERSION@', version));
    // abuild's part: the directories, and a function that moves files into a subpackage.
    const script = `set -eu
. ${apkbuild}
startdir=${place} pkgdir=${place}/apk subpkgdir=${place}/apk-tools
amove() { for each in "$@"; do mkdir -p "$subpkgdir/$(dirname "$each")"; mv "$pkgdir/$each" "$subpkgdir/$each"; done; }
cd ${archive}
build; check; package; tools
echo "$depends"`;
    const done = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
    expect(done.stderr).toBe('');
    expect(done.stdout).toContain(`mlmmj-amime-receive=${version}-r0 nodejs>=20\n`);
    expect(filesBelow(join(place, 'apk-tools'))).toEqual([
      'usr/lib/mlmmj-amime-receive/mlmmj-amime-receive-tools',
      'usr/lib/mlmmj-amime-receive/tools.mjs',
      'usr/share/doc/mlmmj-amime-receive/tools-licenses.txt',
    ]);
    const main = filesBelow(join(place, 'apk'));
    expect(main).toContain('usr/bin/mlmmj-amime-receive');
    expect(main).toContain('etc/init.d/mlmmj-amime');
    expect(main.filter((name) => !/^(?:usr\/(?:bin|share)|etc\/init\.d)\//.test(name))).toEqual([]);
  });
});

test.skipIf(process.getuid?.() !== 0)('the image has all that the program needs (as root)', () => {
  const dockerfile = read('contrib/docker/Dockerfile.program');
  expect(dockerfile).toMatch(/^FROM scratch$/m);
  const [, mode, from, to] = /^COPY --chmod=(\d+) (\S+) (\S+)$/m.exec(dockerfile)!;
  const image = join(place, 'image');
  mkdirSync(join(image, 'usr/bin'), { recursive: true });
  cpSync(join(ROOT, from!), join(image, to!));
  chmodSync(join(image, to!), Number.parseInt(mode!, 8));
  const control = join(image, 'lists/news/control');
  mkdirSync(control, { recursive: true });
  writeFileSync(join(control, 'listaddress'), 'news@example.org\n');
  writeFileSync(join(control, 'footer_text'), 'The list\n');
  for (const directory of [place, image]) chmodSync(directory, 0o755);
  const user = /^USER (\S+)$/m.exec(dockerfile)![1];
  const done = spawnSync('chroot', [`--userspec=${user}`, image, to!, '-L', '/lists/news', '--dry-run'], {
    input: post(),
    encoding: 'utf8',
  });
  expect(done.stderr).toBe('footer added: text/plain\n');
  expect(done.stdout).toMatch(/Hello\.\nThe list\n$/);
  expect(existsSync(join(image, 'dev'))).toBe(false);
});
