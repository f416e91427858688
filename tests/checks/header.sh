#!/usr/bin/env bash
# header.sh - runnel.h alone, twice in one file, as C11 and as C++
#
#   header.sh INCLUDE_FOLDER COMPILER...
set -eu
include=$1
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
printf '#include <runnel.h>\n#include <runnel.h>\nint used(void);\nint used(void) { return RNL_OK; }\n' >"$folder/alone.c"
"$@" -std=c11 -pedantic-errors -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Werror \
    -I"$include" -fsyntax-only "$folder/alone.c"
echo "C11: ok"
cxx=${CXX:-c++}
if ! command -v "$cxx" >/dev/null; then
    echo "C++: skipped, there is no $cxx"
    exit 77
fi
for standard in c++11 c++17; do
    "$cxx" -x c++ -std=$standard -Wall -Wextra -Wshadow -Wconversion -Wold-style-cast -Werror \
        -I"$include" -fsyntax-only "$folder/alone.c"
    echo "$standard: ok"
done
