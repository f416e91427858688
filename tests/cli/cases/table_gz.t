Tables that are compressed: of a file as any other, and through a pipe.

  $ $PYTHON $CASES/tables.py
  $ gzip flowers.csv
  $ runnel train --data flowers.csv.gz --test-share 0.25 --iterations 300 --out flowers.st --quiet | tail -1
        300    0.0\d+    100.00    100.00 (re)
  $ runnel eval flowers.st | head -2
  flowers.st on flowers.csv.gz, the test part
  samples   50
  loss      0.0\d+ (re)
  $ runnel predict flowers.st flowers.csv.gz > of-gz
  $ gzip -dc flowers.csv.gz | runnel predict flowers.st - | cmp - of-gz
  $ runnel predict flowers.st - < flowers.csv.gz | cmp - of-gz
  $ cat flowers.csv.gz | runnel predict flowers.st - | cmp - of-gz
  $ runnel train --data - --test-share 0.25 --iterations 300 --out again.st --quiet < flowers.csv.gz | tail -1
        300    0.0\d+    100.00    100.00 (re)
  $ head -c 700 flowers.csv.gz > cut.csv.gz
  $ runnel train --data cut.csv.gz
  runnel train: cut.csv.gz: the compressed data are cut off: the file ends after 700 bytes
  [1]
  $ runnel predict flowers.st cut.csv.gz > of-cut
  runnel predict: cut.csv.gz: the compressed data are cut off: the file ends after 700 bytes
  [1]
  $ cat cut.csv.gz | runnel predict flowers.st - | cmp - of-cut
  runnel predict: standard input: the compressed data are cut off: the file ends after 700 bytes
