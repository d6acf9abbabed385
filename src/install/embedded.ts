// Written by scripts/embed-snippets.ts from the files named here: change those, then run it again.

/** The snippets as they lie in postfix/, amavis/ and systemd/, by their path in the source tree. */
export const SNIPPETS = {
  'amavis/policy-bank.conf': `# Amavisd: mail that mailing lists send, on a port of its own.
#
# mlmmj sends a list's posts to port 10027 (control/relayhost 127.0.0.1, control/smtpport 10027). They are
# signed with DKIM and given back to Postfix; they are not scanned again, because they were when they came in.
#
# "mlmmj-amime-receive install" puts this file in place: as conf.d/60-mlmmj-amime-receive on Debian and
# Ubuntu, and elsewhere beside amavisd.conf with a line before its last one:
#     include_config_files('/etc/amavisd/mlmmj-amime-receive.conf');
# Amavisd insists that root owns it. Restart Amavisd afterwards.
#
# Also needed: the service 127.0.0.1:10028 in Postfix's master.cf (postfix/master.cf.snippet), and a key for
# the lists' domain, for instance:
#     dkim_key('example.com', 'dkim', '/var/lib/dkim/example.com.pem');

# One more port beside those that are configured already, whether that is one number, a list or nothing.
$inet_socket_port = [
    grep({ defined($_) && $_ ne '' && $_ ne '10027' }
        ref($inet_socket_port) ? @$inet_socket_port : $inet_socket_port),
    10027,
];

$interface_policy{'10027'} = 'MLMMJ';
$policy_bank{'MLMMJ'} = {
    originating => 1,           # the mail is ours: without this nothing is signed
    allow_disclaimers => 0,     # the list has a footer: a disclaimer would be a second one
    enable_dkim_signing => 1,

    # Which signature a post gets. Amavisd tries the author's domain first, then Sender:, then the list's
    # bounce address, and signs with the first domain that it has a key for. So a post from a foreign address
    # gets the signature of the list's domain as long as this map names no other: a catch-all with "d"
    # elsewhere in the configuration does not count here. Where the lists' domain has no key of its own, say
    # whose key to use: this is the one line to adapt.
    dkim_signature_options_bysender_maps => [ { '.' => {
        # d => 'example.com',
        a => 'rsa-sha256',
        c => 'relaxed/relaxed',
        ttl => 30*24*3600,
    } } ],

    # A client of this port that can convert 8-bit mail (Postfix can, mlmmj cannot) does so before it is
    # signed. For what mlmmj itself sends, the client mlmmj-out in Postfix's master.cf keeps the signature
    # valid on the way out.
    smtpd_discard_ehlo_keywords => ['8BITMIME'],

    terminate_dsn_on_notify_success => 0,  # pass NOTIFY=SUCCESS on to Postfix, which can honour it
    bypass_spam_checks_maps => [1],        # all of this was checked when the post came in
    bypass_virus_checks_maps => [1],
    bypass_banned_checks_maps => [1],
    bypass_header_checks_maps => [1],

    # Back to Postfix by the door that expands the subscribers' aliases.
    forward_method => 'smtp:[127.0.0.1]:10028',
};

1;  # a configuration file must end in a true value
`,
  'postfix/lmtp.main.cf.snippet': `# Postfix main.cf: the settings for lists behind "mlmmj-amime-receive serve". See lmtp.master.cf.snippet.

# Lists in one transaction: each gets its own footers and its own answer. Not more than --max-deliveries of
# the service (20), which puts off the rest.
mlmmj-lmtp_destination_recipient_limit = 20

# Posts at the same time to one service.
mlmmj-lmtp_destination_concurrency_limit = 20

# The service answers when mlmmj-receive is done, within 420 seconds at the most. This is Postfix's default;
# lower, it would send a second copy of a post that was taken.
lmtp_data_done_timeout = 600s

# list+subscribe@ reaches the list. Each list's control/delimiter, where it is there, must say the same.
recipient_delimiter = +
propagate_unmatched_extensions = canonical, virtual

# Which addresses are lists, and where their service is.
transport_maps = hash:/etc/postfix/lmtp_transport
#transport_maps = lmdb:/etc/postfix/lmtp_transport
#transport_maps = proxy:mysql:/etc/postfix/mysql/transport_maps_maillist.cf

# The list's own outgoing mail leaves through the client mlmmj-out, which keeps DKIM valid: see
# master.cf.snippet. A container or another host sends it to this Postfix: its address must be in mynetworks,
# and in each list's control/relayhost stands this host.
`,
  'postfix/lmtp.master.cf.snippet': `# Postfix master.cf: posts go to "mlmmj-amime-receive serve" over LMTP instead of through pipe(8). For lists
# in a container or on other hosts, and for hosts with many posts: one process serves all of them.
#
# "mlmmj-amime-receive install --lmtp" puts it in place with postconf(1). By hand: append this file to
# master.cf. Use it or the "mlmmj" service of master.cf.snippet, not both for one list. See
# lmtp.main.cf.snippet for the settings that go with it, and lmtp.transport.snippet for the lookups.
#
# ==========================================================================
# service type  private unpriv  chroot  wakeup  maxproc command
#               (yes)   (yes)   (no)    (never) (100)
# ==========================================================================

# A client of its own, so that it has limits of its own. No chroot: the socket may be anywhere.
#
# Also needed in main.cf: mlmmj-lmtp_destination_recipient_limit, or a post to many lists is split by the
# service.
#
# maxproc  At most this many posts at once. The service delivers 20 at once (--max-deliveries) and lets others
#          wait; --max-connections there must not be smaller than this.
mlmmj-lmtp unix  -       -       n       -       20      lmtp
`,
  'postfix/lmtp.transport.snippet': `# Postfix transport(5) table for lists behind "mlmmj-amime-receive serve": /etc/postfix/lmtp_transport.
# Postfix asks for list+extension@domain first and then for list@domain, so extensions need no entries.
#
# After each change: postmap hash:/etc/postfix/lmtp_transport
# (lmdb: instead of hash: where "postconf default_database_type" says so)
#
# Used in main.cf: transport_maps = hash:/etc/postfix/lmtp_transport
#
# In square brackets or not makes no difference for LMTP; the port is the service's, not Postfix's default of
# 24.

# On this host, through a socket.
news@lists.example.com   mlmmj-lmtp:unix:/run/mlmmj-amime/lmtp.sock

# On this host, or in a container that publishes the port.
talk@lists.example.com   mlmmj-lmtp:inet:127.0.0.1:2424

# Spread over hosts: each list lives on one of them, and moves with one line here.
big@lists.example.com   mlmmj-lmtp:inet:192.0.2.11:2424
busy@lists.example.com   mlmmj-lmtp:inet:192.0.2.12:2424

# A whole domain of lists.
#lists.example.org   mlmmj-lmtp:inet:192.0.2.12:2424

# In a table of iRedMail (maillists.transport) the same value stands in place of "mlmmj:example.com/news".
`,
  'postfix/main.cf.snippet': `# Postfix main.cf: the settings that mlmmj-amime-receive needs.
#
# "mlmmj-amime-receive install" merges them into what is there with postconf(1). By hand: add what is missing
# to the values that main.cf has already (a setting that stands twice counts once: the last one), then run
# "postfix check" and "postfix reload". See master.cf.snippet for the services that go with it.

# One recipient, one run of the program: a message to two lists is two posts. The flag D in master.cf insists
# on it.
mlmmj_destination_recipient_limit = 1

# How long one delivery may take. Postfix bounces a message whose command runs past this, even when all of it
# was delivered. mlmmj-amime-receive gives up sooner by itself, and then the message is tried again: keep this
# limit at Postfix's own default where command_time_limit was lowered for other commands.
mlmmj_time_limit = 1000s

# list+subscribe@ reaches the list. Each list's control/delimiter, where it is there, must say the same.
recipient_delimiter = +

# The "+subscribe" survives a virtual alias (iRedMail has one for every list). This is Postfix's default; what
# matters is that "virtual" is in it.
propagate_unmatched_extensions = canonical, virtual

# Which addresses are lists, and where they live. Add the line to those you have; pick the one for your host.
# Postfix asks for list+extension@domain first and then for list@domain, so that extensions need no entries.
transport_maps = hash:/etc/postfix/transport_maps_maillist
#transport_maps = lmdb:/etc/postfix/transport_maps_maillist
#transport_maps = proxy:mysql:/etc/postfix/mysql/transport_maps_maillist.cf
#transport_maps = proxy:pgsql:/etc/postfix/pgsql/transport_maps_maillist.cf
#transport_maps = proxy:ldap:/etc/postfix/ldap/transport_maps_maillist.cf

# The list's outgoing mail leaves through the client mlmmj-out, which keeps DKIM valid: see master.cf.snippet.
sender_dependent_default_transport_maps = regexp:/etc/postfix/mlmmj-out.regexp
`,
  'postfix/master.cf.snippet': `# Postfix master.cf: the services that mlmmj-amime-receive needs.
#
# "mlmmj-amime-receive install" puts them in place with postconf(1). By hand: append this file to master.cf,
# adapt the two paths, and run "postfix check" and "postfix reload". See main.cf.snippet for the settings that
# go with it.
#
# ==========================================================================
# service type  private unpriv  chroot  wakeup  maxproc command + args
#               (yes)   (yes)   (no)    (never) (100)
# ==========================================================================

# Delivers a post to its list. \${nexthop} is what stands behind "mlmmj:" in the transport lookup, the list's
# directory below the spool: "example.com/news" for news@example.com on an iRedMail host.
#
# Also needed in main.cf: mlmmj_destination_recipient_limit = 1, or the flag D is refused and a post to two
# lists reaches only one; mlmmj_time_limit, or a lowered command_time_limit bounces large posts.
#
# flags  D   Delivered-To: says to which address the message came. Without it a host that has
#            "enable_original_recipient = no" (iRedMail does) can only guess from Received:, and a command
#            that came by Bcc may be posted to the list. The price: Postfix bounces a message that already
#            says it was delivered to the list, which is a mail loop nearly always.
#        O   X-Original-To: the address before aliases were applied.
#        R   Return-Path: the envelope sender. Never leave it out: bounces are told from posts by it.
#        hu  nexthop and user in lower case, because directories are.
# null_sender=  An empty envelope sender stays empty. pipe(8) otherwise writes MAILER-DAEMON, with which mlmmj
#            does not know a bounce for a bounce any more.
# user=      The owner of the lists. mlmmj-receive refuses a list that somebody else owns.
#
# "flags=ORhu user=mlmmj" without null_sender, as in iRedMail's guide, keeps working. It gives up the sure
# knowledge of the recipient (X-Original-To and the topmost Received: stand in for it where they are there);
# MAILER-DAEMON is understood as the null sender.
mlmmj     unix  -       n       n       -       -       pipe
  flags=DORhu user=mlmmj null_sender=
  argv=/usr/bin/mlmmj-amime-receive -L /var/vmail/mlmmj/\${nexthop}

# Takes the list's mail back from Amavisd, which signed it. Only Amavisd on this host may connect; nothing is
# checked or filtered again.
#
# Unlike the usual re-injection service this one leaves address mapping on, so that a subscriber's address
# that is an alias here is expanded: mlmmj's own mail has not been through cleanup(8) before.
#
# Amavisd must be told to come here: $forward_method in amavis/policy-bank.conf.
127.0.0.1:10028 inet n  -       n       -       -       smtpd
  -o syslog_name=postfix/mlmmj-reinject
  -o content_filter=
  -o smtpd_proxy_filter=
  -o mynetworks=127.0.0.0/8
  -o smtpd_client_restrictions=permit_mynetworks,reject
  -o smtpd_helo_restrictions=
  -o smtpd_sender_restrictions=
  -o smtpd_relay_restrictions=permit_mynetworks,reject
  -o smtpd_recipient_restrictions=permit_mynetworks,reject
  -o smtpd_data_restrictions=
  -o smtpd_end_of_data_restrictions=
  -o smtpd_delay_reject=no
  -o smtpd_tls_security_level=none
  -o smtpd_client_connection_count_limit=0
  -o smtpd_client_connection_rate_limit=0
  -o smtpd_error_sleep_time=0
  -o smtpd_soft_error_limit=1001
  -o smtpd_hard_error_limit=1000
  -o receive_override_options=no_header_body_checks,no_unknown_recipient_checks,no_milters

# Sends the list's mail to the world as Amavisd signed it. Where the next mail server does not announce
# 8BITMIME, smtp(8) turns 8-bit text into quoted-printable, after the signature was made: DKIM then fails.
# This client does not convert. The price: such a server gets 8-bit text that it did not ask for; every server
# in use today carries it unharmed.
#
# Also needed in main.cf: sender_dependent_default_transport_maps, which picks this client for mail whose
# envelope sender is a list's bounce address. Mail that transport_maps, relay_transport or a content_filter
# sends elsewhere does not come through here: where that way leads to a server without 8BITMIME, set
# "disable_mime_output_conversion = yes" for its client too.
mlmmj-out unix  -       -       n       -       -       smtp
  -o disable_mime_output_conversion=yes
  -o syslog_name=postfix/$service_name
`,
  'postfix/mlmmj-out.regexp': `# Senders of the lists' mail: mlmmj puts LIST+bounces-*@DOMAIN on each message that it sends. They leave
# through the client mlmmj-out (master.cf.snippet says why). For lists with another control/delimiter add it
# between the brackets.
#
# Used in main.cf: sender_dependent_default_transport_maps = regexp:/etc/postfix/mlmmj-out.regexp

/^[^@]+[+]bounces-[^@]*@/       mlmmj-out:
`,
  'postfix/transport_maps_maillist': `# Which addresses are mailing lists, and where they live: a transport(5) table for hosts that keep their lists
# in a file. The right-hand side is "mlmmj:" and the list's directory below the spool. Extensions such as
# news+subscribe@ need no lines of their own.
#
# After each change: postmap hash:/etc/postfix/transport_maps_maillist
# (lmdb: instead of hash: where "postconf default_database_type" says so)
#
# Used in main.cf: transport_maps = hash:/etc/postfix/transport_maps_maillist
#
# Postfix must also accept mail for the address. The same table can say so: add it to local_recipient_maps
# where the domain is in mydestination, to virtual_mailbox_maps where it is in virtual_mailbox_domains, and to
# relay_recipient_maps where it is in relay_domains and that is set.

#news@example.com       mlmmj:example.com/news
`,
  'postfix/transport_maps_maillist.cf.ldap': `# Which addresses are mailing lists, and where they live: the lookup of an iRedMail host with OpenLDAP.
# mtaTransport holds "mlmmj:example.com/news" for news@example.com. A list counts while its account is active;
# a domain that is switched off is refused by virtual_mailbox_domains before this is asked.
#
# Used in main.cf: transport_maps = proxy:ldap:/etc/postfix/ldap/transport_maps_maillist.cf
# The file holds a password: owner root, group postfix, mode 0640.
# With the directory server down Postfix defers mail, it does not refuse it.

server_host      = ldap://127.0.0.1:389
version          = 3
bind             = yes
bind_dn          = cn=vmail,dc=example,dc=com
bind_pw          = REPLACE-WITH-THE-PASSWORD-OF-cn=vmail
search_base      = o=domains,dc=example,dc=com
scope            = sub
query_filter     = (&(objectClass=mailList)(accountStatus=active)(|(mail=%s)(shadowAddress=%s)))
result_attribute = mtaTransport
`,
  'postfix/transport_maps_maillist.cf.mysql': `# Which addresses are mailing lists, and where they live: the lookup of an iRedMail host with MySQL or
# MariaDB. maillists.transport holds "mlmmj:example.com/news" for news@example.com. A list counts while it and
# its domain are active.
#
# Used in main.cf: transport_maps = proxy:mysql:/etc/postfix/mysql/transport_maps_maillist.cf
# The file holds a password: owner root, group postfix, mode 0640.
# With the database down Postfix defers mail, it does not refuse it.

user        = vmail
password    = REPLACE-WITH-THE-PASSWORD-OF-THE-SQL-USER-vmail
hosts       = 127.0.0.1:3306
dbname      = vmail
query       = SELECT maillists.transport
                FROM maillists, domain
               WHERE maillists.address = '%s'
                 AND maillists.active = 1
                 AND maillists.domain = domain.domain
                 AND domain.active = 1
`,
  'postfix/transport_maps_maillist.cf.pgsql': `# Which addresses are mailing lists, and where they live: the lookup of an iRedMail host with PostgreSQL.
# maillists.transport holds "mlmmj:example.com/news" for news@example.com. A list counts while it and its
# domain are active.
#
# Used in main.cf: transport_maps = proxy:pgsql:/etc/postfix/pgsql/transport_maps_maillist.cf
# The file holds a password: owner root, group postfix, mode 0640.
# With the database down Postfix defers mail, it does not refuse it.

user        = vmail
password    = REPLACE-WITH-THE-PASSWORD-OF-THE-SQL-USER-vmail
hosts       = 127.0.0.1:5432
dbname      = vmail
query       = SELECT maillists.transport
                FROM maillists, domain
               WHERE maillists.address = '%s'
                 AND maillists.active = 1
                 AND maillists.domain = domain.domain
                 AND domain.active = 1
`,
  'systemd/mlmmj-amime.service': `# The LMTP service of mlmmj-amime-receive. "mlmmj-amime-receive install --lmtp" puts it and its socket in
# place. By hand: copy both files to /etc/systemd/system, adapt the two lines marked below, and run "systemctl
# enable --now mlmmj-amime.socket".

[Unit]
Description=LMTP service that puts footers into mailing list posts
Documentation=man:mlmmj-amime-receive(8)
Requires=mlmmj-amime.socket
After=mlmmj-amime.socket network.target

[Service]
Type=exec
# Adapt: where the lists are. ReadWritePaths below must name the same directory.
ExecStart=/usr/bin/mlmmj-amime-receive serve --listen systemd --lists /var/vmail/mlmmj
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
RestartSec=2

# The owner of the lists: mlmmj-receive refuses a list that somebody else owns.
User=mlmmj
Group=mlmmj

# mlmmj-receive leaves mlmmj-process and mlmmj-send working in the background. Stopping this service must not
# kill them in the middle of a post: they end by themselves.
KillMode=process
# The service gives messages in flight 60 seconds (--shutdown-seconds) and some for what has to be undone.
TimeoutStopSec=90

LimitNOFILE=65536
UMask=0077

# The sandbox. Everything is read-only but the spool; mlmmj's own programs run inside of it too, and need no
# more. Adapt: the spool.
ReadWritePaths=/var/vmail/mlmmj
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
# The guard of large messages looks at mlmmj-receive's open files in /proc: the processes must stay visible to
# their own user, which they are with "invisible", so ProcSubset=pid is as far as this goes.
ProcSubset=pid
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
LockPersonality=yes
RemoveIPC=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
# mlmmj-send speaks SMTP to the relay host.
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
# What is asked for in vain is refused, not punished with death: a runtime tries to raise its limits and can
# do without.
SystemCallErrorNumber=EPERM
# MemoryDenyWriteExecute stays off: the JavaScript engine compiles as it runs.

[Install]
Also=mlmmj-amime.socket
WantedBy=multi-user.target
`,
  'systemd/mlmmj-amime.socket': `# The socket of mlmmj-amime.service: systemd keeps it open while the service restarts, so that no connection
# is refused.

[Unit]
Description=LMTP socket for mailing list posts

[Socket]
# Postfix on this host. Its lmtp(8) client runs as the user postfix, and in a chroot under /var/spool/postfix
# where master.cf says so: see postfix/lmtp.master.cf.snippet.
ListenStream=/run/mlmmj-amime/lmtp.sock
SocketUser=mlmmj
SocketGroup=postfix
SocketMode=0660
DirectoryMode=0755

# Postfix on another host. Only one of the two: the service takes a single socket. Say in mlmmj-amime.service
# who may connect, with --allow, or it refuses to start.
#ListenStream=192.0.2.10:2424

[Install]
WantedBy=sockets.target
`,
} as const;
