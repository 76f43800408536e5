# install.sh's functions for the folder of the plug-in: how it is filled, checked, put in its place and removed.
# shellcheck shell=bash disable=SC2154  # what these functions are told by install.sh

# Strips a built program or library into the folder and lets it find its libraries beside itself, and nowhere else.
place_binary() {
    local library
    strip --strip-unneeded -o "$2" "$1"
    # pkg-config names many libraries that nothing is called of; a package would depend on them.
    for library in $(ldd -u "$1" | grep -o '[^/]*$' | grep '\.so'); do patchelf --remove-needed "$library" "$2"; done
    # shellcheck disable=SC2016  # for the loader, not for the shell
    patchelf --set-rpath '$ORIGIN' "$2"
    chmod 755 "$2"
}

fill_folder() {
    local folder="$1" built="$scratch/release" file language
    mkdir -p "$folder/models" "$folder/detector" "$folder/mesh" "$folder/licences"
    for file in "$name" libAnimePlugin.so anime-style anime-style-codec; do
        place_binary "$built/$file" "$folder/$file"
    done
    # The engine opens its libraries by the names with versions; the short names are for the linker.
    for file in "$parts"/openvino/lib/*; do
        [ -L "$file" ] || install -m 644 "$file" "$folder/"
    done
    install -m 644 "$parts"/mtcnn/*.onnx "$folder/detector/"
    install -m 644 "$parts"/mediapipe/*.tflite "$folder/mesh/"
    if ! compgen -G "$root/Models/*.json" >/dev/null; then
        echo "There is no style model in $root/Models."
        return 1
    fi
    install -m 644 "$root"/Models/*.onnx "$root"/Models/*.json "$folder/models/"
    cp -r "$root/Plugin/help" "$folder/help"
    # Manual pages and completions; made by the program as it will run.
    "$root/tools/make-share.py" "$folder/anime-style" "$folder/share"
    for file in "$root"/Plugin/po/*.po; do
        language="$(basename "$file" .po)"
        mkdir -p "$folder/locale/$language/LC_MESSAGES"
        msgfmt --check -o "$folder/locale/$language/LC_MESSAGES/$name.mo" "$file"
    done
    install -m 644 "$root/LICENSE" "$root/NOTICE" "$root/third-party.lock" "$folder/licences/"
    cp -r "$parts/licences/." "$folder/licences/"
    # A damaged library is named before it draws something wrong.
    (cd "$folder" && sha256sum -- *.so* anime-style-codec >SHA256SUMS)
    # The Swift runtime has the same licence as the argument parser, exception for linked programs included.
    install -D -m 644 "$scratch/checkouts/swift-argument-parser/LICENSE.txt" "$folder/licences/swift/LICENSE.txt"
}

# Everything that could keep the new folder from working is found out before it takes the old one's place.
check_folder() {
    local folder="$1" size file
    size=$(stat -c %s "$folder/libAnimePlugin.so")
    if [ "$size" -gt "$largest_library" ]; then
        echo "libAnimePlugin.so has $size bytes, more than $largest_library."
        return 1
    fi
    size=$(du -sb "$folder" | cut -f1)
    if [ "$size" -gt "$largest_folder" ]; then
        echo "The folder has $size bytes, more than $largest_folder."
        return 1
    fi
    for file in "$name" libAnimePlugin.so anime-style anime-style-codec; do
        if ldd "$folder/$file" | grep -E 'not found|libswift'; then
            echo "$file needs a library that is not on this machine or belongs to the Swift toolchain."
            return 1
        fi
    done
    "$folder/anime-style" models
}

check_link() {
    local file="$prefix/bin/anime-style"
    if [ -e "$file" ] && [ ! -L "$file" ]; then
        echo "$file is a file of its own and was kept; choose another place with --prefix."
        return 1
    fi
}

# Both folders are on one file system, so that each move is a rename.
move_into_place() {
    local folder="$1" old="$gimp_folder/.$name.old"
    mkdir -p "$gimp_folder/plug-ins"
    rm -rf "$old"
    [ ! -e "$installed" ] || mv "$installed" "$old"
    if ! mv "$folder" "$installed"; then
        [ ! -e "$old" ] || mv "$old" "$installed"
        return 1
    fi
    rm -rf "$old"
}

install_script() {
    mkdir -p "${script%/*}"
    install -m 644 "$root/Plugin/scripts/$entry/${script##*/}" "$script.new"
    mv "$script.new" "$script"
}

link_command() {
    local link="$prefix/bin/anime-style" file
    mkdir -p "$prefix/bin"
    ln -sfn "$installed/anime-style" "$link.new"
    mv -T "$link.new" "$link"
    # What is there and no link is somebody else's.
    (cd "$installed/share" && find . -type f -printf '%P\n') | while read -r file; do
        link="$prefix/share/$file"
        [ ! -e "$link" ] || [ -L "$link" ] || continue
        mkdir -p "${link%/*}"
        ln -sfn "$installed/share/$file" "$link"
    done
}

# unlink_share PREFIX: removes the links to manual pages and completions.
unlink_share() {
    local file link
    [ -d "$installed/share" ] || return 0
    (cd "$installed/share" && find . -type f -printf '%P\n') | while read -r file; do
        link="$1/share/$file"
        if [ -L "$link" ] && [ "$(readlink "$link")" = "$installed/share/$file" ]; then
            rm "$link"
            (cd "$1/share" && rmdir -p --ignore-fail-on-non-empty -- "${file%/*}")
        fi
    done
}

uninstall_all() {
    local link
    if [ ! -d "$installed" ]; then
        printf 'Nothing is installed in %s.\n' "$installed"
        return
    fi
    for link in "$prefix/bin/anime-style" "$(cat "$installed/command-link" 2>/dev/null || true)"; do
        if [ -L "$link" ] && [ "$(readlink "$link")" = "$installed/anime-style" ]; then
            rm "$link"
        fi
        [ -z "$link" ] || unlink_share "${link%/bin/anime-style}"
    done
    rm -f "$script"
    rm -rf "$installed" "${XDG_CACHE_HOME:-$HOME/.cache}/$name"
    printf 'Removed %s; your own models in %s were kept.\n' "$installed" "${XDG_CONFIG_HOME:-$HOME/.config}/$name"
}
