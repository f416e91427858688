The pixels that a network has learnt as bytes, in files of other kinds: scaled alike, and their classes keep their numbers.

  $ $PYTHON $CASES/make.py idx bars 60 4 4
  $ $PYTHON $CASES/make.py npy bars-images.idx bars.npy
  $ $PYTHON $CASES/make.py kinds bars
  $ runnel train --data bars.npy --labels bars-labels.npy --batch 30 --lr 1 --iterations 300 --eval-every 300 --quiet --out bars.st | tail -n 1
        300    0.0002    100.00         -
  $ for d in 'bars.npy --labels bars-labels.npy' 'bars-doubles.npy --labels bars-labels.npy' bars.csv; do runnel eval bars.st --quiet --data $d | sed -n 2,3p; done
  loss      0.000202
  accuracy  100.00 %
  loss      0.000202
  accuracy  100.00 %
  loss      0.000202
  accuracy  100.00 %
  $ for d in 'bars-doubles.npy --labels bars-labels.npy' bars.csv; do runnel train --from bars.st --data $d --lr 1e-30 --iterations 1 --quiet --out none | tail -n 1; done
          1    0.0002    100.00         -
          1    0.0002    100.00         -
  $ runnel train --data bars.npy --labels bars-labels.npy --test bars-doubles.npy --test-labels bars-labels.npy --batch 30 --lr 1 --iterations 300 --eval-every 300 --quiet --out none | tail -n 1
        300    0.0002    100.00    100.00

A table with two of the three classes: 1 and 2 are not 0 and 1.

  $ grep -v ',0$' bars.csv > some.csv
  $ runnel eval bars.st --quiet --data some.csv
  samples   40
  loss      0.000262
  accuracy  100.00 %
  
  class  precision   recall       F1  support
  0              -        -        -        0
  1         1.0000   1.0000   1.0000       20
  2         1.0000   1.0000   1.0000       20
  
  rows: the true class; columns: the answer; right: % of the row
  
      0  1  2    right
  0   0  0  0        -
  1   0 20  0   100.00
  2   0  0 20   100.00
  $ runnel train --from bars.st --data some.csv --lr 1e-30 --iterations 1 --quiet --out none | tail -n 1
          1    0.0002    100.00         -
  $ sed 's/,2$/,3/' some.csv | runnel eval bars.st --quiet --data -
  runnel eval: standard input: the target of row 2 is 3, and the network's classes are the numbers 0 to 2
  [1]

What was set aside to test with is drawn from as many samples as in training.

  $ runnel train --data bars.npy --labels bars-labels.npy --limit 40 --test-share 0.2 --batch 8 --iterations 5 --quiet --out limited.st > none
  $ runnel eval limited.st --quiet | head -n 1
  samples   8
  $ runnel eval limited.st --part train --quiet | head -n 1
  samples   32
  $ runnel eval limited.st --limit 5
  runnel eval: --limit would change which samples were set aside: --data bars.npy with it takes the first of all
  [2]

Options that the data have no use for, or that contradict each other.

  $ runnel train --data bars.npy --labels bars-labels.npy --drop 3
  runnel train: --drop belongs to a table, but --data bars.npy is none
  [2]
  $ runnel train --data bars.npy --labels bars-labels.npy --dark-on-light
  runnel train: --dark-on-light belongs to a folder of pictures, but --data bars.npy is none
  [2]
  $ runnel train --data bars.npy --labels bars-labels.npy --test bars.npy --test-labels bars-labels.npy --test-share 0.2
  runnel train: --test and --test-share both say what to test with: give one of them
  [2]
  $ runnel train --data bars.csv --drop 1 --drop 2
  runnel train: --drop is given twice: all names go into one, as --drop 1,2
  [2]
  $ runnel train --from bars.st
  runnel train: --from bars.st: which data? It was trained on --data bars.npy
  [2]

A folder with a part of its own to test with; pictures of ink on paper, for a network that knows light on dark.

  $ for k in 0 1 2; do mkdir -p pics/train/$k pics/test/$k; $PYTHON $CASES/make.py png pics/train/$k/a.png 4 4 $k dark; cp pics/train/$k/a.png pics/test/$k/b.png; done
  $ runnel train --data pics --test-share 0.5
  runnel train: --test-share: --data pics has a part of its own to test with
  [2]
  $ runnel train --data pics --missing mean
  runnel train: --missing belongs to a table, but --data pics is none
  [2]
  $ runnel train --data pics --task regression
  runnel train: --task regression: of pictures in folders, the folder is the class
  [2]
  $ runnel eval bars.st --data pics --dark-on-light --quiet | sed -n 3p
  accuracy  100.00 %

What a second file cannot be.

  $ runnel train --data bars.npy --labels bars-labels.npy --test bars.csv
  runnel train: --test bars.csv is a table, but --data bars.npy is none
  [2]
  $ runnel train --data - --test - < bars.csv
  runnel train: --data and --test are both standard input, which can be read once only
  [2]
  $ printf '\376\377\0a\0,\0b\0\n' > utf16.csv; runnel data utf16.csv
  runnel data: utf16.csv is text in UTF-16, expected UTF-8 (iconv -f UTF-16 -t UTF-8 makes it so)
  [1]

Pixels that somebody has scaled to 0 ... 1 already stay so.

  $ $PYTHON $CASES/make.py floats normal.npy "$(printf '%s ' 0.02 0.02 0.02 0.02 0.98 0.98 0.98 0.98 0.98 0.98 0.98 0.98 0.02 0.02 0.02 0.02)"; $PYTHON $CASES/make.py wholes one.npy 1
  $ runnel eval bars.st --data normal.npy --labels one.npy | sed -n 1,2p
  normal.npy: no number is above 1, so they are taken for pixels that are scaled already
  bars.st on normal.npy
  samples   1
  loss      0.000015
  $ runnel train --data bars.npy --labels bars-labels.npy --test normal.npy --test-labels one.npy --batch 30 --iterations 1 --out none 2>&1 > /dev/null | head -n 1
  normal.npy: no number is above 1, so they are taken for pixels that are scaled already

A network that learnt inverted pictures goes on with an array: that is not inverted, and nothing says that it was.

  $ runnel train --data pics/train --dark-on-light --batch 3 --iterations 20 --quiet --out dark.st > none; runnel inspect dark.st | grep '  runnel.dark'
    runnel.dark_on_light  true
  $ runnel train --from dark.st --data bars.npy --labels bars-labels.npy --batch 3 --iterations 20 --quiet --out further.st > none; runnel inspect further.st | grep '  runnel.dark'
  [1]

A network that knows no table's columns gets a large number as it is; one that was trained on them, less what stands before it.

  $ printf '1700000000,0.5,0\n1700000010,0.25,1\n1700000020,0.125,2\n' > times.csv
  $ runnel train --data times.csv --task regression --batch 3 --iterations 20 --quiet --out times.st > none; runnel inspect times.st | grep -A1 ^column
  column                   inputs
    1          0   number less 1700000000
  $ runnel export times.st --to c --name times 2>&1 > none
  input 0 is a column less 1700000000
  $ $PYTHON $CASES/make.py forget times.st foreign.st all
  $ runnel eval foreign.st --net 'affine 50, relu, affine, mse' --data times.csv 2>&1 | head -n 3
  table    comma between cells, no header: 2 columns of numbers, 0 of text, 2 inputs
  target   column 3: a number to predict
  prepared not at all: inputs are as they stand in the table
