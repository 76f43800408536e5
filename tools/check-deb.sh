#!/usr/bin/env bash
# Proves a Debian package in a fresh system without compiler or Swift, Debian 12 or 13 as the package says:
#   tools/check-deb.sh PACKAGE.deb PHOTO [RESULT.png]
# As root: makes a chroot with mmdebstrap, installs only what the package says it depends on, then the package with dpkg
# alone; draws PHOTO as an ordinary user, in GIMP and with the command, with no network; removes the package and
# compares the lists of files. DEBIAN_MIRROR names another mirror, CHROOT_FOLDER another place than below /tmp (2 GB).
set -euo pipefail

name=gimp-anime-style
mirror="${DEBIAN_MIRROR:-http://deb.debian.org/debian}"
chroot=
suite=

# The system that a package is for.
suite_of() {
    case "$(dpkg-deb --field "$1" Version)" in
    *~deb13) echo trixie ;;
    *) echo bookworm ;;
    esac
}

fail() {
    printf 'check-deb.sh: %s\n' "$*" >&2
    exit 1
}

say() { printf '== %s\n' "$*"; }

# Runs a command in the chroot, in namespaces of its own, so that no mount or process stays behind; with --offline also
# without network.
inside() {
    local flags=(--mount --pid --fork --kill-child)
    if [ "$1" = --offline ]; then
        flags+=(--net)
        shift
    fi
    # shellcheck disable=SC2016  # for the shell inside
    unshare "${flags[@]}" sh -c '
        mount -t proc proc "$1/proc" && mount -t tmpfs tmpfs "$1/dev/shm" || exit 1
        root="$1"
        shift
        exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
            DEBIAN_FRONTEND=noninteractive "$@"' sh "$chroot" "$@"
}

as_user() { inside --offline su painter -s /bin/sh -c "$1"; }

files() {
    local folder others=()
    for folder in proc dev tmp home var/cache var/log var/lib/dpkg; do others+=(-path "./$folder" -prune -o); done
    (cd "$chroot" && find . "${others[@]}" -print | LC_ALL=C sort)
}

make_chroot() {
    local base="${CHROOT_FOLDER:-/tmp}"
    chroot="$(mktemp -d "$base/check-deb.XXXXXX")"
    trap 'rm -rf --one-file-system "$chroot"' EXIT
    chmod 755 "$chroot"
    say "a fresh Debian ($suite) in $chroot"
    mmdebstrap --mode=root --variant=minbase "$suite" "$chroot" "$mirror" >"$chroot.log" 2>&1 || {
        tail "$chroot.log" >&2
        fail "mmdebstrap failed; its output is in $chroot.log."
    }
    rm "$chroot.log"
    cp /etc/resolv.conf "$chroot/etc/resolv.conf"
    # The proxy of this machine's apt, if it has one.
    apt-config dump Acquire::http::Proxy >"$chroot/etc/apt/apt.conf.d/99proxy"
    inside useradd --create-home painter
}

install_package() {
    local depends
    depends="$(dpkg-deb --field "$1" Depends)"
    say "what the package depends on"
    inside apt-get -q update >/dev/null
    inside apt-get -q -y -o Dpkg::Use-Pty=0 --no-install-recommends satisfy "$depends" >/dev/null
    # For the German that is asked for below: in the locale that every system has, no language counts.
    inside apt-get -q -y -o Dpkg::Use-Pty=0 --no-install-recommends install locales >/dev/null
    inside localedef -i de_DE -f UTF-8 de_DE.UTF-8
    for tool in cc g++ swift swiftc; do
        ! inside which "$tool" >/dev/null ||
            fail "$tool is in the chroot, which is to prove that the package needs none."
    done
    files >"$chroot/tmp/before"
    cp "$1" "$chroot/tmp/package.deb"
    say "the package: $(basename "$1"), $(stat -c %s "$1") bytes"
    inside --offline dpkg --install /tmp/package.deb
}

# in_gimp SCHEME [VARIABLE=VALUE]: an ordinary user's GIMP without a window; whether the command failed, its output has
# to say.
in_gimp() {
    local start="gimp-console-2.10 -i -d -f -b '$1' -b '(gimp-quit 0)'"
    [ "$suite" = bookworm ] ||
        start="gimp-console-3.0 -i -d -f --quit --batch-interpreter=plug-in-script-fu-eval -b '$1'"
    as_user "${2:-} $start" 2>&1 || true
}

draw() {
    local photo drawing=/home/painter/drawing.png started
    photo="/home/painter/photo.${1##*.}"
    install -m 644 "$1" "$chroot$photo"
    say "the command draws"
    as_user "anime-style models && anime-style stylize '$photo' /home/painter/command.png"
    [ -s "$chroot/home/painter/command.png" ] || fail "the command drew nothing."
    say "GIMP draws"
    started=$(date +%s)
    if [ "$suite" = bookworm ]; then
        in_gimp "(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE \"$photo\" \"$photo\")))
                       (layer (car (gimp-image-get-active-layer image)))
                       (drawing (car (plug-in-anime-style RUN-NONINTERACTIVE image layer
                                                     \"cel\" 100 2 0 100 0 1 0 0 80 70 \"\"))))
                  (gimp-file-save RUN-NONINTERACTIVE image drawing \"$drawing\" \"$drawing\"))"
    else
        in_gimp "(let ((image (car (gimp-file-load RUN-NONINTERACTIVE \"$photo\"))))
                  (plug-in-anime-style #:image image #:drawables (car (gimp-image-get-selected-drawables image))
                                       #:style \"cel\")
                  (gimp-file-save RUN-NONINTERACTIVE image \"$drawing\"))"
    fi | tail -n 5
    [ -s "$chroot$drawing" ] || fail "GIMP drew nothing."
    ! cmp -s "$chroot$photo" "$chroot$drawing" || fail "the drawing is the photograph."
    echo "drawn in $(($(date +%s) - started)) s, the first start of GIMP included"
    [ -z "${2:-}" ] || cp "$chroot$drawing" "$2"
}

translate() {
    say "GIMP speaks German"
    if [ "$suite" = bookworm ]; then
        in_gimp "(let* ((image (car (gimp-image-new 64 64 RGB)))
                        (layer (car (gimp-layer-new image 64 64 RGB-IMAGE \"a\" 100 LAYER-MODE-NORMAL))))
                  (gimp-image-insert-layer image layer 0 0)
                  (plug-in-anime-style RUN-NONINTERACTIVE image layer \"none\" 100 2 0 100 0 1 0 0 80 70 \"\"))" \
            LC_ALL=de_DE.UTF-8
    else
        in_gimp "(let* ((image (car (gimp-image-new 64 64 RGB)))
                        (layer (car (gimp-layer-new image \"a\" 64 64 RGB-IMAGE 100 LAYER-MODE-NORMAL))))
                  (gimp-image-insert-layer image layer 0 0)
                  (plug-in-anime-style #:image image #:drawables (vector layer) #:style \"none\"))" LC_ALL=de_DE.UTF-8
    fi | grep "Der Stil .*none.* ist nicht installiert" ||
        fail "the sentence is not German."
}

remove_package() {
    say "removing it"
    inside --offline dpkg --purge "$name"
    files >"$chroot/tmp/after"
    diff "$chroot/tmp/before" "$chroot/tmp/after" || fail "the files above came or went with the package and stayed so."
    echo "every file is as before"
}

main() {
    if [ $# -lt 2 ] || [ $# -gt 3 ] || [ ! -r "$1" ] || [ ! -r "$2" ]; then
        fail "usage: tools/check-deb.sh PACKAGE.deb PHOTO [RESULT.png]"
    fi
    [ "$(id -u)" -eq 0 ] || fail "a chroot needs root; start this with sudo."
    command -v mmdebstrap >/dev/null || fail "mmdebstrap is missing; install it with apt-get install mmdebstrap."
    suite="$(suite_of "$1")"
    make_chroot
    # Nothing in a chroot may start a service.
    printf '#!/bin/sh\nexit 101\n' >"$chroot/usr/sbin/policy-rc.d"
    chmod 755 "$chroot/usr/sbin/policy-rc.d"
    install_package "$1"
    draw "$2" "${3:-}"
    translate
    remove_package
    say "the package installs, draws and goes"
}

main "$@"
