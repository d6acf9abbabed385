import { parseArgs } from 'node:util';
import type { HostFacts } from '../check/facts.ts';
import { gatherHost } from '../check/gather-host.ts';
import { gatherList } from '../check/gather-list.ts';
import { judgeHost } from '../check/judge-host.ts';
import { judgeList } from '../check/judge-list.ts';
import { findingsAsJson, reportFindings } from '../check/report.ts';
import { spooledDirectories } from '../install/gather.ts';
import { parsePipeArgs } from '../install/master-cf.ts';
import { EXIT, InstallProblem } from '../install/problem.ts';

const USAGE = `Usage: mlmmj-amime-receive check [options] [LISTDIR…]

Says what is right and what is wrong with Postfix, Amavisd and the lists, and how to mend it. Changes nothing.
Without LISTDIR and --all it looks at all lists in the transport's spool. Exit status 0 only when all is right.

  --all SPOOL           all lists in a spool
  --postfix-config DIR  Postfix's configuration directory
  --amavis-port PORT    where Amavisd takes the lists' mail (10027)
  --json                the findings as data
  --help
`;

/** `mlmmj-amime-receive check`: returns the exit status. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = parse(args);
    if (values.help) {
      process.stdout.write(USAGE);
      return EXIT.ok;
    }
    const host = await gatherHost({
      postfixConfig: values['postfix-config'],
      amavisPort: Number(values['amavis-port'] ?? 10027),
    });
    const findings = judgeHost(host);
    for (const directory of listDirectories(positionals, values.all, host)) {
      findings.push(...judgeList(await gatherList(directory, host), host));
    }
    const colours = process.stdout.isTTY === true && !process.env.NO_COLOR;
    process.stdout.write(values.json ? findingsAsJson(findings) : reportFindings(findings, colours));
    return findings.some(({ level }) => level === 'wrong') ? EXIT.wrong : EXIT.ok;
  } catch (error) {
    if (!(error instanceof InstallProblem)) throw error;
    process.stderr.write(`mlmmj-amime-receive check: ${error.message}\n`);
    return error.exit;
  }
}

function listDirectories(named: readonly string[], all: string | undefined, host: HostFacts): string[] {
  if (all !== undefined) {
    const directories = spooledDirectories(all);
    if (directories.length === 0) throw new InstallProblem(EXIT.noInput, `there is no list in ${all}`);
    return directories;
  }
  if (named.length > 0 || host.transport === undefined) return [...named];
  const word = parsePipeArgs(host.transport.args).argv.find((part) => /\$[{(]?nexthop/.test(part));
  const spool = word && /^(?:-L)?(\/.*?)\/\$[{(]?nexthop/.exec(word)?.[1];
  return spool === undefined ? [] : spooledDirectories(spool);
}

function parse(args: readonly string[]) {
  try {
    const parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean' },
        json: { type: 'boolean' },
        all: { type: 'string' },
        'postfix-config': { type: 'string' },
        'amavis-port': { type: 'string' },
      },
    });
    const port = parsed.values['amavis-port'];
    if (port !== undefined && !(Number(port) > 0 && Number(port) < 65536)) {
      throw new Error(`--amavis-port ${port}: that is no port`);
    }
    if (parsed.values.all !== undefined && parsed.positionals.length > 0) {
      throw new Error('either --all SPOOL or directories, not both');
    }
    return parsed;
  } catch (error) {
    throw new InstallProblem(EXIT.usage, `${(error as Error).message.split('\n')[0]} (check --help)`);
  }
}
