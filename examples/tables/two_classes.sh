#!/bin/sh
# Two classes that no straight line separates: a disc and the ring around it.
# The last column is the class; a quarter of the rows is set aside to test with.
set -eu
table=$(dirname "$0")/rings.csv

runnel train --data "$table" --test-share 0.25 --out rings.safetensors
runnel eval rings.safetensors

# A point in the middle and one outside. The answers stand behind the cells.
printf 'x,y\n0,0.1\n1.5,-0.5\n' | runnel predict rings.safetensors -
