#!/bin/bash
# container.sh DIRECTORY NAME ADDRESS DOCKERFILE COMMAND...
#
# Runs COMMAND as a container of contrib/docker/compose.yaml would: with a host name, an address on the wire, and
# processes and files of its own. No container engine and no image is needed: the files are this host's, changed to
# what DOCKERFILE says, but for its packages, which this host has. DIRECTORY/spool is the volume with the lists. To be
# started in namespaces (mounts, network, processes) that have the bridge "wire"; the working directory is the project.

set -eu

if [ "${inside:-}" != yes ]; then
    directory=$1 name=$2 address=$3
    ip netns add "$name"
    ip link add "$name" type veth peer name eth0 netns "$name"
    ip link set "$name" master wire up
    ip -n "$name" address add "$address/24" dev eth0
    ip -n "$name" link set eth0 up
    ip -n "$name" link set lo up
    inside=yes exec ip netns exec "$name" \
        unshare --mount --uts --pid --fork --mount-proc --kill-child bash "$0" "$@"
fi
unset inside

directory=$1/$2 spool=$1/spool dockerfile=$4
mkdir -p "$directory"
hostname "$2"
shift 4
. "$(dirname "$0")/own-trees.sh"

# What Debian's image and its packages do not bring, or bring otherwise than this host has it.
userdel mlmmj 2>/dev/null || true
groupdel mlmmj 2>/dev/null || true
rm -rf /etc/aliases /etc/aliases.db /var/lib/postfix/* /var/spool/postfix /var/spool/mlmmj
mkdir /var/spool/postfix
cp /usr/share/postfix/master.cf.dist /etc/postfix/master.cf
# There are no name servers here: names are looked up in a file, and in no chroot, where that file would not be.
echo 'smtp_host_lookup = native
smtp_dns_support_level = disabled' >/etc/postfix/main.cf
echo '172.30.24.9 sink.example.net' >>/etc/hosts

# The Dockerfile: users and directories, files, and who runs the command. COPY makes the directory that it copies to.
eval "$(sed -nE 's/^ && ((groupadd|useradd|install) .*[^\\])( \\)?$/\1/p' "$dockerfile")"
sed -nE 's/^COPY --chmod=([0-7]+) (.*) (\S+)$/\1 \2 \3/p' "$dockerfile" |
    while read -r mode files; do
        target=${files##* }
        mkdir -p "${target%/*}"
        eval "install -m $mode $files"
    done
user=$(sed -n 's/^USER //p' "$dockerfile")
if [ -d /var/spool/mlmmj ]; then
    # An empty volume takes after the directory that it lies on.
    [ -d "$spool" ] || cp -a /var/spool/mlmmj "$spool"
    mount --bind "$spool" /var/spool/mlmmj
fi

cd /
[ -z "$user" ] || exec setpriv --reuid="$user" --regid="$user" --clear-groups --bounding-set=-all --no-new-privs "$@"
exec "$@"
