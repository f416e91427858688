#!/usr/bin/env bash
# install.sh - an installed copy is complete: the example builds against it through pkg-config and through CMake
#
#   install.sh SOURCE_ROOT BUILD_FOLDER RUN
#
# RUN: yes runs what was built. As C11 and as C++, with the shared library and with the static one.
set -eu
source=$1 build=$2 run=$3
if ! command -v pkg-config >/dev/null; then
    echo "skipped: there is no pkg-config"
    exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

meson install -C "$build" --no-rebuild --destdir "$folder" >"$folder/log" 2>&1 </dev/null || {
    cat "$folder/log"
    exit 1
}
pc=$(find "$folder" -name runnel.pc)
[ -n "$pc" ] || {
    echo "runnel.pc was not installed"
    exit 1
}
export PKG_CONFIG_PATH=${pc%/*} PKG_CONFIG_SYSROOT_DIR=$folder
libs=$(pkg-config --variable=libdir runnel)
case $libs in "$folder"*) ;; *) libs=$folder$libs ;; esac

installed=$(find "$folder" -type f -path '*/bin/runnel')
[ -n "$installed" ] || {
    echo "the program runnel was not installed"
    exit 1
}
"$installed" --version

warnings='-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror'
learns() { # WHAT COMMAND...
    local what=$1
    shift
    "$@" </dev/null >"$folder/words"
    tail -n 1 "$folder/words"
    awk 'END { exit !($NF >= 0.9 && $NF <= 1) }' "$folder/words" || {
        echo "$what: no accuracy of at least 0.9 in its last line"
        exit 1
    }
}
# shellcheck disable=SC2086,SC2046 # options, separated by blanks
try() {
    local what=$1 program="$folder/two_layer_net.$2"
    shift 2
    "$@" $warnings -o "$program"
    echo "$what: builds"
    [ "$run" = no ] || learns "$what" env LD_LIBRARY_PATH="$libs" DYLD_LIBRARY_PATH="$libs" "$program"
}
example=$source/examples/two_layer_net.c
runs=$run
cc=${CC:-cc} # may be more than a word: ccache gcc
# shellcheck disable=SC2086,SC2046 # a command and options, separated by blanks
try "C11, shared library" c $cc -std=c11 -O1 "$example" $(pkg-config --cflags --libs runnel)
run=no
cxx=${CXX:-c++}
if command -v "$cxx" >/dev/null; then
    # shellcheck disable=SC2046
    try "C++11, shared library" cxx "$cxx" -x c++ -std=c++11 "$example" -x none $(pkg-config --cflags --libs runnel)
else
    echo "C++: left out, there is no $cxx"
fi
if [ "$(uname -s)" = Linux ]; then
    # a folder where the linker finds no shared library of ours
    mkdir "$folder/static"
    cp "$libs/librunnel.a" "$folder/static"
    # shellcheck disable=SC2086,SC2046
    try "C11, static library" static $cc -std=c11 "$example" -L"$folder/static" -Wl,-Bstatic -lrunnel \
        -Wl,-Bdynamic $(pkg-config --static --cflags --libs runnel | sed "s#-L${folder}[^ ]*##; s#-lrunnel##")
fi

# CMake, from the prefix alone: without the variables above, and with the folder moved.
if ! command -v cmake >/dev/null; then
    echo "CMake: left out, there is no cmake"
    exit 0
fi
version=$(pkg-config --modversion runnel)
prefix=${installed%/bin/runnel}
mv "$prefix" "$folder/moved"
try_cmake() { # WHAT LANGUAGE STATIC RUN
    local generator=''
    ! command -v ninja >/dev/null || generator='-GNinja'
    if ! env -u PKG_CONFIG_PATH -u PKG_CONFIG_SYSROOT_DIR cmake ${generator:+"$generator"} \
        -S "$source/tests/checks/cmake" -B "$folder/$2-$3" -DCMAKE_PREFIX_PATH="$folder/moved" -DVERSION="$version" \
        -DLANGUAGE="$2" -DSTATIC="$3" -DSOURCE="$example" >"$folder/log" 2>&1 ||
        ! cmake --build "$folder/$2-$3" >>"$folder/log" 2>&1; then
        cat "$folder/log"
        echo "$1: does not build"
        exit 1
    fi
    echo "$1: builds"
    [ "$4" = no ] || learns "$1" "$folder/$2-$3/user"
}
try_cmake "CMake, C, shared library" C OFF "$runs"
[ "$(uname -s)" != Linux ] || try_cmake "CMake, C, static library" C ON "$runs"
! command -v "$cxx" >/dev/null || try_cmake "CMake, C++, shared library" CXX OFF no
