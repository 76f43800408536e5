#!/usr/bin/env bash
# Sets up a Python environment of its own once, then runs the benchmarks named (generator, gimp, dialog, batch,
# gimp-batch, memory, resolution, versions) or all of them but the last, which needs an earlier version beside this one.
#
#     Benchmarks/run.sh [generator|gimp|dialog|batch|gimp-batch|memory|resolution|versions ...] [-- their options]
#
# Needs the product: run ./install.sh first. The environment takes about 6 GB, most of it PyTorch.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
venv="${GIMP_ANIME_STYLE_BENCH_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/gimp-anime-style-benchmarks}"

names=()
while [ $# -gt 0 ] && [ "$1" != "--" ]; do
  case "$1" in
    generator|gimp|dialog|batch|gimp-batch|memory|resolution|versions) names+=("$1") ;;
    *)
      echo "run.sh: '$1' is no benchmark; use generator, gimp, dialog, batch, gimp-batch, memory, resolution or" \
        "versions." >&2
      exit 2
      ;;
  esac
  shift
done
[ $# -gt 0 ] && shift
[ ${#names[@]} -gt 0 ] || names=(generator gimp dialog batch gimp-batch memory resolution)

wanted="$(cat "$here"/requirements*.txt)"
if [ "$(cat "$venv/.installed" 2>/dev/null)" != "$wanted" ]; then
  echo "Setting up $venv …" >&2
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet -r "$here/requirements.txt"
  "$venv/bin/pip" install --quiet --no-deps -r "$here/requirements-no-deps.txt"
  printf '%s' "$wanted" > "$venv/.installed"
fi

declare -A script=(
  [generator]=generator.py [gimp]=gimp_call.py [dialog]=dialog.py [batch]=batch.py [gimp-batch]=gimp_batch.py
  [memory]=memory.py [resolution]=resolution.py [versions]=versions.py
)
cd "$here"
for name in "${names[@]}"; do
  "$venv/bin/python" "${script[$name]}" "$@"
done
