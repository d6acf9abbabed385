/** What is closed to whoever asks is never called right: check as another user than root. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../../src/check/finding.ts';
import { account } from '../../src/mail-server/accounts.ts';
import { demandBuild, PROGRAMS, run } from '../helpers/programs.ts';
import { LIST_USER, type PrivateHost, postfixObstacle } from '../install/private-postfix.ts';
import { port, soundHost } from './sound-host.ts';

const obstacle = postfixObstacle();

/** Runs the built program as nobody. */
async function asNobody(host: PrivateHost, ...args: string[]) {
  const { uid } = account('nobody')!;
  const options = ['--postfix-config', host.config, '--amavis-port', String(port)];
  const { status, stdout, stderr } = await run(PROGRAMS[1]!, ['check', ...options, ...args], { uid });
  expect(stderr).toBe('');
  return { status, stdout };
}

async function unknowns(host: PrivateHost, ...args: string[]) {
  const { status, stdout } = await asNobody(host, '--json', ...args);
  const { ok, findings } = JSON.parse(stdout) as { ok: boolean; findings: Finding[] };
  const of = (wanted: Finding['level']) =>
    findings.filter(({ level }) => level === wanted).map(({ what }) => what);
  return { status, ok, wrong: of('wrong'), unknown: of('unknown') };
}

describe.skipIf(obstacle)(`what is closed${obstacle}`, () => {
  beforeAll(demandBuild);

  test('is not right: the spool', async () => {
    const host = soundHost();
    chmodSync(host.spool, 0o700);
    expect(await unknowns(host)).toEqual({
      status: 77,
      ok: false,
      wrong: [],
      unknown: [`${host.spool} is closed to you: which lists are in it is not known`],
    });
    expect((await asNobody(host)).stdout).toMatch(
      /\nlists\n {2}\? {5}.* is closed to you.*\n.*\nNothing is known to be wrong, but 1 could not be looked at\.\n$/s,
    );
  });

  test('is not right: a list, its control directory, what lies in incoming', async () => {
    const host = soundHost();
    chmodSync(host.list, 0o700);
    expect(await unknowns(host)).toMatchObject({
      status: 77,
      wrong: [],
      unknown: [`${host.list} is closed to you: which lists are in it is not known`],
    });
    chmodSync(host.list, 0o755);
    chmodSync(join(host.list, 'control'), 0o700);
    const named = await unknowns(host, host.list);
    expect(named).toMatchObject({ status: 77, wrong: [] });
    expect(named.unknown).toContain(`${host.list}/control/listaddress is closed to you`);
    chmodSync(join(host.list, 'control'), 0o755);
    chmodSync(join(host.list, 'incoming'), 0o700);
    chmodSync(join(host.list, 'control/footer_text'), 0o600);
    expect(await unknowns(host, host.list)).toMatchObject({
      status: 77,
      wrong: [],
      unknown: [
        `${host.list}/control/footer_text is closed to you`,
        `${host.list}/incoming is closed to you`,
      ],
    });
  });

  test('is not right: a program that only the lists\u2019 owner may run', async () => {
    const host = soundHost();
    const program = join(host.path, 'usr/bin/mlmmj-amime-receive');
    chmodSync(program, 0o550);
    expect(await unknowns(host)).toMatchObject({
      status: 77,
      unknown: [`what ${program} is, which is closed to you`],
    });
  });

  test('install shows its plan all the same', async () => {
    const host = soundHost();
    chmodSync(join(host.path, 'usr/bin/mlmmj-amime-receive'), 0o550);
    const args = ['install', '--dry-run', ...host.options];
    const { status, stderr } = await run(PROGRAMS[1]!, args, { uid: account('nobody')!.uid });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('what is wrong says more', async () => {
    const host = soundHost({ flags: 'flags=hu' });
    chmodSync(host.spool, 0o700);
    const { status, stdout } = await asNobody(host);
    expect(status).toBe(1);
    expect(stdout).toMatch(/\n1 thing is wrong, and 1 could not be looked at\.\n$/);
  });

  test('a spool without lists is looked at, and one that is missing is wrong', async () => {
    const host = soundHost();
    const empty = join(host.path, 'empty');
    mkdirSync(empty);
    const transport = (spool: string) =>
      writeFileSync(
        join(host.config, 'master.cf'),
        `mlmmj unix - n n - - pipe flags=DORhu null_sender= user=${LIST_USER} argv=${host.path}/usr/bin/mlmmj-amime-receive -L ${spool}/\${nexthop} --mlmmj-receive ${host.path}/usr/bin/mlmmj-receive\n`,
      );
    transport(empty);
    expect(await unknowns(host)).toMatchObject({ status: 0, unknown: [] });
    transport(join(host.path, 'gone'));
    expect(await unknowns(host)).toMatchObject({
      status: 1,
      wrong: [`there is no directory ${host.path}/gone`],
    });
  });
});
