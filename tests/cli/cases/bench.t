The speed of this machine, with a network of one's own. No number is expected of it here.

  $ SMALL="--rounds 1 --seconds 0.001 --threads 2 --limit 200 --batch 20"
  $ runnel bench $SMALL --net 'affine 4, relu, affine'
  affine 4, relu, affine 10, softmax: 784 inputs, 3190 parameters, (onednn|portable); strokes, 200 samples; batch 20; runnel \d+\.\d+\.\d+ (re)
  samples a second             median        least         most
  train, 1 thread  +[\d,.]+ +[\d,.]+ +[\d,.]+ (re)
  train, 2 threads  +[\d,.]+ +[\d,.]+ +[\d,.]+   [\d.]+ times 1 thread (re)
  evaluate, 1 thread  +[\d,.]+ +[\d,.]+ +[\d,.]+ (re)
  evaluate, 2 threads  +[\d,.]+ +[\d,.]+ +[\d,.]+   [\d.]+ times 1 thread (re)
  predict, 1 a call  +[\d,.]+ +[\d,.]+ +[\d,.]+   [\d.]+ [um]s a call (re)
  predict, 10 a call  +[\d,.]+ +[\d,.]+ +[\d,.]+   [\d.]+ [um]s a call (re)
  predict, 100 a call  +[\d,.]+ +[\d,.]+ +[\d,.]+   [\d.]+ [um]s a call (re)
  $ runnel bench $SMALL --net 'affine' --threads 1 --json --quiet | grep -v predict
  \{"net":"affine 10, softmax","backend":"(onednn|portable)","data":"strokes","samples":200,"processors":\d+,"version":"[\d.]+"\} (re)
  \{"what":"train","threads":1,"batch":20,"samples_per_second":[\d.e+]+,"least":[\d.e+]+,"most":[\d.e+]+,"rounds":1\} (re)
  \{"what":"evaluate","threads":1,"batch":null,"samples_per_second":[\d.e+]+,"least":[\d.e+]+,"most":[\d.e+]+,"rounds":1\} (re)

Fewer samples than a batch has by itself; labels that are shares.

  $ printf 'a,b,y\n1,2,0.5\n2,1,0.25\n3,4,0.75\n4,1,0.125\n' > few.csv
  $ alias few="runnel bench --data few.csv --net 'affine 3, relu, affine, logistic' --rounds 1 --seconds 0.001 --quiet"
  $ few --threads 1 | tail -n 1
  predict, 1 a call .* (re)
  $ few --batch 5
  runnel bench: --batch 5: the data set has only 4 samples
  [2]

A model file is measured as it is, and left as it is.

  $ runnel train --data strokes --limit 200 --test-limit 100 --iterations 20 --net affine --dtype f64 --quiet --history none > log
  $ cp model.safetensors before
  $ runnel bench model.safetensors $SMALL --quiet | wc -l
  8
  $ cmp model.safetensors before
  $ runnel bench model.safetensors --net 'affine 5, relu, affine' $SMALL --quiet
  runnel bench: model.safetensors: holds the network "affine 10, softmax", and "affine 5, relu, affine 10, softmax" was asked for
  [2]
  $ $PYTHON $CASES/make.py forget model.safetensors torch.st all
  $ runnel bench torch.st $SMALL --net affine --quiet | wc -l
  8
  $ runnel bench torch.st $SMALL
  runnel bench: torch.st: does not say which network it holds, as PyTorch's files do not: name the layers (for example "affine 50, relu, affine 10"); the file has "0.weight" [10, 784], "0.bias" [10]
  --net names them: --net "affine 50, relu, affine 10"
  [2]

Wrong usage.

  $ runnel bench --batch 300 --limit 200
  runnel bench: --batch 300: the data set has only 200 samples
  [2]
  $ runnel bench --net 'affine 0'
  runnel bench: --net: .* (re)
  [2]
  $ runnel bench --rounds 0
  runnel bench: --rounds 0: .* (re)
  [2]
  $ runnel bench nowhere.safetensors
  runnel bench: nowhere.safetensors: .* (re)
  [1]
  $ runnel benchmark
  runnel: unknown verb benchmark; did you mean bench?
  [2]
