import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An npm package of which something is in a bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** As its package.json calls it. */
  readonly license: string;
  /** What its license wants passed on, word for word. */
  readonly text: string;
}

/**
 * The npm packages in a bundle, by name.
 *
 * @param inputs what the bundle was made of, as esbuild's metafile names it: paths below the project's directory
 * @throws Error where a package does not say what its license is: it may not be passed on then
 */
export function bundledPackages(root: string, inputs: readonly string[]): BundledPackage[] {
  const directories = new Set(inputs.map(packageDirectory).filter((directory) => directory !== undefined));
  const packages = [...directories].map((directory) => readPackage(join(root, directory)));
  return packages.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function packageDirectory(path: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

function readPackage(directory: string): BundledPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const files = readdirSync(directory).filter((file) => /^(?:licen[cs]e|copying|notice)\b/i.test(file));
  const text = files
    .sort()
    .map((file) => readFileSync(join(directory, file), 'utf8').trim())
    .join('\n\n');
  if (typeof license !== 'string' || text === '') throw new Error(`${directory} has no license to pass on`);
  return { name, version, license, text };
}

/** The file that goes with a bundle. Pure. */
export function licenseFile(packages: readonly BundledPackage[]): string {
  const sections = packages.map(
    ({ name, version, license, text }) =>
      `${name} ${version} (${license})\n\n${text.replaceAll('\r\n', '\n')}\n`,
  );
  const heading =
    'mlmmj-amime-receive-tools contains these npm packages, or parts of them, each under its own license.\n';
  return [heading, ...sections].join(`\n${'-'.repeat(80)}\n\n`);
}
