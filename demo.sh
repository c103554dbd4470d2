#!/usr/bin/env bash
# Sets up, builds, and shows the main job on an example: check it, plan it, say
# why, carry it out on an in-memory cluster.
set -euo pipefail
cd "$(dirname "$0")"
./setup.sh
cmake --preset release >build-demo.log 2>&1 || { cat build-demo.log; exit 1; }
cmake --build --preset release --target oam_cli -j "${JOBS:-2}" >>build-demo.log 2>&1 || { tail -50 build-demo.log; exit 1; }
rm -f build-demo.log

show() { printf '\n$ %s\n' "$*"; PATH="build/release/bin:$PATH" "$@"; }
show oam vet -f docs/examples/shop.yaml
show oam plan -f docs/examples/shop.yaml
show oam explain web db -f docs/examples/shop.yaml
show oam run -f docs/examples/shop.yaml
