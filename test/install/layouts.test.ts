import { expect, test } from 'vitest';
import { accountCommands } from '../../src/install/account.ts';
import { programPlaces } from '../../src/install/installed-program.ts';
import { amavisPlace } from '../../src/mail-server/amavis.ts';

const among = (paths: readonly string[]) => (path: string) => paths.includes(path);

test.each([
  ['Debian', ['/etc/amavis/conf.d'], '/etc/amavis/conf.d/60-mlmmj-amime-receive', undefined],
  [
    'RHEL',
    ['/etc/amavisd/amavisd.conf'],
    '/etc/amavisd/mlmmj-amime-receive.conf',
    '/etc/amavisd/amavisd.conf',
  ],
  [
    'FreeBSD',
    ['/usr/local/etc/amavisd.conf'],
    '/usr/local/etc/mlmmj-amime-receive.conf',
    '/usr/local/etc/amavisd.conf',
  ],
  ['OpenBSD', ['/etc/amavisd.conf'], '/etc/mlmmj-amime-receive.conf', '/etc/amavisd.conf'],
])('Amavisd on %s', (_, paths, bank, main) => {
  expect(amavisPlace(undefined, among(paths))).toEqual({ bank, main });
});

test('Amavisd where it is named, and where it is not wanted or not there', () => {
  expect(amavisPlace('/opt/amavis/my.conf', among([]))).toEqual({
    bank: '/opt/amavis/mlmmj-amime-receive.conf',
    main: '/opt/amavis/my.conf',
  });
  expect(amavisPlace('/etc/amavis/conf.d/50-user', among([]))).toEqual({
    bank: '/etc/amavis/conf.d/60-mlmmj-amime-receive',
    main: undefined,
  });
  expect(amavisPlace('none', among(['/etc/amavisd.conf']))).toBeUndefined();
  expect(amavisPlace(undefined, among([]))).toBeUndefined();
});

test('the program is looked for where each system puts programs', () => {
  expect(programPlaces(undefined)).toEqual([
    '/usr/local/bin/mlmmj-amime-receive',
    '/usr/bin/mlmmj-amime-receive',
  ]);
  expect(programPlaces('/opt/mail/')).toEqual(['/opt/mail/bin/mlmmj-amime-receive']);
});

test.each(['linux', 'freebsd', 'openbsd'] as const)(
  'an account on %s cannot log in and has its own group',
  (system) => {
    const [group, user] = accountCommands(system, 'mlmmj', '/var/vmail/mlmmj');
    expect(group!.join(' ')).toMatch(/groupadd.* mlmmj$/);
    expect(user!.join(' ')).toMatch(/useradd/);
    expect(user!.join(' ')).toMatch(/nologin/);
    expect(user).toContain('/var/vmail/mlmmj');
  },
);
