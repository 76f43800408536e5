# install.sh's functions for --demo and --test: a drawing by the installed plug-in, and all tests.
# shellcheck shell=bash disable=SC2154  # what these functions are told by install.sh

# What runs beside this script: name → number of its group of processes.
declare -A beside=()

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

# Whether the GIMP 3 of the tests is one in a Debian 13 beside this system, which has 2.10 alone.
is_gimp3_beside() {
    local version
    for version in "${gimps[@]}"; do
        [[ "$version" != 3.* ]] || return 1
    done
}

make_debian13() { step "A Debian 13 with GIMP 3 beside this system" "$root/tools/debian13-root.sh"; }

build_in_debian13() { step "Building the plug-in for GIMP 3 there" build_beside; }

# The plug-in for this system's own GIMP 3, where it has one and 2.10 too.
build_for_own_gimp3() {
    local version
    for version in "${gimps[@]}"; do
        case "$version" in
        3.*)
            (use_gimp "$version" && prepare "${packages[@]}" && build)
            return
            ;;
        esac
    done
}

# start_beside NAME COMMAND…: runs a command in the background, whose steps have .build/NAME.log as their log.
start_beside() {
    local name="$1" log="$root/.build/$1.log"
    shift
    rm -f "$log"
    # A group of its own, so that all of it ends with this script.
    set -m
    "$@" </dev/null >"$root/.build/$name.said" 2>&1 &
    beside[$name]=$!
    set +m
}

# joined NAME: waits for what was started beside, shows what it said and has its exit status.
joined() {
    local said="$root/.build/$1.said" status=0
    wait "${beside[$1]}" || status=$?
    unset "beside[$1]"
    if [ "$status" -eq 0 ]; then cat "$said"; else cat "$said" >&2; fi
    rm "$said"
    return "$status"
}

end_with_all_beside() {
    trap '[ "${#beside[@]}" -eq 0 ] || kill -- "${beside[@]/#/-}"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

# swift_tests NAME GIMP OPTION…: tests of the Swift package, those of GIMP in the one given, 2.10 or 3.
swift_tests() {
    local name="$1" tested="$2" output="$root/.build/swift-test-$1.log" tries=0
    shift 2
    until GIMP_ANIME_STYLE_TEST_HOST="$tested" swift test --package-path "$root" "$@" 2>&1 | tee "$output"; do
        # SwiftPM's database is open to one of its runs at a time; those that start beside it find no tests.
        if [ "$((tries += 1))" -le 10 ] && grep -q "database is locked" "$output"; then
            sleep $((2 + RANDOM % 4))
            continue
        fi
        # Thousands of lines lie between a failure and the end.
        grep -E "error: |Fatal error: |exited with" "$output" >&2 || true
        fail "tests failed ($name), see the lines above; all that they said is in $output."
    done
}

# gimp_tests NAME GIMP OPTION…: those in GIMP, beside others.
gimp_tests() { swift_tests "$@" --skip-build --ignore-lock --filter '^GimpTests\.' >/dev/null; }

# Includes a training in miniature; -rs names what was left out and why. The packages belong to Debian's own Python.
training_tests() { (cd "$root/Models/training" && /usr/bin/python3 -m pytest -q -rs -p no:cacheprovider); }

# The half of the tests in GIMP 3 that ends first, and then the training's.
second_half() {
    local failed=0
    (gimp_tests gimp-3-p 3 --skip '^GimpTests\.[A-O]') || failed=1
    training_tests || failed=1
    [ "$failed" = 0 ]
}

# The tests in each GIMP beside all others: those of windows wait much of their time. Those in GIMP 3 take longest; in
# two halves they leave no processor idle at the end.
all_tests_side_by_side() {
    local failed=0 name
    # What they say would lie between the others' lines; it is in files of their own, and failures are told here.
    start_beside gimp-3-a gimp_tests gimp-3-a 3 --skip '^GimpTests\.[P-Z]'
    start_beside gimp-3-p second_half
    start_beside gimp-2.10 gimp_tests gimp-2.10 2.10
    (swift_tests others 2.10 --skip-build --ignore-lock --skip '^GimpTests\.') || failed=1
    echo "Waiting for the tests in GIMP …"
    for name in gimp-3-a gimp-3-p gimp-2.10; do
        joined "$name" || failed=1
        grep "Executed .* tests" "$root/.build/swift-test-$name.log" | tail -1 || true
    done
    [ "$failed" = 0 ]
}

# The GIMP tests in GIMP 3 alone.
test_gimp3() {
    prepare "${packages[@]}" "${test_packages[@]}"
    step "Building the command line" build_product anime-style
    step "Building the tests" swift build --package-path "$root" --build-tests
    if is_gimp3_beside; then
        make_debian13
        build_in_debian13
    else
        build_for_own_gimp3
    fi
    swift_tests gimp-3 3 --skip-build --filter '^GimpTests\.'
}

# Compilers keep little more than one processor busy much of the time, so that two of these steps go side by side.
build_all() {
    if is_gimp3_beside; then start_beside debian-13 make_debian13; fi
    # The tests of the installation install this build into a folder of their own.
    build
    if is_gimp3_beside; then
        joined debian-13
        start_beside plug-in-in-debian-13 build_in_debian13
    elif [ "$host" != 3 ]; then
        build_for_own_gimp3
    fi
    shellcheck -x "$root"/install.sh "$root"/tools/*.sh
    step "Checking the style" "$root/tools/check-style.sh"
    step "Building the tests" swift build --package-path "$root" --build-tests
    if is_gimp3_beside; then joined plug-in-in-debian-13; fi
}

run_tests() {
    # Before all else, so that a machine that cannot have a GIMP 3 is told at once.
    if is_gimp3_beside; then "$root/tools/debian13-root.sh" check; fi
    # From Debian 13 on, libheif's encoders, with which tests make pictures, are packages of their own.
    [ "$host" != 3 ] || test_packages+=(libheif-plugin-x265 libheif-plugin-aomenc)
    prepare "${packages[@]}" "${test_packages[@]}"
    end_with_all_beside
    build_all
    if [ "$host" = 3 ]; then
        swift_tests all 3 --skip-build
        training_tests
    else
        all_tests_side_by_side
    fi
}
