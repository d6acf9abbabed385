import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { describe, expect, test } from 'vitest';
import { EMBEDDED_FILES, embeddedModule } from '../../scripts/embedded-module.ts';
import { SNIPPETS } from '../../src/install/embedded.ts';
import {
  databaseTable,
  listTable,
  policyBank,
  withInclude,
  withoutInclude,
} from '../../src/install/snippets.ts';
import { parseParameters } from '../../src/mail-server/main-cf.ts';
import { parseMasterCf, serviceKey } from '../../src/mail-server/master-cf.ts';
import { postfixObstacle, privateHost } from './private-postfix.ts';

const root = new URL('../../', import.meta.url).pathname;
const read = (file: string) => readFileSync(root + file, 'utf8');

const STANDARD = {
  program: '/usr/bin/mlmmj-amime-receive',
  spool: '/var/vmail/mlmmj',
  user: 'mlmmj',
  mlmmjReceive: undefined,
  amavisPort: 10027,
  reinjectionPort: 10028,
  dkimDomain: undefined,
};

describe('the files that people copy', () => {
  test('are the ones that the executable carries', () => {
    expect(read('src/install/embedded.ts'), 'run: npx tsx scripts/embed-snippets.ts').toBe(
      embeddedModule(EMBEDDED_FILES.map((file) => [file, read(file)])),
    );
  });

  test.each(EMBEDDED_FILES)('%s is ASCII, ends in a newline and fits a terminal', (file) => {
    const text = SNIPPETS[file];
    expect(text).toMatch(/^[\n\x20-\x7e]*\n$/);
    expect(text.split('\n').filter((line) => line.length > 110)).toEqual([]);
  });

  test.each(['mysql', 'pgsql', 'ldap'] as const)(
    'the %s lookup has no password but a placeholder',
    (kind) => {
      const text = SNIPPETS[`postfix/transport_maps_maillist.cf.${kind}`];
      expect(text).toMatch(/^(password|bind_pw) +?= REPLACE-WITH-/m);
    },
  );

  test('without adaptation are written as they are', () => {
    expect(policyBank(STANDARD)).toBe(SNIPPETS['amavis/policy-bank.conf']);
  });

  test("take each port for itself, also where one is the other's standard", () => {
    const bank = policyBank({ ...STANDARD, amavisPort: 10028, reinjectionPort: 10029 });
    expect(bank).toContain("$interface_policy{'10028'} = 'MLMMJ';");
    expect(bank).toContain("forward_method => 'smtp:[127.0.0.1]:10029',");
  });
});

const obstacle = postfixObstacle();

describe.skipIf(obstacle)(`the Postfix snippets, read by Postfix${obstacle}`, () => {
  test('master.cf.snippet gives the three services as they are written', () => {
    const host = privateHost('', `\n${SNIPPETS['postfix/master.cf.snippet']}`);
    for (const service of parseMasterCf(SNIPPETS['postfix/master.cf.snippet'])) {
      expect(host.postconf('-M', serviceKey(service)).replace(/\s+/g, ' ')).toBe(
        [service.name, ...service.fields, service.args].join(' '),
      );
    }
    expect(host.postconf('-P', 'mlmmj-out/unix/disable_mime_output_conversion')).toMatch(/= yes$/);
    expect(host.postconf('-P', '127.0.0.1:10028/inet/content_filter')).toMatch(/=\s*$/);
  });

  test('main.cf.snippet goes with it: every setting is one that Postfix uses', () => {
    const host = privateHost(
      SNIPPETS['postfix/main.cf.snippet'],
      `\n${SNIPPETS['postfix/master.cf.snippet']}`,
    );
    const { stderr, stdout } = execaSync('postconf', ['-c', host.config, '-n']);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^mlmmj_destination_recipient_limit = 1$/m);
    expect(stdout).toMatch(/^mlmmj_time_limit = 1000s$/m);
  });

  test.each([
    ['news+bounces-17-ann=example.org@lists.example.com', 'mlmmj-out:'],
    ['news+bounces-help-c0ffee@lists.example.com', 'mlmmj-out:'],
    ['ann@example.org', ''],
    ['ann+bounces@example.org', ''],
    ['no+bounces-here', ''],
  ])('the sender table sends %s to "%s"', (sender, transport) => {
    const host = privateHost('');
    const table = join(host.path, 'senders');
    writeFileSync(table, SNIPPETS['postfix/mlmmj-out.regexp']);
    const { stdout } = execaSync('postmap', ['-c', host.config, '-q', sender, `regexp:${table}`], {
      reject: false,
    });
    expect(stdout).toBe(transport);
  });

  test('the list table is one that postmap reads, and finds lists in', () => {
    const host = privateHost('');
    const path = join(host.config, 'transport_maps_maillist');
    writeFileSync(
      path,
      listTable(undefined, `hash:${path}`, [{ address: 'news@example.com', nexthop: 'example.com/news' }]),
    );
    execaSync('postmap', ['-c', host.config, `hash:${path}`]);
    const found = execaSync('postmap', ['-c', host.config, '-q', 'news@example.com', `hash:${path}`]);
    expect(found.stdout).toBe('mlmmj:example.com/news');
  });
});

describe('the policy bank, read by perl', () => {
  const perl = (before: string, print: string, text: string = SNIPPETS['amavis/policy-bank.conf']) =>
    execaSync('perl', [], { input: `${before}\n${text.replace(/^1;.*$/m, '')}\n${print}` }).stdout;

  test('is valid on its own', () => {
    expect(execaSync('perl', ['-c'], { input: SNIPPETS['amavis/policy-bank.conf'] }).stderr).toBe(
      '- syntax OK',
    );
  });

  test.each([
    ['$inet_socket_port = 10024;', '10024 10027'],
    ['$inet_socket_port = [10024, 10026, 9998];', '10024 10026 9998 10027'],
    ['$inet_socket_port = [10024, 10027];', '10024 10027'],
    ["$inet_socket_port = ['127.0.0.1:10024'];", '127.0.0.1:10024 10027'],
    ['$inet_socket_port = undef;', '10027'],
    ['', '10027'],
  ])('adds its port after "%s"', (before, ports) => {
    expect(perl(before, 'print "@$inet_socket_port"')).toBe(ports);
  });

  test('signs, leaves out the checks, and gives mail back by its own door', () => {
    const shown =
      'my $b = $policy_bank{$interface_policy{10027}}; print join " ", map { "$_=" . (ref $b->{$_} ? "@{$b->{$_}}" : $b->{$_}) } ';
    expect(
      perl('', `${shown} qw(originating allow_disclaimers enable_dkim_signing smtpd_discard_ehlo_keywords)`),
    ).toBe('originating=1 allow_disclaimers=0 enable_dkim_signing=1 smtpd_discard_ehlo_keywords=8BITMIME');
    expect(perl('', `${shown} qw(terminate_dsn_on_notify_success forward_method)`)).toBe(
      'terminate_dsn_on_notify_success=0 forward_method=smtp:[127.0.0.1]:10028',
    );
    expect(perl('', `${shown} map { "bypass_\${_}_checks_maps" } qw(spam virus banned header)`)).toBe(
      'bypass_spam_checks_maps=1 bypass_virus_checks_maps=1 bypass_banned_checks_maps=1 bypass_header_checks_maps=1',
    );
  });

  test('names the signing domain where one was asked for, and only then', () => {
    const shown = `print $policy_bank{MLMMJ}{dkim_signature_options_bysender_maps}[0]{'.'}{d} // 'none'`;
    expect(perl('', shown)).toBe('none');
    expect(perl('', shown, policyBank({ ...STANDARD, dkimDomain: 'example.org' }))).toBe('example.org');
  });
});

describe('a database lookup with a connection that the host has', () => {
  const existing =
    'user = vmail\npassword = s3cret= #x\nhosts = 10.0.0.5:3307\ndbname = mail\nquery = SELECT 1\n';

  test('takes where and who from there, and what to ask from ours', () => {
    const table = databaseTable('mysql', '/p/mysql/transport_maps_maillist.cf', existing)!;
    expect(table).toMatch(
      /^user {8}= vmail\npassword {4}= s3cret= #x\nhosts {7}= 10.0.0.5:3307\ndbname {6}= mail\n/m,
    );
    expect(table).toContain('SELECT maillists.transport');
    expect(table).not.toContain('SELECT 1');
    expect(table).toContain('proxy:mysql:/p/mysql/transport_maps_maillist.cf');
  });

  test.each([
    ['mysql', 'tls_CAfile = /etc/ssl/ca.pem'],
    ['pgsql', 'encoding = UTF8'],
    ['ldap', 'server_port = 3890'],
    ['ldap', 'start_tls = yes'],
    ['ldap', 'tls_ca_cert_file = /etc/ssl/ca.pem'],
  ] as const)('for %s, asks as the table does that is there: %s', (kind, line) => {
    const [name, value] = line.split(' = ');
    const table = databaseTable(kind, '/t', `password = p\nbind_pw = p\n${line}\n`)!;
    expect(parseParameters(table).get(name!)).toBe(value);
  });

  test('asks its own question, whatever the table asks that is there', () => {
    const table = databaseTable(
      'ldap',
      '/t',
      'bind_pw = p\nscope = one\nquery_filter =\n  (mail=%s)\nresult_attribute = homeDirectory\nresult_format = %s/\ndebuglevel = 9\n',
    )!;
    const parameters = parseParameters(table);
    expect(parameters.get('scope')).toBe('sub');
    expect(parameters.get('query_filter')).toContain('objectClass=mailList');
    expect(parameters.get('result_attribute')).toBe('mtaTransport');
    expect(table).not.toMatch(/result_format|debuglevel|homeDirectory/);
  });

  test.each([
    ['o=domains,dc=example,dc=com', 'o=domains,dc=example,dc=com'],
    ['domainName=%d,o=domains,dc=example,dc=com', 'o=domains,dc=example,dc=com'],
    ['ou=Users,domainName=%d,o=domains\\,%%,dc=com', 'dc=com'],
  ])('finds lists where users have a branch of their own: %s', (from, to) => {
    const table = databaseTable('ldap', '/t', `bind_pw = p\nsearch_base = ${from}\n`)!;
    expect(parseParameters(table).get('search_base')).toBe(to);
  });

  test('reads values that go on on the next line', () => {
    const table = databaseTable(
      'pgsql',
      '/t',
      '# password = none\npassword = p\nhosts =\n  one:1\n  two:2\n',
    )!;
    expect(parseParameters(table).get('hosts')).toBe('one:1 two:2');
  });

  test('leaves out what is not set there', () => {
    expect(databaseTable('mysql', '/t', existing.replace(/^hosts.*\n/m, ''))).not.toMatch(/^hosts/m);
  });

  test.each(['', 'password =\n', 'password = REPLACE-WITH-THE-PASSWORD\n'])(
    'is not written without a password: "%s"',
    (text) => {
      expect(databaseTable('pgsql', '/t', text)).toBeUndefined();
    },
  );
});

describe('the list table', () => {
  const lists = [{ address: 'news@example.com', nexthop: 'example.com/news' }];

  test('keeps what is in it, adds what is missing, and names a list once', () => {
    const mine = '# mine\nold@example.com smtp:[old.example.com]';
    const merged = listTable(mine, 'hash:/t', lists);
    expect(merged).toBe(`${mine}\nnews@example.com\tmlmmj:example.com/news\n`);
    expect(listTable(merged, 'hash:/t', lists)).toBe(merged);
    expect(listTable('News@Example.com mlmmj:elsewhere\n', 'hash:/t', lists)).toBe(
      'News@Example.com mlmmj:elsewhere\n',
    );
  });
});

describe('including the policy bank', () => {
  const file = '/etc/amavisd/mlmmj-amime-receive.conf';
  const line = `include_config_files('${file}');\n`;

  test.each([
    [
      'use strict;\n$a = 1;\n1;  # insure a defined return\n',
      `use strict;\n$a = 1;\n${line}1;  # insure a defined return\n`,
    ],
    ['$a = 1;\n1;\n\n\n', `$a = 1;\n${line}1;\n\n\n`],
    ['$a = [\n1;\n2 ];\n1;', `$a = [\n1;\n2 ];\n${line}1;`],
    ['$a = 1;', `$a = 1;\n${line}1;\n`],
    ['$a = 1;\n1;\n__END__\nnotes\n', `$a = 1;\n${line}1;\n__END__\nnotes\n`],
  ])('comes before the true value that ends the file: %j', (before, after) => {
    expect(withInclude(before, file)).toBe(after);
    expect(withInclude(after, file)).toBe(after);
    if (/1;/.test(before.slice(-30)) && before !== '$a = 1;')
      expect(withoutInclude(after, file)).toBe(before);
  });
});
