  $ $PYTHON $CASES/make.py idx bars 30 6 6
  $ runnel train --data bars-images.idx --labels bars-labels.idx --net 'affine 8, relu, affine' --weight-init-std 0.5 --batch 30 --iterations 200 --out bars.st --quiet > /dev/null
  $ alias bars="runnel eval bars.st"
  $ bars
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
  $ bars --json --quiet
  \{"data":"bars-images\.idx","samples":30,"loss":0\.00\d+,"accuracy":1\.0,"classes":\[\{"class":"0","precision":1\.0,"recall":1\.0,"f1":1\.0,"support":10\},\{"class":"1","precision":1\.0,"recall":1\.0,"f1":1\.0,"support":10\},\{"class":"2","precision":1\.0,"recall":1\.0,"f1":1\.0,"support":10\}\],"confusion":\[\[10,0,0\],\[0,10,0\],\[0,0,10\]\]\} (re)
  $ bars --limit 4 --quiet --threads 1
  samples   4
  loss      0\.0\d+ (re)
  accuracy  100.00 %
  
  class  precision   recall       F1  support
  0         1.0000   1.0000   1.0000        2
  1         1.0000   1.0000   1.0000        1
  2         1.0000   1.0000   1.0000        1
  
  rows: the true class; columns: the answer; right: % of the row
  
     0 1 2    right
  0  2 0 0   100.00
  1  0 1 0   100.00
  2  0 0 1   100.00
  $ bars --top-k 3 --quiet | head -n 6
  samples   30
  loss      0\.0\d+ (re)
  accuracy  100.00 %
  top 2     100.00 %
  top 3     100.00 %
  
  $ bars --top-k 4
  these are the samples that it was trained on: no others were set aside
  runnel eval: bars.st: the classes among the 4 largest outputs: expected 1 to 3, the outputs of the network
  [2]
  $ bars --top-5
  runnel eval: unknown option --top-5; did you mean --top-k?
  [2]
  $ bars --backend portable --quiet | head -n 1
  samples   30

The model remembers its data; others can be named.

  $ runnel train --data strokes --limit 200 --test-limit 10 --iterations 5 --quiet --out s.st > /dev/null
  $ runnel eval s.st --limit 20 | head -n 1
  s.st on strokes, the test part
  samples   20
  $ runnel eval s.st --limit 200 --top-k 10 --json --quiet > top.json
  $ $PYTHON -c 'import json; o = json.load(open("top.json")); t = o["top"]; print(len(t), t == sorted(t), t[0] == o["accuracy"], t[0] < t[5], t[9])'
  10 True True True 1.0
  $ runnel eval s.st --limit 20 --part train | head -n 1
  s.st on strokes, the train part
  samples   20
  $ runnel eval s.st --data bars-images.idx --labels bars-labels.idx
  runnel eval: s.st: the data set has 36 features a sample, but the network takes 784 inputs
  [1]
  $ runnel eval bars.st --data strokes --limit 5
  runnel eval: bars.st: the data set has 784 features a sample, but the network takes 36 inputs
  [1]
  $ mv bars-images.idx gone.idx
  $ bars
  runnel eval: bars.st was made with bars-images.idx, which is not here; --data names another
  [1]
  $ bars --data gone.idx --labels bars-labels.idx --quiet | head -n 1
  samples   30
  $ runnel eval s.st --data mnist 2>&1 | tail -n 1
    --data strokes         needs no download: digits that runnel draws itself

Data may have fewer classes than the network tells apart: what is taken for another counts too.

  $ tail -c +9 bars-labels.idx | tr '\002' '\001' > two; (head -c 8 bars-labels.idx; cat two) > two.idx
  $ runnel eval bars.st --data gone.idx --labels two.idx --quiet
  samples   30
  loss      2\.1\d+ (re)
  accuracy  66.67 %
  
  class  precision   recall       F1  support
  0         1.0000   1.0000   1.0000       10
  1         1.0000   0.5000   0.6667       20
  2         0.0000        -   0.0000        0
  
  rows: the true class; columns: the answer; right: % of the row
  
      0  1  2    right
  0  10  0  0   100.00
  1   0 10 10    50.00
  2   0  0  0        -
  $ runnel eval bars.st --data gone.idx --labels two.idx --quiet --json
  \{"data":"gone\.idx","samples":30,"loss":2\.1\d+,"accuracy":0\.6+7,"classes":\[\{"class":"0","precision":1\.0,"recall":1\.0,"f1":1\.0,"support":10\},\{"class":"1","precision":1\.0,"recall":0\.5,"f1":0\.6+7,"support":20\},\{"class":"2","precision":0\.0,"recall":null,"f1":0\.0,"support":0\}\],"confusion":\[\[10,0,0\],\[0,10,10\],\[0,0,0\]\]\} (re)

Names are the model's.

  $ printf 'x,kind\n0,a\n1,b\n2,c\n0,a\n1,b\n2,c\n' > abc.csv; printf 'x,kind\n0,a\n1,b\n2,b\n' > ab.csv
  $ runnel train --data abc.csv --net 'affine 8, relu, affine' --iterations 300 --out abc.st --quiet > /dev/null
  $ runnel eval abc.st --data ab.csv --quiet | tail -n +5
  class  precision   recall       F1  support
  a         1.0000   1.0000   1.0000        1
  b         1.0000   0.5000   0.6667        2
  c         0.0000        -   0.0000        0
  
  rows: the true class; columns: the answer; right: % of the row
  
     0 1 2    right
  0  1 0 0   100.00  a
  1  0 1 1    50.00  b
  2  0 0 0        -  c

Pixels are scaled as they were for training.

  $ runnel train --raw-pixels --lr 0.001 --data gone.idx --labels bars-labels.idx --net 'affine' --batch 30 --iterations 200 --out raw.st --quiet > /dev/null
  $ runnel eval raw.st --quiet | head -n 3
  samples   30
  loss      0\.0\d+ (re)
  accuracy  100.00 %

Files that are no model.

  $ runnel eval nowhere.st
  runnel eval: nowhere.st: cannot open: No such file or directory
  [1]
  $ runnel eval gone.idx
  runnel eval: gone.idx: is no model file: it begins with the bytes 00 00 08 03 00 00 00 1E, as neither safetensors nor ONNX files do
  [1]
  $ runnel eval .
  runnel eval: .: is a folder, and a file was expected
  [1]
  $ printf '' > empty; runnel eval empty
  runnel eval: empty: is no safetensors file: it has 0 bytes, and the header's length alone takes 8
  [1]
  $ head -c 1000 bars.st > cut.st; runnel eval cut.st
  runnel eval: cut.st: tensor "0.weight": its data should end at byte 1152, and the file has 72: it is cut off, or its header lies
  [1]
  $ runnel eval bars.st --net 'affine 3'
  runnel eval: bars.st: holds the network "affine 8, relu, affine 3, softmax", and "affine 3, softmax" was asked for
  [2]

  $ $PYTHON $CASES/closed_pipe.py runnel eval s.st --limit 20 --quiet
  [1]
  $ runnel eval s.st --limit 20 --quiet > /dev/full
  runnel eval: standard output cannot be written: No space left on device
  [1]

Names of Chinese, Japanese and Korean are twice as wide as others.

  $ seq 0 29 | awk -v OFS=, 'BEGIN { print "a,k"; name[0] = "plain"; name[1] = "개"; name[2] = "고양이" } { print $1 % 3, name[$1 % 3] }' > wide.csv
  $ runnel train --data wide.csv --quiet --out wide.st > /dev/null; runnel eval wide.st --data wide.csv --quiet | tail -n +4
  
  class   precision   recall       F1  support
  plain      1.0000   1.0000   1.0000       10
  개         1.0000   1.0000   1.0000       10
  고양이     1.0000   1.0000   1.0000       10
  
  rows: the true class; columns: the answer; right: % of the row
  
      0  1  2    right
  0  10  0  0   100.00  plain
  1   0 10  0   100.00  개
  2   0  0 10   100.00  고양이
