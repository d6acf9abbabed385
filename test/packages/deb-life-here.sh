#!/bin/bash
# deb-life-here.sh DIRECTORY PACKAGE...: deb-life.sh on this host, in namespaces of its own: what is written lies in memory. What is
# compared are the trees that a package of ours has to do with; all of a host takes long on a large one. To be started with
#     unshare --mount --net --pid --fork --mount-proc --kill-child

set -eu
directory=$1
shift
here=$(dirname "$0")
. "$here/../e2e/stack/own-trees.sh"
ip link set lo up
trees='/etc /usr/bin /usr/sbin /usr/lib/systemd /usr/share/doc /usr/share/man /usr/share/lintian/overrides /usr/share/bash-completion
  /usr/share/zsh /usr/share/fish /var/lib'
exec env -i TREES="$(ls -d $trees 2>/dev/null | tr '\n' ' ')" bash "$here/deb-life.sh" "$@"
