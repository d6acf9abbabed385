/**
 * `make test` and `make e2e`: runs everything that can say no, also after something has, and ends with one line:
 * `N passed, N failed`. A step that is no test (types, style, the build) counts where it fails.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const SUITES: Readonly<Record<string, { steps: readonly string[]; suite: string }>> = {
  test: { steps: ['typecheck', 'lint', 'build'], suite: 'test' },
  e2e: { steps: ['build'], suite: 'e2e' },
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
  if (!npmRun(step)) {
    console.log(`\nnpm run ${step} failed`);
    failed++;
  }
}
const directory = mkdtempSync(join(tmpdir(), 'amime-tests-'));
try {
  const file = join(directory, 'report.json');
  const succeeded = npmRun(wanted.suite, [
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

function npmRun(script: string, args: readonly string[] = []): boolean {
  const { status } = spawnSync('npm', ['run', '--silent', script, '--', ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  return status === 0;
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

/** What a skipped test needs stands in its name or in the name of its group. */
function showSkipped(report: Report | undefined): void {
  const skipped = (report?.testResults ?? []).flatMap((file) =>
    file.assertionResults.filter(({ status }) => status !== 'passed' && status !== 'failed'),
  );
  if (skipped.length === 0) return;
  console.log(`\n${skipped.length} skipped, because this machine lacks what they need:`);
  for (const { fullName } of skipped) console.log(`  ${fullName}`);
  console.log(
    'Most of it comes with: apt-get install mlmmj altermime postfix openssl gnupg python3, and running as root.',
  );
}
