#!/usr/bin/env bash
# Sets up, builds and runs every test: the release build, then with ASan and
# UBSan, then what is concurrent with TSan, then Python.
set -euo pipefail
cd "$(dirname "$0")"
./setup.sh
jobs="${JOBS:-2}"

leg() {   # leg PRESET TARGET [ctest arguments]
  local preset=$1 target=$2
  shift 2
  echo "== $preset"
  cmake --preset "$preset" >/dev/null
  cmake --build --preset "$preset" -j "$jobs" --target "$target"
  ctest --preset "$preset" -j "$jobs" "$@"
}

leg release all
leg dev all
leg tsan oam_concurrent_tests -R Concurrent
echo "== python"
cmake --install build/release --prefix build/prefix >/dev/null
bindings/python/test.sh build/prefix
