#!/bin/sh
# mlmmj-amime-receive-tools where Bun has made no executable of it. As installed, tools.js is called tools.mjs: no package.json
# around it says what it is.
here=$(dirname "$(readlink -f "$0")")
for tools in "$here/tools.mjs" "$here/tools.js"; do
  if [ -f "$tools" ]; then exec node "$tools" "$@"; fi
done
echo "mlmmj-amime-receive: tools.mjs is missing beside $0" >&2
exit 69
