import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Postconf } from '../../src/mail-server/postconf.ts';
import { type Fate, follow } from '../../src/mail-server/routing/follow.ts';
import { Postmap } from '../../src/mail-server/routing/postmap.ts';
import { routingSettings } from '../../src/mail-server/routing/settings.ts';
import { lacks, postfixTable } from '../helpers/needs.ts';
import { postfixObstacle } from '../install/private-postfix.ts';
import { type RunningPostfix, runningPostfix } from './running-postfix.ts';

interface Host {
  readonly main: (at: string) => string;
  readonly tables: Readonly<Record<string, string>>;
  readonly addresses: readonly string[];
}

const HOSTS: Readonly<Record<string, Host>> = {
  'each address class': {
    main: (at) => `recipient_delimiter = +
mydestination = mail.example.com, local.example, !not.example, not.example
virtual_alias_domains = aliased.example
virtual_mailbox_domains = texthash:${at}/mailbox-domains
relay_domains = relayed.example
virtual_mailbox_maps = hash:${at}/mailboxes
relay_recipient_maps = btree:${at}/relayed
local_recipient_maps = unix:passwd.byname hash:${at}/locals $alias_maps
alias_maps = hash:${at}/aliases, regexp:${at}/alias-patterns
virtual_alias_maps = hash:${at}/virtual
relocated_maps = hash:${at}/relocated
virtual_transport = dovecot
transport_maps = hash:${at}/transport`,
    tables: {
      'mailbox-domains': 'mailbox.example anything\n',
      'hash:mailboxes':
        'someone@mailbox.example x\nlist@mailbox.example x\nrouted@mailbox.example x\n@all.mailbox.example x\n',
      'btree:relayed': 'list@relayed.example x\nlist+known@relayed.example x\n',
      'hash:locals': 'list@local.example x\nplain x\n',
      'hash:relocated': 'moved@relayed.example new@example.net\nmoved@mailbox.example new@example.net\n',
      'alias:aliases': `piped: "|SCRIPT piped"
piped+known: "|SCRIPT known"
several: piped, list@relayed.example
again: piped
circle: circle2
circle2: circle
elsewhere: list@mailbox.example
root: piped
filed: /dev/null
`,
      'alias-patterns': '/^patterned/ root\n',
      'hash:virtual': `aliased.example anything
list@aliased.example list@relayed.example
many@aliased.example list@relayed.example, someone@mailbox.example piped
over@relayed.example piped@local.example
@whole.example @relayed.example
topic@mailbox.example topic@localhost.mlmmj
self@relayed.example self@relayed.example, list@relayed.example
loop@aliased.example loop2@aliased.example
loop2@aliased.example loop@aliased.example
shorthand plain
`,
      'hash:transport': `localhost.mlmmj mlmmj:topic
routed@mailbox.example mlmmj:mailbox.example/routed
unlisted@mailbox.example mlmmj:mailbox.example/unlisted
nexthop@relayed.example :elsewhere
`,
    },
    addresses: [
      'list@local.example',
      'list+subscribe@local.example',
      'nobody-here@local.example',
      'postmaster@local.example',
      'root@mail.example.com',
      'plain+x@mail.example.com',
      'shorthand@local.example',
      'shorthand+x@local.example',
      'not@not.example',
      'piped@local.example',
      'piped+subscribe@local.example',
      'piped+known@local.example',
      'Piped@Local.Example',
      'several+x@local.example',
      'again@local.example',
      'elsewhere+x@local.example',
      'patterned-x@local.example',
      'filed@local.example',
      'list@aliased.example',
      'list+subscribe@aliased.example',
      'missing@aliased.example',
      'many@aliased.example',
      'loop@aliased.example',
      'someone@mailbox.example',
      'someone+x@mailbox.example',
      'missing@mailbox.example',
      'topic@mailbox.example',
      'topic+subscribe@mailbox.example',
      'routed@mailbox.example',
      'routed+subscribe@mailbox.example',
      'unlisted@mailbox.example',
      'moved@mailbox.example',
      'list@relayed.example',
      'list+subscribe@relayed.example',
      'list+known@relayed.example',
      'missing@relayed.example',
      'list@sub.relayed.example',
      'over@relayed.example',
      'over+x@relayed.example',
      'moved@relayed.example',
      'self@relayed.example',
      'nexthop@relayed.example',
      'x@whole.example',
      'someone@elsewhere.example',
      '+x@relayed.example',
      'list+@relayed.example',
    ],
  },
  'canonical maps, other delimiters, patterns and fixed answers': {
    main: (at) => `recipient_delimiter = -+
owner_request_special = yes
mydestination = mail.example.com
virtual_alias_domains =
relay_domains = example.net, .dotted.example
relay_recipient_maps =
parent_domain_matches_subdomains = debug_peer_list
recipient_canonical_maps = regexp:${at}/recipient
canonical_maps = pcre:${at}/canonical
canonical_classes = envelope_recipient
propagate_unmatched_extensions = canonical
virtual_alias_maps = texthash:${at}/virtual, regexp:${at}/virtual-patterns
transport_maps = regexp:${at}/transport, texthash:${at}/domains, static:other:rest
local_recipient_maps =
append_dot_mydomain = yes
mydomain = example.net
myorigin = ${at}/mailname`,
    tables: {
      mailname: 'example.net\n',
      recipient: '/^old@example\\.net$/ list@example.net\n/^short@/ list@sub\n',
      canonical: '/^former(.*)@example\\.net$/ list$1@example.net\n/^step(\\d)@/ former@example.net\n',
      virtual: `target@example.net goal-x@example.net
bare@example.net goal
@dropped.example goal@example.net
@moved.example @example.net
`,
      'virtual-patterns': '/^pattern(-.*)?@example\\.net$/ list$1@example.net\n',
      transport: '/^list(-.*)?@example\\.net$/ mlmmj:list\n/^goal/ mlmmj\n',
      domains: '.dotted.example mlmmj:dots\nsub.example.net other\n.example.net mlmmj:below\n',
    },
    addresses: [
      'old@example.net',
      'old-x@example.net',
      'short@example.net',
      'former-y@example.net',
      'step1@example.net',
      'target@example.net',
      'target-y@example.net',
      'target+y@example.net',
      'bare@example.net',
      'goal@dropped.example',
      'x-y@moved.example',
      'x@in.dotted.example',
      'x@dotted.example',
      'pattern-z@example.net',
      'pattern@example.net',
      'list-subscribe@example.net',
      'owner-list@example.net',
      'list-request@example.net',
      'whoever@example.net',
      'whoever@sub.example.net',
      'whoever@a.sub.example.net',
      'anyone@mail.example.com',
    ],
  },
  'unlisted recipients are taken, parents match, a wildcard and errors': {
    main: (at) => `recipient_delimiter =
mydestination =
relay_domains = example.net
relay_recipient_maps = texthash:${at}/known
parent_domain_matches_subdomains = relay_domains, transport_maps
smtpd_reject_unlisted_recipient = no
virtual_mailbox_domains = boxes.example
virtual_mailbox_maps = texthash:${at}/known
virtual_alias_domains = aliased.example
relayhost = [192.0.2.9]
transport_maps = texthash:${at}/transport`,
    tables: {
      known: 'list@example.net x\n',
      transport: `example.net mlmmj:parent
closed.example.net error:5.7.1 closed
later.example.net retry:4.7.1 later
* other:wild
`,
    },
    addresses: [
      'list@example.net',
      'list+subscribe@example.net',
      'missing@example.net',
      'missing@sub.example.net',
      'any@closed.example.net',
      'any@later.example.net',
      'missing@boxes.example',
      'missing@aliased.example',
      'x@elsewhere.example',
    ],
  },
  'tables that cannot be asked': {
    main: (at) => `mydestination =
relay_domains = example.net
virtual_alias_domains =
virtual_alias_maps = inline:{ {fine@example.net = fine@example.net} }, fail:broken
transport_maps = texthash:${at}/transport`,
    tables: { transport: 'example.net mlmmj:list\n' },
    addresses: ['fine@example.net', 'other@example.net'],
  },
};

const obstacle = postfixObstacle();

/** Debian has these kinds of tables in packages of their own. */
function lacking({ main, tables }: Host): string {
  const used = `${main('')} ${Object.keys(tables).join(' ')}`;
  return lacks(...['lmdb', 'pcre'].filter((kind) => used.includes(`${kind}:`)).map(postfixTable));
}

describe.skipIf(obstacle)(`what becomes of an address${obstacle}`, () => {
  describe.each(Object.entries(HOSTS).map(([name, host]) => ({ name: `${name}${lacking(host)}`, ...host })))(
    '$name',
    (host) => {
      const { main, tables, addresses } = host;
      const missing = lacking(host);
      let postfix: RunningPostfix;
      let replies: Map<string, string>;
      let deliveries: Map<string, string[]>;
      let fates: Fate[];

      beforeAll(async () => {
        if (missing !== '') return;
        postfix = await runningPostfix(main, tables);
        replies = await postfix.rcpt(addresses);
        deliveries = await postfix.deliver(addresses);
        const settings = routingSettings(await new Postconf(postfix.config).parameters('expanded'), (path) =>
          readFileSync(path, 'utf8'),
        );
        fates = await new Postmap(postfix.config).answer(
          addresses.map((address) => follow(address, settings)),
        );
      }, 120_000);
      afterAll(() => postfix?.stop());

      test.skipIf(missing).each(addresses.map((address, at) => [address, at] as const))(
        '%s',
        (address, at) => {
          expect({ rcpt: simulatedReply(fates[at]!), end: simulatedEnd(fates[at]!) }).toEqual({
            rcpt: shortened(replies.get(address)!),
            end: deliveries.get(address),
          });
        },
      );
    },
  );
});

function simulatedReply({ refusal, trouble }: Fate): string {
  if (trouble !== undefined) return '451 Temporary lookup failure';
  return refusal === undefined ? '250 Ok' : `${refusal.code} ${refusal.reason}`;
}

/** smtpd's answer without the enhanced status, the address, and the words for all refusals. */
function shortened(reply: string): string {
  return reply.replace(/^(\d+) \d\.\d+\.\d+ (?:<.*>: )?(?:Recipient address rejected: )?/, '$1 ');
}

function simulatedEnd({ deliveries, endless, trouble }: Fate): string[] {
  if (trouble !== undefined || endless) return ['waits'];
  return deliveries
    .map(({ recipient, resolved, aliased }) => {
      if (aliased !== undefined) return `${aliased.target.kind} ${aliased.target.text}`;
      const { transport, nexthop } = resolved;
      // No alias: the hosts here have mailbox_transport.
      const reason = nexthop.replace(/^\d\.\d+\.\d+ /, '');
      if (transport === 'error') return `bounced: ${reason}`;
      if (transport === 'retry') return `deferred: ${reason}`;
      if (transport === 'local') return `other mailbox ${recipient}`;
      return `${transport} ${nexthop} ${recipient}`;
    })
    .sort();
}
