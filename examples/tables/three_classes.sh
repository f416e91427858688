#!/bin/sh
# Three kinds of tree by their leaves. Semicolons separate the cells, one column is text, one is only the
# number of the row, and some widths are missing.
set -eu
table=$(dirname "$0")/leaves.csv

runnel train --data "$table" --drop number --missing mean --test-share 0.25 --out leaves.safetensors
runnel eval leaves.safetensors

# Columns are found by their names, in any order; the width is missing here, too.
printf 'edge,length,width\ntoothed,9.5,1.4\nlobed,12,\n' | runnel predict leaves.safetensors -
