# install.sh's functions for --demo and --test: a drawing by the installed plug-in, and all tests.
# shellcheck shell=bash disable=SC2154  # what these functions are told by install.sh

# A text as a Script-Fu string.
quoted() {
    local text="${1//\\/\\\\}"
    printf '"%s"' "${text//\"/\\\"}"
}

draw_in_gimp() {
    local photo="$1" result="$2"
    rm -f "$result"
    if [ "$host" = 3 ]; then
        run_gimp "(begin (script-fu-use-v3) (let* ((image (gimp-file-load RUN-NONINTERACTIVE $(quoted "$photo"))))
            (plug-in-anime-style #:image image #:drawables (gimp-image-get-selected-drawables image) #:style \"cel\")
            (gimp-file-save RUN-NONINTERACTIVE image $(quoted "$result"))
            (gimp-image-delete image)))"
    else
        run_gimp "(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE $(quoted "$photo") $(quoted "$photo"))))
                (drawable (car (gimp-image-get-active-drawable image))))
            (plug-in-anime-style RUN-NONINTERACTIVE image drawable \"cel\" 100 2 0 100 0 1 0 0 80 70 \"\")
            (let ((merged (car (gimp-image-merge-visible-layers image CLIP-TO-IMAGE))))
                (gimp-file-save RUN-NONINTERACTIVE image merged $(quoted "$result") $(quoted "$result")))
            (gimp-image-delete image))"
    fi
    # GIMP 2.10's exit status is 0 even when a batch command failed.
    [ -s "$result" ]
}

demo() {
    local photo="${1:-$parts/photos/astronaut.png}" result="${2:-$PWD/anime-style-demo.png}" timings
    [ -r "$photo" ] || fail "the photo $photo cannot be read."
    [ -d "$(dirname "$result")" ] || fail "the folder of $result does not exist."
    photo="$(realpath "$photo")"
    result="$(realpath -m "$result")"
    timings="$root/.build/demo-timings"
    rm -f "$timings"
    GIMP_ANIME_STYLE_TIMINGS="$timings" step "GIMP draws $photo" draw_in_gimp "$photo" "$result"
    if [ -r "$timings" ]; then
        echo "Seconds in the plug-in, by stage:"
        awk '{ printf "  %-12s %s\n", $1, $2 }' "$timings"
    fi
    printf 'The picture is %s.\n' "$result"
}

# The plug-in for GIMP 3, built in a Debian 13 beside this system with this one's Swift.
build_beside() {
    local built="$root/.build/debian-13"
    mkdir -p "$built"
    # The dependencies that were fetched here already: that system need not reach the network.
    cp -a "$scratch"/checkouts "$scratch"/repositories "$scratch"/workspace-state.json "$built"
    inside() { "$root/tools/debian13-root.sh" run env GIMP_ANIME_STYLE_HOST=3 "$@"; }
    inside swift build --package-path "$root" --scratch-path "$built" -c release -Xswiftc -static-stdlib \
        --product AnimePlugin
    inside "$root/tools/build-program.sh" entry gimp-3.0 "$built/release"
    inside "$root/tools/build-program.sh" codec "$built/release"
}

# What the tests in GIMP 3 need where this system's own GIMP is 2.10: a GIMP 3, and the plug-in built for it.
prepare_gimp3() {
    local version
    for version in "${gimps[@]}"; do
        case "$version" in
        3.*)
            (use_gimp "$version" && prepare "${packages[@]}" && build)
            return
            ;;
        esac
    done
    step "A Debian 13 with GIMP 3 beside this system" "$root/tools/debian13-root.sh"
    step "Building the plug-in for GIMP 3 there" build_beside
}

# swift_tests NAME GIMP OPTION…: tests of the Swift package, those of GIMP in the one given, 2.10 or 3.
swift_tests() {
    local name="$1" tested="$2" output="$root/.build/swift-test-$1.log" tries=0
    shift 2
    until GIMP_ANIME_STYLE_TEST_HOST="$tested" swift test --package-path "$root" "$@" 2>&1 | tee "$output"; do
        # SwiftPM's database is open to one of its runs at a time; those that start beside it find no tests.
        if [ "$((tries += 1))" -le 10 ] && grep -q "database is locked" "$output"; then
            sleep 3
            continue
        fi
        # Thousands of lines lie between a failure and the end.
        grep -E "error: |Fatal error: |exited with" "$output" >&2 || true
        fail "tests failed ($name), see the lines above; all that they said is in $output."
    done
}

# The tests in each GIMP beside all others: those of windows wait much of their time.
both_tests() {
    local failed=0 gimp beside=()
    # What they say would lie between the others' lines; it is in files of their own, and failures are told here.
    # Groups of their own, so that all of them end with this script.
    set -m
    for gimp in 3 2.10; do
        (swift_tests "gimp-$gimp" "$gimp" --skip-build --ignore-lock --filter '^GimpTests\.' >/dev/null) &
        beside+=($!)
    done
    set +m
    trap 'kill -- "${beside[@]/#/-}"; exit 130' INT TERM
    (swift_tests others 2.10 --skip-build --ignore-lock --skip '^GimpTests\.') || failed=1
    echo "Waiting for the tests in GIMP …"
    for gimp in "${beside[@]}"; do
        wait "$gimp" || failed=1
    done
    trap - INT TERM
    for gimp in 3 2.10; do
        grep "Executed .* tests" "$root/.build/swift-test-gimp-$gimp.log" | tail -1 || true
    done
    [ "$failed" = 0 ]
}

# The GIMP tests in GIMP 3 alone.
test_gimp3() {
    prepare "${packages[@]}" "${test_packages[@]}"
    step "Building the command line" build_product anime-style
    step "Building the tests" swift build --package-path "$root" --build-tests
    prepare_gimp3
    swift_tests gimp-3 3 --skip-build --filter '^GimpTests\.'
}

run_tests() {
    # From Debian 13 on, libheif's encoders, with which tests make pictures, are packages of their own.
    [ "$host" != 3 ] || test_packages+=(libheif-plugin-x265 libheif-plugin-aomenc)
    prepare "${packages[@]}" "${test_packages[@]}"
    # The tests of the installation install this build into a folder of their own.
    build
    # Before the first test, so that a machine that cannot have a GIMP 3 is told at once.
    [ "$host" = 3 ] || prepare_gimp3
    shellcheck -x "$root"/install.sh "$root"/tools/*.sh
    step "Checking the style" "$root/tools/check-style.sh"
    step "Building the tests" swift build --package-path "$root" --build-tests
    if [ "$host" = 3 ]; then
        swift_tests all 3 --skip-build
    else
        both_tests
    fi
    # Includes a training in miniature; -rs names what was left out and why. The packages belong to Debian's own Python.
    (cd "$root/Models/training" && /usr/bin/python3 -m pytest -q -rs -p no:cacheprovider)
}
