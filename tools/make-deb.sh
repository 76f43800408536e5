#!/usr/bin/env bash
# Makes a Debian package of a folder that install.sh has put together, for all users of a machine:
#   tools/make-deb.sh FOLDER OUTPUT-FOLDER
# What GIMP starts stays together in GIMP's folder of plug-ins; what does not depend on the processor goes below
# /usr/share, with links to it where the programs look. Which GIMP the folder is for, its program says. The version ends
# with this system's name, as ~deb12, since the same sources give each system a package of its own. SOURCE_DATE_EPOCH
# (default: the last commit's time) dates every file, so that the same build makes the same package.
# DPKG_DEB_COMPRESSOR_LEVEL, dpkg-deb's own variable, trades size for time.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
name=gimp-anime-style
share=usr/share/$name
doc=usr/share/doc/$name
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
# The layout that Debian's tools expect: their files in debian/, the package's below debian/NAME.
package="$work/debian/$name"

# choose_gimp FOLDER: where the GIMP that the folder was built for looks, and what the package depends on.
choose_gimp() {
    local api=gimp-2.0
    depends='gimp (>= 2.10), gimp (<< 2.99)'
    if objdump -p "$1/$name" | grep -q 'NEEDED.*libgimp-3'; then
        api=gimp-3.0
        depends='gimp (>= 3.0), gimp (<< 4)'
    fi
    plug_in="$(pkg-config --variable=gimplibdir "$api" | sed 's|^/||')/plug-ins/$name"
    scripts="$(pkg-config --variable=gimpdatadir "$api" | sed 's|^/||')/scripts"
    examples="$root/Plugin/scripts/gimp-$([ "$api" = gimp-2.0 ] && echo 2.10 || echo 3.0)"
}

# The changelog's version for this system.
package_version() {
    local version
    version="$(dpkg-parsechangelog -l "$work/debian/changelog" -SVersion)"
    # shellcheck source=/dev/null
    (. /etc/os-release && printf '%s~%s%s' "$version" "${ID/debian/deb}" "${VERSION_ID:-}")
}

# move_to_share NAME TARGET: moves a folder of the plug-in below /usr/share and leaves a link in its place.
move_to_share() {
    mkdir -p "$package/$2"
    cp -r "$package/$plug_in/$1/." "$package/$2"
    rm -r "${package:?}/$plug_in/$1"
    ln -sr "$package/$2" "$package/$plug_in/$1"
}

place_files() {
    local folder="$1"
    mkdir -p "$package/$plug_in" "$package/usr/bin" "$package/$scripts"
    cp -r "$folder/." "$package/$plug_in"
    rm -f "$package/$plug_in/command-link" # tells --uninstall of one user's installation
    move_to_share models "$share/models"
    move_to_share detector "$share/detector"
    move_to_share mesh "$share/mesh"
    move_to_share help "$share/help"
    move_to_share locale usr/share/locale
    # Manual pages and completions lie where shells look for them; nothing of the filter does.
    cp -r "$package/$plug_in/share/." "$package/usr/share"
    rm -r "${package:?}/$plug_in/share"
    mv "$package/usr/share/zsh/site-functions" "$package/usr/share/zsh/vendor-completions" # Debian's place for packages
    cp "$examples"/*.scm "$package/$scripts"
    ln -sr "$package/$plug_in/anime-style" "$package/usr/bin/anime-style"
    # Software centers look for it by the name of what it describes.
    install -D -m 644 "$root/Plugin/debian/$name.metainfo.xml" \
        "$package/usr/share/metainfo/io.github.gimp_anime_style.metainfo.xml"
}

place_documents() {
    mkdir -p "$package/$doc"
    gzip -9n "$package/usr/share/man/man1"/*.1
    gzip -9nc "$root/Plugin/debian/changelog" >"$package/$doc/changelog.gz"
    cp "$root/Plugin/debian/copyright" "$root/NOTICE" "$root/Models/MODELS.md" "$package/$doc"
    # Debian 12's lintian knows no such tag, and what it does not know may not be overridden.
    if (. /etc/os-release && [ "${VERSION_ID:-}" != 12 ]); then
        install -D -m 644 "$root/Plugin/debian/lintian-overrides" "$package/usr/share/lintian/overrides/$name"
    fi
    mv "$package/$plug_in/licences" "$package/$doc/licences"
    # Debian has the Apache License once for all packages; Expat is in the copyright file.
    find "$package/$doc/licences" -name 'LICENSE*' -delete
    rm "$package/$doc/licences/NOTICE"
    find "$package/$doc/licences" -type d -empty -delete
}

set_rights() {
    find "$package" -type d -exec chmod 755 {} +
    find "$package" -type f -exec chmod 644 {} +
    chmod 755 "$package/$plug_in/$name" "$package/$plug_in/anime-style" "$package/$plug_in/anime-style-codec"
}

# The libraries that come with the engine are no package's; everything else that is linked to becomes a dependency. One
# of them is also Debian's, which dpkg-shlibdeps would name on a machine that has it.
find_dependencies() {
    local programs=(-name "$name" -o -name anime-style -o -name anime-style-codec)
    find "$package/$plug_in" -maxdepth 1 -type f \( -name '*.so*' -o "${programs[@]}" \) -print0 |
        (cd "$work" && xargs -0 dpkg-shlibdeps -l"$package/$plug_in" -x"$name" -xlibtbb12 --ignore-missing-info)
    mkdir -p "$package/DEBIAN"
    (cd "$work" && dpkg-gencontrol -p"$name" -P"$package" -v"$(package_version)" -V"gimp:Depends=$depends")
    (cd "$package" && find . -type f ! -path './DEBIAN/*' -printf '%P\0' | LC_ALL=C sort -z | xargs -0 md5sum) \
        >"$package/DEBIAN/md5sums"
}

main() {
    local folder output plug_in scripts examples depends
    if [ $# -ne 2 ] || [ ! -d "$1" ] || [ ! -d "$2" ]; then
        echo "usage: tools/make-deb.sh FOLDER OUTPUT-FOLDER, both of which have to exist" >&2
        return 1
    fi
    folder="$(realpath "$1")"
    output="$(realpath "$2")"
    mkdir -p "$work/debian"
    cp "$root/Plugin/debian/control" "$root/Plugin/debian/changelog" "$work/debian"
    if [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
        SOURCE_DATE_EPOCH="$(git -C "$root" log -1 --format=%ct 2>/dev/null ||
            dpkg-parsechangelog -l "$work/debian/changelog" -STimestamp)"
    fi
    export SOURCE_DATE_EPOCH
    choose_gimp "$folder"
    place_files "$folder"
    place_documents
    set_rights
    find_dependencies
    find "$package" -print0 | xargs -0 touch -h -d "@$SOURCE_DATE_EPOCH"
    dpkg-deb --root-owner-group -Zxz --build "$package" "$output"
}

main "$@"
