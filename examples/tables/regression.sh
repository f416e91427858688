#!/bin/sh
# A number to predict: the rent of a flat. What is best by a tenth of the training rows is kept.
set -eu
table=$(dirname "$0")/flats.csv

runnel train --data "$table" --test-share 0.2 --validation 0.1 --keep-best \
    --optimizer adam --lr 0.003 --batch 32 --epochs 200 --out flats.safetensors
runnel eval flats.safetensors

# The last column of the answer is the rent.
printf 'area,rooms,year,quarter\n50,2,1980,north\n90,3,2010,old town\n' | runnel predict flats.safetensors -
