What an update is made of, what is kept. A validation set: the same share of each class, not trained on.

  $ alias train="runnel train --data strokes --limit 600 --test-limit 100 --iterations 60 --eval-every 20"
  $ train --optimizer 'adam 0.9 0.99' --lr 0.01 --schedule 'warmup 10%, cosine' --clip 1 --l2 1e-4 --validation 0.2 --keep-best --out a.st
  data     strokes: 480 samples to train, 120 to validate, 100 to test, 28x28, 10 classes
  network  affine 50, relu, affine 10, softmax: 39760 parameters
  computes in f32, with (onednn|portable), on \d+ threads? (re)
  iteration      loss   train %   valid %    test %
   *0 +- +\d+\.\d\d +\d+\.\d\d +\d+\.\d\d (re)
   *20 +\d\.\d{4} +\d+\.\d\d +\d+\.\d\d +\d+\.\d\d (re)
   *40 +\d\.\d{4} +\d+\.\d\d +\d+\.\d\d +\d+\.\d\d (re)
   *60 +\d\.\d{4} +\d+\.\d\d +\d+\.\d\d +\d+\.\d\d (re)
  done: 60 updates in [\d.]+ s (re)
  kept     the parameters of iteration \d+: validation \d\d\.\d\d % (re)
  saved    a.st, a.st.history.csv
  $ runnel inspect a.st | grep -e command -e accuracy
    runnel.command  runnel train --data strokes --limit 600 --test-limit 100 --lr 0.01 --iterations 60 --optimizer 'adam 0.9 0.99' --l2 0.0001 --clip 1 --schedule 'warmup 10%, cosine' --validation 0.2 --keep-best --eval-every 20
    runnel.test_accuracy  0\.\d{6} (re)
    runnel.train_accuracy  0\.\d{6} (re)
    runnel.validation_accuracy  0\.\d{6} (re)

The seed draws weights and batches, not the validation samples: the first evaluation of the same weights is the same.

  $ for seed in 1 2; do train --validation 0.2 --net 'affine 10' --weight-init-std 0 --seed $seed --quiet --out none | sed -n 2p; done | uniq | wc -l
  1

Nothing gets better any more: the run ends, and the best is kept. As JSON lines, too.

  $ train --lr 1e-30 --validation 0.2 --patience 2 --keep-best --quiet --out none --history h.jsonl --json
  \{"event":"start","data":"strokes","train_samples":480,"validation_samples":120,"test_samples":100,.*\} (re)
  \{"event":"evaluation","iteration":0,"training_seconds":[\d.e-]+,"loss":null,"train_accuracy":0\.\d+,"validation_loss":2\.\d+,"validation_accuracy":0\.\d+,"test_accuracy":0\.\d+,"best":true\} (re)
  \{"event":"evaluation","iteration":20,"training_seconds":[\d.e-]+,"loss":2\.\d+,.*,"best":false\} (re)
  \{"event":"evaluation","iteration":40,"training_seconds":[\d.e-]+,"loss":2\.\d+,.*,"best":false\} (re)
  \{"event":"end","status":"ok","iterations":40,"kept":0,"ended_early":true,"train_accuracy":0\.\d+,"validation_loss":2\.\d+,"validation_accuracy":0\.\d+,"test_accuracy":0\.\d+,"seconds":[\d.]+,"history":"h.jsonl"\} (re)
  $ head -n 2 h.jsonl
  \{"iteration":0,"train_accuracy":0\.\d+,"validation_loss":2\.\d+,"validation_accuracy":0\.\d+,"test_accuracy":0\.\d+\} (re)
  \{"iteration":1,"loss":2\.\d+,"lr":1e-?30\} (re)

What does nothing leaves the same model: one pass an update, no average, weights of 1, a decay of 0.

  $ train --quiet --out plain.st > /dev/null
  $ train --quiet --out same.st --optimizer sgd --schedule constant --accumulate 1 --ema 0 --weight-decay 0 --l2 0 > /dev/null
  $ runnel eval plain.st --json --quiet > plain.json; runnel eval same.st --json --quiet | cmp - plain.json
  $ train --quiet --out same.st --class-weights 1,1,1,1,1,1,1,1,1,1 --optimizer 'momentum 0' --lr 0.1 > /dev/null
  $ runnel eval same.st --json --quiet | cut -c 1-60 > same.json; cut -c 1-60 plain.json | cmp - same.json

Two passes of 50 make up the update of a batch of 100, up to rounding.

  $ train --quiet --batch 50 --accumulate 2 --out none --history two.csv > two.out; train --quiet --out none --history one.csv > one.out
  $ cut -c 1-17 one.out > 1; cut -c 1-17 two.out | cmp - 1

Weights that make each class count the same; the average of the parameters.

  $ train --quiet --class-weights 0,0,0,0,0,0,0,0,0,0 --out none
  runnel train: --class-weights 0,0,0,0,0,0,0,0,0,0: expected balanced, or a number for each class, 0 or more, with commas between them; found nothing to learn from: all are 0
  [2]
  $ train --quiet --class-weights balanced --ema 0.9 --optimizer nesterov --lr 0.02 --out none | tail -n 1
   *60 +\d\.\d{4} +\d+\.\d\d +\d+\.\d\d (re)

A learning rate that no loss shows to be too high: it ends no better than a guess, and says so.

  $ train --iterations 200 --eval-every 200 --lr 300 --out none --history none 2>&1 | tail -n 2
  done: 200 updates in [\d.]+ s (re)
  warning  the loss ended at [\d.e+]+, no better than a guess \(2\.303\): nothing was learnt; the learning rate may be too high (re)
  $ train --iterations 200 --eval-every 200 --lr 300 --out none --json --quiet | tail -n 1
  \{"event":"end","status":"ok",.*,"no_better_than_guessing":true\} (re)

Settings that make no sense are refused before anything is opened: --data is not even looked for.

  $ alias refuse="runnel train --data nowhere --iterations 400"
  $ refuse --optimizer adm
  runnel train: --optimizer adm: did you mean adam?
  [2]
  $ refuse --optimizer foo
  runnel train: --optimizer: unknown update rule "foo"; known are sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw
  [2]
  $ refuse --optimizer 'momentum 1.5'
  runnel train: --optimizer: the momentum of momentum is a number from 0 to below 1, not "1.5"
  [2]
  $ refuse --optimizer 'adam 0.9 0.999 1e-8 4'
  runnel train: --optimizer: adam takes at most three numbers, but "4" follows
  [2]
  $ refuse --momentum 0.9
  runnel train: unknown option --momentum; did you mean --optimizer?
  [2]
  $ refuse --schedule cosin
  runnel train: --schedule cosin: did you mean cosine?
  [2]
  $ refuse --schedule 'warmup 500, cosine'
  runnel train: --schedule "warmup 500, cosine": a warm-up of 500 iterations leaves nothing of a run of 400
  [2]
  $ refuse --schedule 'step 0.5 400'
  runnel train: --schedule "step 0.5 400": the first step comes after 400 iterations, but there are only 400
  [2]
  $ refuse --schedule 'step 2 10'
  runnel train: --schedule "step 2 10": the factor of step is a number from 1e-12 to 1, not "2"
  [2]
  $ refuse --weight-decay 20
  runnel train: --weight-decay: a weight decay of 20 with a learning rate of 0.1: their product is 2; it must be below 1
  [2]
  $ refuse --ema 1
  runnel train: --ema 1: expected a number, 0 or more and below 1
  [2]
  $ refuse --validation 1
  runnel train: --validation 1: expected a number greater than 0 and below 1
  [2]
  $ refuse --patience 0
  runnel train: --patience 0: expected a whole number, 1 or more
  [2]
  $ refuse --patience 3
  runnel train: --patience goes by validation samples: give --validation 0.1 too
  [2]
  $ refuse --keep-best
  runnel train: --keep-best goes by validation samples: give --validation 0.1 too
  [2]
  $ refuse --class-weights blanced
  runnel train: --class-weights blanced: expected balanced, or a number for each class, 0 or more, with commas between them; found 'blanced'
  [2]
  $ refuse --every 10
  runnel train: --every says how often --checkpoint FILE is written: give that too
  [2]
  $ refuse --history x.json
  runnel train: --history x.json: CSV or JSON lines are written: expected a name that ends in .csv or .jsonl
  [2]
  $ refuse --out x --checkpoint x
  runnel train: --checkpoint and --out name the same file, x
  [2]
  $ refuse --checkpoint no/where
  runnel train: --checkpoint no/where: the folder does not exist
  [1]

What needs the data is refused before training.

  $ train --class-weights 1,2
  runnel train: --class-weights 1,2: expected balanced, or a number for each class, 0 or more, with commas between them; found 2, but there are 10 classes
  [2]
  $ train --net 'affine 50, dropout 1, affine'
  runnel train: --net: network "affine 50, dropout 1, affine": item 2: the share of dropout is a number from 0 to below 1, not "1"
  [2]
  $ train --accumulate 7 2>&1 | tail -n 1
  runnel train: 7 passes of 100 samples an update: more than the 600 of the data set
  $ runnel train --data strokes --limit 600 --epochs 2 --schedule 'warmup 500, cosine' 2>&1 | tail -n 1
  runnel train: schedule "warmup 500, cosine": a warm-up of 500 iterations leaves nothing of a run of 12

None of this wrote anything.

  $ ls -A | grep -v -e '^[12]$' -e 'same' -e 'plain' -e 'one' -e 'two' -e '^a\.st' -e h.jsonl
  [1]
