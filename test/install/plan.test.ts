import { describe, expect, test } from 'vitest';
import { file, host, plan, service, setting } from './plan-host.ts';

describe('the transport', () => {
  test("is the snippet's where there is none", () => {
    expect(service(plan(host()).changes, 'mlmmj/unix')).toBe(
      'mlmmj unix - n n - - pipe flags=DORhu user=mlmmj null_sender= argv=/usr/bin/mlmmj-amime-receive -L /var/vmail/mlmmj/${nexthop}',
    );
  });

  test.each([
    [
      "iRedMail's",
      'mlmmj unix - n n - - pipe flags=ORhu user=mlmmj:mlmmj argv=/usr/bin/mlmmj-amime-receive -L /var/vmail/mlmmj/${nexthop}',
      'mlmmj unix - n n - - pipe flags=DORhu user=mlmmj:mlmmj null_sender= argv=/usr/bin/mlmmj-amime-receive -L /var/vmail/mlmmj/${nexthop}',
    ],
    [
      "mlmmj's own, with -F and a process limit",
      'mlmmj unix - n n - 4 pipe flags=ORhu user=mlmmj argv=/usr/bin/mlmmj-receive -F -L /var/spool/mlmmj/$nexthop',
      'mlmmj unix - n n - 4 pipe flags=DORhu user=mlmmj null_sender= argv=/usr/bin/mlmmj-amime-receive -F -L /var/spool/mlmmj/$nexthop',
    ],
    [
      'one without flags and with arguments in braces',
      'mlmmj unix - n n - - pipe user=mlmmj size=100 argv=/usr/local/bin/mlmmj-receive -L {/var/vmail/my lists/${nexthop}}',
      'mlmmj unix - n n - - pipe user=mlmmj size=100 flags=DORhu null_sender= argv=/usr/bin/mlmmj-amime-receive -L {/var/vmail/my lists/${nexthop}}',
    ],
  ])('keeps all of %s but what is needed', (_, before, after) => {
    const changes = plan(
      host({
        master: before,
        directories: new Set(['/var/vmail/mlmmj', '/var/spool/mlmmj', '/var/vmail/my lists']),
      }),
    ).changes;
    expect(service(changes, 'mlmmj/unix')).toBe(after);
  });

  test('takes another user and spool where they are asked for, and mlmmj-receive', () => {
    const master =
      'mlmmj unix - n n - - pipe flags=ORhu user=vmail argv=/usr/bin/mlmmj-receive -L /old/${nexthop}';
    const from = host({ master, users: new Set(['lists']), directories: new Set(['/new']) });
    const changes = plan(
      from,
      '--user',
      'lists',
      '--spool',
      '/new',
      '--mlmmj-receive',
      '/opt/mlmmj-receive',
    ).changes;
    expect(service(changes, 'mlmmj/unix')).toBe(
      'mlmmj unix - n n - - pipe flags=DORhu user=lists null_sender= argv=/usr/bin/mlmmj-amime-receive -L /new/${nexthop} --mlmmj-receive /opt/mlmmj-receive',
    );
  });

  test("that is somebody else's is not touched", () => {
    const master = 'mlmmj unix - n n - - pipe flags=R user=x argv=/opt/mine -x';
    expect(() => plan(host({ master }))).toThrow(
      'the service "mlmmj" in master.cf runs /opt/mine: rename it',
    );
    expect(() => plan(host({ master: 'mlmmj unix - - n - - lmtp' }))).toThrow('runs lmtp');
  });
});

describe('main.cf', () => {
  test('gets what is missing', () => {
    const { changes } = plan(host());
    expect(setting(changes, 'mlmmj_destination_recipient_limit')).toBe('1');
    expect(setting(changes, 'mlmmj_time_limit')).toBe('1000s');
    expect(setting(changes, 'recipient_delimiter')).toBe('+');
    expect(setting(changes, 'transport_maps')).toBe('hash:/etc/postfix/transport_maps_maillist');
    expect(setting(changes, 'sender_dependent_default_transport_maps')).toBe(
      'regexp:/etc/postfix/mlmmj-out.regexp',
    );
    expect(setting(changes, 'propagate_unmatched_extensions')).toBeUndefined();
  });

  test('keeps what is there', () => {
    const { changes, notes } = plan(
      host({
        main: `transport_maps = hash:/etc/postfix/transport, proxy:mysql:/etc/postfix/mysql/transport_maps_user.cf
recipient_delimiter = -
propagate_unmatched_extensions = canonical
mlmmj_time_limit = 1h
sender_dependent_default_transport_maps = inline:{ {ann@example.com = smtp:[other]} },`,
      }),
    );
    expect(setting(changes, 'transport_maps')).toBe(
      'hash:/etc/postfix/transport, proxy:mysql:/etc/postfix/mysql/transport_maps_user.cf, hash:/etc/postfix/transport_maps_maillist',
    );
    expect(setting(changes, 'sender_dependent_default_transport_maps')).toBe(
      'inline:{ {ann@example.com = smtp:[other]} }, regexp:/etc/postfix/mlmmj-out.regexp',
    );
    expect(setting(changes, 'propagate_unmatched_extensions')).toBe('canonical, virtual');
    expect(setting(changes, 'recipient_delimiter')).toBeUndefined();
    expect(setting(changes, 'mlmmj_time_limit')).toBeUndefined();
    expect(notes.join('\n')).toContain('recipient_delimiter is "-"');
  });

  test('raises a time limit that is shorter than our own', () => {
    expect(setting(plan(host({ main: 'mlmmj_time_limit = 5m' })).changes, 'mlmmj_time_limit')).toBe('1000s');
  });
});

describe('the lookup', () => {
  const connection = {
    path: '/etc/postfix/mysql/x.cf',
    text: 'user = vmail\npassword = s3cret\nhosts = db\ndbname = vmail\n',
  };
  const path = '/etc/postfix/mysql/transport_maps_maillist.cf';

  test('is the database that the host asks already', () => {
    const { changes } = plan(host({ connections: new Map([['mysql', connection]]) }));
    expect(setting(changes, 'transport_maps')).toBe(`proxy:mysql:${path}`);
    expect(file(changes, path)).toContain('= s3cret');
  });

  test('is none where a database leads lists by the name of another lookup, and the way back from a service is open', () => {
    const table = 'proxy:ldap:/etc/postfix/ldap/transport_maps_user.cf';
    const routed = 'proxy:ldap:/etc/postfix/ldap/lmtp_transport.cf';
    const from = (maps: string) =>
      host({
        main: `transport_maps = ${maps}`,
        ledBy: [table],
        connections: new Map([['ldap', { path: '/t', text: 'bind_pw = p' }]]),
        lists: [{ address: 'news@lists.example.com', nexthop: 'news' }],
        files: new Map([['/etc/postfix/ldap/lmtp_transport.cf', 'bind_pw = p\n']]),
      });
    const { changes, kept } = plan(from(table));
    expect(setting(changes, 'transport_maps')).toBeUndefined();
    expect(
      changes.filter(({ kind }) => kind === 'file').map((change) => 'path' in change && change.path),
    ).toEqual(['/etc/postfix/mlmmj-out.regexp', expect.stringContaining('mlmmj-amime-receive')]);
    expect(kept).toContain(`main.cf: transport_maps, as ${table} leads the lists to the transport already`);
    expect(setting(plan(from(`${routed}, ${table}`), '--pipe').changes, 'transport_maps')).toBe(table);
    expect(setting(plan(from(table), '--transport', 'ldap').changes, 'transport_maps')).toContain('maillist');
  });

  test('is not named twice, whether through proxymap or not', () => {
    for (const there of [`proxy:mysql:${path}`, `mysql:${path}`, `hash:/a  $mine,proxy:mysql:${path}`]) {
      const { changes } = plan(host({ main: `transport_maps = ${there}`, files: new Map([[path, 'mine']]) }));
      expect(
        changes.filter((change) => change.kind === 'setting' && change.name === 'transport_maps'),
      ).toEqual([]);
      expect(file(changes, path)).toBeUndefined();
    }
  });

  test('without a password is not put into use: all mail would stop', () => {
    expect(() => plan(host(), '--transport', 'pgsql')).toThrow(
      /no pgsql table in \/etc\/postfix\/pgsql has a password/,
    );
  });

  test('is allowed to proxymap where the host names its tables one by one', () => {
    const from = (value: string) =>
      host({ main: `proxy_read_maps = ${value}`, connections: new Map([['mysql', connection]]) });
    expect(setting(plan(from('$virtual_alias_maps')).changes, 'proxy_read_maps')).toBe(
      '$virtual_alias_maps $transport_maps',
    );
    expect(setting(plan(from('$transport_maps, $x')).changes, 'proxy_read_maps')).toBeUndefined();
  });

  test('none leaves transport_maps alone', () => {
    const { changes } = plan(host({ main: 'transport_maps = hash:/a' }), '--transport', 'none');
    expect(setting(changes, 'transport_maps')).toBeUndefined();
  });
});

describe('lists in a file', () => {
  const lists = [{ address: 'news@lists.example.com', nexthop: 'news' }];
  const table = 'hash:/etc/postfix/transport_maps_maillist';

  test.each([
    [
      'mydestination = lists.example.com',
      { local_recipient_maps: `proxy:unix:passwd.byname $alias_maps, ${table}` },
    ],
    ['mydestination = lists.example.com\nlocal_recipient_maps =', {}],
    [
      'virtual_mailbox_domains = lists.example.com\nvirtual_mailbox_maps = hash:/v',
      { virtual_mailbox_maps: `hash:/v, ${table}` },
    ],
    ['relay_domains = lists.example.com', {}],
    ['', { relay_domains: 'lists.example.com', relay_recipient_maps: table }],
    ['relay_domains = other.example.com', { relay_domains: 'other.example.com, lists.example.com' }],
    [
      'relay_domains = other.example.com\nrelay_recipient_maps = hash:/r',
      { relay_domains: 'other.example.com, lists.example.com', relay_recipient_maps: `hash:/r, ${table}` },
    ],
  ] as const)('are made known to Postfix: %s', (main, wanted) => {
    const { changes } = plan(host({ main, lists }), '--transport', 'hash');
    const recipients = [
      'local_recipient_maps',
      'virtual_mailbox_maps',
      'relay_domains',
      'relay_recipient_maps',
    ];
    const got = recipients.flatMap((name) =>
      setting(changes, name) === undefined ? [] : [[name, setting(changes, name)]],
    );
    expect(Object.fromEntries(got)).toEqual(wanted);
    expect(file(changes, '/etc/postfix/transport_maps_maillist')).toMatch(
      /\nnews@lists\.example\.com\tmlmmj:news\n$/,
    );
  });

  test('are left to the database where one says which lists there are', () => {
    const main = 'transport_maps = proxy:mysql:/etc/postfix/mysql/transport_maps_maillist.cf';
    const { changes } = plan(host({ main, lists }), '--transport', 'hash');
    expect(file(changes, '/etc/postfix/transport_maps_maillist')).not.toMatch(/^news@lists/m);
    expect(setting(changes, 'relay_domains')).toBeUndefined();
  });

  test('whose domain may be in a table that cannot be looked into are named instead', () => {
    const { changes, notes } = plan(
      host({ main: 'virtual_mailbox_domains = proxy:mysql:/d.cf', lists }),
      '--transport',
      'hash',
    );
    expect(setting(changes, 'relay_domains')).toBeUndefined();
    expect(notes).toContain('make sure that Postfix takes mail for lists.example.com and knows its lists');
  });
});

describe('Amavisd', () => {
  const bank = '/etc/amavis/conf.d/60-mlmmj-amime-receive';

  test('gets the policy bank, and Postfix the door back', () => {
    const { changes } = plan(host(), '--amavis-port', '20027', '--reinjection-port', '20028');
    expect(file(changes, bank)).toContain("$interface_policy{'20027'}");
    expect(file(changes, bank)).toContain('smtp:[127.0.0.1]:20028');
    expect(service(changes, '127.0.0.1:20028/inet')).toContain('-o content_filter= ');
  });

  describe('that has the bank already', () => {
    const path = '/etc/amavis/conf.d/50-user';
    const planned = (text: string, signsForAll = false, ...args: string[]) =>
      plan(host({ amavis: { ...host().amavis!, bank, theirs: { path, text, signsForAll } } }), ...args);
    const doors = ({ changes }: ReturnType<typeof plan>) =>
      changes.flatMap((change) =>
        change.kind === 'service' && change.key.endsWith('/inet') ? [change.key] : [],
      );

    test("as iRedMail's documentation has it, is left alone, needs no door, and nothing is said of it", () => {
      const done = planned(IREDMAILS_BANK, true);
      expect(file(done.changes, bank)).toBeUndefined();
      expect(doors(done)).toEqual([]);
      expect(done.notes.join()).not.toContain('MLMMJ');
      expect(done.kept.join()).toContain(`${path}: $policy_bank{'MLMMJ'}`);
    });

    test('has a door where it gives mail back to a port of its own', () => {
      const own = IREDMAILS_BANK.replace('};', "    forward_method => 'smtp:[127.0.0.1]:10030',\n};");
      expect(doors(planned(own, true))).toEqual(['127.0.0.1:10030/inet']);
      expect(doors(planned(own.replace('10030', '10025'), true, '--reinjection-port', '10099'))).toEqual([
        '127.0.0.1:10025/inet',
      ]);
    });

    test('differs: what, and from what, is said', () => {
      const other = IREDMAILS_BANK.replace('originating => 1', 'originating => 0').replace(
        /^.*8BITMIME.*\n/m,
        '',
      );
      expect(planned(other).notes).toContain(
        `${path} has a policy bank MLMMJ of its own: originating is 0 (ours: 1); no dkim_signature_options_bysender_maps; no smtpd_discard_ehlo_keywords (ours: ['8BITMIME'])`,
      );
    });
  });

  test.each([
    '127.0.0.1:10028 inet n - n - - smtpd',
    '10028 inet n - n - - smtpd',
    '[::1]:10028 inet n - n - - smtpd',
  ])('keeps a door that is there: %s', (master) => {
    const { changes } = plan(host({ master }));
    expect(changes.some((change) => change.kind === 'service' && change.key.includes('10028'))).toBe(false);
  });

  test('that is not there is said, and needs no door', () => {
    const { changes, notes } = plan(host({ amavis: undefined }));
    expect(changes.some((change) => change.kind === 'service' && change.key.includes('10028'))).toBe(false);
    expect(notes.join()).toContain('Amavisd was not found');
  });
});

/** The bank of iRedMail's documentation on mlmmj. */
const IREDMAILS_BANK = `$interface_policy{'10027'} = 'MLMMJ';
$policy_bank{'MLMMJ'} = {
    originating => 1,           # declare that mail was submitted by our smtp client
    allow_disclaimers => 0,     # mailing list should use footer text instead.
    enable_dkim_signing => 1,   # sign DKIm signature
    smtpd_discard_ehlo_keywords => ['8BITMIME'],
    terminate_dsn_on_notify_success => 0,  # don't remove NOTIFY=SUCCESS option
    bypass_spam_checks_maps => [1],     # don't check spam
    bypass_virus_checks_maps => [1],    # don't check virus
    bypass_banned_checks_maps => [1],   # don't check banned file names and types
    bypass_header_checks_maps => [1],   # don't check bad header
};
`;

describe('user and spool', () => {
  const bare = { users: new Set<string>(), directories: new Set<string>() };

  test('must be there', () => {
    expect(() => plan(host(bare))).toThrow(
      "there is no user mlmmj: name the lists' owner with --user, or add --create-user",
    );
    expect(() => plan(host({ ...bare, users: new Set(['mlmmj']) }))).toThrow(
      'there is no directory /var/vmail/mlmmj',
    );
  });

  test('are made where that is asked for', () => {
    expect(
      plan(host(bare), '--create-user').changes.filter(({ kind }) => kind === 'account' || kind === 'spool'),
    ).toEqual([
      { kind: 'account', user: 'mlmmj', home: '/var/vmail/mlmmj' },
      { kind: 'spool', path: '/var/vmail/mlmmj', user: 'mlmmj' },
    ]);
  });

  test("are Debian's where only that spool is there", () => {
    const { changes } = plan(host({ directories: new Set(['/var/spool/mlmmj']) }));
    expect(service(changes, 'mlmmj/unix')).toContain('-L /var/spool/mlmmj/${nexthop}');
  });
});

describe("the lists' way out", () => {
  const table = '/etc/postfix/mlmmj-out.regexp';

  test('takes the next hop of default_transport along, which it stands in for', () => {
    const { changes } = plan(host({ main: 'default_transport = smtp:[smart.example.com]:587' }));
    expect(file(changes, table)).toMatch(/ mlmmj-out:\[smart\.example\.com\]:587\n$/);
    expect(file(plan(host()).changes, table)).toMatch(/ mlmmj-out:\n$/);
  });

  test("takes the usual client's own options along, and leaves other programs alone", () => {
    const { changes } = plan(
      host({
        master:
          'smtp unix - - y - - smtp -o smtp_bind_address=192.0.2.1 -o syslog_name=postfix/out -o {smtp_helo_name = a b}',
      }),
    );
    expect(service(changes, 'mlmmj-out/unix')).toBe(
      'mlmmj-out unix - - n - - smtp -o smtp_bind_address=192.0.2.1 -o {smtp_helo_name = a b} -o disable_mime_output_conversion=yes -o syslog_name=postfix/$service_name',
    );
    const other = plan(
      host({ main: 'default_transport = uucp', master: 'uucp unix - n n - - pipe flags=F' }),
    );
    expect(file(other.changes, table)).toBeUndefined();
    expect(setting(other.changes, 'sender_dependent_default_transport_maps')).toBeUndefined();
    expect(other.notes.join()).toContain('default_transport sends mail out by uucp');
  });
});

test.each(['root', 'postfix'])('pipe(8) runs nothing as %s', (user) => {
  const from = host({ users: new Set([user]), main: 'mail_owner = postfix' });
  expect(() => plan(from, '--user', user)).toThrow(`pipe(8) runs nothing as ${user}`);
});
