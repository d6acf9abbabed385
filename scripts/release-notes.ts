/** A file of a release, as its page of notes shows it. */
export interface ReleasedFile {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}

/** What each kind of file is for, by how its name ends; the first that fits counts. */
const KINDS: readonly (readonly [end: RegExp, purpose: string])[] = [
  [/-tools-standalone_.*\.deb$/, 'Debian 12, Ubuntu: the commands, with a JavaScript engine of their own'],
  [/-tools_.*\.deb$/, 'Debian 13 and newer: the commands, for Node 20'],
  [/_amd64\.deb$/, 'Debian and Ubuntu, x86-64: what Postfix runs'],
  [/_arm64\.deb$/, 'Debian and Ubuntu, arm64: what Postfix runs'],
  [/\.src\.rpm$/, 'RPM: the source package'],
  [/-tools-.*\.rpm$/, 'EL 9 and its like, Fedora: the commands, for Node 20'],
  [/\.rpm$/, 'EL 9 and its like, Fedora: what Postfix runs'],
  [/\.tgz$/, 'npm: the library, the commands, and pipe mode on Node'],
  [/\.tar\.gz$/, 'any system with a C compiler: all sources, and the C made from them'],
  [/-linux-x86_64$/, 'any Linux, x86-64: what Postfix runs, static'],
  [/-linux-aarch64$/, 'any Linux, arm64: what Postfix runs, static'],
  [/^sbom\./, 'the bill of materials, in CycloneDX'],
];

/**
 * What the changelog says of a version. Pure.
 *
 * @throws Error with one clear line where the changelog does not begin with this version
 */
export function changelogOf(changelog: string, version: string): string {
  const [, ...sections] = changelog.split(/^## /m);
  const [heading = '', ...lines] = (sections[0] ?? '').split('\n');
  const first = heading.trim().split(/\s/)[0] ?? '';
  if (first !== version)
    throw new Error(
      `CHANGELOG.md begins with "${heading.trim()}" and not with ${version}: write down what is new in it`,
    );
  const text = lines.join('\n').trim();
  if (text === '') throw new Error(`CHANGELOG.md says nothing of ${version}`);
  return text;
}

/** The page of release notes. Pure. */
export function releaseNotes(version: string, changes: string, files: readonly ReleasedFile[]): string {
  const rows = files.map(({ name, size, sha256 }) => {
    const purpose = KINDS.find(([end]) => end.test(name))?.[1];
    if (purpose === undefined) throw new Error(`scripts/release-notes.ts does not say what ${name} is for`);
    return `| ${name} | ${kilobytes(size)} | ${purpose} | \`${sha256}\` |`;
  });
  return `# mlmmj-amime-receive ${version}

${changes}

## Files

| file | KB | for | SHA-256 |
| --- | --- | --- | --- |
${rows.join('\n')}

\`sha256sum -c SHA256SUMS\` checks them. README.md says how each is installed. The same sources give the same bytes:
\`make packages\` at the tag, on Debian 12.
`;
}

function kilobytes(size: number): string {
  return Math.ceil(size / 1000).toLocaleString('en');
}
