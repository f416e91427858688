A short run on the built-in digits.

  $ alias train="runnel train --data strokes --limit 500 --test-limit 100 --iterations 30 --eval-every 20"
  $ train --threads 1
  data     strokes: 500 samples to train, 100 to test, 28x28, 10 classes
  network  affine 50, relu, affine 10, softmax: 39760 parameters
  computes in f32, with (onednn|portable), on 1 thread (re)
  iteration      loss   train %    test %
   *0 +- +\d+\.\d\d +\d+\.\d\d (re)
   *20 +\d\.\d{4} +\d+\.\d\d +\d+\.\d\d (re)
   *30 +\d\.\d{4} +\d+\.\d\d +\d+\.\d\d (re)
  done: 30 updates in [\d.]+ s (re)
  saved    model.safetensors, model.history.csv
  $ ls -A
  model.history.csv
  model.safetensors
  $ head -n 2 model.history.csv
  iteration,loss,lr,train_accuracy,validation_loss,validation_accuracy,test_accuracy
  0,,,0\.\d+,,,0\.\d+ (re)
  $ wc -l < model.history.csv
  32

The model tells how it was made: neither date nor threads nor where it was saved.

  $ runnel inspect model.safetensors | sed -n '/^notes/,$p'
  notes
    runnel.batch  100
    runnel.command  runnel train --data strokes --limit 500 --test-limit 100 --iterations 30 --eval-every 20
    runnel.data  strokes
    runnel.input.scale  0.00392156862745098
    runnel.input.shape  1x28x28
    runnel.input.shift  0
    runnel.iterations  30
    runnel.lr  0.1
    runnel.sampling  replacement
    runnel.seed  1
    runnel.test_accuracy  0\.\d{6} (re)
    runnel.train_accuracy  0\.\d{6} (re)
    runnel.weight_init_std  0.01

The same command makes the same model, on any number of threads.

  $ for t in 1 2 3 4; do train --threads $t --out t$t.safetensors --quiet > t$t.out; done
  $ train --quiet --out=again.safetensors > /dev/null
  $ sha256sum *.safetensors | cut -d ' ' -f 1 | uniq | wc -l
  1
  $ cat t*.out | sort | uniq -c | awk '{print $1}' | uniq
  4
  $ train --quiet --seed 2 > /dev/null; cmp -s model.safetensors t1.safetensors
  [1]
  $ rm *

Quiet: only results. JSON: objects, one a line. None: no file.

  $ train --quiet --out none
  iteration      loss   train %    test %
   *0 +- +\d+\.\d\d +\d+\.\d\d (re)
   *20 +\d\.\d{4} +\d+\.\d\d +\d+\.\d\d (re)
   *30 +\d\.\d{4} +\d+\.\d\d +\d+\.\d\d (re)
  $ train --json --quiet --out none
  \{"event":"start","data":"strokes","train_samples":500,"test_samples":100,"net":"affine 50, relu, affine 10, softmax","parameters":39760,"dtype":"f32","backend":"(onednn|portable)","threads":\d+\} (re)
  \{"event":"evaluation","iteration":0,"training_seconds":[\d.e-]+,"loss":null,"train_accuracy":0\.\d+,"test_accuracy":0\.\d+\} (re)
  \{"event":"evaluation","iteration":20,"training_seconds":[\d.e-]+,"loss":2\.\d+,"train_accuracy":0\.\d+,"test_accuracy":0\.\d+\} (re)
  \{"event":"evaluation","iteration":30,"training_seconds":[\d.e-]+,"loss":2\.\d+,"train_accuracy":0\.\d+,"test_accuracy":0\.\d+\} (re)
  \{"event":"end","status":"ok","iterations":30,"train_accuracy":0\.\d+,"test_accuracy":0\.\d+,"seconds":[\d.]+\} (re)
  $ train --quiet --out none --history only.csv --eval-every 1000; ls -A
  iteration      loss   train %    test %
   *0 +- +\d+\.\d\d +\d+\.\d\d (re)
   *30 +\d\.\d{4} +\d+\.\d\d +\d+\.\d\d (re)
  only.csv
  $ rm only.csv

By epochs, shuffled, in double precision; the last batch of an epoch is smaller.

  $ runnel train --data strokes --limit 50 --test-limit 10 --batch 20 --epochs 2.5 --sampling shuffled --dtype f64 --quiet --out sub.st
  iteration      loss   train %    test %
   *0 +- +\d+\.\d\d +\d+\.\d\d (re)
   *3 +\d\.\d{4} +\d+\.\d\d +\d+\.\d\d (re)
   *6 +\d\.\d{4} +\d+\.\d\d +\d+\.\d\d (re)
   *8 +\d\.\d{4} +\d+\.\d\d +\d+\.\d\d (re)
  $ ls -A
  sub.st
  sub.st.history.csv
  $ runnel inspect sub.st | grep -e command -e parameters
  parameters  39760, f64, 318.1 kB
  layer          inputs  outputs  parameters
    runnel.command  runnel train --data strokes --limit 50 --test-limit 10 --batch 20 --epochs 2.5 --sampling shuffled --dtype f64

One's own pictures, without a test part.

  $ $PYTHON $CASES/make.py idx bars 30 6 6
  $ runnel train --data bars-images.idx --labels bars-labels.idx --net 'affine 8, sigmoid, affine' --weight-init-std 0.5 --batch 30 --lr 1 --iterations 200 --eval-every 100 --out bars.st
  data     bars-images.idx: 30 samples to train, 0 to test, 6x6, 3 classes
  network  affine 8, sigmoid, affine 3, softmax: 323 parameters
  computes in f32, with (onednn|portable), on \d+ threads? (re)
  iteration      loss   train %    test %
   *0 +- +\d+\.\d\d +- (re)
   *100 +\d\.\d{4} +100\.00 +- (re)
   *200 +\d\.\d{4} +100\.00 +- (re)
  done: 200 updates in [\d.]+ s (re)
  saved    bars.st, bars.st.history.csv
  $ runnel eval bars.st
  these are the samples that it was trained on: no others were set aside
  bars.st on bars-images.idx
  samples   30
  loss      0\.0\d+ (re)
  accuracy  100.00 %
  
  class  precision   recall       F1  support
  0         1.0000   1.0000   1.0000       10
  1         1.0000   1.0000   1.0000       10
  2         1.0000   1.0000   1.0000       10
  
  rows: the true class; columns: the answer; right: % of the row
  
      0  1  2    right
  0  10  0  0   100.00
  1   0 10  0   100.00
  2   0  0 10   100.00

A learning rate that is too high: what was learnt until then is kept, if anything was.

  $ train --quiet --lr 1e30
  iteration      loss   train %    test %
   *0 +- +\d+\.\d\d +\d+\.\d\d (re)
  runnel train: training diverged: the loss became NaN at iteration 2 with learning rate 1e+30; try a learning rate of 1e+29 or less. The parameters are those of iteration 0
  [1]
  $ ls model*
  model.history.csv
  $ train --lr 1e30 --eval-every 1 --out kept.st
  data     strokes: 500 samples to train, 100 to test, 28x28, 10 classes
  network  affine 50, relu, affine 10, softmax: 39760 parameters
  computes in f32, with (onednn|portable), on \d+ threads? (re)
  iteration      loss   train %    test %
   *0 +- +\d+\.\d\d +\d+\.\d\d (re)
   *1 +\d\.\d{4} +\d+\.\d\d +\d+\.\d\d (re)
  runnel train: training diverged: the loss became NaN at iteration 2 with learning rate 1e+30; try a learning rate of 1e+29 or less. The parameters are those of iteration 1
  stopped after 2 updates in [\d.]+ s (re)
  saved    kept.st, kept.st.history.csv
  [1]
  $ runnel inspect kept.st | grep iterations
    runnel.command  runnel train --data strokes --limit 500 --test-limit 100 --lr 1e+30 --iterations 30 --eval-every 1
    runnel.iterations  1

A full disk, or rather a limit on a file's size; the old model stays.

  $ train --quiet --out m.st > /dev/null; cp m.st before.st
  $ (ulimit -f 8; train --quiet --seed 3 --out m.st > /dev/null)
  runnel train: the model could not be saved: m.st: cannot write: File too large; what was there before is untouched
  [1]
  $ cmp m.st before.st
  $ ls -A | grep -v -e '\.st$' -e '\.csv$' -e idx
  [1]
  $ train --quiet --out full.st > /dev/full
  runnel train: standard output cannot be written: No space left on device
  [1]
  $ runnel inspect full.st | grep network
  network     affine 50, relu, affine 10, softmax
  $ $PYTHON $CASES/closed_pipe.py runnel train --data strokes --limit 200 --test-limit 10 --iterations 5 --quiet --out unread.st
  [1]
  $ runnel inspect unread.st | grep network
  network     affine 50, relu, affine 10, softmax

A path that is no UTF-8: the model is saved, and what it notes of it is.

  $ printf 'a,y\n1,0\n2,1\n3,0\n4,1\n' > "$(printf 'gr\374n.csv')"
  $ runnel train --data gr*n.csv --iterations 1 --out path.st --quiet > /dev/null
  $ runnel inspect path.st | grep 'runnel.data '
    runnel.data  gr�n.csv

All of one class: nothing is wrong, and nothing is learnt.

  $ printf 'a,k\n1,x\n2,x\n3,x\n' > one.csv; runnel train --data one.csv --task classes --iterations 1 --out none 2>&1 | grep warning
  warning  all samples to train are of one class: a network that always answers with it is right, and nothing else can be learnt from them

Files do not go to standard output.

  $ train --out -
  runnel train: --out -: standard output is for what is told, not for files (./- is a file of this name)
  [1]
  $ train --out none --history -
  runnel train: --history -: standard output is for what is told, not for files (./- is a file of this name)
  [1]
  $ train --out none --checkpoint - --every 5
  runnel train: --checkpoint -: standard output is for what is told, not for files (./- is a file of this name)
  [1]
