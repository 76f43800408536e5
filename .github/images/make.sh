#!/usr/bin/env bash
# Draws the pictures of the README again with the installed product: .github/images/make.sh [path of anime-style]
# Needs ImageMagick and the test portrait, which ./install.sh fetches.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
product="${1:-anime-style}"
portrait=".third-party/photos/astronaut.png"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT

"$product" stylize "$portrait" "$scratch/after.png"
convert "$portrait" "$scratch/after.png" +append -quality 92 .github/images/before-after.jpg
echo "Wrote .github/images/before-after.jpg"
