#!/usr/bin/env bash
# Checks the style of all Swift (.swift-format) and Python (ruff.toml), and that no line of any source is longer than
# 120 characters; says nothing when all is as it should be.
#   tools/check-style.sh          check
#   tools/check-style.sh --fix    rewrite what can be rewritten, then check
# Needs swift in PATH and the network once, for ruff from PyPI, which goes into .build/.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
ruff="$root/.build/ruff/bin/ruff"
swift_files=(Sources Tests Package.swift)
cd "$root"

if ! cmp -s tools/ruff.txt "$root/.build/ruff/ruff.txt"; then
    rm -rf "$root/.build/ruff"
    /usr/bin/python3 -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
        --target "$root/.build/ruff" -r tools/ruff.txt
    cp tools/ruff.txt "$root/.build/ruff/ruff.txt"
fi
if [ "${1:-}" = --fix ]; then
    swift format --in-place --recursive --parallel "${swift_files[@]}"
    "$ruff" check --quiet --fix . || true
fi
swift format lint --strict --recursive --parallel "${swift_files[@]}"
"$ruff" check --quiet .
# The formatter leaves long texts and comments as they are, and knows Swift alone.
sources=(-name '*.swift' -o -name '*.[ch]' -o -name '*.py' -o -name '*.sh' -o -name '*.scm' -o -path ./.ci/run)
if find . -path './.[bt]*' -prune -o -type f \( "${sources[@]}" \) -print0 |
    LC_ALL=C.UTF-8 xargs -0 grep -nE '^.{121,}'; then
    echo "check-style.sh: these lines are longer than 120 characters; break them." >&2
    exit 1
fi
