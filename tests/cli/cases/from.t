A saved network is trained further: --from.

  $ $PYTHON $CASES/make.py idx bars 30 6 6
  $ runnel train --data bars-images.idx --labels bars-labels.idx --net 'affine 8, tanh, affine' --iterations 200 --batch 10 --init auto --out one.st --quiet > /dev/null

With hardly any learning rate it is the same network; its notes are of the new run.

  $ runnel train --data bars-images.idx --labels bars-labels.idx --from one.st --iterations 1 --lr 1e-30 --batch 10 --out two.st --quiet > /dev/null
  $ for m in one two; do runnel eval $m.st --data bars-images.idx --labels bars-labels.idx --quiet | sed -n 1,3p; done
  samples   30
  loss      0.014051
  accuracy  100.00 %
  samples   30
  loss      0.014051
  accuracy  100.00 %
  $ runnel inspect two.st | grep -E 'network|from|init|iterations'
  network     affine 8, tanh, affine 3, softmax
    runnel.command  runnel train --data bars-images.idx --labels bars-labels.idx --lr 1e-30 --batch 10 --iterations 1 --from one.st
    runnel.from  one.st
    runnel.iterations  1
  $ runnel train --data bars-images.idx --labels bars-labels.idx --from one.st --iterations 200 --batch 10 --quiet | tail -n 1
        200    0.00\d\d    100.00         - (re)

Double precision stays, unless another is asked for.

  $ alias go="runnel train --data bars-images.idx --labels bars-labels.idx --iterations 1 --batch 10 --quiet"
  $ go --net 'affine 8, tanh, affine' --dtype f64 --out double.st > /dev/null; go --from double.st --out more.st > /dev/null; go --from double.st --dtype f32 --out single.st > /dev/null
  $ go --from more.st --out none --json | grep -o '"dtype":"..."'
  "dtype":"f64"
  $ for m in more single one; do runnel inspect $m.st | grep ^parameters; done
  parameters  323, f64, 2.6 kB
  parameters  323, f32, 1.3 kB
  parameters  323, f32, 1.3 kB

What does not fit is said.

  $ runnel train --data bars-images.idx --labels bars-labels.idx --batch 10 --from nowhere.st
  runnel train: nowhere.st: cannot open: No such file or directory
  [1]
  $ runnel train --data bars-images.idx --labels bars-labels.idx --batch 10 --from one.st --init he
  runnel train: --from and --init both say how the weights begin: give one of them
  [2]
  $ runnel train --data bars-images.idx --labels bars-labels.idx --batch 10 --from one.st --net 'affine 7, tanh, affine'
  runnel train: one.st: holds the network "affine 8, tanh, affine 3, softmax", and "affine 7, tanh, affine 3, softmax" was asked for
  [2]
  $ $PYTHON $CASES/make.py idx wide 30 7 7
  $ runnel train --data wide-images.idx --labels wide-labels.idx --batch 10 --from one.st --quiet
  runnel train: the training set has 49 features a sample, but the network takes 36 inputs
  [1]
