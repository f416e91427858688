What is read is not written over by another name, either: through links in a folder, or as the built-in data.

  $ runnel data strokes --limit 30 --sheet sheet.png > /dev/null
  $ mkdir -p store/a pics/b; for i in 0 1 2; do cp sheet.png store/a/$i.png; cp sheet.png pics/b/$i.png; done
  $ ln -s ../store/a pics/a; cp sheet.png loose.png; ln -s ../../loose.png pics/b/3.png; ln pics/b/0.png hard.png
  $ alias pics="runnel train --data pics --size 8x8 --iterations 1 --quiet"
  $ pics --out store/a/0.png
  runnel train: --out store/a/0.png: it lies among the files of --data pics
  [2]
  $ pics --out none --history store/a/new.csv
  runnel train: --history store/a/new.csv: it lies among the files of --data pics
  [2]
  $ pics --out loose.png
  runnel train: --out loose.png: it lies among the files of --data pics
  [2]
  $ runnel data pics --size 8x8 --sheet hard.png
  runnel data: --sheet hard.png: it lies among the files of DATA pics
  [2]
  $ pics --out store/m.st > /dev/null
  $ $PYTHON $CASES/make.py idx bars 30 6 6
  $ mkdir mnist linked; cp bars-images.idx mnist/train-images-idx3-ubyte; cp bars-labels.idx mnist/train-labels-idx1-ubyte
  $ cp bars-images.idx mnist/t10k-images-idx3-ubyte; cp bars-labels.idx mnist/t10k-labels-idx1-ubyte
  $ for f in mnist/*; do ln -s ../$f linked; done
  $ alias tiny="runnel train --net 'affine' --batch 5 --iterations 1 --quiet"
  $ tiny --data linked --out mnist/t10k-labels-idx1-ubyte
  runnel train: --out mnist/t10k-labels-idx1-ubyte: it lies among the files of --data linked
  [2]
  $ tiny --data linked --out mnist/model.st > /dev/null; tiny --data linked --out mnist/model.st > /dev/null
  $ RUNNEL_DATA=$PWD/mnist tiny --out mnist/t10k-labels-idx1-ubyte
  runnel train: --out mnist/t10k-labels-idx1-ubyte: it lies among the files of --data mnist
  [2]
  $ cmp bars-labels.idx mnist/t10k-labels-idx1-ubyte

A pipe among pictures is none.

  $ mkdir -p piped/a piped/b; cp sheet.png piped/a/0.png; mkfifo piped/b/1.png
  $ runnel train --data piped --size 8x8 --out none
  runnel train: piped/b/1.png: is no regular file, and a picture was expected
  [1]
