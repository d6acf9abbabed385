import { copyFileSync, cpSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { type Account, listAccount } from './account.ts';
import { makeAmavis } from './amavis.ts';
import { copyPrograms } from './copy-programs.ts';
import { lookup, writeLookups } from './iredmail.ts';
import { type ListOptions, makeList } from './lists.ts';
import { startMariaDb } from './mariadb.ts';
import { freePorts } from './ports.ts';
import { makePostfix } from './postfix.ts';
import { makePrivateDirectory, type PrivateDirectory } from './private-directory.ts';
import { startSink } from './sink.ts';

/** What the tests need to know of the running mail host: plain data, because they run in other processes. */
export interface Stack {
  readonly path: string;
  readonly smtpPort: number;
  /** Postfix's configuration directory. */
  readonly config: string;
  readonly maillog: string;
  readonly spool: string;
  readonly owner: Account;
  /** Where Amavisd takes the lists' mail. */
  readonly amavisPort: number;
  /** Where the subscribers' mail arrives: at a server with 8BITMIME, and at one without. */
  readonly sinks: { readonly eight: string; readonly seven: string };
  readonly dkimRecord: string;
  /** The programs under test: ours, and mlmmj's own beside it. */
  readonly bin: string;
  /** Copies of Postfix's and Amavisd's configuration as they were before anything was installed. */
  readonly before: string;
  readonly amavisConfig: string;
  /** The options with which our program was installed here, the lookup excepted. */
  readonly installOptions: readonly string[];
}

export const FILE_DOMAIN = 'lists.example.com';
export const DATABASE_DOMAIN = 'sql.example.com';

export const FOOTER_TEXT = `-- \nGrüße von der Liste • Ζεύς\nhttps://${FILE_DOMAIN}/unsubscribe?a=3D&b=ü`;
export const FOOTER_HTML = '<p class="footer">Grüße von der Liste &bull; Ζεύς</p>';
const FOOTERS = { footer_text: `${FOOTER_TEXT}\n`, footer_html: `${FOOTER_HTML}\n` };
export const SUBSCRIBERS = ['ann@subscribers.example.net', 'bob@subscribers.example.org'];

/** The lists that a file lists. Mail of `legacy` leaves for a server without 8BITMIME. */
const FILE_LISTS: readonly ListOptions[] = [
  { address: `news@${FILE_DOMAIN}`, subscribers: SUBSCRIBERS, control: FOOTERS },
  { address: `legacy@${FILE_DOMAIN}`, subscribers: SUBSCRIBERS, control: FOOTERS },
  {
    address: `wrap@${FILE_DOMAIN}`,
    subscribers: SUBSCRIBERS,
    control: { ...FOOTERS, 'amime-signed': 'wrap\n' },
  },
  { address: `plain@${FILE_DOMAIN}`, subscribers: SUBSCRIBERS },
];
const DATABASE_LISTS: readonly ListOptions[] = [
  { address: `desk@${DATABASE_DOMAIN}`, subscribers: SUBSCRIBERS, control: FOOTERS },
  { address: `asleep@${DATABASE_DOMAIN}`, subscribers: SUBSCRIBERS, control: FOOTERS },
];

const MLMMJ_PROGRAMS = ['receive', 'process', 'send', 'sub', 'unsub', 'bounce', 'maintd', 'list'];

export interface RunningStack {
  readonly stack: Stack;
  takeDown(): Promise<void>;
}

/**
 * Brings up a mail host as an administrator would: Postfix, mlmmj, Amavisd and MariaDB as packages leave them, then
 * `mlmmj-amime-receive install`, twice: for lists in a file, and for lists in the database.
 */
export async function startStack(executable: string): Promise<RunningStack> {
  if (!existsSync(executable)) throw new Error(`${executable} is missing: run make build first`);
  const home = makePrivateDirectory();
  try {
    return await bringUp(home, executable);
  } catch (error) {
    home.takeDown();
    throw error;
  }
}

async function bringUp(home: PrivateDirectory, executable: string): Promise<RunningStack> {
  const [smtp, eight, seven, sql, filter, lists, back] = (await freePorts(7)) as Ports;
  const database = startMariaDb(
    home,
    sql,
    DATABASE_LISTS.map(({ address }) => ({ address, active: !address.startsWith('asleep') })),
  );
  // Nothing waits for it until the second installation; a failure before then is reported there.
  database.catch(() => undefined);
  const owner = listAccount();
  const spool = home.make('vmail/mlmmj');
  const bin = installPrograms(home, executable);
  const [amavis, sinkEight, sinkSeven] = await Promise.all([
    makeAmavis(home, { filter, lists }, [FILE_DOMAIN, DATABASE_DOMAIN]),
    startSink(eight, join(home.path, 'sink/eight'), true),
    startSink(seven, join(home.path, 'sink/seven'), false),
  ]);
  const postfix = makePostfix(home, 'host', smtp, {
    relayhost: `[127.0.0.1]:${eight}`,
    sender_dependent_relayhost_maps: `regexp:${home.path}/host/next-hops`,
    mydestination: `$myhostname, localhost, ${FILE_DOMAIN}`,
    virtual_mailbox_domains: DATABASE_DOMAIN,
    virtual_mailbox_maps: `inline:{ {someone@${DATABASE_DOMAIN} = here} }`,
    virtual_alias_maps: lookup(`${home.path}/host/postfix`, 'mysql', 'virtual_alias_maps'),
    // A host that has transports already: they must still be there in the end.
    transport_maps: `inline:{ {away.example.net = discard:} }`,
  });
  writeFileSync(join(home.path, 'host/next-hops'), `/^(legacy|asleep)[+]/ [127.0.0.1]:${seven}\n`);
  for (const list of FILE_LISTS) await makeList(spool, owner, lists, list);

  const before = home.make('before');
  cpSync(postfix.config, join(before, 'postfix'), { recursive: true });
  copyFileSync(amavis.config, join(before, 'amavisd.conf'));
  const installOptions = [
    ...['--postfix-config', postfix.config, '--amavis-config', amavis.config],
    ...['--amavis-port', String(lists), '--reinjection-port', String(back)],
    ...['--prefix', join(home.path, 'usr'), '--mlmmj-receive', join(bin, 'mlmmj-receive')],
    ...['--spool', spool, '--user', owner.name],
  ];
  const install = (...args: string[]) =>
    execa(join(bin, 'mlmmj-amime-receive'), ['install', ...installOptions, ...args]);
  await install('--transport', 'hash');
  const amavisStarted = amavis.start();
  amavisStarted.catch(() => undefined);

  writeLookups(postfix.config, 'mysql', sql);
  for (const list of DATABASE_LISTS) await makeList(spool, owner, lists, list);
  await database;
  await install('--transport', 'mysql');
  await Promise.all([postfix.start(), amavisStarted]);
  return {
    stack: {
      path: home.path,
      smtpPort: smtp,
      config: postfix.config,
      maillog: join(home.path, 'host/maillog'),
      spool,
      owner,
      amavisPort: lists,
      sinks: { eight: join(home.path, 'sink/eight'), seven: join(home.path, 'sink/seven') },
      dkimRecord: amavis.dkimRecord,
      bin,
      before,
      amavisConfig: amavis.config,
      installOptions,
    },
    async takeDown() {
      home.takeDown();
      await Promise.all([sinkEight.close(), sinkSeven.close()]);
    },
  };
}

type Ports = [number, number, number, number, number, number, number];

/** Copies of mlmmj's programs beside ours, so that a test can take mlmmj-receive away and bring it back. */
function installPrograms(home: PrivateDirectory, executable: string): string {
  const bin = home.make('usr/bin');
  copyPrograms(executable, bin);
  for (const program of MLMMJ_PROGRAMS)
    copyFileSync(`/usr/bin/mlmmj-${program}`, join(bin, `mlmmj-${program}`));
  return bin;
}
