#!/bin/sh
# A release in which much goes wrong: a migration that fails at first, monitoring that
# cannot be applied, and a crash. The journal brings it to its end all the same.
# usage: run.sh, after ./demo.sh; OAM names another program than the one built there
here=$(cd "$(dirname "$0")" && pwd)
oam=${OAM:-$here/../../../build/release/bin/oam}
WORLD=$(mktemp -d)
export WORLD
trap 'rm -rf "$WORLD"' EXIT

run() { "$oam" run -f "$here/app.yaml" --host "exec:$here/host.sh" --journal "$WORLD/journal"; }

echo "\$ oam run -f app.yaml --host exec:host.sh --journal journal"
code=0
{ run || code=$?; } 2>&1
if [ $code -gt 128 ]; then
  echo "killed. Once more, with the same journal:"
  code=0
  run 2>&1 || code=$?
fi
exit $code
