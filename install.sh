#!/usr/bin/env bash
# Builds and installs the anime style plug-in for the GIMP that is there, 2.10 or 3, and its command line. See usage()
# below.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
parts="$root/.third-party"
log="$root/.build/install.log"
name="gimp-anime-style"
prefix="$HOME/.local"
staging=
with_swift=
largest_library=$((20 * 1000 * 1000))
largest_folder=$((150 * 1000 * 1000))

# The headers of the GIMP that is built for come on top.
packages=(gimp libgegl-dev libbabl-dev libglib2.0-dev liblcms2-dev pkg-config
    libjpeg-dev libpng-dev libtiff-dev libwebp-dev libheif-dev libjxl-dev libopenjp2-7-dev libgdk-pixbuf-2.0-dev
    libgexiv2-dev zlib1g-dev
    binutils g++ git gettext patchelf python3 python3-pip
    libcurl4-openssl-dev libsqlite3-dev libxml2-dev tzdata) # the last four are the Swift toolchain's own needs
deb_packages=(dpkg-dev)
test_packages=("${deb_packages[@]}" lintian locales appstream flatpak-builder xvfb xauth xdotool imagemagick
    libjxl-tools libopenjp2-tools chromium-headless-shell python3-pil shellcheck mmdebstrap python3-torch
    python3-opencv python3-onnx python3-pytest fish zsh)

# shellcheck source=tools/install-folder.sh
source "$root/tools/install-folder.sh"
# shellcheck source=tools/install-tests.sh
source "$root/tools/install-tests.sh"

# Versions of the GIMPs of this machine, as 2.10, 3.0 …; without any, of the one that apt-get would install. A new
# system may not know yet which that is; then Debian's number says it.
gimp_versions() {
    local version found=
    for version in 2.10 3.0 3.2; do
        if command -v "gimp-console-$version" >/dev/null; then
            printf '%s\n' "$version"
            found=yes
        fi
    done
    [ -n "$found" ] && return
    version="$(apt-cache policy gimp 2>/dev/null | sed -n 's/^ *Candidate: *//p' | grep -oE '^[0-9]+\.[0-9]+')" || true
    if [ -z "$version" ]; then
        # shellcheck source=/dev/null
        case "$(. /etc/os-release && printf '%s' "${ID:-}${VERSION_ID:-}")" in
        debian13) version=3.0 ;;
        debian | debian1[4-9]) version=3.2 ;; # no number: the next one, not released yet
        esac
    fi
    printf '%s\n' "${version:-2.10}"
}

# use_gimp VERSION: everything below is for this GIMP.
use_gimp() {
    gimp="$1"
    case "$gimp" in
    2.*) entry=gimp-2.10 host=2.10 headers=libgimp2.0-dev ;;
    *) entry=gimp-3.0 host=3 headers=libgimp-3.0-dev ;;
    esac
    gimp_folder="$(gimp_folder "$gimp")"
    installed="$gimp_folder/plug-ins/$name"
    script="$gimp_folder/scripts/anime-style-folder.scm"
    # The first GIMP's build is the one that the tests know.
    scratch="$root/.build/install"
    [ "$gimp" = "${gimps[0]}" ] || scratch="$scratch-$host"
    export GIMP_ANIME_STYLE_HOST="$host"
}

gimp_folder() {
    case "$1" in
    2.*) printf '%s\n' "${GIMP2_DIRECTORY:-${XDG_CONFIG_HOME:-$HOME/.config}/GIMP/$1}" ;;
    *) printf '%s\n' "${GIMP3_DIRECTORY:-${XDG_CONFIG_HOME:-$HOME/.config}/GIMP/$1}" ;;
    esac
}

# folders ENDING SEPARATOR: the folder of each GIMP's settings.
folders() {
    local version text=
    for version in "${gimps[@]}"; do text="${text:+$text$2}$(gimp_folder "$version")$1"; done
    printf '%s' "$text"
}

for_each_gimp() {
    local version
    for version in "${gimps[@]}"; do
        use_gimp "$version"
        "$@"
    done
}

usage() {
    cat <<EOF
usage: ./install.sh [--prefix DIR]                     build and install for the GIMP that is there: 2.10, 3, or both
       ./install.sh --demo [PHOTO [RESULT.png]]        the same, then let GIMP draw PHOTO (default: a test portrait)
       ./install.sh --test                             set up whatever is missing, build and run the tests
       ./install.sh --test-gimp3                       the same for the tests in GIMP 3 alone
       ./install.sh --deb [FOLDER]                     build a Debian package for all users of a machine (default: here)
       ./install.sh --uninstall                        remove what was installed
       ./install.sh --help

The plug-in goes into $(folders "/plug-ins/" " and ") and a link to the command line
into DIR/bin (default: ~/.local/bin). A step that fails leaves an earlier installation as it was.

  --with-swift                 install Debian's own Swift where there is none (Debian 13: 450 MB to fetch, 2.1 GB)
  GIMP2_DIRECTORY              GIMP 2.10's own variable for its folder of settings
  GIMP3_DIRECTORY              the same of GIMP 3
  SWIFT_FOLDER                 the folder of the program swift, where it is not in PATH
  GIMP_ANIME_STYLE_DOWNLOADS   a folder with archives of third-party.lock, to install without the network

Missing Debian packages are installed with apt-get, as root or with sudo. Swift has to be there:
https://swift.org/install
--test also runs the tests of the training code in Models/training, with Debian's PyTorch, and the GIMP tests in 2.10
and in 3. Where this system has no GIMP 3 of its own, that is one in a Debian 13 beside it, which
tools/debian13-root.sh makes; it takes root and 1.5 GB.
EOF
}

fail() {
    printf 'install.sh: %s\n' "$*" >&2
    exit 1
}

# step TEXT COMMAND…: runs a command with its output in the log; when it fails, names it and shows the end of the log.
step() {
    local text="$1" started status
    shift
    started=$(date +%s%N)
    printf '%s … ' "$text"
    printf '\n== %s\n' "$text" >>"$log"
    set +e
    (
        set -e
        "$@"
    ) >>"$log" 2>&1
    status=$?
    set -e
    if [ "$status" -ne 0 ]; then
        printf 'failed\n'
        tail -n 15 "$log" | sed 's/^/  | /' >&2
        fail "the step \"$text\" failed and an earlier installation was left as it was; the whole output is in $log."
    fi
    awk -v ns="$(($(date +%s%N) - started))" 'BEGIN { printf "%.1f s\n", ns / 1e9 }'
}

missing_packages() {
    local package
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || printf '%s ' "$package"
    done
}

install_packages() {
    local runner=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! sudo -n true; then
            echo "Root rights are needed: run \"sudo apt-get install $*\" and start this again."
            return 1
        fi
        runner=(sudo -n)
    fi
    local apt=("${runner[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300)
    "${apt[@]}" update
    "${apt[@]}" install -y --no-install-recommends "$@"
}

require_packages() {
    local missing
    command -v dpkg-query >/dev/null || fail "this script needs Debian or one of its relatives, for dpkg and apt-get."
    missing="$(missing_packages "$@")"
    [ -z "$missing" ] && return
    # shellcheck disable=SC2086  # one argument for each package
    step "Debian packages: $missing" install_packages $missing
}

find_swift() {
    local folder
    local folders=(/opt/swift/usr/bin "$HOME/.local/share/swiftly/bin" /usr/libexec/swift/bin)
    [ -z "${SWIFT_FOLDER:-}" ] || folders=("$SWIFT_FOLDER")
    for folder in "${folders[@]}"; do
        command -v swift >/dev/null && return
        [ -x "$folder/swift" ] && PATH="$folder:$PATH"
    done
    command -v swift >/dev/null
}

# Whether Debian has Swift itself and the user wants it.
wants_debian_swift() {
    local answer=
    apt-cache show swiftlang >/dev/null 2>&1 || return 1
    [ -z "$with_swift" ] || return 0
    [ -t 0 ] && [ -t 1 ] || return 1
    read -r -p "Swift is missing. Install Debian's package swiftlang (450 MB to fetch, 2.1 GB)? [y/N] " answer
    [[ "$answer" == [yY]* ]]
}

require_swift() {
    find_swift && return
    if wants_debian_swift; then
        require_packages swiftlang
        find_swift && return
    fi
    fail "Swift is missing; install it as https://swift.org/install says (on Debian 13: --with-swift) and start this" \
        "again."
}

fetch_parts() {
    local python
    for python in python3 /usr/bin/python3; do
        if "$python" -m pip --version >/dev/null 2>&1; then
            "$python" "$root/tools/fetch-parts.py" "$root/third-party.lock" "$parts"
            return
        fi
    done
    echo "Python has no pip; install the package python3-pip."
    return 1
}

build_product() {
    local linker=()
    # Without gold, as on Debian 13, Swift takes ld.bfd, which leaves RELRO out of what it links; lld comes with Swift.
    command -v ld.gold >/dev/null || linker=(-Xswiftc -use-ld=lld)
    swift build --package-path "$root" --scratch-path "$scratch" -c release -Xswiftc -static-stdlib "${linker[@]}" \
        -Xlinker -z -Xlinker relro -Xlinker -z -Xlinker now --product "$1"
}

# run_gimp SCHEME: GIMP without a window.
run_gimp() {
    if [ "$host" = 3 ]; then
        "gimp-console-$gimp" -i -d -f --quit --batch-interpreter=plug-in-script-fu-eval -b "$1" </dev/null
    else
        "gimp-console-$gimp" -i -d -f -b "$1" -b '(gimp-quit 0)' </dev/null
    fi
}

# GIMP fills its folder only when there is none; made by us, it would lack its sub-folders for good.
first_start() {
    mkdir -p "$(dirname "$gimp_folder")"
    run_gimp '()'
    mkdir -p "$gimp_folder"
}

prepare() {
    require_packages "$@" "$headers"
    require_swift
    step "Third-party parts" fetch_parts
}

build() {
    step "Building the command line" build_product anime-style
    step "Building the program that reads and writes pictures" "$root/tools/build-program.sh" codec "$scratch/release"
    step "Building the plug-in for GIMP $gimp" build_product AnimePlugin
    step "Building GIMP's entry to it" "$root/tools/build-program.sh" entry "$entry" "$scratch/release"
}

install_all() {
    prepare "${packages[@]}"
    build
    [ -d "$gimp_folder" ] || step "First start of GIMP, which makes $gimp_folder" first_start
    # Beside plug-ins, not in it: GIMP would look for a plug-in there.
    staging="$(mktemp -d "$gimp_folder/.$name.new.XXXXXX")"
    trap 'rm -rf "$staging"' EXIT
    step "Putting the folder together" fill_folder "$staging/$name"
    step "Checking it" check_folder "$staging/$name"
    step "Checking the command's place" check_link
    printf '%s\n' "$prefix/bin/anime-style" >"$staging/$name/command-link"
    step "Moving it into place" move_into_place "$staging/$name"
    step "Adding the Script-Fu example" install_script
    step "Linking the command" link_command
    printf 'The plug-in is in %s: in GIMP, Filters ▸ Artistic ▸ Anime Style.\n' "$installed"
    printf 'The command is %s.\n' "$prefix/bin/anime-style"
}

make_deb() {
    local output version made
    output="$(realpath -e "${1:-$PWD}" 2>/dev/null)" || fail "the folder $1 does not exist."
    prepare "${packages[@]}" "${deb_packages[@]}"
    build
    staging="$(mktemp -d)"
    trap 'rm -rf "$staging"' EXIT
    step "Putting the folder together" fill_folder "$staging/$name"
    step "Checking it" check_folder "$staging/$name"
    step "Making the Debian package" "$root/tools/make-deb.sh" "$staging/$name" "$output"
    version="$(dpkg-parsechangelog -l "$root/Plugin/debian/changelog" -S Version)"
    made=("$output/${name}_$version"*_amd64.deb)
    printf 'Install it with: sudo apt install %s\n' "${made[-1]}"
}

main() {
    local action=install arguments=() most gimps gimp entry host headers gimp_folder installed script scratch
    mapfile -t gimps < <(gimp_versions)
    use_gimp "${gimps[0]}"
    while [ $# -gt 0 ]; do
        case "$1" in
        --demo | --test | --test-gimp3 | --deb | --uninstall) action="${1#--}" ;;
        --with-swift) with_swift=yes ;;
        --prefix)
            [ $# -ge 2 ] || fail "--prefix needs a folder; see --help."
            prefix="$(realpath -m "$2")"
            shift
            ;;
        --prefix=*) prefix="$(realpath -m "${1#--prefix=}")" ;;
        --help | -h)
            usage
            return
            ;;
        -*) fail "the option $1 is unknown; see --help." ;;
        *) arguments+=("$1") ;;
        esac
        shift
    done
    case "$action" in
    demo) most=2 ;;
    deb) most=1 ;;
    *) most=0 ;;
    esac
    if [ "${#arguments[@]}" -gt "$most" ]; then
        fail "the argument ${arguments[-1]} is one too many; see --help."
    fi
    if [ "$action" = uninstall ]; then
        for_each_gimp uninstall_all
        return
    fi
    [ "$(uname -m)" = x86_64 ] || fail "third-party.lock names parts for x86_64 only and this machine is $(uname -m)."
    mkdir -p "$root/.build"
    : >"$log"
    case "$action" in
    install) for_each_gimp install_all ;;
    demo)
        for_each_gimp install_all
        demo "${arguments[@]}"
        ;;
    deb) make_deb "${arguments[@]}" ;;
    test) run_tests ;;
    test-gimp3) test_gimp3 ;;
    esac
}

main "$@"
