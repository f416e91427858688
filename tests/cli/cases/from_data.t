A network that is trained further reads data as it has learnt to: classes and columns by their names, inputs
prepared as they were, numbers to predict on the scale that it learnt them.

  $ $PYTHON $CASES/tables.py
  $ runnel train --data flowers.csv --iterations 300 --eval-every 300 --quiet --out flowers.st | tail -n 1
        300    0.0\d+    100.00         - (re)
  $ awk -F, -v OFS=, '{ print $4, $3, $2, $1 }' flowers.csv > turned.csv
  $ runnel train --from flowers.st --data turned.csv --iterations 1 --lr 1e-30 --out same.st 2>&1 > /dev/null | head -n 3
  table    its columns as flowers.st knows them: 4 inputs, prepared as they were
  target   kind: 2 classes: lily, rose
  data     turned.csv: 200 samples to train, 0 to test, 4 numbers, 2 classes
  $ for m in flowers same; do runnel eval $m.st --data flowers.csv --quiet > $m; done; cmp flowers same && sed -n 3p same
  accuracy  100.00 %
  $ runnel inspect same.st | sed -n '/^column/,/^$/p'
  column                   inputs
    1 length                    0   number
    2 width                     1   number
    3 colour                  2-3   text: red, white
    4 kind                      -   the target: lily, rose
  
  $ runnel train --from flowers.st --data turned.csv --drop colour --iterations 1 --lr 1e-30 --out none 2>&1 > /dev/null | head -n 2
  table    its columns as flowers.st knows them: 4 inputs, prepared as they were
           which --drop does not change

Fewer colours and kinds than it knows are no other inputs and outputs; what it does not know is refused.

  $ grep -v -e white -e rose flowers.csv > few.csv
  $ runnel train --from flowers.st --data few.csv --iterations 1 --lr 1e-30 --quiet --out few.st | tail -n 1
          1    0.0\d+    100.00         - (re)
  $ runnel eval few.st --data flowers.csv --quiet | sed -n 3p
  accuracy  100.00 %
  $ sed 's/rose/tulip/' flowers.csv > tulips.csv
  $ runnel train --from flowers.st --data tulips.csv --quiet
  runnel train: tulips.csv, line 3, column 4 (kind): found 'tulip', expected one of the classes: lily, rose
  [1]
  $ runnel train --from flowers.st --data flowers.csv --target colour --quiet
  runnel train: --target colour: flowers.st has learnt to predict another column, kind
  [2]
  $ runnel train --from flowers.st --data turned.csv --target kind --test-share 0.5 --iterations 1 --lr 1e-30 --quiet --out none
  iteration      loss   train %    test %
          0         -    100.00    100.00
          1    0.0\d+    100.00    100.00 (re)
  $ runnel train --from flowers.st --data turned.csv --prepare minmax --test few.csv --iterations 1 --quiet --out none | sed -n 1p
  iteration      loss   train %    test %

Numbers to predict.

  $ runnel train --data prices.tsv --missing mean --iterations 400 --eval-every 400 --out prices.st --quiet | tail -n 1
        400    0.0\d+    0.9\d+         - (re)
  $ runnel train --from prices.st --data prices.tsv --validation 0.2 --iterations 400 --eval-every 400 --out further.st --quiet
  iteration      loss  train R2  valid R2   test R2
          0         -    0.9\d+    0.9\d+         - (re)
        400    0.0\d+    0.9\d+    0.9\d+         - (re)
  $ runnel train --from prices.st --data prices.tsv --iterations 1 --lr 1e-30 --out same.st --quiet | tail -n 1
          1    0.0\d+    0.9\d+         - (re)
  $ for m in prices same; do runnel eval $m.st --data prices.tsv --quiet | sed -n '3s/\(0.97\).*/\1/p'; done
  R2        0.97
  R2        0.97

Sparse rows whose indices begin at 0: so they are read later, too, also where no row has a feature 0. Column 1 tells the class.

  $ awk 'BEGIN { for (i = 0; i < 100; i++) print i % 2, (i % 5 == 0 ? "0:" i / 50 " " : "") 1 + i % 2 ":1 3:" i % 3 }' > zero.svm
  $ grep -v ' 0:' zero.svm > later.svm
  $ runnel train --data zero.svm --test later.svm --iterations 300 --eval-every 300 --out zero.st --quiet | tail -n 1
        300    0.0\d+    100.00    100.00 (re)
  $ runnel inspect zero.st | grep first_index
    runnel.input.first_index  0
  $ runnel eval zero.st --data later.svm --quiet | sed -n 3p
  accuracy  100.00 %
  $ runnel predict zero.st later.svm --quiet | head -n 4 | cut -c 1-15
  later.svm[0]: 1
  later.svm[1]: 0
  later.svm[2]: 1
  later.svm[3]: 0
  $ runnel train --from zero.st --data later.svm --iterations 1 --lr 1e-30 --out further.st --quiet | tail -n 1
          1    0.0\d+    100.00         - (re)
  $ runnel eval further.st --data zero.svm --quiet | sed -n 3p
  accuracy  100.00 %

And from 1: an index 0 is an error then.

  $ awk 'BEGIN { for (i = 0; i < 100; i++) print i % 2, 1 + i % 2 ":1 3:" i % 3, "4:1" }' > one.svm
  $ runnel train --data one.svm --iterations 1 --out one.st --quiet > /dev/null; runnel inspect one.st | grep first_index
    runnel.input.first_index  1
  $ runnel eval one.st --data zero.svm --quiet
  runnel eval: zero.svm, line 1, column 3: found index 0, expected indices from 1 on, as the data that was learnt from has them
  [1]
  $ runnel train --data one.svm --test zero.svm --quiet --out none
  runnel train: zero.svm, line 1, column 3: found index 0, expected indices from 1 on, as the data that was learnt from has them
  [1]
  $ runnel predict one.st zero.svm --quiet
  runnel predict: zero.svm, line 1, column 3: found index 0, expected indices from 1 on, as the data that was learnt from has them
  [1]
  $ printf '0 4:1\n' > four.svm; runnel predict zero.st four.svm --quiet
  runnel predict: four.svm: the largest index is 4, but the data has 4 features, counted from 0
  [1]

A model that was made before this was noted finds it out in each file.

  $ $PYTHON $CASES/make.py forget zero.st old.st runnel.input.first_index
  $ runnel eval old.st --data zero.svm --quiet | sed -n 3p
  accuracy  100.00 %
  $ runnel predict old.st four.svm --quiet | cut -c 1-11
  four.svm[0]

Few samples with classes of large numbers are no classes of other numbers.

  $ awk 'BEGIN { for (i = 0; i < 300; i++) print i % 2 * 1200, 1 + i % 2 ":1" }' > many.svm
  $ head -n 100 many.svm > part.svm
  $ alias many="runnel train --data many.svm --iterations 200 --eval-every 200 --quiet --out many.st"
  $ many --test part.svm | tail -n 1
        200    0.0\d+    100.00    100.00 (re)
  $ runnel eval many.st --data part.svm --quiet | sed -n 3p
  accuracy  100.00 %
  $ runnel train --from many.st --data part.svm --iterations 1 --lr 1e-30 --quiet --out none | tail -n 1
          1    0.0\d+    100.00         - (re)
  $ sed '$s/^1200/1201/' part.svm > beyond.svm; many --test beyond.svm
  runnel train: beyond.svm: the class of sample 99 (counted from 0) is 1201, expected 0 to 1200
  [1]
  $ runnel eval many.st --data beyond.svm --quiet
  runnel eval: beyond.svm: the class of sample 99 (counted from 0) is 1201, expected 0 to 1200
  [1]
