#!/bin/bash
# fresh-host.sh DIRECTORY COMMANDS
#
# Runs a file of commands, as a person types them, on what looks like a Debian host with Postfix, mlmmj and Amavisd
# as their packages leave them and one mailing list; then posts to the list. Everything is done in namespaces of its
# own (mounts, network, processes): /etc, /var and /usr may be written to and the standard ports used, and when this
# script ends, every daemon and every change is gone. To be started with
#     unshare --mount --net --pid --fork --mount-proc --kill-child
#
# DIRECTORY holds spool/ (the lists) and gets: sink/ (what the subscribers get), key.pem, check.json, and for each
# step a line in steps. The working directory is where the commands are run.

set -eu
directory=$1
commands=$2

step() { echo "$1" >>"$directory/steps"; }

. "$(dirname "$0")/own-trees.sh"
ip link set lo up

# The host: who owns the lists, the lists, mail for their domain, a next hop, a name, a key.
id mlmmj >/dev/null 2>&1 || { groupadd mlmmj && useradd -g mlmmj -d /var/vmail/mlmmj -M -s /usr/sbin/nologin mlmmj; }
mkdir -p /var/vmail/mlmmj
cp -r "$directory/spool/." /var/vmail/mlmmj
chown -R mlmmj:mlmmj /var/vmail/mlmmj
postconf -e 'relayhost = [127.0.0.1]:2525' "mydestination = localhost, lists.example.com" \
    'maillog_file = /var/log/maillog' 'inet_interfaces = loopback-only' 'inet_protocols = ipv4' \
    'disable_dns_lookups = yes' 'smtp_dns_support_level = disabled' 'smtp_host_lookup = native'
echo mail.example.com >/etc/mailname
sed -i "s|^1;.*|\$myhostname = 'mail.example.com';\n1;|" /etc/amavis/conf.d/05-node_id
openssl genrsa -out /etc/amavis/dkim.pem 2048 2>/dev/null
chgrp amavis /etc/amavis/dkim.pem
chmod 640 /etc/amavis/dkim.pem
install -d -o amavis -g amavis /run/amavis
cp /etc/amavis/dkim.pem "$directory/key.pem"
sed -i "s|^1;|dkim_key('lists.example.com', 'dkim', '/etc/amavis/dkim.pem');\n1;|" /etc/amavis/conf.d/50-user
cp -a /etc/postfix "$directory/layers/postfix.before"
cp -a /etc/amavis "$directory/layers/amavis.before"
step 'host prepared'

# What a person types.
bash -eux "$commands"
step 'commands done'

mkdir -m 777 "$directory/sink"
(cd "$directory/sink" && exec smtp-sink -u nobody -d 'message.' 127.0.0.1:2525 100) &
# postfix(1) warns of the files in its chroot that this host has in its own way; whether it runs is seen below.
postfix start >"$directory/postfix.out" 2>&1 </dev/null || true
amavisd foreground >"$directory/amavis.out" 2>&1 </dev/null &
listens() { (echo >"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
for port in 25 2525 10027 10028; do
    for attempt in {1..300}; do listens "$port" && break; sleep 0.1; done
    listens "$port" || { step "nothing listens on port $port"; cat "$directory"/*.out; exit 1; }
done
step 'daemons up'

sendmail -f poster@elsewhere.example news@lists.example.com <"$directory/post.eml"
for attempt in {1..300}; do
    [ -n "$(ls "$directory/sink")" ] && break
    sleep 0.1
done
# smtp-sink writes as it reads; it has the whole message when Postfix says so.
for attempt in {1..300}; do grep -q 'relay=127.0.0.1.*status=sent' /var/log/maillog && break; sleep 0.1; done
cp /var/log/maillog "$directory/maillog"
step 'posted'

mlmmj-amime-receive check --json >"$directory/check.json" || true
mlmmj-amime-receive uninstall
diff -r "$directory/layers/postfix.before" /etc/postfix
diff -r "$directory/layers/amavis.before" /etc/amavis
step 'uninstalled without a trace'
