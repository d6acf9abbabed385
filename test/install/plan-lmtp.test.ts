import { describe, expect, test } from 'vitest';
import type { Host } from '../../src/install/host.ts';
import { unitFacts } from '../../src/mail-server/units.ts';
import { file, host, plan, service, setting } from './plan-host.ts';

const SOCKET = 'unix:/run/mlmmj-amime/lmtp.sock';
const TABLE = '/etc/postfix/lmtp_transport';
const UNIT = '/etc/systemd/system/mlmmj-amime.service';
const SOCKET_UNIT = '/etc/systemd/system/mlmmj-amime.socket';
const PIPE =
  'mlmmj unix - n n - - pipe flags=ORhu user=mlmmj argv=/usr/bin/mlmmj-amime-receive -L /var/vmail/mlmmj/${nexthop}';
const lists = [{ address: 'news@lists.example.com', nexthop: 'lists.example.com/news' }];

/** The host as it is once a plan was carried out, as far as planning looks. */
function carriedOut(from: Host, done: ReturnType<typeof plan>): Host {
  const explicit = new Map(from.explicit);
  const services = new Map(from.services);
  const files = new Map(from.files);
  for (const change of done.changes) {
    if (change.kind === 'setting') explicit.set(change.name, change.after);
    if (change.kind === 'file') files.set(change.path, change.after);
    if (change.kind === 'service') {
      const [name, ...rest] = change.after.split(' ');
      services.set(change.key, { name: name!, fields: rest.slice(0, 7), args: rest.slice(7).join(' ') });
    }
  }
  const effective = new Map([...from.effective, ...explicit]);
  const unit = files.get(UNIT);
  return {
    ...from,
    ...{ explicit, services, files, effective, expanded: effective, lmtp: done.lmtp },
    unit: unit === undefined ? undefined : unitFacts(unit),
  };
}

describe('the client', () => {
  test("is the snippet's, with the snippet's limits, and the pipe is not put in place", () => {
    const { changes } = plan(host({ lists }), '--lmtp');
    expect(service(changes, 'mlmmj-lmtp/unix')).toBe('mlmmj-lmtp unix - - n - 20 lmtp');
    expect(setting(changes, 'mlmmj-lmtp_destination_recipient_limit')).toBe('20');
    expect(setting(changes, 'mlmmj-lmtp_destination_concurrency_limit')).toBe('20');
    expect(setting(changes, 'recipient_delimiter')).toBe('+');
    expect(service(changes, 'mlmmj/unix')).toBeUndefined();
    expect(setting(changes, 'mlmmj_destination_recipient_limit')).toBeUndefined();
  });

  test('that is there keeps what it has, but leaves the chroot, from which the socket is not seen', () => {
    const master = 'mlmmj-lmtp unix - - y - 5 lmtp -o syslog_name=lists';
    expect(service(plan(host({ master }), '--lmtp').changes, 'mlmmj-lmtp/unix')).toBe(
      'mlmmj-lmtp unix - - n - 5 lmtp -o syslog_name=lists',
    );
    expect(service(plan(host({ master }), '--lmtp=inet:192.0.2.1:24').changes, 'mlmmj-lmtp/unix')).toBe(
      undefined,
    );
  });

  test('keeps lower limits, and waits for the answer where others must not', () => {
    const main =
      'lmtp_data_done_timeout = 60s\nmlmmj-lmtp_destination_recipient_limit = 1\nmlmmj-lmtp_destination_concurrency_limit = 500';
    const { changes } = plan(host({ main }), '--lmtp');
    expect(service(changes, 'mlmmj-lmtp/unix')).toBe(
      'mlmmj-lmtp unix - - n - 20 lmtp -o lmtp_data_done_timeout=600s',
    );
    expect(setting(changes, 'lmtp_data_done_timeout')).toBeUndefined();
    expect(setting(changes, 'mlmmj-lmtp_destination_recipient_limit')).toBeUndefined();
    expect(setting(changes, 'mlmmj-lmtp_destination_concurrency_limit')).toBe('20');
  });

  test("that is somebody else's is not touched", () => {
    expect(() => plan(host({ master: 'mlmmj-lmtp unix - - n - - smtp' }), '--lmtp')).toThrow(
      'the service "mlmmj-lmtp" in master.cf runs smtp: rename it',
    );
  });
});

describe('the lookup in a file', () => {
  test('is a table of its own, asked before the pipe, which stays as it is', () => {
    const main = 'transport_maps = hash:/etc/postfix/transport hash:/etc/postfix/transport_maps_maillist';
    const pipes = 'News@lists.example.com mlmmj:lists.example.com/news\nold@x.example smtp:[old.example]\n';
    const { changes, tables } = plan(
      host({
        main,
        master: PIPE,
        lists: [...lists, { address: 'old@x.example', nexthop: 'x.example/old' }],
        files: new Map([['/etc/postfix/transport_maps_maillist', pipes]]),
      }),
      '--lmtp',
    );
    expect(setting(changes, 'transport_maps')).toBe(
      `hash:/etc/postfix/transport, hash:${TABLE}, hash:/etc/postfix/transport_maps_maillist`,
    );
    // A list that somebody has sent elsewhere stays there.
    expect(file(changes, TABLE)?.match(/^[^#\n].*$/gm)).toEqual([
      `news@lists.example.com\tmlmmj-lmtp:${SOCKET}`,
    ]);
    expect(file(changes, '/etc/postfix/transport_maps_maillist')).toBeUndefined();
    expect(service(changes, 'mlmmj/unix')).toBeUndefined();
    expect(tables).toEqual([
      { table: `hash:${TABLE}`, transport: 'mlmmj-lmtp', lists: ['news@lists.example.com'] },
    ]);
  });

  test('comes first where the lists may be looked up under another name', () => {
    const { changes } = plan(host({ main: 'transport_maps = hash:/a, hash:/b', lists }), '--lmtp');
    expect(setting(changes, 'transport_maps')).toBe(`hash:${TABLE}, hash:/a, hash:/b`);
  });

  test('makes new lists known to Postfix', () => {
    const { changes } = plan(host({ lists }), '--lmtp');
    expect(setting(changes, 'relay_domains')).toBe('lists.example.com');
    expect(setting(changes, 'relay_recipient_maps')).toBe(`hash:${TABLE}`);
  });

  test('keeps lists that live on other hosts, and moves its own to another address', () => {
    const text = `far@lists.example.com  mlmmj-lmtp:inet:192.0.2.7:2424\nnews@lists.example.com  mlmmj-lmtp:${SOCKET}\n`;
    const from = host({
      lists,
      lmtp: SOCKET,
      main: `transport_maps = hash:${TABLE}`,
      files: new Map([[TABLE, text]]),
    });
    expect(file(plan(from).changes, TABLE)).toBeUndefined();
    expect(file(plan(from, '--lmtp', 'inet:127.0.0.1:2424').changes, TABLE)).toBe(
      text.replace(SOCKET, 'inet:127.0.0.1:2424'),
    );
  });

  test('names a list that lies where the service does not look', () => {
    const both = [...lists, { address: 'flat@lists.example.com', nexthop: 'flat' }];
    const { changes, notes } = plan(host({ lists: both }), '--lmtp');
    expect(file(changes, TABLE)).not.toMatch(/^flat@/m);
    expect(notes.join()).toContain('flat@lists.example.com lies in flat, where the service does not look');
  });
});

describe('the lookup in a database', () => {
  const path = '/etc/postfix/mysql/transport_maps_maillist.cf';
  const routed = '/etc/postfix/mysql/lmtp_transport.cf';
  const theirs = `# Used as proxy:mysql:${path}\nuser = vmail\npassword = s3cret\nresult_format = %s\n  x\nquery = SELECT\n  transport FROM lists\n`;
  const main = `transport_maps = proxy:mysql:/etc/postfix/mysql/transport_maps_user.cf\n`;

  test("asks what the host's own table asks, and answers with the service", () => {
    const from = host({
      main: main.replace('user.cf', `user.cf, proxy:mysql:${path}`),
      files: new Map([[path, theirs]]),
    });
    const done = plan(from, '--lmtp');
    expect(setting(done.changes, 'transport_maps')).toBe(
      `proxy:mysql:/etc/postfix/mysql/transport_maps_user.cf, proxy:mysql:${routed}, proxy:mysql:${path}`,
    );
    expect(file(done.changes, routed)).toBe(
      `# Used as proxy:mysql:${routed}\nuser = vmail\npassword = s3cret\nquery = SELECT\n  transport FROM lists\nresult_format = mlmmj-lmtp:${SOCKET}\n`,
    );
    expect(done.changes).toContainEqual(expect.objectContaining({ path: routed, secret: true }));
    expect(plan(carriedOut(from, done)).changes).toEqual([]);
  });

  test('is ours where the host has only a connection', () => {
    const connection = { path: '/x.cf', text: 'user = v\npassword = s3cret\nhosts = db\ndbname = vmail\n' };
    const from = host({ connections: new Map([['mysql', connection]]) });
    const done = plan(from, '--lmtp');
    expect(file(done.changes, routed)).toMatch(
      /maillists\.transport[\s\S]*\nresult_format = mlmmj-lmtp:unix:/,
    );
    expect(file(done.changes, path)).toBeUndefined();
    expect(plan(carriedOut(from, done), '--lmtp').changes).toEqual([]);
  });

  test('and in a file: both lead to the service', () => {
    const both = `transport_maps = hash:/etc/postfix/transport_maps_maillist, proxy:mysql:${path}`;
    const { tables } = plan(host({ main: both, files: new Map([[path, theirs]]) }), '--lmtp');
    expect(tables.map(({ table }) => table)).toEqual([`hash:${TABLE}`, `proxy:mysql:${routed}`]);
  });
});

describe("systemd's units", () => {
  test('name the program, the lists, their owner and the socket', () => {
    const from = host({
      lists,
      users: new Set(['lists']),
      directories: new Set(['/srv/lists']),
      groups: { owner: 'mail-lists', mail: '_postfix' },
      program: '/usr/local/bin/mlmmj-amime-receive',
    });
    const args = ['--user', 'lists', '--spool', '/srv/lists', '--mlmmj-receive', '/opt/mlmmj-receive'];
    const { changes } = plan(from, '--lmtp=unix:/run/lists.sock', ...args);
    const unit = file(changes, UNIT)!;
    expect(unit).toContain(
      '\nExecStart=/usr/local/bin/mlmmj-amime-receive serve --listen systemd --lists /srv/lists --mlmmj-receive /opt/mlmmj-receive\n',
    );
    expect(unit).toContain('\nReadWritePaths=/srv/lists\n');
    expect(unit).toContain('\nUser=lists\nGroup=mail-lists\n');
    const socket = file(changes, SOCKET_UNIT)!;
    expect(socket).toContain('\nListenStream=/run/lists.sock\nSocketUser=lists\nSocketGroup=_postfix\n');
  });

  test('that are there keep what somebody made of them, but for what is asked for', () => {
    const first = plan(host({ lists }), '--lmtp');
    const installed = carriedOut(host({ lists }), first);
    const edited = new Map(installed.files);
    edited.set(
      UNIT,
      edited
        .get(UNIT)!
        .replace('serve --listen', 'serve --max-size 50M --listen')
        .replace('MemoryDeny', '# Mine\nMemoryDeny'),
    );
    const from = { ...installed, files: edited, directories: new Set(['/var/vmail/mlmmj', '/srv/lists']) };
    expect(plan(from).changes).toEqual([]);
    const { changes } = plan(from, '--spool', '/srv/lists');
    expect(file(changes, UNIT)).toContain('serve --max-size 50M --listen systemd --lists /srv/lists\n');
    expect(file(changes, UNIT)).toContain('\nReadWritePaths=/srv/lists\n');
    expect(file(changes, UNIT)).toContain('# Mine\n');
    expect(file(changes, SOCKET_UNIT)).toBeUndefined();
  });

  test('say where lists lie that have no directory for their domain', () => {
    const flat = [{ address: 'flat@lists.example.com', nexthop: 'flat' }];
    const { changes, notes } = plan(host({ lists: flat }), '--lmtp');
    expect(file(changes, UNIT)).toMatch(/^ExecStart=.* --layout %%u$/m);
    expect(file(changes, TABLE)).toMatch(/^flat@/m);
    expect(notes).toEqual([]);
  });

  test('open the home directories to a service whose lists are there', () => {
    const directories = new Set(['/home/lists']);
    expect(file(plan(host({ directories }), '--lmtp', '--spool', '/home/lists').changes, UNIT)).toContain(
      '\nProtectHome=no\n',
    );
  });

  test('need the owner and the lists, which can be made', () => {
    const bare = host({ users: new Set(), directories: new Set() });
    expect(() => plan(bare, '--lmtp')).toThrow('there is no user mlmmj');
    expect(plan(bare, '--lmtp', '--create-user').changes).toContainEqual(
      expect.objectContaining({ kind: 'account' }),
    );
  });

  test.each([
    ['no systemd', { systemd: undefined }, SOCKET, 'serve --lists /var/vmail/mlmmj --listen unix:/run/'],
    ['a container', { users: new Set<string>() }, 'inet:127.0.0.1:2424', '--listen 127.0.0.1:2424'],
    ['another host', {}, 'inet:192.0.2.7:2424', 'its address must be in mynetworks'],
  ])('are not written for %s', (_, more, address, said) => {
    const { changes, notes } = plan(host(more), '--lmtp', address);
    expect(changes.filter((change) => change.kind === 'file' && change.path.includes('systemd'))).toEqual([]);
    expect(notes.join('\n')).toContain(said);
  });
});

describe('planning again', () => {
  test.each([
    ['with the same words', ['--lmtp']],
    ['without', []],
  ])('%s changes nothing', (_, args) => {
    const from = host({ lists });
    expect(plan(carriedOut(from, plan(from, '--lmtp')), ...args).changes).toEqual([]);
  });

  test('with --pipe leads the lists through the pipe, and those of other hosts stay', () => {
    const from = host({ lists });
    const served = carriedOut(from, plan(from, '--lmtp'));
    const done = plan(served, '--pipe');
    expect(setting(done.changes, 'transport_maps')).toBe('hash:/etc/postfix/transport_maps_maillist');
    expect(setting(done.changes, 'relay_recipient_maps')).toBe('hash:/etc/postfix/transport_maps_maillist');
    expect(service(done.changes, 'mlmmj/unix')).toContain('pipe flags=DORhu');
    expect(file(done.changes, '/etc/postfix/transport_maps_maillist')).toMatch(
      /^news@lists\.example\.com\tmlmmj:/m,
    );
    expect(done.lmtp).toBeUndefined();
    expect(plan(carriedOut(served, done)).changes).toEqual([]);

    const files = new Map(served.files);
    files.set(TABLE, `${files.get(TABLE)}far@lists.example.com mlmmj-lmtp:inet:192.0.2.7:2424\n`);
    const spread = plan({ ...served, files }, '--pipe');
    expect(setting(spread.changes, 'transport_maps')).toBe(
      `hash:${TABLE}, hash:/etc/postfix/transport_maps_maillist`,
    );
    expect(file(spread.changes, TABLE)?.match(/^[^#\n].*$/gm)).toEqual([
      'far@lists.example.com mlmmj-lmtp:inet:192.0.2.7:2424',
    ]);
    expect(spread.notes.join()).toContain('still behind an LMTP service');
  });
});
