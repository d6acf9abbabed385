import { CommandProblem } from '../commands/problem.ts';
import { ExitStatus } from '../errors.ts';
import { parseParameters } from './main-cf.ts';
import { parseService, type Service, serviceKey } from './master-cf.ts';
import { type Ran, run } from './run.ts';

/** postconf(1) on one configuration directory. Reading never changes anything. */
export class Postconf {
  readonly config: string;

  constructor(config: string) {
    this.config = config;
  }

  async parameters(kind: 'explicit' | 'effective' | 'expanded'): Promise<Map<string, string>> {
    const flags = { explicit: ['-n'], effective: [], expanded: ['-x'] }[kind];
    const { stdout, stderr } = await this.#run(flags);
    // A service's own limits are set and not used as long as the service is not there.
    const unused = kind === 'explicit' ? [...stderr.matchAll(/: unused parameter: (.+)$/gm)] : [];
    return parseParameters([stdout, ...unused.map(([, setting]) => setting)].join('\n'));
  }

  async services(): Promise<Map<string, Service>> {
    const lines = (await this.print(['-M'])).split('\n').filter((line) => line.trim() !== '');
    return new Map(lines.map(parseService).map((service) => [serviceKey(service), service]));
  }

  /** What postconf warns of: parameters that nothing uses, for instance. */
  async warnings(): Promise<string[]> {
    const results = await Promise.all([
      run('postconf', ['-c', this.config, '-n']),
      run('postconf', ['-c', this.config, '-M']),
    ]);
    return [...new Set(results.flatMap((result) => result.stderr.split('\n')).filter((line) => line !== ''))];
  }

  protected async print(args: readonly string[]): Promise<string> {
    return (await this.#run(args)).stdout;
  }

  async #run(args: readonly string[]): Promise<Ran> {
    const result = await run('postconf', ['-c', this.config, ...args]);
    if (result.exitCode === 0) return result;
    throw new CommandProblem(ExitStatus.Wrong, `postconf: ${lastLine(result.stderr)}`);
  }
}

/** Postfix's configuration directory, as its own postconf says. */
export async function postfixConfigDirectory(): Promise<string> {
  const result = await run('postconf', ['-h', 'config_directory']);
  if (result.exitCode === 0) return result.stdout.trim();
  throw new CommandProblem(ExitStatus.Unavailable, `postconf: ${lastLine(result.stderr)}`);
}

/** The last line that a Postfix program said, without the program's name and severity. */
export function lastLine(said: string): string {
  const lines = said.trim().split('\n');
  return (lines.at(-1) ?? '').replace(/^\w+: (fatal|error|warning): /, '');
}

/** What a Postfix program complains of first, passing over what many a main.cf makes it say at each start. */
export function firstTrouble(said: string): string {
  const lines = said.split('\n').filter((line) => !/overriding earlier entry|unused parameter/.test(line));
  return lastLine(lines[0] ?? said);
}
