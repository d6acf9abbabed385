/**
 * `make test`, `make quick` and `make e2e`: runs everything that can say no, also after something has, and ends with one line:
 * `N passed, N failed`. A step that is no test (types, style, the build) counts where it fails.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeSkipped } from './skipped-tests.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

type Step = readonly [program: string, ...args: string[]];

const TYPES: Step = ['npm', 'run', '--silent', 'typecheck'];
const STYLE: Step = ['npm', 'run', '--silent', 'lint'];
/** The native program, too. */
const BUILD: Step = ['make', '--no-print-directory', '--silent', 'build'];

const SUITES: Readonly<Record<string, { steps: readonly Step[]; suite: string }>> = {
  test: { steps: [TYPES, STYLE, BUILD], suite: 'test' },
  quick: { steps: [TYPES, STYLE], suite: 'quick' },
  e2e: { steps: [BUILD], suite: 'e2e' },
};

/** The part of vitest's JSON report that is read here. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly name: string;
    readonly message?: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

const wanted = SUITES[process.argv[2] ?? 'test'];
if (wanted === undefined) throw new Error(`no suite named ${process.argv[2]}`);
let passed = 0;
let failed = 0;

for (const step of wanted.steps) {
  if (!succeeds(step)) {
    console.log(`\n${step.join(' ')} failed`);
    failed++;
  }
}
const directory = mkdtempSync(join(tmpdir(), 'amime-tests-'));
try {
  const file = join(directory, 'report.json');
  const succeeded = succeeds([
    'npm',
    'run',
    '--silent',
    wanted.suite,
    '--',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  const report = readReport(file);
  passed += report?.numPassedTests ?? 0;
  const failures = (report?.numFailedTests ?? 0) + filesThatNeverRan(report);
  // An error outside of any test fails the run without being counted in the report.
  failed += succeeded ? failures : Math.max(1, failures);
  showSkipped(report);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

function succeeds([program, ...args]: Step): boolean {
  return spawnSync(program, args, { cwd: root, stdio: 'inherit' }).status === 0;
}

function readReport(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}

function filesThatNeverRan(report: Report | undefined): number {
  const results = report?.testResults ?? [];
  return results.filter((file) => file.status === 'failed' && !file.assertionResults.some(isFailed)).length;
}

function isFailed(result: { readonly status: string }): boolean {
  return result.status === 'failed';
}

function showSkipped(report: Report | undefined): void {
  const skipped = (report?.testResults ?? []).flatMap((file) =>
    file.assertionResults.filter(({ status }) => status !== 'passed' && status !== 'failed'),
  );
  for (const line of describeSkipped(skipped.map(({ fullName }) => fullName))) console.log(line);
}
