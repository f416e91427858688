Tables: training, evaluating and predicting, as people meet them.

  $ $PYTHON $CASES/tables.py
  $ runnel train --data flowers.csv --test-share 0.25 --eval-every 500 --out flowers.st
  table    comma between cells, a header: 2 columns of numbers, 1 of text, 4 inputs
  target   kind: 2 classes: lily, rose
  prepared standard: inputs get mean 0 and variance 1 over the training part
  data     flowers.csv: 150 samples to train, 50 to test, 4 numbers, 2 classes
  network  affine 50, relu, affine 2, softmax: 352 parameters
  computes in f32, .* (re)
  iteration      loss   train %    test %
          0         -  .* (re)
        500    0.00\d\d    100.00    100.00 (re)
       1000    0.00\d\d    100.00    100.00 (re)
  done: 1000 updates in .* s (re)
  saved    flowers.st, flowers.st.history.csv
  $ runnel eval flowers.st
  flowers.st on flowers.csv, the test part
  samples   50
  loss      0.00\d+ (re)
  accuracy  100.00 %
  
  class  precision   recall       F1  support
  lily      1.0000   1.0000   1.0000       25
  rose      1.0000   1.0000   1.0000       25
  
  rows: the true class; columns: the answer; right: % of the row
  
      0  1    right
  0  25  0   100.00  lily
  1   0 25   100.00  rose
  $ runnel eval flowers.st --part train | head -1
  flowers.st on flowers.csv, the train part
  samples   150
  $ head -3 flowers.csv | runnel predict flowers.st -
  length,width,colour,kind,class,p_lily,p_rose
  3.6,6.7,red,lily,lily,0.99\d+,\S+ (re)
  6.0,3.6,white,rose,rose,\S+,0.99\d+ (re)
  $ tail -2 flowers.csv | cut -d, -f1-3 | runnel predict flowers.st -
  3.1,5.9,white,lily,0.99\d+,\S+ (re)
  5.8,3.5,red,rose,\S+,0.99\d+ (re)
  $ runnel predict flowers.st flowers.csv --limit 1 --json
  {"file":"flowers.csv","sample":0,"class":"lily","probabilities":\[0.99\d+,\S+\]} (re)
  $ runnel inspect flowers.st | grep -e ^input -e columns -e classes
  input       4 numbers, each with its own scale and shift
    runnel.classes  lily, rose

What each column became.

  $ runnel inspect flowers.st | sed -n '/^column/,/^$/p'
  column                   inputs
    1 length                    0   number
    2 width                     1   number
    3 colour                  2-3   text: red, white
    4 kind                      -   the target: lily, rose
  
  $ runnel inspect flowers.st --json | grep -c '"runnel.input.columns":'
  1

As C, the header tells it.

  $ runnel export flowers.st --name flowers > /dev/null; sed -n '/^ . x/,/^ . y/p' flowers.h
   * x: 4 finite numbers, a row of a table as it is stored (what training did to it is done inside):
   *     x[0]  length
   *     x[1]  width
   *     x[2]  1 where colour is "red", else 0
   *     x[3]  1 where colour is "white", else 0
   * y: 2 numbers, a number for each class; the largest is the answer. The target is kind.

The same bytes on any number of threads, and the same answers to all rows at once and to one.

  $ runnel train --data flowers.csv --test-share 0.25 --eval-every 500 --out again.st --threads 1 --quiet > /dev/null
  $ cmp flowers.st again.st
  $ runnel predict flowers.st flowers.csv | sed -n 3p > many
  $ sed -n '1p;3p' flowers.csv | runnel predict flowers.st - | tail -1 | cmp - many

Rows are answered as they come; an endless table takes no more memory.

  $ $PYTHON $CASES/pipe.py flowers.st
  answered at once: 200 rows
  memory stays

Another table with other columns, another order, another separator.

  $ printf 'colour;width;length\nred;2;7\n' | runnel predict flowers.st -
  colour;width;length;class;p_lily;p_rose
  red;2;7;rose;\S+;0.99\d+ (re)
  $ printf 'color,width,length\nred,2,1.5\n' | runnel predict flowers.st -
  runnel predict: standard input: its columns are not those that the model was trained with: missing: "colour"; not known: "color"
  [1]
  $ printf 'id,colour,width,length\n17,red,2,7\n' | runnel predict flowers.st - | cut -d , -f 1-5
  id,colour,width,length,class
  17,red,2,7,rose
  $ printf 'colour,width,length\npink,2,1.5\n' | runnel predict flowers.st -
  colour,width,length,class,p_lily,p_rose
  runnel predict: standard input, line 2, column 1 (colour): found 'pink', expected a value that training met: red, white
  [1]
  $ printf 'colour,width,length\nred,2,7\nred,2,x\nred,2,1.5\n' | runnel predict flowers.st -
  colour,width,length,class,p_lily,p_rose
  red,2,7,rose,\S+,0.99\d+ (re)
  runnel predict: standard input, line 3, column 3 (length): found 'x', expected a number
  [1]
  $ runnel eval flowers.st --data other.csv
  flowers.st on other.csv
  samples   2
  loss      0.00\d+ (re)
  accuracy  100.00 %
  
  class  precision   recall       F1  support
  lily      1.0000   1.0000   1.0000        1
  rose      1.0000   1.0000   1.0000        1
  
  rows: the true class; columns: the answer; right: % of the row
  
     0 1    right
  0  1 0   100.00  lily
  1  0 1   100.00  rose

A column of names, keys or times is told, by the verbs that can leave it out; so are such classes. Not one of 20 texts.

  $ $PYTHON -c 'print("name,day,n,y"); [print(f"n{i},d{i%20},{i},{i%2}") for i in range(40)]' > names.csv
  $ runnel train --data names.csv --iterations 1 --out names.st --history none 2>&1 | sed -n 1,3p
  table    comma between cells, a header: 1 column of numbers, 2 of text, 61 inputs
  target   y: 2 classes: 0, 1
           texts that come less than 3 times each on the average, an input for each: name (40 inputs): --drop leaves a column out
  $ runnel train --data names.csv --drop name --iterations 1 --out names.st --history none 2>&1 | sed -n 1,4p
  table    comma between cells, a header: 1 column of numbers, 1 of text, 21 inputs
           left out: name
  target   y: 2 classes: 0, 1
  prepared standard: inputs get mean 0 and variance 1 over the training part
  $ runnel train --data names.csv --drop day --target name --iterations 1 --out names.st --history none 2>&1 | sed -n 4p
           its classes come less than 3 times each on the average: --target names another column
  $ runnel bench --data names.csv --rounds 1 --seconds 0.01 --threads 1 2>&1 | grep -c texts
  0
  [1]

Two columns of one name cannot be told apart.

  $ printf 'a,b,a,y\n1,2,3,4\n' | runnel data - --drop 3
  runnel data: standard input: columns 1 and 3 are both called "a", expected another name for each
  [1]

What Excel and R write for a missing number.

  $ printf 'a,y\n1,2\n#N/A,3\nn/a,4\n<NA>,5\n6,7\n8,9\n9,9\n' | runnel data - --target y | grep ^missing
  missing     3 cells

A number to predict; a gap; a column without a name; a table from a pipe.

  $ runnel train --data - --test-share 0.2 --missing mean --iterations 400 --eval-every 400 --out prices.st < prices.tsv
  table    tab between cells, a header: 1 column of numbers, 1 of text, 3 inputs
           left out: column 1
  target   price: a number to predict
  missing  15 cells, filled in with the mean of their column
  prepared standard: inputs get mean 0 and variance 1 over the training part
  data     -: 120 samples to train, 30 to test, 3 numbers
  learnt   \(target - 7400\) / 3471: mean 0 and variance 1; answers are as in the table (re)
  network  affine 50, relu, affine 1, mse: 251 parameters
  computes in f32, .* (re)
  iteration      loss  train R2   test R2
          0         -  .* (re)
        400    0.\d+    0.9\d+    0.9\d+ (re)
  done: 400 updates in .* s (re)
  saved    prices.st, prices.st.history.csv
  $ runnel inspect prices.st | grep "where missing"
    2 rooms                     0   number, 5.09346 where missing
  $ runnel eval prices.st --data prices.tsv
  prices.tsv: 15 cells were missing, and filled in
  prices.st on prices.tsv
  samples   150
  loss      \d{5,6}\.\d+ (re)
  R2        0.9\d+ (re)
  RMSE      \d{3}\.?\d* (re)
  MAE       \d{2,3}\.?\d* (re)
  $ printf 'rooms\tplace\n3\tmoon\n\ttown\n' | runnel predict prices.st - | tr '\t' ' '
  standard input: 1 cell was missing, and filled in
  standard input: 1 cell held a text that training did not meet, and counted as missing
  rooms place value
  3 moon \d{4}\.\d+ (re)
   town \d{5}\.\d+ (re)
  $ sed -n 2p prices.tsv | cut -f2,3 | runnel predict prices.st - | tr '\t' ' '
  \d (town|hill) \d+\.?\d* (re)
  $ runnel train --data prices.tsv --out none --history none
  runnel train: prices.tsv, line 11, column 2 (rooms): found nothing, expected a number: a missing value is refused unless it is said what it counts as, mean or zero
  --missing mean or --missing zero says it; --drop leaves a column out
  [1]

What goes wrong.

  $ runnel train --data flowers.csv --target kin
  runnel train: flowers.csv has no column "kin"; its columns are: length, width, colour, kind
  [2]
  $ runnel train --data flowers.csv --test flowers.csv --test-share 0.5
  runnel train: --test and --test-share both say what to test with: give one of them
  [2]
  $ runnel train --data flowers.csv --labels x
  runnel train: --labels belongs to a file of pictures, but --data flowers.csv is a table: --target names the column of classes
  [2]
  $ runnel train --data strokes --target kind
  runnel train: --target belongs to a table, but --data strokes is none
  [2]
  $ runnel train --data flowers.csv --net 'affine 4, relu, affine, mse' --out none --history none --quiet
  runnel train: the training set has classes, but "affine 4, relu, affine 2, mse" answers with numbers
  [2]
  $ printf 'a,b\n"2,288",2\n312,3\n' | runnel train --data -
  runnel train: standard input, line 2, column 1 (a): found '2,288', expected a number without a comma: 2288 if it separates thousands, 2.288 if it is the decimal sign
  --decimal comma reads the comma as the decimal sign
  [1]
  $ printf 'a,b\n1.5,2\n"1,234,567.5",3\n' | runnel train --data -
  runnel train: standard input, line 3, column 1 (a): found '1,234,567.5', expected a number without commas between thousands: 1234567.5
  [1]
  $ printf 'a,b\r1,2\r3,4\r' | runnel train --data -
  runnel train: standard input: its lines end in CR alone, as on old Macs, expected LF or CR LF (tr '\r' '\n' makes it so)
  [1]
  $ printf 'note,n,kind\n"two\nlines",1,x\nz,2,y\nw,3,y\n' > lines.csv; runnel train --data lines.csv
  runnel train: lines.csv, line 2, column 1 (note): found a text that has a line break in it, expected a single line
  --drop leaves a column out
  [1]
  $ runnel train --data lines.csv --drop note --iterations 1 --out none --quiet > /dev/null
  $ runnel train --data lines.csv --target note --quiet
  runnel train: lines.csv, line 2, column 1 (note): found a class that has a line break in it, expected a single line
  [1]
  $ printf '"a\nb",y\n1,2\n' | runnel train --data -
  runnel train: standard input: the name of column 1 in its header has a line break in it, expected a single line
  [1]
  $ printf 'a,y\n"1\t2",1\nb,2\nc,2\n' | runnel train --data - --quiet
  runnel train: standard input, line 2, column 1 (a): found a text that has a tab in it, expected no control characters
  [1]
  $ printf 'a,y\n\260\241,1\nb,2\n\260\242,3\n' | runnel train --data -
  runnel train: standard input, line 2, column 1 (a): found a text that is no UTF-8 (iconv -f CP949 -t UTF-8 makes it so where it is Korean, iconv -f LATIN1 -t UTF-8 where it is Western European)
  [1]
  $ printf '\260\241,y\n1,2\n' | runnel train --data -
  runnel train: standard input: the name of column 1 in its header is no UTF-8 (iconv -f CP949 -t UTF-8 makes it so where it is Korean, iconv -f LATIN1 -t UTF-8 where it is Western European)
  [1]
  $ printf 'a,b\n1,2\nx,3\n3,4\n' | runnel train --data -
  runnel train: standard input, line 3, column 1 (a): found 'x', expected a number, as most cells of this column are
  --text takes a column as texts, --drop leaves it out
  [1]
  $ printf 'a,b\n1,yes\n2,no\n' | runnel train --data - --task regression
  runnel train: standard input, line 2, column 2 (b): found 'yes', expected a number to predict, but the target holds texts, which are classes
  --task classes takes them as such, and so it is without --task
  [1]
  $ printf 'a,b\n1,yes\n2,no\n' | runnel data - --task classes | grep classes
  classes     2
  $ printf 'a,b\n1,2\n2,none\n3,4\n5,6\n' | runnel train --data -
  runnel train: standard input, line 3, column 2 (b): found 'none', expected a number, as most cells of the target are
  --text takes the target as texts, which are classes
  [1]
  $ printf 'a,b\n1,2\n2,none\n3,4\n5,6\n' | runnel train --data - --task regression
  runnel train: standard input, line 3, column 2 (b): found 'none', expected a number, as most cells of the target are
  [1]
  $ printf 'a,b\n1,2\n2,none\n3,4\n5,6\n' | runnel data - --text b | grep classes
  classes     4
  $ printf 'a,b\n1,2\n2,none\n3,4\n' | runnel train --data - --task regression --text b
  runnel train: standard input, line 3, column 2 (b): found 'none', expected a number, as most cells of the target are
  [1]
  $ printf 'a,b\n1,2\n2\n' | runnel train --data -
  runnel train: standard input, line 3: found 1 cell, expected 2 as in line 1
  [1]
  $ printf 'a,b\n1,"2\n2,3\n' | runnel train --data -
  runnel train: standard input, line 2: a quote opens a cell in this record and nothing closes it
  [1]
  $ : | runnel train --data -
  runnel train: standard input is empty
  [1]
  $ runnel eval flowers.st --limit 5
  runnel eval: --limit would change which samples were set aside: --data flowers.csv with it takes the first of all
  [2]
  $ runnel train --data yes.csv --net 'affine 4, relu, affine 1, logistic' --lr 0.5 --quiet --out yes.st | tail -1
       1000 .*    100.00         - (re)
  $ head -2 yes.csv | runnel predict yes.st -
  x,y,class,p_1
  1,0,0,0\.\d+|1,0,0,\d\.\d+e-\d+ (re)
  $ runnel train --data yes.csv --net 'affine 4, relu, affine 1' --quiet --out none
  runnel train: --net: network "affine 4, relu, affine 1": the network gives 1 output, expected 2
  [2]

A single class has its own name, too.

  $ printf 'x,k\n1,good\n2,good\n3,good\n4,good\n5,good\n6,good\n' > same.csv
  $ runnel train --data same.csv --quiet --iterations 5 --out same.st > /dev/null
  $ head -n 2 same.csv | runnel predict same.st - | cut -d , -f 3-
  class,p_good
  good,1

No two columns get one name: what is there already gets a number. So the answers can be read again.

  $ printf 'p_a,class_2, "class"\n0,1,a\n1,2,b\n0,3,a\n1,4,b\n' > taken.csv
  $ runnel train --data taken.csv --quiet --iterations 20 --out taken.st > /dev/null
  $ runnel predict taken.st taken.csv > twice.csv; head -n 1 twice.csv
  p_a,class_2, "class",class_3,p_a_2,p_b
  $ runnel data twice.csv --target class > /dev/null
  $ cut -d , -f 1-2 taken.csv | runnel predict taken.st - | head -n 1
  p_a,class_2,class,p_a_2,p_b
  $ printf 'x,"p_a ""b"", c",k\n0,1,"a ""b"", c"\n1,2,d\n' > quoted.csv
  $ runnel train --data quoted.csv --quiet --iterations 20 --out quoted.st > /dev/null
  $ runnel predict quoted.st quoted.csv | head -n 1
  x,"p_a ""b"", c",k,class,"p_a ""b"", c_2",p_d
  $ printf 'x,k\n0," a"\n1,"b "\n' > blank.csv
  $ runnel train --data blank.csv --quiet --net affine --lr 1 --iterations 200 --out blank.st > /dev/null
  $ runnel predict blank.st blank.csv | sed 's/,[0-9.e-]*,[0-9.e-]*$//'
  x,k,class,p_ a,"p_b "
  0," a"," a"
  1,"b ","b "
  $ printf 'x,value,y\n0,1,2.5\n1,2,3.5\n0,3,4.5\n' > value.csv
  $ runnel train --data value.csv --quiet --iterations 20 --out value.st > /dev/null
  $ runnel predict value.st value.csv | head -n 1
  x,value,y,value_2

Files that are not what they are taken for.

  $ printf '\211PNG\r\n\032\n' > flower.png; runnel predict flowers.st flower.png flowers.st
  runnel predict: flower.png is a picture, but flowers.st was trained on a table: expected rows of one
  runnel predict: flowers.st is no table, but flowers.st was trained on a table: expected rows of one
  [1]
  $ head -3 flowers.csv | runnel predict flowers.st - --json | cut -c 1-40
  {"file":"standard input","sample":0,"cla
  {"file":"standard input","sample":1,"cla
  $ printf '\377\376l\000,\000' > wide.csv; runnel predict flowers.st wide.csv
  runnel predict: wide.csv is text in UTF-16, expected UTF-8 (iconv -f UTF-16 -t UTF-8 makes it so)
  [1]
  $ runnel predict flowers.csv flowers.csv
  runnel predict: flowers.csv: is no model file: it begins with "length,w", as neither safetensors nor ONNX files do
  [1]
  $ runnel predict flowers.csv flowers.st
  runnel predict: flowers.csv is a table, and flowers.st a model: the model comes first
  [2]
  $ runnel eval flowers.st --data mnist
  runnel eval: flowers.st was trained on a table, and --data mnist is none
  [1]
  $ runnel eval flowers.st --data nowhere.csv
  runnel eval: flowers.st was trained on a table, but there is no file nowhere.csv
  [1]
  $ runnel train --data flowers.csv --target 1 --drop 2,3,4
  runnel train: flowers.csv has no column beside the target that is not left out: nothing to learn from
  [1]
  $ runnel export flowers.st --name flower --to c > /dev/null; runnel eval flower.c
  runnel eval: flower.c: is no model file: it begins with "/* flowe", as neither safetensors nor ONNX files do
  [1]

What a gradient is checked on, and what is measured, may have gaps, and numbers to predict of any size.

  $ runnel gradcheck --data prices.tsv --net 'affine 5, tanh, affine' --quiet | tail -1
  they agree: the largest relative difference is \d.\d+e-\d+, the bound is 1.00e-05 (re)
  $ runnel bench --data prices.tsv --rounds 1 --seconds 0.01 --threads 1 --quiet | wc -l
  6
  $ runnel bench flowers.st --data prices.tsv --quiet
  runnel bench: flowers.st takes 4 inputs, but prices.tsv has 3: --data names other data
  [1]

A model that knows nothing of columns takes the cells of a table for its inputs.

  $ runnel train --data yes.csv --task regression --iterations 50 --out line.st --quiet > log
  $ $PYTHON $CASES/make.py forget line.st bare.st
  $ runnel eval bare.st --data yes.csv --quiet > bare.txt
  $ runnel eval line.st --data yes.csv --quiet | cmp - bare.txt
  $ runnel eval bare.st --data yes.csv --part train --quiet | cmp - bare.txt

A line above the table is no header; one cell that is filled in the first row may be one where that is said.

  $ printf 'Prices, as of May\na;b;kind\n1;2;x\n2;3;y\n' > title.csv; runnel data title.csv
  runnel data: title.csv: line 1 is one cell alone, and the lines below it have 3: a title? Take away what stands above the table, as tail -n +2 does
  [1]
  $ printf 'Prices as of May\na;b;kind\n1;2;x\n2;3;y\n' > title.csv; runnel data title.csv
  runnel data: title.csv: line 1 is one cell alone, and the lines below it have 3: a title? Take away what stands above the table, as tail -n +2 does
  [1]
  $ tail -n +2 title.csv > below.csv; runnel data below.csv 2>&1 | head -n 2
  data        below.csv
  samples     2
  $ printf 'Prices;;\na;b;kind\n1;2;x\n2;3;y\n' > title.csv; runnel train --data title.csv
  runnel train: title.csv: line 1 is one cell alone, and the lines below it have 3: a title? Take away what stands above the table, as tail -n +2 does
  [1]
  $ printf 'blue,,\n,red,\n,red,3\n' > sparse.csv; runnel data sparse.csv
  runnel data: sparse.csv: line 1 is one cell alone, and the lines below it have 3: a title? Take away what stands above the table, as tail -n +2 does
  [1]
  $ runnel data sparse.csv --header no --target 1 2>&1 | head -n 1
  runnel data: sparse.csv, line 2, column 1: found nothing, expected a text: the target may not be missing
