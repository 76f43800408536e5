#!/usr/bin/env bash
# Builds one of the programs that are C alone; linked by Swift each would carry a runtime of 6 MB that it never uses:
#   tools/build-program.sh entry gimp-2.10|gimp-3.0 FOLDER   what that GIMP starts
#   tools/build-program.sh codec FOLDER                      what reads and writes picture files
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# What the compiler and the linker have against attacks: these programs read what other people made.
compile=(-O2 -Wall -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE -pie)
link=("-Wl,--as-needed" "-Wl,-z,relro" "-Wl,-z,now")

build_entry() {
    local api=gimp-3.0 flags
    [ "$1" = gimp-3.0 ] || api=gimp-2.0
    flags="$(pkg-config --cflags --libs "$api")"
    # shellcheck disable=SC2086  # one argument for each flag
    cc "${compile[@]}" -I "$root/Sources/CProcess/include" "$root/Plugin/$1"/*.c \
        -o "$2/gimp-anime-style" "${link[@]}" $flags -ldl
}

build_codec() {
    local flags gexiv2=gexiv2
    # Debian's next release has its version in the name of the package's description.
    pkg-config --exists "$gexiv2" || gexiv2="gexiv2-0.16"
    flags="$(pkg-config --cflags --libs libjpeg libpng libtiff-4 libwebp libwebpdemux libwebpmux libheif libjxl \
        libopenjp2 lcms2 gdk-pixbuf-2.0 "$gexiv2" zlib)"
    # shellcheck disable=SC2086  # one argument for each flag
    cc "${compile[@]}" "${link[@]}" \
        -I "$root/Sources/CCodec/include" "$root"/Sources/anime-style-codec/*.c -o "$1/anime-style-codec" $flags -lm
}

case "${1:-}" in
entry) build_entry "$2" "$3" ;;
codec) build_codec "$2" ;;
*)
    echo "usage: tools/build-program.sh entry gimp-2.10|gimp-3.0 FOLDER, or codec FOLDER" >&2
    exit 1
    ;;
esac
