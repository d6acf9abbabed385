#!/bin/bash
# openrc-host.sh DIRECTORY OPENRC PROGRAM SCRIPT
#
# What looks like a host that OpenRC has booted, with nothing but the service: OPENRC holds the unpacked packages,
# PROGRAM is the executable, with the tools beside it, SCRIPT its init script. Everything that is written to /etc, /usr,
# /var and /run is gone when this script is killed, and so is every process in here. To be started with
#     unshare --mount --pid --fork --mount-proc --kill-child

set -eu
directory=$1 openrc=$2 program=$3 script=$4
. "$(dirname "$0")/../e2e/stack/own-trees.sh"

tar -C "$openrc" -c . | tar -C / -x --keep-directory-symlink
ldconfig
rm -rf /etc/init.d/* /etc/conf.d
mkdir -p /etc/init.d /etc/conf.d
# What only a boot makes, and what Debian's package of OpenRC wants from another package.
mkdir -p /run/openrc/{daemons,exclusive,failed,hotplugged,inactive,options,scheduled,started,starting,stopping,tmp}
mkdir -p /run/openrc/wasinactive
touch /run/openrc/softlevel /etc/insserv.conf

id mlmmj >/dev/null 2>&1 || { groupadd mlmmj && useradd -g mlmmj -M -s /usr/sbin/nologin mlmmj; }
install -m 755 "$program" /usr/bin/mlmmj-amime-receive
install -m 755 "$program-tools" /usr/bin/mlmmj-amime-receive-tools
install -m 755 "$script" /etc/init.d/mlmmj-amime
cp "$directory/conf" /etc/conf.d/mlmmj-amime
chown -R mlmmj:mlmmj "$directory/spool"

touch "$directory/ready"
sleep infinity &
wait
