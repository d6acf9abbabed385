#!/bin/bash
# clean-debian.sh RELEASE PACKAGES [BASE]: deb-life.sh in a Debian release as debootstrap makes it, with Postfix and mlmmj, in a
# folder of its own. PACKAGES is where the .deb files are. BASE is made where it is not there, and kept: without it everything is
# fetched anew, and gone at the end. Root, debootstrap, and a mirror in reach (MIRROR).

set -euo pipefail
release=$1 packages=$(readlink -f "$2") base=${3:-}
here=$(dirname "$(readlink -f "$0")")
work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
[ -n "$base" ] || base=$work/base

for program in debootstrap unshare ip; do
  command -v "$program" >/dev/null || { echo "needs $program: apt-get install debootstrap util-linux iproute2"; exit 69; }
done
[ "$(id -u)" = 0 ] || { echo 'needs root'; exit 69; }

inside() { chroot "$base" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"; }
if [ ! -e "$base/ready" ]; then
  [ -e "$base/etc/debian_version" ] ||
    debootstrap --variant=minbase "$release" "$base" "${MIRROR:-http://deb.debian.org/debian}" >"$work/log" || { cat "$work/log"; exit 1; }
  cp /etc/resolv.conf "$base/etc/resolv.conf"
  printf '#!/bin/sh\nexit 101\n' >"$base/usr/sbin/policy-rc.d"
  chmod +x "$base/usr/sbin/policy-rc.d"
  echo 'postfix postfix/main_mailer_type select Local only' | inside debconf-set-selections
  # Node where it is new enough.
  inside sh -c 'apt-get -qq update && apt-get -qq -y --no-install-recommends install postfix mlmmj procps &&
    if apt-cache policy nodejs | grep -q "Candidate: [2-9][0-9]"; then apt-get -qq -y --no-install-recommends install nodejs; fi' \
    >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
  touch "$base/ready"
fi

tools=mlmmj-amime-receive-tools-standalone
[ ! -e "$base/usr/bin/node" ] || tools=mlmmj-amime-receive-tools
mkdir "$work/layer"
# Changes lie in memory, and go with the namespace.
unshare --mount --net --pid --fork --kill-child bash -euc '
  mount --make-rprivate /
  base=$1 layer=$2 packages=$3 here=$4 tools=$5
  mount -t tmpfs none "$layer"
  mkdir "$layer/upper" "$layer/work" "$layer/root"
  mount -t overlay overlay -o "lowerdir=$base,upperdir=$layer/upper,workdir=$layer/work" "$layer/root"
  mount -t proc proc "$layer/root/proc"
  mount --rbind /dev "$layer/root/dev"
  mount -t tmpfs none "$layer/root/run"
  mount -t tmpfs -o mode=1777 none "$layer/root/tmp"
  mkdir "$layer/root/tmp/packages"
  cp "$packages"/mlmmj-amime-receive_*.deb "$packages/$tools"_*.deb "$layer/root/tmp/packages/"
  cp "$here/deb-life.sh" "$layer/root/tmp/"
  ip link set lo up
  chroot "$layer/root" env -i bash -c "exec bash /tmp/deb-life.sh /tmp/packages/*.deb"
' - "$base" "$work/layer" "$packages" "$here" "$tools"
