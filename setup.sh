#!/usr/bin/env bash
# Installs what a bare Debian 12 machine lacks to build and test liboam. Silent
# when nothing is missing; safe to run again.
set -euo pipefail

packages=(
  g++ cmake ninja-build pkg-config git ca-certificates
  libboost1.81-dev libboost-json1.81-dev libabsl-dev libyaml-dev nettle-dev libre2-dev libtomlplusplus-dev libjsonnet-dev
  libcli11-dev libgtest-dev libgmock-dev libbenchmark-dev
  python3 python3-dev python3-venv python3-jsonschema pybind11-dev
)

missing=()
for package in "${packages[@]}"; do
  dpkg -s "$package" 2>/dev/null | grep -q '^Status: install ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

sudo=""
[ "$(id -u)" -eq 0 ] || sudo="sudo"
export DEBIAN_FRONTEND=noninteractive
echo "installing: ${missing[*]}"
$sudo apt-get update -qq
$sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
