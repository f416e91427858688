  $ $PYTHON $CASES/make.py idx bars 30 6 6
  $ runnel train --data bars-images.idx --labels bars-labels.idx --net 'affine 8, relu, affine' --weight-init-std 0.5 --lr 1 --batch 30 --iterations 300 --out bars.st --quiet > /dev/null
  $ for k in 0 1 2; do $PYTHON $CASES/make.py png bar$k.png 6 6 $k; done
  $ $PYTHON $CASES/make.py png large.png 60 60 1
  $ $PYTHON $CASES/make.py png dark.png 60 60 2 dark

Pictures of any size; a line each.

  $ runnel predict bars.st bar0.png bar1.png bar2.png large.png
  bar0\.png: 0   [\d. ]+ (re)
  bar1\.png: 1   [\d. ]+ (re)
  bar2\.png: 2   [\d. ]+ (re)
  large\.png: 1   [\d. ]+ (re)
  $ runnel predict --dark-on-light bars.st dark.png
  dark\.png: 2   [\d. ]+ (re)
  $ runnel predict bars.st --json bar1.png
  \{"file":"bar1.png","class":1,"probabilities":\[[\d.e,-]+\]\} (re)
  $ runnel predict bars.st - < bar2.png
  standard input: 2   [\d. ]+ (re)
  $ cat bar2.png | runnel predict bars.st /dev/stdin
  /dev/stdin: 2   [\d. ]+ (re)
  $ runnel predict bars.st - --json < bar2.png
  \{"file":"standard input","class":2,"probabilities":\[[\d.e,-]+\]\} (re)

Paper and ink, but the option was forgotten.

  $ runnel predict bars.st dark.png dark.png
  dark.png looks dark on light, but light on dark was assumed, as in MNIST: --dark-on-light or --light-on-dark says it
  dark\.png: 0   [\d. ]+ (re)
  dark\.png: 0   [\d. ]+ (re)
  $ runnel predict bars.st dark.png --light-on-dark | wc -l
  1
  $ runnel predict bars.st dark.png --quiet | wc -l
  1

A folder stands for the pictures in it, in the order of their names; what begins with a dot does not count.

  $ mkdir -p seen/more none; cp bar2.png seen/a.png; cp bar0.png 'seen/B 1.png'; cp bar1.png seen/b.png; cp bar1.png seen/.hidden.png; cp bar1.png seen/more/c.png; mkfifo seen/pipe
  $ runnel predict bars.st seen/ bar1.png | sed 's/  .*//'
  runnel predict: seen/: the folders in it are not looked into: name them too, as seen/* does
  seen/B 1.png: 0
  seen/a.png: 2
  seen/b.png: 1
  bar1.png: 1
  $ rm -r seen/more; runnel predict bars.st seen --json | cut -d, -f1
  {"file":"seen/B 1.png"
  {"file":"seen/a.png"
  {"file":"seen/b.png"
  $ runnel predict bars.st seen > /dev/null; printf hello > seen/a.txt; ln -s nowhere seen/a_link.png; runnel predict bars.st seen > /dev/null
  runnel predict: seen: 3 of the files in this folder are pictures; seen/a.txt is none
  [1]
  $ runnel predict bars.st none
  runnel predict: none: there are no files in this folder; expected pictures
  [1]
  $ mkdir -p classes/one classes/two; runnel predict bars.st classes; runnel predict bars.st classes/
  runnel predict: classes: the folders in it are not looked into: name them too, as classes/* does
  runnel predict: classes/: the folders in it are not looked into: name them too, as classes/* does
  [1]

IDX files, plain and compressed, by name and through a pipe.

  $ runnel predict bars.st bars-images.idx --limit 3
  bars\-images\.idx\[0\]: 0   [\d. ]+ (re)
  bars\-images\.idx\[1\]: 1   [\d. ]+ (re)
  bars\-images\.idx\[2\]: 2   [\d. ]+ (re)
  $ runnel predict bars.st bars-images.idx --json | wc -l
  30
  $ gzip -k bars-images.idx; runnel predict bars.st bars-images.idx.gz | tail -n 1
  bars\-images\.idx\.gz\[29\]: 2   [\d. ]+ (re)
  $ cat bars-images.idx | runnel predict bars.st - --limit 1
  standard input\[0\]: 0   [\d. ]+ (re)
  $ runnel predict bars.st - --limit 1 < bars-images.idx.gz
  standard input\[0\]: 0   [\d. ]+ (re)

Arrays of numpy; a network that predicts numbers, of samples and of a picture.

  $ $PYTHON $CASES/make.py npy bars-images.idx bars.npy
  $ runnel predict bars.st bars.npy --limit 2
  bars.npy\[0\]: 0   [\d. ]+ (re)
  bars.npy\[1\]: 1   [\d. ]+ (re)
  $ gzip -c bars.npy | runnel predict bars.st - --limit 1 --json
  \{"file":"standard input","sample":0,"class":0,"probabilities":.* (re)
  $ runnel train --data bars-images.idx --labels bars-labels.idx --task regression --net affine --init auto --iterations 1000 --batch 30 --out which.st --quiet | tail -n 1
       1000    0.00\d\d    0.99\d\d         - (re)
  $ runnel predict which.st bar2.png bars-images.idx --limit 2
  bar2.png: 2.1\d+ (re)
  bars-images.idx\[0\]: 0.0\d+ (re)
  bars-images.idx\[1\]: 0.9\d+ (re)
  $ runnel predict which.st bar2.png --json
  \{"file":"bar2.png","values":\[2.1\d+\]\} (re)

Double precision keeps its digits, as text and as JSON.

  $ runnel train --data bars-images.idx --labels bars-labels.idx --task regression --net affine --dtype f64 --iterations 5 --batch 30 --out which64.st --quiet > /dev/null
  $ runnel predict which64.st bars-images.idx --limit 2 --json > j; runnel predict which64.st bars-images.idx --limit 2 > t; $PYTHON -c 'import json; print(all(json.loads(j)["values"][0] == float(t.split()[1]) != float("%.9g" % float(t.split()[1])) for j, t in zip(open("j"), open("t"))))'
  True

Damaged ones, under the name that a person knows them by.

  $ head -c 500 bars-images.idx | runnel predict bars.st -
  runnel predict: standard input: the header says 30 x 6 x 6, 1080 bytes, but 484 bytes follow it
  [1]
  $ head -c 60 bars-images.idx.gz | runnel predict bars.st -
  runnel predict: standard input: the compressed data are cut off: the file ends after 60 bytes
  [1]
  $ head -c 3 bars-images.idx | runnel predict bars.st -
  runnel predict: standard input: the data end after 3 bytes, inside the IDX header
  [1]
  $ gzip -c bar0.png | runnel predict bars.st -
  runnel predict: standard input is one picture, expected a folder with a sub-folder of pictures for each class
  [1]

A file's name plays no tricks on the terminal.

  $ cp bar0.png "$(printf 'a\033[2Jb')"; runnel predict bars.st a* | sed 's/:.*//'
  a\x1b[2Jb
  $ for c in '\342\200\252' '\342\200\256' '\342\201\246' '\342\201\251'; do runnel inspect "$(printf "t${c}x")"; done
  runnel inspect: t\u202ax: cannot open: No such file or directory
  runnel inspect: t\u202ex: cannot open: No such file or directory
  runnel inspect: t\u2066x: cannot open: No such file or directory
  runnel inspect: t\u2069x: cannot open: No such file or directory
  [1]
  $ echo 1,2 | runnel predict bars.st -
  runnel predict: standard input: expected a PNG or JPEG picture, samples (IDX, npy, npz, svmlight), or a table in a file whose name ends in .csv or the like
  [1]
  $ printf x > "$(printf 'z\033[2Jb')"; runnel predict bars.st z*
  runnel predict: z\x1b[2Jb: expected a PNG or JPEG picture, samples (IDX, npy, npz, svmlight), or a table in a file whose name ends in .csv or the like
  [1]

A bad file among several is told, and the others are answered.

  $ head -c 50 bar0.png > cut.png; printf 'hello' > text.png; printf '' > empty.png
  $ runnel predict bars.st cut.png bar0.png nowhere.png text.png empty.png bar2.png
  runnel predict: cut.png: a damaged PNG picture: the file ends too early
  bar0\.png: 0   [\d. ]+ (re)
  runnel predict: nowhere.png: No such file or directory
  runnel predict: text.png: expected a PNG or JPEG picture, samples (IDX, npy, npz, svmlight), or a table in a file whose name ends in .csv or the like
  runnel predict: empty.png: it is empty; expected a PNG or JPEG picture, samples (IDX, npy, npz, svmlight), or a table in a file whose name ends in .csv or the like
  bar2\.png: 2   [\d. ]+ (re)
  [1]
  $ printf '\000\000\000\030ftypheic\000\000\000\000' > phone.heic; runnel predict bars.st phone.heic
  runnel predict: phone.heic is no PNG or JPEG picture, but HEIC or AVIF
  [1]
  $ printf 'GIF89a\001\000' | runnel predict bars.st -
  runnel predict: standard input is no PNG or JPEG picture, but GIF
  [1]
  $ $PYTHON $CASES/make.py idx wide 3 6 7
  $ runnel predict bars.st wide-images.idx bar1.png
  runnel predict: wide-images.idx: its samples have 42 numbers, but the model takes 36
  bar1\.png: 1   [\d. ]+ (re)
  [1]
  $ printf '' | runnel predict bars.st -
  runnel predict: standard input: it is empty; expected a PNG or JPEG picture, samples (IDX, npy, npz, svmlight), or a table in a file whose name ends in .csv or the like
  [1]
  $ runnel predict bars.st - <&-
  runnel predict: standard input: Bad file descriptor
  [1]

Models that do not fit.

  $ runnel predict bar0.png bar0.png
  runnel predict: bar0.png: is no model file: it begins with the bytes 89 50 4E 47 0D 0A 1A 0A, as neither safetensors nor ONNX files do
  [1]
  $ runnel predict bar0.png bars.st
  runnel predict: bar0.png is a picture, and bars.st a model: the model comes first
  [2]
  $ runnel predict nowhere.st bar0.png
  runnel predict: nowhere.st: cannot open: No such file or directory
  [1]
  $ runnel predict bars.st bar0.png --shape 5x5
  runnel predict: --shape 5x5: expected HEIGHTxWIDTH of 36 inputs, such as 28x28
  [2]
  $ runnel predict bars.st bar0.png --shape 6x6 | wc -l
  1
  $ runnel predict bars.st bar0.png --raw-pixels
  runnel predict: --raw-pixels: but bars.st says that its pixels are scaled by 0.00392157
  [2]

  $ runnel predict bars.st bar0.png > /dev/full
  runnel predict: standard output cannot be written: No space left on device
  [1]
  $ $PYTHON $CASES/closed_pipe.py runnel predict bars.st bar0.png bar1.png
  [1]

Trained further on a folder of fewer classes, a network keeps the names of all.

  $ for k in 0 1 2 3; do for class in ape bee cat; do mkdir -p three/$class two/$class; done; $PYTHON $CASES/make.py png three/ape/$k.png 4 4 0; $PYTHON $CASES/make.py png three/bee/$k.png 4 4 1; $PYTHON $CASES/make.py png three/cat/$k.png 4 4 3; done; rm -r two/ape; cp three/bee/* two/bee; cp three/cat/* two/cat
  $ runnel train --data three --iterations 100 --eval-every 100 --out three.st --quiet | tail -n 1
        100    0.0\d+    100.00         - (re)
  $ runnel train --from three.st --data two --iterations 1 --lr 1e-30 --out two.st --quiet
  iteration      loss   train %    test %
          0         -    100.00         -
          1    0.0\d+    100.00         - (re)
  $ runnel predict two.st two/bee/0.png two/cat/0.png three/ape/0.png | sed 's/  .*//'
  two/bee/0.png: bee
  two/cat/0.png: cat
  three/ape/0.png: ape

A sample that has NaN or infinity has no answer; the others do.

  $ $PYTHON $CASES/make.py floats x.npy "1 2" "4 5" "7 nan" "inf 2"; $PYTHON $CASES/make.py wholes y.npy 0 1 0 1
  $ runnel train --data x.npy --labels y.npy --limit 2 --iterations 1 --out pair.st --quiet > /dev/null
  $ runnel predict pair.st x.npy > answers
  runnel predict: x.npy[2]: no answer: the network gives NaN or infinity, as it does where a sample has them
  runnel predict: x.npy[3]: no answer: the network gives NaN or infinity, as it does where a sample has them
  [1]
  $ cut -c1-13 answers
  x.npy[0]: 0  
  x.npy[1]: 1  
  x.npy[2]: -  
  x.npy[3]: -  
  $ runnel predict pair.st x.npy --json 2> /dev/null | tail -1
  {"file":"x.npy","sample":3,"class":null,"probabilities":[null,null]}
  $ runnel eval pair.st --data x.npy --labels y.npy --quiet > /dev/null
  runnel eval: x.npy: the loss is NaN, so the numbers above are no measure of the network: it gives NaN or infinity, as it does where a sample has them
  [1]
  $ runnel eval pair.st --data x.npy --labels y.npy --quiet --limit 2 > /dev/null

Bytes are pixels where a model does not say how its inputs are scaled; other numbers are what they are, as for eval.

  $ $PYTHON $CASES/make.py floats x.npy "1 2" "4 5" "7 3" "5 2"; $PYTHON $CASES/make.py wholes y.npy 0 1 0 1
  $ runnel train --data x.npy --labels y.npy --prepare none --net 'affine 2' --iterations 50 --out bare.st --quiet > /dev/null
  $ runnel predict bare.st x.npy > told; $PYTHON $CASES/make.py forget bare.st bare_2.st all
  $ runnel predict bare_2.st x.npy --net 'affine 2' | cmp - told
  $ printf '1,2\n4,5\n7,3\n5,2\n' > x.csv; runnel predict bare_2.st x.csv --net 'affine 2' | cut -d, -f3 > rows
  $ sed 's/.*: //; s/ .*//' told | cmp - rows
  $ $PYTHON $CASES/make.py forget bare.st scaleless.st runnel.input.scale; $PYTHON $CASES/make.py note scaleless.st shifted.st runnel.input.shift -4
  $ runnel predict shifted.st x.npy | sed 's/.*: //; s/ .*//' > told; runnel predict shifted.st x.csv | cut -d, -f3 | cmp - told; paste told rows | tr '\t' ' '
  0 0
  0 1
  0 0
  0 0

The last column may be the target, as `runnel eval` reads it: it is passed through.

  $ printf 'a,b,kind\n1,2,no\n4,5,yes\n7,3,no\n5,2,yes\n' > xy.csv; runnel eval bare_2.st --net 'affine 2' --data xy.csv --quiet | head -n 1
  samples   4
  $ runnel predict bare_2.st xy.csv --net 'affine 2' > answers; head -n 1 answers; cut -d, -f4 answers | tail -n 4 | cmp - rows
  a,b,kind,class,p_0,p_1
  $ printf '1,2,3,4\n' > long.csv; runnel predict bare_2.st long.csv --net 'affine 2'
  runnel predict: long.csv, line 1: found 4 columns, expected 3, or 2 without the target, column 3
  [1]
