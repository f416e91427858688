A run goes on from its checkpoint with the options of its run.

  $ train() { runnel train --data strokes --limit 300 --test-limit 50 --net 'affine 8, relu, affine' --quiet "$@"; }
  $ train --iterations 90 --eval-every 40 --keep-best --validation 0.2 --out a.st --checkpoint run.ckpt | cut -c 1-9
  iteration
          0
         40
         80
         90
  $ runnel train --resume run.ckpt
  command  runnel train --net 'affine 8, relu, affine' --data strokes --limit 300 --test-limit 50 --iterations 90 --validation 0.2 --keep-best --eval-every 40
  data     strokes: 240 samples to train, 60 to validate, 50 to test, 28x28, 10 classes
  network  affine 8, relu, affine 10, softmax: 6370 parameters
  computes in f32, with (onednn|portable), on \d+ threads? (re)
  resumed  run.ckpt: all 90 updates are done (more --iterations or --epochs make the run longer)
  iteration      loss   train %   valid %    test %
         90    \d\.\d{4} +[\d.]+ +[\d.]+ +[\d.]+ (re)
  done: 90 updates, 0 of them since the checkpoint, in [\d.]+ s (re)
  kept     the parameters of iteration \d+: validation [\d.]+ % (re)
  saved    a.st, a.st.history.csv
  $ runnel train --resume run.ckpt --quiet --lr 0.2
  runnel train: run.ckpt: comes from a run with "lr 0.1", but this one has "lr 0.2": resume with the settings of that run
  [2]

To a later end: the end's own evaluation, of update 90, is not one of the longer run.

  $ runnel train --resume run.ckpt --iterations 130 --quiet | cut -c 1-9
  iteration
        120
        130
  $ train --iterations 130 --eval-every 40 --keep-best --validation 0.2 --out b.st > /dev/null
  $ cmp a.st b.st && cmp a.st.history.csv b.st.history.csv && echo the same
  the same
  $ runnel train --resume run.ckpt --iterations 120 --quiet
  runnel train: run.ckpt: is from after 130 updates, but this run ends after 120
  [2]
  $ runnel train --resume run.ckpt --epochs 60 --quiet --out none --history none | cut -c 1-9
  iteration
        160
        180
  $ runnel train --resume run.ckpt --recipe fast --quiet
  runnel train: run.ckpt: comes from a run with "network affine 8, relu, affine 10, softmax", but this one has "network affine 256, batchnorm 0.1 1e-5, relu, affine 10, softmax": resume with the settings of that run
  [2]

A schedule that is drawn over the whole run has its end.

  $ train --iterations 50 --schedule cosine --out none --history none --checkpoint cosine.ckpt > /dev/null
  $ runnel train --resume cosine.ckpt --iterations 60 --quiet
  runnel train: cosine.ckpt: comes from a run with "schedule cosine 0 over 50 iterations", but this one has "schedule cosine 0 over 60 iterations": resume with the settings of that run
  [2]

A table's looks at the accuracy are as many as its run's length asks for; a longer run keeps to those that it had.

  $ $PYTHON -c 'print("x,y,kind"); [print(f"{i % 7},{i * i % 11},{i % 3}") for i in range(60)]' > t.csv
  $ runnel train --data t.csv --iterations 100 --out t.st --checkpoint t.ckpt --quiet > /dev/null
  $ runnel train --resume t.ckpt --iterations 110 --quiet | cut -c 1-9
  iteration
        105
        110
  $ runnel train --data t.csv --iterations 110 --eval-every 5 --out u.st --quiet > /dev/null; cmp t.st u.st && echo the same
  the same
  $ sed 's/^6,/7,/' t.csv > other.csv
  $ runnel train --data other.csv --resume t.ckpt --quiet 2>&1 | sed 's/digest [0-9a-f]*/digest .../g'
  runnel train: t.ckpt: comes from a run with "training-set 60 samples, digest ...", but this one has "training-set 60 samples, digest ...": resume with the settings of that run
  $ rm t.csv; runnel train --resume t.ckpt --quiet
  runnel train: --data t.csv: no such file or folder; expected mnist, strokes, or a path
  [1]

What a checkpoint tells.

  $ runnel inspect run.ckpt | head -n 8
  file        checkpoint
  updates     180
  evaluated   after update 160: train 0\.\d{4} validation 0\.\d{4} validation_loss \d\.\d{4} test 0\.\d{4} (re)
  command     runnel train '--net=affine 8, relu, affine' --data=strokes --limit=300 --test-limit=50 --epochs=60 --validation=0.2 --keep-best --eval-every=40 --out=none --history=none
  
  what a run must have to go on from here
    version 0.1.0
    network affine 8, relu, affine 10, softmax
  $ runnel inspect run.ckpt | grep -e training-set -e batch
    training-set 240 samples, digest [0-9a-f]{16} (re)
    batch 100
  $ runnel inspect run.ckpt --json | $PYTHON -c 'import json, sys; told = json.load(sys.stdin); print(told["iterations"], told["evaluation"]["iteration"], told["options"][-1], told["settings"]["batch"])'
  180 160 --history=none 100
  $ runnel eval run.ckpt
  runnel eval: run.ckpt: is a checkpoint, from which a run goes on, and no model file: the run writes the model at its end
  [1]
  $ head -c 300 run.ckpt > cut.ckpt
  $ runnel inspect cut.ckpt
  runnel inspect: cut.ckpt: is damaged: its content does not fit its check
  [1]
  $ runnel train --resume cut.ckpt
  runnel train: cut.ckpt: is damaged: its content does not fit its check
  [1]
  $ runnel train --resume other.csv
  runnel train: other.csv: is no checkpoint of runnel
  [1]
  $ runnel train --resume none.ckpt
  runnel train: none.ckpt: cannot open: No such file or directory
  [1]

A file that the checkpoint alone names is not written outside of the folder, nor a hidden one.

  $ mkdir in && cd in && mkdir sub
  $ train --iterations 5 --out "$PWD/../x.st" --history none --checkpoint out.ckpt > /dev/null
  $ runnel train --resume out.ckpt 2>&1 | sed "s=$PWD=FOLDER="
  runnel train: --resume out.ckpt: its run wrote --out FOLDER/../x.st, outside of this folder: give --out again
  $ runnel train --resume out.ckpt --out x.st --quiet > /dev/null; ls
  out.ckpt
  sub
  x.st
  $ for place in ../x.st .x.st sub/../../x.st; do train --iterations 5 --out $place --history none --checkpoint out.ckpt > /dev/null; runnel train --resume out.ckpt; done
  runnel train: --resume out.ckpt: its run wrote --out ../x.st, outside of this folder: give --out again
  runnel train: --resume out.ckpt: its run wrote --out .x.st, outside of this folder: give --out again
  runnel train: --resume out.ckpt: its run wrote --out sub/../../x.st, outside of this folder: give --out again
  [2]
  $ train --iterations 5 --out "sub/it's.st" --history none --checkpoint out.ckpt > /dev/null
  $ rm "sub/it's.st"; runnel train --resume out.ckpt --quiet > /dev/null; ls sub
  it's.st
  $ runnel inspect out.ckpt | grep command
  command     runnel train '--net=affine 8, relu, affine' --data=strokes --limit=300 --test-limit=50 --iterations=5 '--out=sub/it'\''s.st' --history=none

Nor is any other place taken from it, whatever somebody has written into it.

  $ change() { $PYTHON $CASES/make.py options out.ckpt bad.ckpt --data=strokes --limit=300 --test-limit=50 '--net=affine 8, relu, affine' --iterations=5 --out=none --history=none "$@"; }
  $ change && runnel train --resume bad.ckpt --quiet
  iteration      loss   train %    test %
          5    2\.3\d{3} +[\d.]+ +[\d.]+ (re)
  $ for option in --checkpoint=lost --show-augmented=lost.png --resume=lost --lost=1 --keep-best=1 --lr --lr=x; do change $option; runnel train --resume bad.ckpt --quiet; done; ls
  runnel train: --resume bad.ckpt: it has the option --checkpoint, which this version of runnel does not take from a checkpoint
  runnel train: --resume bad.ckpt: it has the option --show-augmented, which this version of runnel does not take from a checkpoint
  runnel train: --resume bad.ckpt: it has the option --resume, which this version of runnel does not take from a checkpoint
  runnel train: --resume bad.ckpt: it has the option --lost, which this version of runnel does not take from a checkpoint
  runnel train: --resume bad.ckpt: it has the option --keep-best, which this version of runnel does not take from a checkpoint
  runnel train: --resume bad.ckpt: it has the option --lr, which this version of runnel does not take from a checkpoint
  runnel train: --lr x: expected a number greater than 0
  bad.ckpt
  out.ckpt
  sub
  x.st
