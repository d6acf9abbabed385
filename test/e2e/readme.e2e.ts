import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, inject, onTestFinished, test } from 'vitest';
import { dkimResults, read, withHeader } from './mail.ts';
import { account } from './stack/account.ts';
import { makeList } from './stack/lists.ts';

const root = new URL('../../', import.meta.url).pathname;
const obstacle = inject('obstacle');
const NAMESPACES = ['--mount', '--net', '--pid', '--fork', '--mount-proc', '--kill-child'];

/** The commands of README's installation section, up to where it says how to do it by hand. */
function installCommands(): string[] {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const section = /^## Install\n([\s\S]*?)(?=^By hand|^###? )/m.exec(readme)?.[1] ?? '';
  const blocks = [...section.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map((match) => match[1]!);
  const commands = blocks
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/\s+#.*/, '').trim());
  return commands.filter((command) => command !== '' && !command.startsWith('#'));
}

test.skipIf(obstacle)(
  "README's installation, command by command, on a host as packages leave it",
  async (context) => {
    const trial = await execa('unshare', [...NAMESPACES, 'true'], { reject: false });
    if (trial.exitCode !== 0)
      context.skip('may not make namespaces here: run as root, in a privileged container');
    if (!existsSync('/etc/amavis/conf.d')) context.skip('needs Debian or Ubuntu with amavisd-new');

    const commands = installCommands();
    expect(commands).toContain('mlmmj-amime-receive install');
    expect(commands.some((command) => command.startsWith('make install'))).toBe(true);

    const directory = mkdtempSync(join(tmpdir(), 'mlmmj-amime-readme-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    execFileSync('chmod', ['755', directory]);
    await makeList(join(directory, 'spool'), account('root'), 10027, {
      address: 'news@lists.example.com',
      subscribers: ['ann@subscribers.example.net'],
      control: { footer_text: 'Grüße von der Liste\n' },
    });
    writeFileSync(
      join(directory, 'post.eml'),
      withHeader(
        'news@lists.example.com',
        '<readme@elsewhere.example>',
        ['Content-Type: text/plain; charset=us-ascii'],
        'Words.\r\n',
      )
        .toString()
        .replaceAll('\r\n', '\n'),
    );
    // The build has been made before the tests, which is what they test.
    const executable = process.env.MLMMJ_AMIME_EXECUTABLE;
    const typed = commands
      .filter((command) => !command.startsWith('npm '))
      .map((command) =>
        command.startsWith('make install') && executable ? `${command} EXECUTABLE=${executable}` : command,
      );
    writeFileSync(join(directory, 'commands'), `${typed.join('\n')}\n`);

    const script = new URL('stack/fresh-host.sh', import.meta.url).pathname;
    const done = await execa(
      'unshare',
      [...NAMESPACES, 'bash', script, directory, join(directory, 'commands')],
      {
        cwd: root,
        reject: false,
        all: true,
        timeout: 110_000,
      },
    );
    const steps = existsSync(join(directory, 'steps')) ? readFileSync(join(directory, 'steps'), 'utf8') : '';
    expect(steps.trim().split('\n'), done.all).toEqual([
      'host prepared',
      'commands done',
      'daemons up',
      'posted',
      'uninstalled without a trace',
    ]);

    const maillog = readFileSync(join(directory, 'maillog'), 'utf8');
    expect(maillog).toContain('status=sent (delivered via mlmmj service (footer added: text/plain))');
    const { ok, findings } = JSON.parse(readFileSync(join(directory, 'check.json'), 'utf8'));
    expect(findings.filter(({ level }: { level: string }) => level === 'wrong')).toEqual([]);
    expect(ok).toBe(true);

    const [name] = readdirSync(join(directory, 'sink'));
    const message = receivedBy(readFileSync(join(directory, 'sink', name!)));
    const { text } = await read(message);
    expect(text).toMatch(/^Words\.\s+Grüße von der Liste\s*$/);
    const key = execFileSync(
      'openssl',
      ['rsa', '-in', join(directory, 'key.pem'), '-pubout', '-outform', 'DER'],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    const dkimRecord = `v=DKIM1; k=rsa; p=${key.toString('base64')}`;
    expect(await dkimResults({ dkimRecord }, message)).toEqual(['lists.example.com pass']);
  },
  150_000,
);

/** smtp-sink puts lines of its own (X-Client-Addr: …, X-Rcpt-Args: …, Received:) before the message, and LF. */
function receivedBy(dump: Buffer): Buffer {
  const text = dump.toString('latin1');
  const start = text.indexOf('\nReceived: from localhost');
  return Buffer.from(text.slice(start + 1).replace(/\r?\n/g, '\r\n'), 'latin1');
}
