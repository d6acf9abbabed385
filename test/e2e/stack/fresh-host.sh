#!/bin/bash
# fresh-host.sh DIRECTORY COMMANDS
#
# Runs a file of commands, as a person types them, on what looks like a Debian host with Postfix and mlmmj as their
# packages leave them. Where DIRECTORY has a spool/ there is an Amavisd too, and these lists, and a post is sent to one
# when the commands are done; else they make the list and post to it themselves. Everything is done in namespaces of its
# own (mounts, network, processes): /etc, /var and /usr may be written to and the standard ports used, and when this
# script ends, every daemon and every change is gone. To be started with
#     unshare --mount --net --pid --fork --mount-proc --kill-child
#
# DIRECTORY gets: sink/ (what the subscribers get), maillog, check.json, key.pem where there is an Amavisd, and for each
# step a line in steps. The working directory is where the commands are run.

set -eu
directory=$1
commands=$2

step() { echo "$1" >>"$directory/steps"; }
listens() { (echo >"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
wait_for_ports() {
    for port; do
        for attempt in {1..300}; do listens "$port" && break; sleep 0.1; done
        listens "$port" || { step "nothing listens on port $port"; cat "$directory"/*.out; exit 1; }
    done
}

. "$(dirname "$0")/own-trees.sh"
ip link set lo up

# The host: mail for its own domain, a next hop, a name.
postconf -e 'relayhost = [127.0.0.1]:2525' 'myhostname = mail.example.com' 'mydestination = $myhostname, localhost' \
    'maillog_file = /var/log/maillog' 'inet_interfaces = loopback-only' 'inet_protocols = ipv4' \
    'disable_dns_lookups = yes' 'smtp_dns_support_level = disabled' 'smtp_host_lookup = native'
mkdir -m 777 "$directory/sink"
(cd "$directory/sink" && exec smtp-sink -u nobody -d 'message.' 127.0.0.1:2525 100) &

# With Amavisd: who owns the lists, the lists, mail for their domain, a key.
with_amavis() {
    id mlmmj >/dev/null 2>&1 ||
        { groupadd mlmmj && useradd -g mlmmj -d /var/vmail/mlmmj -M -s /usr/sbin/nologin mlmmj; }
    mkdir -p /var/vmail/mlmmj
    cp -r "$directory/spool/." /var/vmail/mlmmj
    chown -R mlmmj:mlmmj /var/vmail/mlmmj
    postconf -e 'mydestination = localhost, lists.example.com'
    echo mail.example.com >/etc/mailname
    sed -i "s|^1;.*|\$myhostname = 'mail.example.com';\n1;|" /etc/amavis/conf.d/05-node_id
    openssl genrsa -out /etc/amavis/dkim.pem 2048 2>/dev/null
    chgrp amavis /etc/amavis/dkim.pem
    chmod 640 /etc/amavis/dkim.pem
    install -d -o amavis -g amavis /run/amavis
    cp /etc/amavis/dkim.pem "$directory/key.pem"
    sed -i "s|^1;|dkim_key('lists.example.com', 'dkim', '/etc/amavis/dkim.pem');\n1;|" /etc/amavis/conf.d/50-user
}

# Without: nothing that anybody did.
plain() {
    userdel mlmmj 2>/dev/null || true
    groupdel mlmmj 2>/dev/null || true
    rm -rf /etc/amavis /usr/sbin/amavisd* /var/vmail /var/spool/mlmmj /usr/bin/mlmmj-amime-receive
    mkdir /var/spool/mlmmj
}

# postfix(1) warns of the files in its chroot that this host has in its own way; whether it runs is seen below.
start_postfix() { postfix start >"$directory/postfix.out" 2>&1 </dev/null || true; }

if [ -d "$directory/spool" ]; then with_amavis; else plain; fi
cp -a /etc/postfix "$directory/layers/postfix.before"
[ ! -d /etc/amavis ] || cp -a /etc/amavis "$directory/layers/amavis.before"
[ -d /etc/amavis ] || start_postfix
step 'host prepared'

# What a person types.
bash -eux "$commands"
step 'commands done'

if [ -d /etc/amavis ]; then
    start_postfix
    amavisd foreground >"$directory/amavis.out" 2>&1 </dev/null &
    wait_for_ports 25 2525 10027 10028
    step 'daemons up'
    sendmail -f poster@elsewhere.example news@lists.example.com <"$directory/post.eml"
fi
for attempt in {1..300}; do
    [ -n "$(ls "$directory/sink")" ] && break
    sleep 0.1
done
# smtp-sink writes as it reads; it has the whole message when Postfix says so.
for attempt in {1..300}; do grep -q 'relay=127.0.0.1.*status=sent' /var/log/maillog && break; sleep 0.1; done
cp /var/log/maillog "$directory/maillog"
step 'posted'

if [ ! -d /etc/amavis ]; then
    # What cron does every two hours, as whom it does so.
    grep -v '^#' /etc/cron.d/mlmmj | grep mlmmj-maintd | while read -r _ _ _ _ _ user command; do
        su -s /bin/sh "$user" -c "$command"
    done
    [ "$(stat -c %U /var/spool/mlmmj/news/mlmmj-maintd.lastrun.log)" = mlmmj ]
    step 'maintained'
fi

mlmmj-amime-receive check --json >"$directory/check.json" || true
mlmmj-amime-receive check --log "$directory/maillog" >"$directory/counted"
mlmmj-amime-receive uninstall
diff -r "$directory/layers/postfix.before" /etc/postfix
[ ! -d /etc/amavis ] || diff -r "$directory/layers/amavis.before" /etc/amavis
step 'uninstalled without a trace'
