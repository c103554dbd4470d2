#!/usr/bin/env bash
# Installs the package into a virtual environment of its own and tests it. Over
# a liboam installed at PREFIX only the bindings are compiled.
# usage: test.sh [PREFIX]
set -euo pipefail
prefix=${1:+$(realpath "$1")}
cd "$(dirname "$0")/../.."
over=()
[ -z "$prefix" ] || over=(-Ccmake.define.OAM_USE_INSTALLED=ON "-Ccmake.define.CMAKE_PREFIX_PATH=$prefix")
[ -x .venv/bin/python ] || python3 -m venv .venv
.venv/bin/python -m pip install -q --disable-pip-version-check "${over[@]}" ".[test]"
.venv/bin/python -m mypy --strict bindings/python/oam bindings/python/tests
.venv/bin/python -m pytest -q -p no:cacheprovider bindings/python/tests
