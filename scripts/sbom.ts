/** Writes a release's bill of materials to standard output. Run after a build: npx tsx scripts/sbom.ts > sbom.cdx.json */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { billOfMaterials, type NpmBill } from './bill-of-materials.ts';

const root = new URL('..', import.meta.url).pathname;
const read = (name: string) => JSON.parse(readFileSync(root + name, 'utf8'));
const sbom = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--sbom-type', 'application'];
const npm = JSON.parse(
  execFileSync('npm', sbom, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }),
) as NpmBill;
const time = new Date(Number(process.env.SOURCE_DATE_EPOCH ?? Date.now() / 1000) * 1000);
const { devDependencies } = read('package.json') as { devDependencies: Record<string, string> };
const bundled = read('dist/tools-packages.json') as string[];
console.log(JSON.stringify(billOfMaterials(npm, devDependencies, bundled, time), null, 2));
