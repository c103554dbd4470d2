#!/usr/bin/env bash
# An installed liboam serves find_package and pkg-config; its source serves
# FetchContent, here as shared libraries that show nothing but the interface.
# Each is proven by a program that loads, plans and runs.
# usage: package_test.sh SOURCE_DIR BUILD_DIR CXX
set -euo pipefail
source=$1 build=$2 cxx=$3
work="$build/package"
rm -rf "$work"
mkdir -p "$work"

quietly() {   # a command whose output matters only if it fails
  "$@" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
}

quietly cmake --install "$build" --prefix "$work/prefix"

quietly cmake -S "$source/tests/package/find_package" -B "$work/find" -G Ninja -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_CXX_COMPILER="$cxx"
quietly cmake --build "$work/find"
"$work/find/consumer" && "$work/find/cue_consumer" && echo "ok   find_package"

export PKG_CONFIG_PATH="$work/prefix/lib/pkgconfig"
# shellcheck disable=SC2046
"$cxx" -std=c++20 "$source/tests/package/main.cpp" -o "$work/by-pkg-config" $(pkg-config --cflags --libs --static oam)
"$work/by-pkg-config" && echo "ok   pkg-config"

quietly cmake -S "$source/tests/package/subdirectory" -B "$work/sub" -G Ninja -DOAM_SOURCE="$source" -DCMAKE_CXX_COMPILER="$cxx" -DBUILD_SHARED_LIBS=ON -DOAM_UNITY=ON
quietly cmake --build "$work/sub" -j 2 --target consumer
"$work/sub/consumer" && echo "ok   FetchContent, shared"
shown=$(find "$work/sub" -name 'liboam*.so' -exec nm -DC --defined-only {} + | grep -c 'oam::detail::' || true)
[ "$shown" -eq 0 ] || { echo "FAIL $shown symbols of oam::detail are shown"; exit 1; }
echo "ok   hidden symbols"
"$work/prefix/bin/oam" --version
echo "4 passed, 0 failed"
