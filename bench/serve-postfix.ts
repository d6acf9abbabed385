/**
 * The same comparison through a real Postfix: pipe(8) with a process per message, and lmtp(8) with the service. What
 * is timed is from the first message sent to the last one stored. Needs root and the Debian packages postfix, mlmmj
 * and altermime.
 *
 *   npx tsx bench/serve-postfix.ts
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { listAccount } from '../test/e2e/stack/account.ts';
import { startListService } from '../test/e2e/stack/list-service.ts';
import { freePorts } from '../test/e2e/stack/ports.ts';
import { makePostfix } from '../test/e2e/stack/postfix.ts';
import { makePrivateDirectory } from '../test/e2e/stack/private-directory.ts';
import { contenders, executableFor, makeList } from './contenders.ts';
import { median } from './measure.ts';
import { table, writeSection } from './report.ts';

const COUNT = 300;
const ROUNDS = 3;
const AT_ONCE = 4;
const BYTES = 2000;
const DOMAIN = 'lists.example.com';

const list = makeList();
const home = makePrivateDirectory();
try {
  const markdown = await measure();
  console.log(markdown);
  writeSection('serve-postfix', markdown);
} finally {
  home.takeDown();
  list.remove();
}

async function measure(): Promise<string> {
  const owner = listAccount();
  const [smtp, lmtp] = (await freePorts(2)) as [number, number];
  const spool = dirname(list.directory);
  const executable = executableFor(list);
  chmodSync(spool, 0o755);
  spawnSync('chown', ['-R', `${owner.uid}:${owner.gid}`, list.directory]);
  const wanted = ['the shell script', 'mlmmj-receive -P', 'executable'];
  const programs = contenders(list).filter(({ name }) => wanted.includes(name));
  const transports = programs.map(({ argv }, at) => {
    const words = argv.map((word) => (word.includes(' ') ? `{${word}}` : word)).join(' ');
    return `way${at} unix - n n - ${AT_ONCE} pipe flags=DORhu user=${owner.name} null_sender= argv=${words}\n`;
  });
  transports.push(`way${programs.length} unix - - n - ${AT_ONCE} lmtp\n`);
  const names = [...programs.map(({ name }) => name), 'serve'];
  const lookup = names.map((_, at) => {
    const nexthop = at === programs.length ? `inet:127.0.0.1:${lmtp}` : 'demo';
    return `{ demo${at}@${DOMAIN} = way${at}:${nexthop} }`;
  });
  writeFileSync(
    join(list.directory, 'control/listaddress'),
    names.map((_, at) => `demo${at}@${DOMAIN}\n`).join(''),
  );
  const postfix = makePostfix(home, 'host', smtp, {
    relay_domains: DOMAIN,
    transport_maps: `inline:{ ${lookup.join(' ')} }`,
    ...Object.fromEntries(names.map((_, at) => [`way${at}_destination_recipient_limit`, '1'])),
    ...Object.fromEntries(
      names.map((_, at) => [`way${at}_initial_destination_concurrency`, String(AT_ONCE)]),
    ),
    recipient_delimiter: '+',
  });
  const master = join(postfix.config, 'master.cf');
  writeFileSync(master, readFileSync(master, 'utf8') + transports.join(''));
  const copy = join(home.make('usr/bin'), 'mlmmj-amime-receive');
  copyFileSync(executable, copy);
  chmodSync(copy, 0o755);
  chownSync(copy, owner.uid, owner.gid);
  const args = ['--lists', spool, '--layout', '%u', '--listen', `127.0.0.1:${lmtp}`, '-P'];
  const service = await startListService(home, 'service', copy, owner, args);
  await postfix.start();

  const rates = names.map((): number[] => []);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const at of names.keys()) {
      const rate = await once(`demo${at}@${DOMAIN}`, smtp);
      if (round > 0) rates[at]!.push(rate);
    }
  }
  await service.stop();
  const rows = names.map((name, at) => [
    name,
    median(rates[at]!).toFixed(0),
    (median(rates[at]!) / median(rates[0]!)).toFixed(2),
  ]);
  return `### Through Postfix, ${BYTES / 1000} KB, ${AT_ONCE} at a time\n\n${table(['', 'messages/s', 'against the script'], rows)}`;
}

async function once(recipient: string, port: number): Promise<number> {
  const begun = performance.now();
  const options = [
    '-m',
    String(COUNT),
    '-s',
    '4',
    '-l',
    String(BYTES),
    '-f',
    'poster@example.com',
    '-t',
    recipient,
  ];
  const { status, stderr } = spawnSync('smtp-source', [...options, `127.0.0.1:${port}`], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`smtp-source: ${stderr}`);
  for (;;) {
    const stored = readdirSync(list.incoming);
    if (stored.length >= COUNT) {
      const rate = COUNT / ((performance.now() - begun) / 1000);
      for (const name of stored) rmSync(join(list.incoming, name));
      return rate;
    }
    if (performance.now() - begun > 120_000)
      throw new Error(`${recipient}: only ${stored.length} were stored`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
