import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest';

const obstacle = inject('obstacle');
const stack = inject('stack')!;
const OWN_TREES = new URL('stack/own-trees.sh', import.meta.url).pathname;

/** Runs commands where /etc, /var and /usr may be written to and nothing of it stays; returns what they print. */
async function inOwnTrees(commands: string): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'mlmmj-amime-trees-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const script = join(directory, 'script');
  writeFileSync(
    script,
    `set -eu
directory=${directory}
. ${OWN_TREES}
userdel mlmmj 2>/dev/null || true
rm -rf /var/vmail /var/spool/mlmmj
install="${stack.bin}/mlmmj-amime-receive install --prefix ${stack.path}/usr --amavis-config none"
${commands}`,
  );
  const { stdout } = await execa('unshare', ['--mount', '--fork', 'bash', script]);
  return stdout;
}

describe.skipIf(obstacle)('install --create-user', () => {
  beforeEach(async (context) => {
    const { exitCode } = await execa('unshare', ['--mount', 'true'], { reject: false });
    if (exitCode !== 0) context.skip('may not make namespaces here: run as root, in a privileged container');
  });

  test('makes the user and the spool, and only then the transport; uninstalling leaves both', async () => {
    const out = await inOwnTrees(
      `
$install --transport none --create-user --dry-run | head -5
id mlmmj 2>/dev/null && echo 'made in a dry run'
$install --transport none --create-user >/dev/null
getent passwd mlmmj | cut -d: -f6,7
stat -c '%U:%G %a %n' /var/vmail /var/vmail/mlmmj
postconf -M mlmmj/unix | tr -s ' '
$install --transport none --create-user
${stack.bin}/mlmmj-amime-receive uninstall >/dev/null
id -un mlmmj`.replace(
        "id mlmmj 2>/dev/null && echo 'made in a dry run'",
        "! id mlmmj 2>/dev/null || echo 'made in a dry run'",
      ),
    );
    const lines = out.split('\n');
    expect(lines).toContain('  new user mlmmj, at home in /var/vmail/mlmmj');
    expect(lines).toContain('  new directory /var/vmail/mlmmj, owned by mlmmj');
    expect(out).not.toContain('made in a dry run');
    expect(lines).toContain('/var/vmail/mlmmj:/usr/sbin/nologin');
    expect(lines).toContain('root:root 755 /var/vmail');
    expect(lines).toContain('mlmmj:mlmmj 700 /var/vmail/mlmmj');
    expect(out).toContain('user=mlmmj null_sender=');
    expect(out).toContain('nothing needs to change');
    expect(lines.at(-1)).toBe('mlmmj');
  });

  test('takes both away again when something fails later', async () => {
    const out = await inOwnTrees(`
printf 'user = u\\npassword = p\\nhosts = 127.0.0.1:9\\ndbname = d\\n' >/etc/broken.cf
$install --transport mysql --lookup-from /etc/broken.cf --create-user 2>&1 && echo 'it worked' || true
id mlmmj 2>&1 || true
ls -d /var/vmail 2>&1 || true`);
    expect(out).toContain('(everything was put back as it was)');
    expect(out).toMatch(/no such user/);
    expect(out).toMatch(/cannot access '\/var\/vmail'/);
    expect(out).not.toContain('it worked');
  });

  test('is what install asks for where there is no such user', async () => {
    const out = await inOwnTrees('$install --transport none 2>&1 || true');
    expect(out).toBe(
      "mlmmj-amime-receive install: there is no user mlmmj: name the lists' owner with --user, or add --create-user",
    );
  });

  test('only root may install', async () => {
    const out = await inOwnTrees(
      'setpriv --reuid=nobody --clear-groups $install --transport none 2>&1 || echo "status $?"',
    );
    expect(out).toBe(
      'mlmmj-amime-receive install: only root can do that (sudo mlmmj-amime-receive install …)\nstatus 77',
    );
  });
});
