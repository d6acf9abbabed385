/**
 * The files that people copy: they name options that exist, agree with each other, and systemd and the shells take
 * them. What can be run is run elsewhere: OpenRC beside this file, the containers' scripts among the end-to-end tests.
 * The BSDs' rc.subr is on no Debian machine, so here their scripts meet one that only listens.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { parseServeArgs } from '../../src/serve/options.ts';
import { file, lacks } from '../helpers/needs.ts';
import { demandBuild, ROOT, until } from '../helpers/programs.ts';
import { Client, makeSpool, message, PROGRAMS, STORE } from './service.ts';

const SHELL_FILES = [
  'contrib/openrc/mlmmj-amime',
  'contrib/rc.d/mlmmj_amime.freebsd',
  'contrib/rc.d/mlmmj_amime.openbsd',
  'contrib/docker/maintain',
  'contrib/docker/new-list',
  'contrib/docker/serve-lists',
  'contrib/docker/start-postfix',
];
const analyze = '/usr/bin/systemd-analyze';
const activate = '/usr/bin/systemd-socket-activate';

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/**
 * What a script has in its variables when it hands over to the init system.
 *
 * @param framework shell code in place of what the script reads (rc.subr)
 */
function variables(path: string, framework: string, names: readonly string[]): Record<string, string> {
  const script = read(path).replace(/^\. \/etc\/.*$/m, framework);
  const print = names.map((name) => `printf '%s\\0' "$${name}"`).join('\n');
  const { stdout, stderr } = spawnSync('sh', ['-c', `${script}\n${print}`], { encoding: 'utf8' });
  expect(stderr).toBe('');
  const values = stdout.split('\0');
  return Object.fromEntries(names.map((name, at) => [name, values[at]!]));
}

function expectTaken(argumentsOfServe: string): void {
  expect(() => parseServeArgs(argumentsOfServe.trim().split(/\s+/)), argumentsOfServe).not.toThrow();
}

test.each(SHELL_FILES)('%s is a shell script, and executable where a container runs it', (path) => {
  const { status, stderr } = spawnSync('sh', ['-n', join(ROOT, path)], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  if (path.startsWith('contrib/docker/')) expect(statSync(join(ROOT, path)).mode & 0o111).toBe(0o111);
});

test('OpenRC: the service is called with arguments that it takes', () => {
  const { command, command_args, pidfile } = variables('contrib/openrc/mlmmj-amime', '', [
    'command',
    'command_args',
    'pidfile',
  ]);
  expect(command).toBe('/usr/bin/mlmmj-amime-receive');
  expect(pidfile).toMatch(/^\/run\//);
  expect(command_args).toMatch(/^serve /);
  expectTaken(command_args!.replace('serve ', ''));
});

describe('FreeBSD', () => {
  const path = 'contrib/rc.d/mlmmj_amime.freebsd';
  const example = [...read(path).matchAll(/^# {3}(mlmmj_amime_.*)$/gm)].map((match) => match[1]);
  const framework = (settings: readonly (string | undefined)[]) =>
    `load_rc_config() { ${[...settings, ':'].join('; ')}; }\nrun_rc_command() { :; }`;

  test.each([
    ['without settings', []],
    ['with those of its comment', example],
  ])('daemon(8) gets options that it knows, and the service arguments that it takes, %s', (_, settings) => {
    const found = variables(path, framework(settings), ['command', 'command_args', 'procname']);
    expect(found.command).toBe('/usr/sbin/daemon');
    // The option string of daemon(8) since FreeBSD 11.
    const parse =
      'while getopts cfSp:P:ru:o:s:l:t:m:R:T: option; do [ "$option" != "?" ] || exit 1; done; shift $((OPTIND - 1)); echo "$@"';
    const words = found.command_args!.split(' ');
    const { status, stdout } = spawnSync('sh', ['-c', parse, 'daemon', ...words], { encoding: 'utf8' });
    expect(status).toBe(0);
    const [program, mode, ...rest] = stdout.trim().split(' ');
    expect([program, mode]).toEqual([found.procname, 'serve']);
    expectTaken(rest.join(' '));
  });

  test('signals go to the service, and rc.subr is given nothing by which it would run something else', () => {
    const names = ['pidfile', 'command_args', 'mlmmj_amime_program', 'mlmmj_amime_flags', 'extra_commands'];
    const found = variables(path, framework(example), names);
    expect(` ${found.command_args}`).toContain(` -p ${found.pidfile} `);
    expect(found).toMatchObject({ mlmmj_amime_program: '', mlmmj_amime_flags: '', extra_commands: 'reload' });
    // rc.subr compares the interpreter with the script's first line, which the README has written.
    const [, interpreter] = /'1s,\.\*,#!(\S+),'/.exec(read('docs/packages.md'))!;
    expect(variables(path, framework([]), ['command_interpreter']).command_interpreter).toBe(interpreter);
  });
});

describe('OpenBSD', () => {
  const path = 'contrib/rc.d/mlmmj_amime.openbsd';
  const [, advised] = /flags (--.*)/.exec(read(path))!;
  const [, interpreter] = /'1s,\.\*,#!(\S+),'/.exec(read('docs/packages.md'))!;

  test.each([
    ['its own flags', undefined],
    ['those of its comment', advised],
    ['an IPv6 address', '--lists /var/spool/mlmmj --listen [::1]:2424 --layout %d/%u'],
  ])('the service takes its arguments and is found by its pattern, with %s', (_, flags) => {
    const framework = `${flags === undefined ? '' : `daemon_flags='${flags}'`}\nrc_cmd() { :; }`;
    const found = variables(path, framework, ['daemon', 'daemon_flags', 'pexp']);
    expect(found.daemon).toMatch(/^\S+ serve$/);
    expectTaken(found.daemon_flags!);
    const command = `${found.daemon} ${found.daemon_flags}`;
    // pgrep(1) -xf: an extended regular expression for the whole command line.
    const matches = (line: string) =>
      spawnSync('grep', ['-qxE', '-e', found.pexp!], { input: `${line}\n` }).status === 0;
    expect(matches(`${interpreter} ${command}`)).toBe(true);
    expect(matches(`-sh -c ${command}`), 'the shell in between').toBe(false);
    expect(matches(`${interpreter} ${found.daemon!.replace('serve', 'check')} --json`)).toBe(false);
  });
});

describe('the containers', () => {
  const compose = read('contrib/docker/compose.yaml');
  const service = (name: string) => new RegExp(`^  ${name}:\\n((?: {4}.*\\n|\\n)*)`, 'm').exec(compose)![1]!;
  const address = (name: string) => /ipv4_address: (\S+)/.exec(service(name))![1]!;

  test('the service takes its arguments', () => {
    const own = [...read('contrib/docker/serve-lists').matchAll(/^\w+='(--.*)'$/gm)].map(
      ([, words]) => words,
    );
    expect(own).toHaveLength(2);
    const given = JSON.parse(/^ {4}command: (\[.*\])$/m.exec(service('lists'))![1]!) as string[];
    expectTaken([...own, ...given].join(' '));
    expect(given.join(' ')).toContain(`--allow ${address('postfix')} `);
  });

  test('what somebody says of lists and address takes the place of what the script has', async () => {
    demandBuild();
    const spool = await makeSpool();
    const args = ['--lists', spool.path, '--listen=127.0.0.1:0', '--mlmmj-receive', STORE];
    const script = spawn('sh', [join(ROOT, 'contrib/docker/serve-lists'), ...args], {
      env: { PATH: `${join(ROOT, 'dist')}:/usr/bin:/bin` },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = once(script, 'exit');
    let log = '';
    script.stderr.on('data', (piece: Buffer) => {
      log += piece.toString();
    });
    await until(() => (log.includes('listening on=') || script.exitCode !== null ? true : undefined));
    expect(log).toContain(`listening on=127.0.0.1:`);
    script.kill('SIGTERM');
    expect((await ended)[0]).toBe(0);
    await spool.remove();
  });

  test('every container has an address of its own, and Postfix sends out for the lists only', () => {
    const addresses = ['postfix', 'lists', 'maintenance'].map(address);
    expect(new Set(addresses).size).toBe(3);
    const settings = service('postfix');
    expect(/LIST_HOSTS: (.*)/.exec(settings)![1]).toBe(`${address('lists')} ${address('maintenance')}`);
    expect(settings).toContain(`LMTP: inet:[${address('lists')}]:2424`);
    expect(service('lists')).toContain(`RELAY_ADDRESS: ${address('postfix')}`);
    const needed = [...read('contrib/docker/start-postfix').matchAll(/"\$\{([A-Z_]+):\?\}"/g)];
    expect(needed).toHaveLength(5);
    for (const [, name] of needed) expect(settings).toMatch(new RegExp(`^ {6}${name}: `, 'm'));
  });

  test.each(['lists', 'postfix'])(
    'Dockerfile.%s copies files that are there, and starts one of them',
    (name) => {
      const file = read(`contrib/docker/Dockerfile.${name}`);
      const copied = [...file.matchAll(/^COPY --chmod=0555 (.*) (\S+)$/gm)].flatMap(([, sources, target]) =>
        sources!.split(' ').map((source) => {
          const isBuilt = source.startsWith('dist/');
          if (!isBuilt) expect(existsSync(join(ROOT, source)), source).toBe(true);
          return target!.endsWith('/') ? target + source.replace(/.*\//, '') : target!;
        }),
      );
      const [entry] = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(file)![1]!) as string[];
      expect(copied).toContain(entry);
      const [maintain] = JSON.parse(/entrypoint: (.*)/.exec(service('maintenance'))![1]!) as string[];
      if (name === 'lists') expect(copied).toContain(maintain);
    },
  );
});

describe('systemd', () => {
  const unit = read('systemd/mlmmj-amime.service');
  const [, argumentsOfServe] = /^ExecStart=\/usr\/bin\/mlmmj-amime-receive serve (.*)$/m.exec(unit)!;

  test('the service takes its arguments, and may write to the spool that they name', () => {
    expectTaken(argumentsOfServe!);
    const [, spool] = /--lists (\S+)/.exec(argumentsOfServe!)!;
    expect(unit).toMatch(new RegExp(`^ReadWritePaths=${spool}$`, 'm'));
  });

  const noAnalyze = lacks(file(analyze, 'systemd'));
  test.skipIf(noAnalyze)(`the units are taken, and the sandbox is tight${noAnalyze}`, () => {
    const directory = mkdtempSync(join(tmpdir(), 'amime-units-'));
    try {
      const path = join(directory, 'mlmmj-amime.service');
      const socket = join(directory, 'mlmmj-amime.socket');
      // Neither the program nor its manual page need be installed here.
      const text = unit.replace('/usr/bin/mlmmj-amime-receive', '/bin/true');
      writeFileSync(path, text.replace(/^Documentation=.*$/m, ''));
      writeFileSync(socket, read('systemd/mlmmj-amime.socket'));
      const verified = spawnSync(analyze, ['verify', path, socket], { encoding: 'utf8' });
      expect(verified.stderr).not.toMatch(/mlmmj-amime/);
      const security = spawnSync(analyze, ['security', '--offline=yes', '--threshold=20', path], {
        encoding: 'utf8',
      });
      expect(security.stdout).toMatch(/Overall exposure level for mlmmj-amime\.service: [01]\.[0-9] OK/);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  const noActivate = lacks(file(activate, 'systemd'));
  describe.skipIf(noActivate).each(PROGRAMS)(
    `$name, with a socket from systemd-socket-activate${noActivate}`,
    (program) => {
      let child: ChildProcess | undefined;
      afterEach(() => child?.kill('SIGKILL'));

      test.each(['Unix', 'TCP'])(
        '%s: the first connection starts it, and it stops as the unit would have it',
        async (kind) => {
          demandBuild();
          const spool = await makeSpool();
          const where = kind === 'Unix' ? join(spool.path, 'lmtp.sock') : await freePort();
          const listen = typeof where === 'number' ? `127.0.0.1:${where}` : where;
          const args = argumentsOfServe!.replace(/--lists \S+/, `--lists ${spool.path}`).split(' ');
          child = spawn(
            activate,
            [`--listen=${listen}`, ...program.command, 'serve', ...args, '--mlmmj-receive', STORE],
            { stdio: ['ignore', 'ignore', 'pipe'] },
          );
          let log = '';
          child.stderr!.on('data', (piece: Buffer) => {
            log += piece.toString();
          });
          const ended = once(child, 'exit');
          await until(() => (log.includes('Listening on') ? true : undefined));
          expect(log).not.toContain('listening on=');
          const client = await Client.greeted(where);
          expect(await client.deliver(['news@example.org'], message('activated'))).toEqual([
            '250 2.1.5 footer added: text/plain',
          ]);
          client.close();
          child.kill('SIGTERM');
          expect(await ended, log).toEqual([0, null]);
          expect(log).toContain('stopped\n');
          await spool.remove();
        },
      );
    },
  );
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
