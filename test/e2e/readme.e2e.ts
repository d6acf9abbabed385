import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, inject, onTestFinished, type TestContext, test } from 'vitest';
import { PREDECESSOR } from '../install/private-postfix.ts';
import { dkimResults, read, withHeader } from './mail.ts';
import { account } from './stack/account.ts';
import { buildDebs } from './stack/debs.ts';
import { makeList } from './stack/lists.ts';

const root = new URL('../../', import.meta.url).pathname;
const obstacle = inject('obstacle');
const NAMESPACES = ['--mount', '--net', '--pid', '--fork', '--mount-proc', '--kill-child'];

const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** What README has people type in a section, in blocks, up to the next heading or where it says how to do it by hand. */
function typedBlocks(heading: string): string[] {
  const section = new RegExp(`^##+ ${heading}\n([\\s\\S]*?)(?=^By hand|^###? )`, 'm').exec(readme)?.[1] ?? '';
  const blocks = [...section.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map((match) => match[1]!);
  expect(blocks, heading).not.toHaveLength(0);
  return blocks.map((block) => block.replace(/[ \t]+#.*$/gm, ''));
}

function typed(heading: string): string {
  return typedBlocks(heading).join('');
}

/** The build has been made before the tests, which is what they test. */
function withExecutable(commands: string): string {
  const executable = process.env.MLMMJ_AMIME_EXECUTABLE;
  return executable === undefined
    ? commands
    : commands.replace(/^make install.*/gm, `$& EXECUTABLE=${executable}`);
}

async function demandNamespaces(context: TestContext): Promise<void> {
  const trial = await execa('unshare', [...NAMESPACES, 'true'], { reject: false });
  if (trial.exitCode !== 0)
    context.skip('may not make namespaces here: run as root, in a privileged container');
}

interface FreshHost {
  readonly directory: string;
  /** What arrived at the subscriber's server. */
  readonly message: Buffer;
}

/** Has commands typed on a fresh host, and expects these steps and that nothing was found wrong. */
async function onFreshHost(
  directory: string,
  commands: string,
  steps: readonly string[],
): Promise<FreshHost> {
  const path = (name: string) => join(directory, name);
  writeFileSync(path('commands'), withExecutable(commands));
  const script = new URL('stack/fresh-host.sh', import.meta.url).pathname;
  const done = await execa('unshare', [...NAMESPACES, 'bash', script, directory, path('commands')], {
    cwd: root,
    reject: false,
    all: true,
    stdin: 'ignore',
    timeout: 110_000,
  });
  const made = existsSync(path('steps')) ? readFileSync(path('steps'), 'utf8') : '';
  expect(made.trim().split('\n'), done.all).toEqual(steps);

  expect(readFileSync(path('maillog'), 'utf8')).toContain(
    'status=sent (delivered via mlmmj service (footer added: text/plain))',
  );
  expect(readFileSync(path('counted'), 'utf8')).toMatch(
    /^news@lists\.example\.com\n {7}1 {2}footer added: text\/plain\n\n/,
  );
  const { ok, findings } = JSON.parse(readFileSync(path('check.json'), 'utf8'));
  expect(findings.filter(({ level }: { level: string }) => level === 'wrong')).toEqual([]);
  expect(ok).toBe(true);
  const [name] = readdirSync(path('sink'));
  return { directory, message: receivedBy(readFileSync(join(path('sink'), name!))) };
}

function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'mlmmj-amime-readme-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  chmodSync(directory, 0o755);
  return directory;
}

test.skipIf(obstacle)(
  "README's installation, command by command, on a host as packages leave it",
  async (context) => {
    await demandNamespaces(context);
    if (!existsSync('/etc/amavis/conf.d')) context.skip('needs Debian or Ubuntu with amavisd-new');
    const directory = makeDirectory();
    await buildDebs(root, join(directory, 'packages'));
    const commands = typed('Install').replaceAll(' ./', ` ${join(directory, 'packages')}/`);
    expect(commands).toMatch(/^mlmmj-amime-receive install$/m);
    expect(commands).toMatch(/^apt-get install \/.*\.deb/m);

    await makeList(join(directory, 'spool'), account('root'), 10027, {
      address: 'news@lists.example.com',
      subscribers: ['ann@subscribers.example.net'],
      control: { footer_text: 'Grüße von der Liste\n' },
    });
    const fields = ['Content-Type: text/plain; charset=us-ascii'];
    const post = withHeader('news@lists.example.com', '<readme@elsewhere.example>', fields, 'Words.\r\n');
    writeFileSync(join(directory, 'post.eml'), post.toString().replaceAll('\r\n', '\n'));
    const { message } = await onFreshHost(directory, commands, [
      'host prepared',
      'commands done',
      'daemons up',
      'posted',
      'uninstalled without a trace',
    ]);
    expect((await read(message)).text).toMatch(/^Words\.\s+Grüße von der Liste\s*$/);
    const key = execFileSync(
      'openssl',
      ['rsa', '-in', join(directory, 'key.pem'), '-pubout', '-outform', 'DER'],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const dkimRecord = `v=DKIM1; k=rsa; p=${key.toString('base64')}`;
    expect(await dkimResults({ dkimRecord }, message)).toEqual(['lists.example.com pass']);
  },
  150_000,
);

test.skipIf(obstacle)(
  'README from nothing to the first post, command by command, on a plain host',
  async (context) => {
    await demandNamespaces(context);
    if (!existsSync('/etc/cron.d/mlmmj')) context.skip('needs Debian or Ubuntu');
    const commands = `make install PREFIX=/usr\n${typed('From nothing to the first post')}`;
    const { message } = await onFreshHost(makeDirectory(), commands, [
      'host prepared',
      'commands done',
      'posted',
      'maintained',
      'uninstalled without a trace',
    ]);
    expect((await read(message)).text).toMatch(
      /^The first post\.\s+Leave this list: news\+unsubscribe@lists\.example\.com\s*$/,
    );
  },
  150_000,
);

test.skipIf(obstacle)(
  'README for iRedMail: there, after an upgrade, and back',
  async (context) => {
    await demandNamespaces(context);
    const [program, install, afterUpgrade, back] = typedBlocks('iRedMail').map(withExecutable);
    const directory = makeDirectory();
    writeFileSync(join(directory, 'predecessor'), PREDECESSOR, { mode: 0o550 });
    writeFileSync(
      join(directory, 'script'),
      `set -eu
directory=${directory}
. ${new URL('stack/own-trees.sh', import.meta.url).pathname}
id mlmmj >/dev/null 2>&1 || useradd -M -d /var/vmail/mlmmj mlmmj
install -d -o mlmmj /var/vmail/mlmmj
postconf -M 'mlmmj/unix=mlmmj unix - n n - - pipe flags=ORhu user=mlmmj:mlmmj argv=/usr/bin/mlmmj-amime-receive -L /var/vmail/mlmmj/\${nexthop}'
upgrade() { install -o mlmmj -m 0550 ${directory}/predecessor /usr/bin/mlmmj-amime-receive; }
upgrade
cp -a /etc/postfix ${directory}/before
${program}${install}
upgrade
if ${afterUpgrade!.trim()} >${directory}/check; then echo 'check was content'; fi
${program}${install}
mlmmj-amime-receive --version
${back}
cmp /usr/bin/mlmmj-amime-receive ${directory}/predecessor
stat -c %U:%a /usr/bin/mlmmj-amime-receive
diff -r ${directory}/before /etc/postfix
`,
    );
    const done = await execa('unshare', ['--mount', '--fork', 'bash', '-x', join(directory, 'script')], {
      cwd: root,
      reject: false,
      all: true,
      stdin: 'ignore',
      timeout: 110_000,
    });
    expect(done.exitCode, done.all).toBe(0);
    expect(done.stdout).not.toContain('check was content');
    expect(readFileSync(join(directory, 'check'), 'utf8')).toMatch(
      /^ *WRONG .*\/usr\/bin\/mlmmj-amime-receive/m,
    );
    expect(done.stdout).toMatch(/^mlmmj-amime-receive \d/m);
    expect(done.stdout).toContain('mlmmj:550');
  },
  150_000,
);

/** smtp-sink puts lines of its own (X-Client-Addr: …, X-Rcpt-Args: …, Received:) before the message, and LF. */
function receivedBy(dump: Buffer): Buffer {
  const text = dump.toString('latin1');
  const start = text.indexOf('\nReceived: from localhost');
  return Buffer.from(text.slice(start + 1).replace(/\r?\n/g, '\r\n'), 'latin1');
}
