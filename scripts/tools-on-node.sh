#!/bin/sh
# mlmmj-amime-receive-tools where it has no JavaScript engine of its own. As installed, tools.js is called tools.mjs: no
# package.json around it says what it is.
complain() { echo "mlmmj-amime-receive: $1" >&2; exit 69; }

here=$(dirname "$(readlink -f "$0")")
tools=$here/tools.mjs
[ -f "$tools" ] || tools=$here/tools.js
[ -f "$tools" ] || complain "tools.mjs is missing beside $0: install mlmmj-amime-receive again"
# Where the BSDs have it; a service's PATH may do without.
PATH=$PATH:/usr/local/bin
version=$(node --version 2>/dev/null) || complain 'the commands need Node 20 or newer, and there is no "node" in PATH'
version=${version#v}
[ "${version%%.*}" -ge 20 ] || complain "the commands need Node 20 or newer, and node is $version"
exec node "$tools" "$@"
