#!/usr/bin/env bash
# Installs the package into a virtual environment of its own and tests it.
set -euo pipefail
cd "$(dirname "$0")/../.."
[ -x .venv/bin/python ] || python3 -m venv .venv
.venv/bin/python -m pip install -q --disable-pip-version-check ".[test]"
.venv/bin/python -m mypy --strict bindings/python/oam bindings/python/tests
.venv/bin/python -m pytest -q -p no:cacheprovider bindings/python/tests
