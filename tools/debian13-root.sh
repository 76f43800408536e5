#!/usr/bin/env bash
# A Debian 13 with GIMP 3 beside this system, to build and test the plug-in in:
#   tools/debian13-root.sh                makes it where it is missing or its list of packages has changed; prints its
#                                         folder
#   tools/debian13-root.sh check          fails where this machine cannot have it
#   tools/debian13-root.sh run COMMAND…   runs a command in it, in this folder, with this checkout, this machine's
#                                         temporary files, devices and Swift at the same paths, so that files pass both
#                                         ways
# As root (1.5 GB). The folder is DEBIAN13_ROOT, or debian-13-root below the user's cache of the plug-in. DEBIAN_MIRROR
# names another mirror. What `run` mounts is seen by its command alone and goes with it.
set -euo pipefail

repository="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
mirror="${DEBIAN_MIRROR:-http://deb.debian.org/debian}"
root="${DEBIAN13_ROOT:-${XDG_CACHE_HOME:-$HOME/.cache}/gimp-anime-style-build/debian-13-root}"
stamp="$root/etc/gimp-anime-style-packages"

packages=(ca-certificates gimp libgimp-3.0-dev libgegl-dev libgexiv2-dev liblcms2-dev libgdk-pixbuf-2.0-dev pkg-config
    libjpeg-dev libpng-dev libtiff-dev libwebp-dev libheif-dev libjxl-dev libopenjp2-7-dev zlib1g-dev
    g++ binutils git patchelf gettext dpkg-dev python3
    libcurl4 libsqlite3-0 libxml2 libncurses6 libedit2 tzdata # the Swift toolchain's own needs
    fonts-dejavu-core adwaita-icon-theme procps locales)

fail() {
    printf 'debian13-root.sh: %s\n' "$*" >&2
    exit 1
}

wanted_stamp() { printf 'trixie %s\n' "${packages[*]}"; }

is_ready() { [ "$(cat "$stamp" 2>/dev/null)" = "$(wanted_stamp)" ]; }

# Made beside its place and moved there whole, so that a run that is broken off leaves nothing half done in use.
make_root() {
    local new="$root.new.$$" options
    command -v mmdebstrap >/dev/null || fail "mmdebstrap is missing; install it with apt-get install mmdebstrap."
    mkdir -p "$(dirname "$root")"
    # shellcheck disable=SC2064  # the folder of now
    trap "rm -rf --one-file-system '$new' '$new.old'" EXIT
    options=(--mode=root --variant=apt --aptopt='APT::Install-Recommends "false"'
        --dpkgopt=force-unsafe-io
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*'
        --dpkgopt='path-exclude=/usr/share/info/*')
    mmdebstrap "${options[@]}" --include="$(
        IFS=,
        echo "${packages[*]}"
    )" trixie "$new" "$mirror" >&2
    cp /etc/resolv.conf "$new/etc/resolv.conf"
    wanted_stamp >"$new/etc/gimp-anime-style-packages"
    if [ -e "$root" ]; then mv -T "$root" "$new.old"; fi
    mv -T "$new" "$root"
}

# The folder of the whole Swift toolchain of this machine, or nothing.
swift_folder() {
    local program
    program="$(command -v swift)" || return 0
    program="$(realpath "$program")"
    case "$program" in
    */usr/bin/*) printf '%s\n' "${program%/usr/bin/*}" ;;
    esac
}

# All programs here are replaced by the next one, so that the command has this process's own number.
run_inside() {
    local temporary="${TMPDIR:-/tmp}" swift folder
    swift="$(swift_folder)"
    folder="$PWD"
    # shellcheck disable=SC2016  # for the shell inside
    exec unshare --mount sh -c '
        set -e
        root="$1" folder="$2" places="$3"
        shift 3
        mount -t proc proc "$root/proc"
        mount --rbind /dev "$root/dev"
        IFS=:
        for place in $places; do
            mkdir -p "$root$place"
            mount --bind "$place" "$root$place"
        done
        exec chroot "$root" sh -c '\''cd "$1" && shift && exec "$@"'\'' sh "$folder" "$@"' \
        sh "$root" "$folder" "$repository:/tmp:$temporary${swift:+:$swift}${DEBIAN13_PLACES:+:$DEBIAN13_PLACES}" "$@"
}

main() {
    [ "$(id -u)" -eq 0 ] ||
        fail "GIMP 3 is tested in a Debian 13 beside this system, which needs root; start this with sudo."
    unshare --mount true 2>/dev/null ||
        fail "this machine lets nobody mount, which a Debian 13 beside it needs; run this outside the container."
    if [ "$*" = check ]; then return; fi
    if [ $# -eq 0 ]; then
        is_ready || make_root
        printf '%s\n' "$root"
        return
    fi
    if [ "$1" != run ] || [ $# -eq 1 ]; then fail "usage: tools/debian13-root.sh [check | run COMMAND…]"; fi
    is_ready || fail "there is no Debian 13 in $root yet; make it with tools/debian13-root.sh."
    shift
    run_inside "$@"
}

main "$@"
