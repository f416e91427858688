Lists alone are a grid: all combinations, the last list fastest.

  $ alias sweep="runnel sweep --data strokes --limit 300 --batch 20 --iterations 60 --eval-every 60"
  $ sweep --try 'lr=0.1 | 1e-5' --try 'net=affine 8, relu, affine | affine' --validation 0.2 --threads 2
  data     strokes: 240 samples to train, 60 to validate
  sweep    4 trials, 1 seed: 4 runs, 2 at a time
  done: 4 runs in [\d.]+ s (re)
  table    sweep.csv
  trial  valid %      loss  lr    net
   +\d +\d\d\.\d\d +\d\.\d{4}  0\.1   affine.* (re)
   +\d +\d\d\.\d\d +\d\.\d{4}  0\.1   affine.* (re)
   +\d +\d+\.\d\d +\d\.\d{4}  1e-5  affine.* (re)
   +\d +\d+\.\d\d +\d\.\d{4}  1e-5  affine.* (re)
  
  the best:
    runnel train --net .* --data strokes --limit 300 --lr 0.1 --batch 20 --iterations 60 --seed 1 --validation 0.2 --eval-every 60 (re)
  $ cut -d , -f 1-3 sweep.csv
  trial,seed,lr
  1,1,0.1
  2,1,0.1
  3,1,1e-5
  4,1,1e-5
  $ head -n 2 sweep.csv
  trial,seed,lr,net,status,validation_accuracy,validation_loss,iterations,kept,seconds,input,command
  1,1,0\.1,"affine 8, relu, affine",ok,0\.\d+,\d\.\d+,60,60,[\d.]+,[0-9a-f]{16},"runnel train --net 'affine 8, relu, affine' .*" (re)

Again: all of it is there already. With one more seed: the rest is run.

  $ cp sweep.csv before.csv
  $ sweep --try 'lr=0.1 | 1e-5' --try 'net=affine 8, relu, affine | affine' --validation 0.2 2>&1 | grep -e found -e done
  found    all of them in sweep.csv
  done: 0 runs in [\d.]+ s (re)
  $ cmp before.csv sweep.csv
  $ sweep --try 'lr=0.1 | 1e-5' --try 'net=affine 8, relu, affine | affine' --validation 0.2 --seeds 2 --threads 1
  data     strokes: 240 samples to train, 60 to validate
  sweep    4 trials, 2 seeds: 8 runs, 1 at a time
  found    4 of them in sweep.csv
  done: 4 runs in [\d.]+ s (re)
  table    sweep.csv
  trial  valid %      +-      loss  lr    net
   +\d +\d\d\.\d\d +\d+\.\d\d +\d\.\d{4}  0\.1   affine.* (re)
   +\d +\d\d\.\d\d +\d+\.\d\d +\d\.\d{4}  0\.1   affine.* (re)
   +\d +\d+\.\d\d +\d+\.\d\d +\d\.\d{4}  1e-5  affine.* (re)
   +\d +\d+\.\d\d +\d+\.\d\d +\d\.\d{4}  1e-5  affine.* (re)
  
  the best:
    runnel train --net .* --seed 1 --validation 0.2 --eval-every 60 (re)

The data, or the network to start from, is another one: nothing is taken over. Tables that do not tell are taken as they are.

  $ printf 'a,y\n1,in\n2,out\n3,in\n4,out\n5,in\n6,out\n7,in\n8,out\n' > d.csv
  $ alias again="runnel sweep --data d.csv --try 'lr=0.1 | 1' --iterations 5 --quiet --out d.sweep.csv"
  $ again > first; again | cmp - first; sed 's/6,out/6.5,out/' d.csv > e.csv; mv e.csv d.csv; again
  runnel sweep: d.sweep.csv:2: a run on other data than d.csv is now; another table: --out FILE
  [2]
  $ cut -d , -f 1-9,11 d.sweep.csv | head -n 2 > old.csv; head -n 1 old.csv; mv old.csv d.sweep.csv
  trial,seed,lr,status,validation_accuracy,validation_loss,iterations,kept,seconds,command
  $ again > /dev/null; cut -d , -f 4,10 d.sweep.csv
  status,input
  ok,
  ok,[0-9a-f]{16} (re)
  $ runnel train --data d.csv --iterations 5 --quiet --out m.safetensors | tail -n 0
  $ alias further="runnel sweep --from m.safetensors --data d.csv --try 'lr=0.1 | 1' --iterations 5 --quiet --out m.csv"
  $ further > first; further | cmp - first
  $ runnel train --data d.csv --iterations 6 --quiet --out m.safetensors | tail -n 0; further
  runnel sweep: m.csv:2: a run on other data than d.csv is now, or from another model than m.safetensors; another table: --out FILE
  [2]
  $ rm *d.* m.* first

Ranges are drawn from, and with more trials the first ones stay. What diverges comes last.

  $ sweep --try 'lr=log 0.01..1' --try 'batch=10..20' --quiet 2>&1
  runnel sweep: --batch is given, and --try says what to try for it: leave out one of them
  [2]
  $ runnel sweep --data strokes --limit 300 --iterations 1 --try 'batch=log 1..2000' --quiet --out none
  runnel sweep: --try batch: up to 2000, and the training set has only 270 samples
  [2]
  $ alias draw="runnel sweep --data strokes --limit 300 --iterations 30 --eval-every 30 --quiet --try 'lr=log 0.01..1' --try 'batch=10..20' --try 'ema=0..0.9'"
  $ draw --trials 3 --out three.csv > three; draw --trials 5 --out five.csv > five; tail -n 2 five | cut -c 1-30
  the best:
    runnel train --data strokes 
  $ cut -d , -f 1-7 three.csv > three; head -n 4 five.csv | cut -d , -f 1-7 | cmp - three
  $ draw --trials 5 --seed 2 --out other.csv > /dev/null; cut -d , -f 3 other.csv | cmp -s - five.csv
  [1]
  $ sweep --try 'lr=1e30 | 0.01' --quiet --out div.csv | grep -v runnel
  trial  valid %      loss  lr
      2    ..\.\d\d    \d\.\d{4}  0\.01 (re)
      1        -  diverged  1e30
  
  the best:
  $ cut -d , -f 1-8 div.csv | sed -n 2p
  1,1,1e30,diverged,,,\d,\d+ (re)

Runs that only together turn out to make no sense: the first one ends it all, with one error, also where others fail beside it.

  $ alias many="runnel sweep --data strokes --limit 300 --iterations 1 --threads 16 --quiet --out many.csv --try 'accumulate=1 | 2' --try 'batch=10 | 200 | 205 | 210 | 215 | 220 | 225 | 230 | 235 | 240 | 241 | 242 | 243 | 244 | 245'"
  $ many
  runnel sweep: runnel train --data strokes --limit 300 --batch 2\d\d --iterations 1 --seed 1 --accumulate 2 --validation 0.1: 2 passes of 2\d\d samples an update: more than the 270 of the data set (re)
  [2]
  $ for i in 1 2 3 4 5 6 7 8 9 10; do rm -f many.csv; many 2>&1 | wc -l; done | uniq; rm many.csv
  1

The best at the end of a range: there may be better ones beyond.

  $ sweep --try 'lr=log 1e-9..0.02' --trials 8 --out end.csv 2>&1 | tail -n 1
  note     the best lr, 0\.0\d+, lies at the end of its range: it may be worth trying values above 0\.02 (re)

As objects, one a line.

  $ sweep --try 'optimizer=sgd | adam 0.8' --lr 0.01 --json --quiet --threads 1 --out j.csv
  \{"event":"run","trial":1,"seed":1,"values":\{"optimizer":"sgd"\},"status":"ok","validation_accuracy":0\.\d+,"validation_loss":\d\.\d+,"iterations":60,"kept":60,"seconds":[\d.]+,"command":"runnel train --data strokes .*"\} (re)
  \{"event":"run","trial":2,"seed":1,"values":\{"optimizer":"adam 0.8"\},.*"command":".* --optimizer 'adam 0.8' --validation 0.1 --eval-every 60"\} (re)
  \{"event":"best","trial":2,"validation_accuracy":0\.\d+,"validation_loss":\d\.\d+,"command":"runnel train .*"\} (re)

What makes no sense is refused before anything is opened or run.

  $ sweep
  runnel sweep: what shall be tried? --try "lr=log 0.01..1"
  [2]
  $ sweep --try lr
  runnel sweep: --try 'lr': expected NAME=LOW..HIGH, NAME=log LOW..HIGH or NAME=A | B, as 'lr=log 0.01..1'; found no =
  [2]
  $ sweep --try lr=2..1
  runnel sweep: --try 'lr=2..1': expected NAME=LOW..HIGH, NAME=log LOW..HIGH or NAME=A | B, as 'lr=log 0.01..1'; the first number must be below the second
  [2]
  $ sweep --try 'lr=log 0..1'
  runnel sweep: --try 'lr=log 0..1': expected NAME=LOW..HIGH, NAME=log LOW..HIGH or NAME=A | B, as 'lr=log 0.01..1'; an even draw in the logarithm needs numbers above 0
  [2]
  $ sweep --try 'accumulate=1.5..3'
  runnel sweep: --try 'accumulate=1.5..3': expected NAME=LOW..HIGH, NAME=log LOW..HIGH or NAME=A | B, as 'lr=log 0.01..1'; this option takes whole numbers
  [2]
  $ sweep --try learning-rate=1..2
  runnel sweep: unknown option learning-rate; did you mean --lr?
  [2]
  $ sweep --try 'lr=0.1 | 0'
  runnel sweep: --lr 0: expected a number greater than 0
  [2]
  $ sweep --try 'lr=0.1,0.2'
  runnel sweep: --try 'lr=0.1,0.2': found a comma, but values are separated by |, as 'lr=0.1 | 0.2'; the decimal sign is a point
  [2]
  $ runnel sweep --data strokes --try 'batch=10, 1000 | 5,'
  runnel sweep: --try 'batch=10, 1000 | 5,': found a comma, but values are separated by |, as 'batch=10 | 1000 | 5'
  [2]
  $ sweep --try 'optimizer=sgd,foo'
  runnel sweep: --try 'optimizer=sgd,foo': found a comma, but values are separated by |, as 'optimizer=sgd | foo'
  [2]
  $ sweep --try 'sampling=shuffled,replacement'
  runnel sweep: --try 'sampling=shuffled,replacement': found a comma, but values are separated by |, as 'sampling=shuffled | replacement'
  [2]
  $ sweep --try 'init=he,xavier'
  runnel sweep: --try 'init=he,xavier': found a comma, but values are separated by |, as 'init=he | xavier'
  [2]
  $ sweep --try 'lr=,'
  runnel sweep: --try 'lr=,': found a comma, but values are separated by |, as 'lr=A | B'; the decimal sign is a point
  [2]
  $ sweep --try 'schedule=linear,cosine'
  runnel sweep: --try 'schedule=linear,cosine': found a comma, but values are separated by |, as 'schedule=linear | cosine'
  [2]
  $ sweep --try 'schedule=constant | warmup 5, foo'
  runnel sweep: --schedule "warmup 5, foo": unknown schedule "foo"; known are constant, step, exponential, linear, cosine, onecycle, and warmup before another
  [2]
  $ sweep --try 'augment=shift 2, foo'
  runnel sweep: --augment "shift 2, foo": unknown word "foo"; known are shift, rotate, scale, shear, elastic, noise, and none alone
  [2]
  $ sweep --try 'lr=0.1 | | 1'
  runnel sweep: --try 'lr=0.1 | | 1': expected NAME=LOW..HIGH, NAME=log LOW..HIGH or NAME=A | B, as 'lr=log 0.01..1'; found an empty value
  [2]
  $ sweep --try 'optimizer=sgd | adm'
  runnel sweep: --optimizer adm: did you mean adam?
  [2]
  $ sweep --try 'seed=1..5'
  runnel sweep: --try seed: that is one for all runs; --seeds N tries several
  [2]
  $ for o in data labels limit raw-pixels target drop text task missing prepare test-share split-seed; do runnel sweep --try "$o=1 | 2"; done
  runnel sweep: --try data: that is one for all runs
  runnel sweep: --try labels: that is one for all runs
  runnel sweep: --try limit: that is one for all runs
  runnel sweep: --try raw-pixels: that is one for all runs
  runnel sweep: --try target: that is one for all runs
  runnel sweep: --try drop: that is one for all runs
  runnel sweep: --try text: that is one for all runs
  runnel sweep: --try task: that is one for all runs
  runnel sweep: --try missing: that is one for all runs
  runnel sweep: --try prepare: that is one for all runs
  runnel sweep: --try test-share: that is one for all runs
  runnel sweep: --try split-seed: that is one for all runs
  [2]
  $ for o in separator header size colour dark-on-light from validation json; do runnel sweep --try "$o=1 | 2"; done
  runnel sweep: --try separator: that is one for all runs
  runnel sweep: --try header: that is one for all runs
  runnel sweep: --try size: that is one for all runs
  runnel sweep: --try colour: that is one for all runs
  runnel sweep: --try dark-on-light: that is one for all runs
  runnel sweep: --try from: that is one for all runs
  runnel sweep: --try validation: that is one for all runs
  runnel sweep: --try json: that is one for all runs
  [2]
  $ sweep --try 'lr=1 | 2' --try 'lr=3..4'
  runnel sweep: --try lr: given twice
  [2]
  $ sweep --checkpoint x --try lr=1..2
  runnel sweep: unknown option --checkpoint; runnel sweep --help lists the options
  [2]
  $ sweep --try 'net=affine | affine 3, rleu' --out n.csv 2>&1 | cut -c 1-80
  runnel sweep: --net: network "affine 3, rleu": item 2: unknown layer "rleu"; did
  $ printf 'a,y\n1,0.1\n2,0.4\n3,0.2\n4,0.7\n5,0.9\n6,0.6\n' > numbers.csv
  $ runnel sweep --data numbers.csv --task regression --try 'net=affine | affine 1, softplus' --quiet --out n.csv
  runnel sweep: --net 'affine 1, softplus': does not end in an affine layer, and the sweep's first network does: the one kind learns targets at mean 0 and variance 1, the other as they are, so each needs a sweep of its own
  [2]
  $ sweep --try 'lr=1..2' --out div.csv
  runnel sweep: div.csv:2: a run with settings that this sweep does not try; another table: --out FILE
  [2]
  $ echo mine > mine.txt; sweep --try 'lr=1..2' --out mine.txt
  runnel sweep: mine.txt:1: is there, and is no table of runnel sweep; another table: --out FILE
  [2]
  $ cat mine.txt; ls
  mine
  before.csv
  div.csv
  end.csv
  five
  five.csv
  j.csv
  mine.txt
  numbers.csv
  other.csv
  sweep.csv
  three
  three.csv

A whole number that a text may be is drawn, too; a recipe's batch is in the command as it was used.

  $ runnel sweep --data strokes --limit 300 --iterations 40 --try 'eval-every=10..20' --trials 2 --quiet --out every.csv > every && grep -c 'eval-every 1[0-9]\|eval-every 20' every.csv
  2
  $ runnel sweep --data strokes --limit 40 --recipe fast --iterations 40 --try 'lr=0.01 | 0.001' --quiet --out fits.csv > fits && grep -o 'batch [0-9]*' fits.csv
  batch 36
  batch 36
