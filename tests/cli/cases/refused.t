What is refused before any training, with a sentence, and with nothing written.

The network.

  $ alias train="runnel train --data strokes --limit 50 --test-limit 50 --batch 10 --iterations 1 --quiet"
  $ train --net 'affine 5, relux, affine'
  runnel train: --net: network "affine 5, relux, affine": item 2: unknown layer "relux"; did you mean relu?
  [2]
  $ train --net 'Affine 5, ReLU, Affine'
  runnel train: --net: network "Affine 5, ReLU, Affine": item 1: unknown layer "Affine"; did you mean affine?
  [2]
  $ train --net 'dense 5, relu, dense'
  runnel train: --net: network "dense 5, relu, dense": item 1: unknown layer "dense"; did you mean affine?
  [2]
  $ train --net 'affine5, relu, affine'
  runnel train: --net: network "affine5, relu, affine": item 1: unknown layer "affine5"; did you mean affine 5?
  [2]
  $ train --net 'affin 5, relu, affine'
  runnel train: --net: network "affin 5, relu, affine": item 1: unknown layer "affin"; did you mean affine?
  [2]
  $ train --net 'affine 5, selu, affine'
  runnel train: --net: network "affine 5, selu, affine": item 2: unknown layer "selu"; known are affine, .* (re)
  [2]
  $ train --init kaiming
  runnel train: --init: initial weights "kaiming": did you mean he?
  [2]
  $ train --net 'affine 5, 7, affine'
  runnel train: --net: network "affine 5, 7, affine": item 2: unknown layer "7"; known are affine, .* (re)
  [2]
  $ train --net 'relu, affine x'
  runnel train: --net: network "relu, affine x": item 2: the width of affine is a whole number from 1 to 16777216, not "x"
  [2]
  $ train --net 'affine 0'
  runnel train: --net: network "affine 0": item 1: the width of affine is a whole number from 1 to 16777216, not "0"
  [2]
  $ train --net 'affine 99999999999999999999'
  runnel train: --net: network "affine 99999999999999999999": item 1: the width of affine is a whole number from 1 to 16777216, not "99999999999999999999"
  [2]
  $ train --net 'affine 1000000000000, affine'
  runnel train: --net: network "affine 1000000000000, affine": item 1: the width of affine is a whole number from 1 to 16777216, not "1000000000000"
  [2]
  $ train --net 'affine 50, relu, affine 9'
  runnel train: --net: network "affine 50, relu, affine 9": the network gives 9 outputs, expected 10
  [2]
  $ train --net 'affine 5 6, affine'
  runnel train: --net: network "affine 5 6, affine": "affine 5 6" takes 5 inputs, but 784 come from before it
  [2]
  $ train --net 'affine 5,, affine'
  runnel train: --net: network "affine 5,, affine": item 2 is empty
  [2]
  $ train --net 'softmax, affine'
  runnel train: --net: network "softmax, affine": item 1: "softmax" is a loss, which only stands last
  [2]
  $ train --net relu
  runnel train: --net: network "relu": the network gives 784 outputs, expected 10
  [2]
  $ train --net ' '
  runnel train: --net: network " ": no layer in it
  [2]

The batch.

  $ train --batch 51
  runnel train: --batch 51: the training set has only 50 samples
  [2]

Where the results go.

  $ train --out no/such/folder/m
  runnel train: --out no/such/folder/m: the folder does not exist
  [1]
  $ train --out /proc/m
  runnel train: --out /proc/m: no file can be made in this folder
  [1]
  $ train --out .
  runnel train: --out .: is a folder, not a file
  [1]
  $ train --out /dev/null
  runnel train: --out /dev/null: is not a regular file
  [1]
  $ train --out m --history m
  runnel train: --out and --history name the same file, m
  [2]
  $ train --history no/such/folder/h
  runnel train: --history no/such/folder/h: the folder does not exist
  [1]
  $ mkfifo pipe
  $ train --out pipe
  runnel train: --out pipe: is not a regular file
  [1]
  $ ls -A
  pipe

Nothing that is read is written over, by whatever path it is reached.

  $ mkdir own; cd own; printf 'a,y\n1,0\n2,1\n3,0\n4,1\n' > f.csv; cp f.csv kept; cp f.csv model.history.csv; ln -s f.csv link
  $ alias own="runnel train --iterations 1 --quiet"
  $ own --data f.csv --out f.csv
  runnel train: --data and --out name the same file, f.csv
  [2]
  $ own --data f.csv --out ../own/./f.csv
  runnel train: --data and --out name the same file, ../own/./f.csv
  [2]
  $ own --data f.csv --out link
  runnel train: --data and --out name the same file, link
  [2]
  $ own --data - --out f.csv < f.csv
  runnel train: --data and --out name the same file, f.csv
  [2]
  $ own --data f.csv --out m.st --history f.csv
  runnel train: --data and --history name the same file, f.csv
  [2]
  $ own --data f.csv --out m.st --checkpoint f.csv
  runnel train: --data and --checkpoint name the same file, f.csv
  [2]
  $ own --data f.csv --test kept --out kept
  runnel train: --test and --out name the same file, kept
  [2]
  $ own --data model.history.csv
  runnel train: --data and --history name the same file, model.history.csv
  [2]
  $ own --data f.csv --out m.st --history ./m.st
  runnel train: --out and --history name the same file, ./m.st
  [2]
  $ own --data f.csv --out m.st --checkpoint new --history ../own/new
  runnel train: --checkpoint and --history name the same file, ../own/new
  [2]
  $ own --data strokes --show-augmented f.csv
  runnel train: --show-augmented f.csv: the file is there and is no PNG picture, so it is not replaced
  [1]
  $ own --data strokes --show-augmented sheet.JPG
  runnel train: --show-augmented sheet.JPG: a PNG picture is written: expected a name that ends in .png
  [1]
  $ runnel data strokes --limit 10 --sheet sheet.webp
  runnel data: --sheet sheet.webp: a PNG picture is written: expected a name that ends in .png
  [1]
  $ own --data strokes --show-augmented no/such/folder.png
  runnel train: --show-augmented no/such/folder.png: the folder does not exist
  [1]
  $ $PYTHON $CASES/make.py idx bars 30 6 6
  $ own --data bars-images.idx --labels bars-labels.idx --out bars-labels.idx
  runnel train: --labels and --out name the same file, bars-labels.idx
  [2]
  $ own --data bars-images.idx --labels bars-labels.idx --test bars-images.idx --test-labels kept --out kept
  runnel train: --test-labels and --out name the same file, kept
  [2]
  $ mkdir mnist; cp bars-images.idx mnist/train-images-idx3-ubyte; cp bars-labels.idx mnist/train-labels-idx1-ubyte
  $ cp bars-images.idx mnist/t10k-images-idx3-ubyte; cp bars-labels.idx mnist/t10k-labels-idx1-ubyte
  $ own --data mnist/ --out mnist/train-labels-idx1-ubyte
  runnel train: --out mnist/train-labels-idx1-ubyte: it lies among the files of --data mnist/
  [2]
  $ cmp f.csv kept; cmp f.csv model.history.csv; ls
  bars-images.idx
  bars-labels.idx
  f.csv
  kept
  link
  mnist
  model.history.csv

A model may be trained on in its own file; nothing else goes there. A folder may take what is none of its data.

  $ own --data f.csv --out m.st --history none --checkpoint c > /dev/null
  $ own --data f.csv --from m.st --out m.st --history none > /dev/null
  $ own --data f.csv --from m.st --out none --history m.st
  runnel train: --from and --history name the same file, m.st
  [2]
  $ own --data f.csv --from m.st --out n.st --checkpoint m.st
  runnel train: --from and --checkpoint name the same file, m.st
  [2]
  $ own --data f.csv --resume c --out c
  runnel train: --resume and --out name the same file, c
  [2]
  $ own --data ./mnist/ --batch 10 --out mnist/model.st > /dev/null
  $ ls mnist; cd ..; rm -r own
  model.st
  model.st.history.csv
  t10k-images-idx3-ubyte
  t10k-labels-idx1-ubyte
  train-images-idx3-ubyte
  train-labels-idx1-ubyte

The data.

  $ runnel train --data strokse
  runnel train: --data strokse: no such file or folder; did you mean strokes?
  [1]
  $ runnel train --data nowhere
  runnel train: --data nowhere: no such file or folder; expected mnist, strokes, or a path
  [1]
  $ runnel train --data strokes --labels x
  runnel train: --labels belongs to a file of samples, but --data is strokes
  [2]
  $ mkdir empty; runnel train --data empty
  runnel train: empty: no sub-folders, expected one with pictures for each class, or MNIST's files
  [1]
  $ printf '' > e; runnel train --data e
  runnel train: e is empty
  [1]
  $ runnel train --data e --labels e
  runnel train: e is empty
  [1]
  $ $PYTHON $CASES/make.py idx bars 30 6 6
  $ alias bars="runnel train --iterations 1 --batch 10 --quiet --data"
  $ head -c 100 bars-images.idx > cut; bars cut --labels bars-labels.idx
  runnel train: cut: the header says 30 x 6 x 6, 1080 bytes, but 84 bytes follow it
  [1]
  $ head -c 10 bars-images.idx > cut; bars cut --labels bars-labels.idx
  runnel train: cut: the data end after 10 bytes, inside the IDX header
  [1]
  $ printf 'PK\003\004junk' > zip; bars zip --labels bars-labels.idx
  runnel train: bars-labels.idx: a file of labels goes with an IDX or npy file, but zip is none
  [2]
  $ printf '\000\000\010\003\377\377\377\377\377\377\377\377\377\377\377\377' > huge; bars huge --labels bars-labels.idx
  runnel train: huge: the header says 4294967295 x 4294967295 x 4294967295, more than this machine can address
  [1]
  $ $PYTHON $CASES/make.py idx more 31 6 6
  $ bars bars-images.idx --labels more-labels.idx
  runnel train: more-labels.idx has 31 labels, but bars-images.idx has 30 images
  [1]
  $ bars bars-labels.idx --labels bars-images.idx
  runnel train: bars-labels.idx: an IDX file with 1 dimension, expected 2 to 4 for images (1 is for labels)
  [1]
  $ bars bars-images.idx --labels bars-labels.idx --test more-images.idx
  runnel train: --test more-images.idx: these samples need their classes or targets: --test-labels FILE
  [2]
  $ gzip -c bars-images.idx | head -c 60 > cut.gz; bars cut.gz --labels bars-labels.idx
  runnel train: cut.gz: the compressed data are cut off: the file ends after 60 bytes
  [1]
  $ $PYTHON $CASES/make.py idx wide 31 6 7
  $ bars bars-images.idx --labels bars-labels.idx --test wide-images.idx --test-labels wide-labels.idx
  runnel train: the test set has 42 features a sample, but the network takes 36 inputs
  [1]
  $ bars missing --labels bars-labels.idx
  runnel train: --data missing: no such file or folder; expected mnist, strokes, or a path
  [1]
  $ bars bars-images.idx --labels missing
  runnel train: missing: cannot open: No such file or directory
  [1]

Numbers that are none.

  $ $PYTHON $CASES/make.py floats x.npy "1 2 3" "4 5 6" "7 8 nan" "inf 1 2"; $PYTHON $CASES/make.py wholes y.npy 0 1 0 1
  $ alias floats="runnel train --iterations 2 --out none --quiet --data x.npy --labels y.npy"
  $ floats
  runnel train: x.npy: feature 2 of sample 2 (both counted from 0) is NaN: expected finite numbers
  [1]
  $ floats --limit 2 > /dev/null
  $ floats --prepare none > /dev/null
  runnel train: training diverged: the loss became NaN at iteration 1. In the training set, feature 2 of sample 2 (both counted from 0) is NaN: expected finite numbers. The parameters are those of iteration 0
  [1]
  $ floats --validation 0.5
  runnel train: x.npy: feature 2 of sample 2 (both counted from 0) is NaN: expected finite numbers
  [1]
  $ $PYTHON $CASES/make.py floats x.npy "1 2 3" "4 5 6" "7 1e300 1" "4 1 2"; floats --prepare none > /dev/null
  runnel train: training diverged: the loss became NaN at iteration 1. In the training set, feature 1 of sample 2 (both counted from 0) is 1e+300, more than single precision holds. The parameters are those of iteration 0
  [1]
  $ $PYTHON $CASES/make.py floats t.npy 1 2 nan 3; $PYTHON $CASES/make.py floats x.npy "1 2 3" "4 5 6" "7 8 1" "4 1 2"
  $ runnel train --data x.npy --labels t.npy --iterations 2 --out none --quiet
  runnel train: t.npy: target 0 of sample 2 (both counted from 0) is not finite
  [1]
  $ RUNNEL_CPU=fast bars bars-images.idx --labels bars-labels.idx
  runnel train: the environment variable RUNNEL_CPU is "fast"; it can be baseline, avx2 or avx512
  [2]
  $ ls *.safetensors *.csv
  ls: cannot access '*.safetensors': No such file or directory
  ls: cannot access '*.csv': No such file or directory
  [2]
