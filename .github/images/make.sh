#!/usr/bin/env bash
# Draws the pictures of the README and of the help pages again with the installed product:
# .github/images/make.sh [path of anime-style]
# Needs ImageMagick and the test portrait, a NASA photograph in the public domain, which ./install.sh fetches.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
product="${1:-anime-style}"
portrait=".third-party/photos/astronaut.png"
help=Plugin/help/images
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT

# row FILE SIDE PICTURE…: the heads of the pictures side by side.
row() {
    local file="$1" side="$2"
    shift 2
    convert "$@" -crop 270x270+89+0 +repage -resize "${side}x$side" +append -strip -interlace Plane -quality 82 "$file"
    echo "Wrote $file"
}

draw() { "$product" stylize --quiet "$@"; }

for lines in 0 100 200; do
    draw --lines "$lines" "$portrait" "$scratch/lines-$lines.png"
done
convert "$portrait" "$scratch/lines-100.png" +append -quality 92 .github/images/before-after.jpg
echo "Wrote .github/images/before-after.jpg"

mkdir -p "$help"
# The batch's window shows the styles on it while no photographs are chosen.
row "$help/portrait.jpg" 270 "$portrait"
row "$help/before-after.jpg" 480 "$portrait" "$scratch/lines-100.png"
row "$help/lines.jpg" 320 "$scratch"/lines-{0,100,200}.png
styles=()
for style in cel soft luminous; do
    draw --style "$style" "$portrait" "$scratch/style-$style.png"
    styles+=("$scratch/style-$style.png")
done
row "$help/styles.jpg" 320 "${styles[@]}"
row .github/images/styles.jpg 400 "$portrait" "${styles[@]}"
