Named settings. What each stands for is printed; the first one is what no recipe at all does.

  $ alias train="runnel train --data strokes --limit 400 --test-limit 50 --eval-every 20 --out none"
  $ runnel train --recipe list | grep '^[^ ]'
  classic
  fast
  simard
  best
  $ runnel train --recipe list | sed -n '2,5p'
      The textbook's run, which is also what no recipe at all does
      --net 'affine 50, relu, affine' --lr 0.1 --batch 100 --iterations 10000
      --sampling replacement --weight-init-std 0.01 --optimizer sgd --schedule
      constant
  $ train --quiet --iterations 30 --history none.csv > none.txt
  $ train --quiet --iterations 30 --recipe classic --history classic.csv > classic.txt
  $ eval "train --quiet $(runnel train --recipe list | sed -n '3,5p' | tr -d '\n') --iterations 30 --history listed.csv" > listed.txt
  $ cmp none.csv classic.csv && cmp none.csv listed.csv && cmp none.txt classic.txt

It is said what a recipe stands for, all of it; what is given too goes before it, also where two
options say the same thing.

  $ train --recipe fast --iterations 25 --lr 0.004 --threads 2 2>&1 | grep recipe
  recipe   fast: runnel train --net '.*' --data strokes --limit 400 --test-limit 50 --lr 0.004 --batch \d+ --iterations 25 --sampling shuffled --init auto .* (re)
  $ train --recipe fast --weight-init-std 0.1 --iterations 8 2>&1 | grep -c -e '--init'
  0
  [1]
  $ train --recipe simard --iterations 8 --augment none 2>&1 | grep -o -e '--augment [a-z]*'
  --augment none
  $ train --recipe best --batch 20 --iterations 8 --augment none --quiet | tail -n 1
   *8 .* (re)
  $ train --recipe fast --epochs 3 --quiet | tail -n 1
   *\d+ +\d\.\d{4} +\d+\.\d\d +\d+\.\d\d (re)
  $ train --recipe quick
  runnel train: --recipe quick: expected classic, fast, simard, best or list
  [2]

They follow the data: a batch is of all samples where there are fewer, and looks are some epochs apart.

  $ small="runnel train --data strokes --limit 90 --test-limit 50 --augment none --out none"
  $ $small --recipe fast --epochs 9 2>&1 | grep -o -e '--batch [0-9]*'
  --batch 90
  $ $small --recipe best --net affine --epochs 21 --batch 45 --quiet | awk '{ print $1 }'
  iteration
  0
  20
  40
  42
  $ $small --recipe fast --batch 91
  runnel train: --batch 91: the training set has only 90 samples
  [2]
  $ $small --recipe simard --eval-every '3 weeks'
  runnel train: --eval-every "3 weeks": expected a whole number, 0 or more, or one such as '10 epochs'
  [2]
  $ runnel train --data strokes --limit 90 --test-limit 50 --iterations 1 --out none --quiet | awk '{ print $1 }'
  iteration
  0
  1

Augmentation is refused before anything is read.

  $ runnel train --data nowhere --augment "shift -1"
  runnel train: --augment "shift -1": the number of pixels of shift is a number from 0 to 1000, not "-1"
  [2]
  $ runnel train --data nowhere --augment "rotat 3"
  runnel train: --augment rotat: did you mean rotate?
  [2]
  $ runnel train --data nowhere --augment "turn 3"
  runnel train: --augment "turn 3": unknown word "turn"; known are shift, rotate, scale, shear, elastic, noise, and none alone
  [2]
