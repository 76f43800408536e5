#!/usr/bin/env bash
# Takes the pictures of the filter's window in the help pages and the README again, with the product that ./install.sh
# installed: .github/images/dialog.sh. Needs Xvfb, xdotool, ImageMagick, the packages locales and fonts-noto-cjk and the
# test portrait, a NASA photograph in the public domain.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# Without such a font GIMP writes boxes with numbers, and says nothing.
[ -n "$(fc-list :lang=zh-cn)" ] || { echo "no Chinese font: install fonts-noto-cjk" >&2; exit 1; }
portrait="$PWD/.third-party/photos/astronaut.png"
help=Plugin/help/images
installed="${GIMP2_DIRECTORY:-${XDG_CONFIG_HOME:-$HOME/.config}/GIMP/2.10}/plug-ins/gimp-anime-style"
scratch="$(mktemp -d)"
pids=()
cleanup() {
    [ "${#pids[@]}" -eq 0 ] || kill -9 "${pids[@]}" 2>/dev/null || true
    rm -rf "$scratch"
}
trap cleanup EXIT

export GIMP2_DIRECTORY="$scratch/profile" XDG_CONFIG_HOME="$scratch/config" LOCPATH="$scratch/locales"
mkfifo "$scratch/display"
Xvfb -displayfd 3 -screen 0 1280x900x24 3>"$scratch/display" >/dev/null 2>&1 &
pids+=($!)
# The server picks a free display and says which.
read -r number <"$scratch/display"
export DISPLAY=":$number"
mkdir "$LOCPATH"
# GIMP fills only a profile that it creates.
gimp-console-2.10 -i -d -f -b '(gimp-quit 0)' </dev/null >/dev/null 2>&1
cp -r "$installed" "$GIMP2_DIRECTORY/plug-ins/"

# finished TITLE FILE: takes the window TITLE once nothing in it has changed for twenty seconds, so that the styles'
# pictures are there on a busy machine too; gives up after ten minutes.
finished() {
    local title="$1" file="$2" window before="" now same=0
    for ((tries = 0; tries < 600; tries++)); do
        sleep 1
        window="$(LC_ALL=C.UTF-8 xdotool search --onlyvisible --name "$title" | tail -n 1)" || continue
        [ -n "$window" ] || continue
        # Off the window, where no tip comes up.
        xdotool mousemove 5 895
        import -window "$window" "$file" || continue
        now="$(identify -format '%#' "$file")"
        if [ "$now" = "$before" ]; then same=$((same + 1)); else same=0; fi
        before="$now"
        [ "$same" -lt 20 ] || return 0
    done
    echo "The window \"$title\" did not come to rest." >&2
    return 1
}

# picture LOCALE TITLE FILE: the window TITLE in that language, once its preview is finished.
picture() {
    local locale="$1" title="$2" file="$3"
    localedef -i "$locale" -f UTF-8 "$LOCPATH/$locale.UTF-8"
    LC_ALL="$locale.UTF-8" LANGUAGE="$locale" gimp-2.10 -n -s -d -b "
        (let ((image (car (gimp-file-load RUN-NONINTERACTIVE \"$portrait\" \"$portrait\"))))
          (gimp-image-crop image 200 200 122 0)
          (gimp-image-scale image 600 600)
          (plug-in-anime-style RUN-INTERACTIVE image (car (gimp-image-get-active-layer image))
                               \"\" -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 \"\"))" \
        </dev/null >/dev/null 2>&1 &
    pids+=($!)
    finished "$title" "$scratch/window.png"
    convert "$scratch/window.png" -strip -interlace Plane -quality 86 "$file"
    kill -9 "$!"
    wait "$!" 2>/dev/null || true
    echo "Wrote $file"
}

picture en_US "Anime Style" "$help/dialog.jpg"
picture zh_CN "动漫风格" "$help/dialog-zh.jpg"
