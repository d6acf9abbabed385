#!/bin/bash
# deb-life.sh PACKAGE...
#
# The life of the .deb packages on a Debian host with Postfix and mlmmj as their packages leave them: installed over a script that
# no package owns, set up, mail to a list, an upgrade, mail again, taken back, removed, purged. Says a line for each step on
# standard output, and ends with status 1 and the reason where something is not as it should be. Everything below / may be
# changed: to be run in a root, and in namespaces (mounts, network, processes), of its own, by clean-debian.sh or
# test/e2e/packages.e2e.ts.

set -euo pipefail
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
TREES=${TREES:-/}
work=$(mktemp -d)
chmod 755 "$work"
PROGRAM=/usr/bin/mlmmj-amime-receive
LIST=/var/vmail/mlmmj/lists.example.com/news

step() { echo "step: $1"; }
fail() {
  echo "FAILED: $1"
  [ -z "${2:-}" ] || cat "$2"
  tail -n 20 /var/log/maillog 2>/dev/null || true
  exit 1
}

# Every file with its mode, owner and content. Left out is what other programs write as they run: logs, caches, the mail queue,
# dpkg's own books of what happened (whose entries are looked at below). TREES are looked at; mounts have to be named.
snapshot() {
  find $TREES -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path "$work" -o -path /var/log \
    -o -path /var/cache -o -path /var/lib/apt -o -path /var/lib/dpkg -o -path /var/spool/postfix -o -path /var/lib/postfix \
    -o -path /var/vmail -o -path /var/backups -o -path /var/mail -o -path /usr/src -o -path /work -o -path /root -o -path /home \) \
    -prune -o \( -type d -printf '%p directory %m %u:%g\n' -o -type l -printf '%p -> %l\n' -o \
    -path '/etc/*' -printf '%p %m %u:%g %s\n' -o -type f -printf '%p %m %u:%g %s %T@\n' \) | sort -u >"$1"
  # What was put back is the same, though not as old.
  find /etc -xdev -type f -exec md5sum {} + | sort -k 2 >>"$1"
  [ -d /var/lib/dpkg/info ] && find /var/lib/dpkg/info -name 'mlmmj-amime*' | sort >>"$1"
  dpkg-divert --list '*mlmmj-amime*' >>"$1"
  dpkg-query -Wf '${Package} ${db:Status-Abbrev}\n' >>"$1"
}

wait_for() {
  for _ in {1..600}; do
    if "$@" >/dev/null 2>&1; then return 0; fi
    sleep 0.1
  done
  fail "waited in vain for: $*"
}

# A post, and the copy that a subscriber gets of it.
post() {
  rm -f "$work"/sink/*
  sendmail -f poster@elsewhere.example news@lists.example.com <<END
From: Poster <poster@elsewhere.example>
To: news@lists.example.com
Subject: $1
Message-ID: <$1@elsewhere.example>
Content-Type: text/plain; charset=us-ascii

Words of $1.
END
  wait_for grep -rq "^Words of $1" "$work/sink"
  wait_for grep -rq "^Grüße von der Liste" <(sed -e 's/=C3=BC/ü/g; s/=C3=9F/ß/g; s/=E2=80=93/–/g' "$work"/sink/*)
  grep -q 'status=sent (delivered via mlmmj service (footer added: text/plain))' /var/log/maillog ||
    fail "the mail log does not say that the footer was added"
  step "posted: $1"
}

older() {
  for package in "$@"; do
    dpkg-deb -R "$package" "$work/old"
    sed -i 's/^Version: .*/Version: 0.0.1-1/; s/\(mlmmj-amime-receive[a-z-]* ([>=]*\) [^)]*/\1 0.0.1-1/' "$work/old/DEBIAN/control"
    dpkg-deb --root-owner-group -Znone -b "$work/old" "$work/$(basename "${package%%_*}")_0.0.1-1.deb" >/dev/null
    rm -r "$work/old"
  done
}

apt() { apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 "$@" >"$work/apt.out" 2>&1; }
names=$(for package in "$@"; do basename "${package%%_*}"; done)
main=$(printf '%s\n' "$@" | grep '/mlmmj-amime-receive_')

# The host.
id mlmmj >/dev/null 2>&1 || { groupadd --system mlmmj && useradd --system -g mlmmj -d /var/vmail/mlmmj -M -s /usr/sbin/nologin mlmmj; }
for below in incoming queue/discarded archive text subconf unsubconf bounce control moderation subscribers.d digesters.d \
  nomailsubs.d requeue; do
  mkdir -p "$LIST/$below"
done
: >"$LIST/index"
cp /usr/share/mlmmj/text.skel/en/* "$LIST/text/"
echo news@lists.example.com >"$LIST/control/listaddress"
echo owner@lists.example.com >"$LIST/control/owner"
: >"$LIST/control/tocc"
echo 'Grüße von der Liste' >"$LIST/control/footer_text"
echo ann@subscribers.example.net >"$LIST/subscribers.d/a"
chown -R mlmmj:mlmmj /var/vmail/mlmmj
# Some releases' Postfix comes without a configuration.
[ -e /etc/postfix/main.cf ] || cp /usr/share/postfix/main.cf.debian /etc/postfix/main.cf
postconf -e 'relayhost = [127.0.0.1]:2525' 'mydestination = localhost, lists.example.com' 'maillog_file = /var/log/maillog' \
  'inet_interfaces = loopback-only' 'inet_protocols = ipv4' 'smtp_dns_support_level = disabled' 'smtp_host_lookup = native' \
  'myhostname = mail.example.com' 'alias_maps =' 'alias_database ='
# As in "Local only", which sends nothing out.
postconf -X default_transport relay_transport 2>/dev/null || true
mkdir -m 777 "$work/sink"
rm -f "$PROGRAM"
older "$@"
snapshot "$work/bare"

# The script as iRedMail leaves it.
printf '#!/bin/sh\n# altermime | mlmmj-receive\nexit 75\n' >"$PROGRAM"
chown mlmmj:mlmmj "$PROGRAM"
chmod 0550 "$PROGRAM"
snapshot "$work/before"
step 'host prepared'

# Nothing changes where the script cannot be kept.
touch "$PROGRAM.distrib"
if dpkg -i "$main" >"$work/out" 2>&1; then fail 'installed though the script cannot be kept'; fi
grep -q "cannot be kept as $PROGRAM.distrib" "$work/out" || fail 'does not say why' "$work/out"
rm "$PROGRAM.distrib"
dpkg --purge mlmmj-amime-receive >/dev/null 2>&1 || true
snapshot "$work/after"
diff "$work/before" "$work/after" >"$work/diff" || fail 'a refused installation left something' "$work/diff"
step 'refused without a trace'

# An installation that stopped half way: unpacked, and the tools not there yet.
dpkg --unpack "$work/mlmmj-amime-receive_0.0.1-1.deb" >/dev/null
apt install $(printf "$work/%s_0.0.1-1.deb " $names) || fail 'apt-get install' "$work/apt.out"
[ "$(stat -c %a "$PROGRAM.distrib")" = 550 ] || fail 'the script was not kept'
"$PROGRAM" --version | grep -q ^mlmmj-amime-receive || fail 'the program does not run'
dpkg --audit | grep . && fail 'dpkg --audit complains'
step 'installed, the script diverted'

"$PROGRAM" install --dry-run --amavis-config none >"$work/out" || fail 'install --dry-run' "$work/out"
"$PROGRAM" install --amavis-config none >"$work/out" 2>&1 || fail 'install' "$work/out"
(cd "$work/sink" && exec smtp-sink -u nobody -d 'message.' 127.0.0.1:2525 100) &
sink=$!
postfix start >"$work/out" 2>&1 </dev/null || fail 'postfix start' "$work/out"
listens() { (echo >"/dev/tcp/127.0.0.1/$1"); }
wait_for listens 25
wait_for listens 2525
step 'set up'
post first

apt install "$@" || fail 'apt-get install of the next version' "$work/apt.out"
dpkg-query -Wf '${Version}\n' mlmmj-amime-receive | grep -qv '^0.0.1' || fail 'not upgraded'
post second
step 'upgraded'

# Without the script to come back, Postfix would bounce the lists' mail.
mv "$PROGRAM.distrib" "$work/script"
dpkg-divert --package mlmmj-amime-receive --no-rename --quiet --remove "$PROGRAM"
if apt remove $names; then fail 'removed while Postfix runs it'; fi
grep -q 'stays: Postfix' "$work/apt.out" || fail 'does not say why it stays' "$work/apt.out"
post third
apt -f install
apt install "$@" || fail 'apt-get install after a refusal' "$work/apt.out"
dpkg-divert --package mlmmj-amime-receive --divert "$PROGRAM.distrib" --no-rename --quiet --add "$PROGRAM"
cp -p "$work/script" "$PROGRAM.distrib"
step 'stays while Postfix runs it'

"$PROGRAM" uninstall >"$work/out" 2>&1 || fail 'uninstall' "$work/out"
postfix stop >/dev/null 2>&1 || true
kill "$sink"
apt remove $names || fail 'apt-get remove' "$work/apt.out"
cmp "$PROGRAM" "$work/script" || fail 'the script is not back'
step 'removed, the script is back'
apt purge $names || fail 'apt-get purge' "$work/apt.out"
snapshot "$work/after"
diff "$work/before" "$work/after" >"$work/diff" || fail 'purged, and something is left or was changed' "$work/diff"
step 'purged without a trace'

# And on a host that never had the script.
rm "$PROGRAM"
apt install "$@" || fail 'apt-get install on a bare host' "$work/apt.out"
"$PROGRAM" preview --help >/dev/null || fail 'the tools do not run'
apt purge $names || fail 'apt-get purge on a bare host' "$work/apt.out"
snapshot "$work/after"
diff "$work/bare" "$work/after" >"$work/diff" || fail 'purged, and something is left or was changed' "$work/diff"
step 'came and went on a bare host'
rm -r "$work"
