  $ runnel gradcheck --threads 1
  affine 50, relu, affine 10, softmax: 39760 parameters, f64, (onednn|portable), 3 samples of strokes, h = 0.0001 (re)
                      mean   largest   largest   finer
  block   numbers  abs diff  rel diff  gradient       h
  W1 +39200 +\d\.\d\de-1\d +\d\.\d\de-(0[6-9]|1\d) +\d\.\d\de-0\d +0 (re)
  b1 +50 +\d\.\d\de-1\d +\d\.\d\de-(0[6-9]|1\d) +\d\.\d\de-0\d +0 (re)
  W2 +500 +\d\.\d\de-1\d +\d\.\d\de-(0[6-9]|1\d) +\d\.\d\de-0\d +0 (re)
  b2 +10 +\d\.\d\de-1\d +\d\.\d\de-(0[6-9]|1\d) +\d\.\d\de-0\d +0 (re)
  
  they agree: the largest relative difference is \d\.\d\de[+-]\d\d, the bound is 1.00e-05 (re)
  $ runnel gradcheck --net 'affine 4, sigmoid, affine 4, relu, affine' --samples 5 --seed 3 --json
  affine 4, sigmoid, affine 4, relu, affine 10, softmax: 3210 parameters, f64, (onednn|portable), 5 samples of strokes, h = 0.0001 (re)
  \{"block":"W1","shape":\[784,4\],"mean_absolute_difference":[\d.]+e-1\d,"largest_relative_difference":[\d.]+e-([6-9]|1\d),"largest_gradient":[\d.e-]+,"finer_h":0\} (re)
  \{"block":"b1","shape":\[1,4\],"mean_absolute_difference":[\d.]+e-1\d,"largest_relative_difference":[\d.]+e-([6-9]|1\d),"largest_gradient":[\d.e-]+,"finer_h":0\} (re)
  \{"block":"W2","shape":\[4,4\],"mean_absolute_difference":[\d.]+e-1\d,"largest_relative_difference":[\d.]+e-([6-9]|1\d),"largest_gradient":[\d.e-]+,"finer_h":0\} (re)
  \{"block":"b2","shape":\[1,4\],"mean_absolute_difference":[\d.]+e-1\d,"largest_relative_difference":[\d.]+e-([6-9]|1\d),"largest_gradient":[\d.e-]+,"finer_h":0\} (re)
  \{"block":"W3","shape":\[4,10\],"mean_absolute_difference":[\d.]+e-1\d,"largest_relative_difference":[\d.]+e-([6-9]|1\d),"largest_gradient":[\d.e-]+,"finer_h":0\} (re)
  \{"block":"b3","shape":\[1,10\],"mean_absolute_difference":[\d.]+e-1\d,"largest_relative_difference":[\d.]+e-([6-9]|1\d),"largest_gradient":[\d.e-]+,"finer_h":0\} (re)
  \{"net":"affine 4, sigmoid, affine 4, relu, affine 10, softmax","loss":2.30258\d*,"largest_relative_difference":[\d.]+e-[6-9],"bound":1e-5,"agree":true\} (re)

With this seed a relu stands so close to 0 that its kink lies within h.

  $ runnel gradcheck --net 'affine 4, relu, affine' --samples 10 --seed 2 --h 0.001 --bound 1e-4 --quiet | sed 's/.* //'
  finer
  h
  [1-9]\d+ (re)
  1
  0
  \d (re)
  
  1.00e-04

Samples come from everywhere in a table that is sorted by its classes; the first ones are all of one.

  $ seq 0 89 | awk -v OFS=, 'BEGIN { print "a,b,kind" } { print $1 % 7, $1 % 5, int($1 / 30) }' > sorted.csv
  $ runnel gradcheck --data sorted.csv --net 'affine 4, sigmoid, affine' --seed 1 --json
  table    comma between cells, a header: 2 columns of numbers, 0 of text, 2 inputs
  target   kind: 3 classes: 0, 1, 2
  prepared standard: inputs get mean 0 and variance 1 over the training part
  affine 4, sigmoid, affine 3, softmax: 27 parameters, f64, (onednn|portable), 3 samples of sorted.csv, h = 0.0001 (re)
  \{"block":"W1",.*,"largest_gradient":0.00\d+,"finer_h":0\} (re)
  \{"block":"b1",.*,"largest_gradient":[\d.]+e-[1-6],"finer_h":0\} (re)
  \{"block":"W2",.*,"largest_gradient":0.00\d+,"finer_h":0\} (re)
  \{"block":"b2",.*,"largest_gradient":0.00\d+,"finer_h":0\} (re)
  \{"net":"affine 4, sigmoid, affine 3, softmax","loss":1.09\d*,.*,"agree":true\} (re)
  $ runnel gradcheck --data sorted.csv --net affine --samples 91 --quiet
  runnel gradcheck: --samples 91: the data set has only 90
  [2]
  $ runnel gradcheck --data sorted.csv --net affine --samples 90 --bound 1e-4 --quiet | tail -n 1
  they agree: .* (re)

Numbers as targets.

  $ seq 0 9 | awk -v OFS=, 'BEGIN { print "a,b,y" } { print $1 % 4, $1 % 3, $1 * 1.5 }' > numbers.csv
  $ runnel gradcheck --data numbers.csv --net 'affine 3, tanh, affine, mse' --quiet | tail -n 1
  they agree: .* (re)
  $ runnel gradcheck --data numbers.csv --net affine --quiet | tail -n 1
  they agree: .* (re)
  $ awk -F , -v OFS=, 'NR > 1 { $3 = $3 / 15 } { print }' numbers.csv > shares.csv
  $ runnel gradcheck --data shares.csv --net 'affine 3, tanh, affine, logistic' --quiet | tail -n 1
  they agree: .* (re)
  $ runnel gradcheck --data numbers.csv --net 'affine, softmax' --quiet
  runnel gradcheck: target row 0 is no row of probabilities: .* (re)
  [2]

It can fail.

  $ runnel gradcheck --net 'affine 4, sigmoid, affine' --bound 1e-15 --quiet
                      mean   largest   largest   finer
  block   numbers  abs diff  rel diff  gradient       h
  W1 +3136 +\d\.\d\de-1\d +\d\.\d\de-(0[6-9]|1\d) +\d\.\d\de-0\d +0 (re)
  b1 +4 +\d\.\d\de-1\d +\d\.\d\de-(0[6-9]|1\d) +\d\.\d\de-0\d +0 (re)
  W2 +40 +\d\.\d\de-1\d +\d\.\d\de-(0[6-9]|1\d) +\d\.\d\de-0\d +0 (re)
  b2 +10 +\d\.\d\de-1\d +\d\.\d\de-(0[6-9]|1\d) +\d\.\d\de-0\d +0 (re)
  
  THEY DISAGREE: the largest relative difference is \d\.\d\de[+-]\d\d, the bound is 1.00e-15 (re)
  [1]
  $ runnel gradcheck --net 'affine 4, sigmoid, affine' --h 1e-13 --quiet | tail -n 1
  THEY DISAGREE: the largest relative difference is .*, the bound is 1.00e-05 (re)

An h that is too large is made smaller.

  $ runnel gradcheck --net 'affine 4, sigmoid, affine' --h 1 --quiet | tail -n 1
  they agree: .* (re)

What checks little says so.

  $ runnel gradcheck --net 'affine 4, affine' --weight-init-std 0 | tail -n 1
  affine 4, affine 10, softmax: 3190 parameters, f64, (onednn|portable), 3 samples of strokes, h = 0.0001 (re)
  all gradients of W1 are 0, which checks little
  all gradients of b1 are 0, which checks little
  all gradients of W2 are 0, which checks little
  they agree: the largest relative difference is \d\.\d\de[+-]\d\d, the bound is 1.00e-05 (re)
  $ runnel gradcheck --net 'affine 4, relux'
  runnel gradcheck: --net: network "affine 4, relux": item 2: unknown layer "relux"; did you mean relu?
  [2]
  $ runnel gradcheck --data nowhere
  runnel gradcheck: --data nowhere: no such file or folder; expected mnist, strokes, or a path
  [1]
  $ runnel gradcheck --net 'affine' --samples 60001
  runnel gradcheck: --samples 60001: the data set has only 60000
  [2]
  $ runnel gradcheck --net affine > /dev/full
  affine 10, softmax: 7850 parameters, f64, (onednn|portable), 3 samples of strokes, h = 0.0001 (re)
  runnel gradcheck: standard output cannot be written: No space left on device
  [1]
