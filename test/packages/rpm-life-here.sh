#!/bin/bash
# rpm-life-here.sh DIRECTORY PACKAGE...: the .rpm packages installed with rpm over a script that no package owns, and erased, on this
# host, which need not be one of RPM's. In namespaces of its own: what is written lies in memory. To be started with
#     unshare --mount --net --pid --fork --mount-proc --kill-child

set -euo pipefail
directory=$1
shift
. "$(dirname "$0")/../e2e/stack/own-trees.sh"
PROGRAM=/usr/bin/mlmmj-amime-receive
fail() {
  echo "FAILED: $1"
  cat "$directory/out"
  exit 1
}
snapshot() {
  find /etc /usr/bin /usr/lib/systemd /usr/share/doc /usr/share/man /usr/share/licenses /usr/share/zsh /usr/share/fish \
    /usr/share/bash-completion /usr/lib/mlmmj-amime-receive /usr/share/mlmmj-amime-receive \
    \( -type d -printf '%p %m %u:%g\n' -o -printf '%p %m %u:%g %s %T@\n' \) 2>/dev/null | sort || true
}
# What this host needs is not in RPM's books here.
install() { rpm -U --nodeps --nosignature "$@" >"$directory/out" 2>&1; }
erase() { rpm -e --nodeps mlmmj-amime-receive-tools mlmmj-amime-receive >"$directory/out" 2>&1; }

command rm -f "$PROGRAM"
# On a host of RPM's these are other packages' as well; an empty directory that is ours alone would go.
for shared in licenses zsh/site-functions fish/vendor_completions.d bash-completion/completions; do
  mkdir -p "/usr/share/$shared"
  touch "/usr/share/$shared/another"
done
printf '#!/bin/sh\nexit 75\n' >"$PROGRAM"
chmod 0550 "$PROGRAM"
snapshot >"$directory/before"

touch "$PROGRAM.rpmorig"
if install "$@"; then fail 'installed though the script cannot be kept'; fi
grep -q "cannot be kept as $PROGRAM.rpmorig" "$directory/out" || fail 'does not say why'
command rm "$PROGRAM.rpmorig"
rpm -e --nodeps --justdb mlmmj-amime-receive-tools >/dev/null 2>&1 || true
command rm -rf /usr/lib/mlmmj-amime-receive /usr/lib/systemd/system/mlmmj-amime.* /usr/share/doc/mlmmj-amime-receive \
  /usr/share/licenses/mlmmj-amime-receive-tools

install "$@" || fail 'not installed'
"$PROGRAM" --version | grep -q ^mlmmj-amime-receive || fail 'the program does not run'
"$PROGRAM" preview --help >/dev/null || fail 'the commands do not run'
[ "$(stat -c %a "$PROGRAM.rpmorig")" = 550 ] || fail 'the script was not kept'
rpm -V --nodeps mlmmj-amime-receive mlmmj-amime-receive-tools >"$directory/out" || fail 'rpm -V'
install --replacepkgs "$@" || fail 'not installed again'
[ "$(stat -c %a "$PROGRAM.rpmorig")" = 550 ] || fail 'the script was lost'

# Without the script to come back, Postfix would bounce the lists' mail.
mv "$PROGRAM.rpmorig" "$directory/script"
postconf -M "mlmmj/unix=mlmmj unix - n n - - pipe user=mail argv=$PROGRAM -L /var/vmail/mlmmj/\${nexthop}"
if erase && rpm -q mlmmj-amime-receive >/dev/null; then fail 'erased while Postfix runs it'; fi
grep -q 'stays: Postfix' "$directory/out" || fail 'does not say why it stays'
[ -x "$PROGRAM" ] || fail 'the program is gone'
postconf -MX mlmmj/unix
cp -p "$directory/script" "$PROGRAM.rpmorig"
install --replacepkgs "$@" || fail 'not installed after a refusal'
erase || fail 'not erased'
snapshot | diff "$directory/before" - | grep -v '/etc/postfix' >"$directory/out" || true
grep -q '^[<>]' "$directory/out" && fail 'something is left or was changed'
echo 'the .rpm packages came and went'
