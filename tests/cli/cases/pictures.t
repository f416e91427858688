Folders of pictures.

  $ png() { $PYTHON $CASES/make.py png "$@"; }
  $ for part in train test valid; do mkdir -p photos/$part/a photos/$part/b; png photos/$part/a/1.png 6 6 0; png photos/$part/a/2.png 6 6 0; png photos/$part/b/1.png 6 6 2; done

What is not read is told.

  $ train() { runnel train --out none --iterations 1 --batch 2 "$@" 2>&1 | grep -e '^not read' -e '^data '; }
  $ train --data photos/
  not read photos/valid: the parts are train and test; --test FOLDER tests with another one, --validation 0.1 sets a part of train aside
  data     photos/: 3 samples to train, 3 to test, 6x6, 2 classes
  $ train --data photos --test photos/valid
  data     photos: 3 samples to train, 3 to test, 6x6, 2 classes
  $ runnel data photos | head -3
  not read photos/valid: the parts are train and test; --test FOLDER looks at another one
  data        photos
  samples     3 to train, 3 to test
  inputs      6x6, 5 to 250, mean 86.667, whole numbers

A folder in a class is no class, nor are its pictures read.

  $ mkdir photos/train/a/more; png photos/train/a/more/3.png 6 6 0; runnel data photos/train
  runnel data: photos/train/a/more: a folder inside of that of a class, expected pictures alone there; parts are called train and test
  [1]

Trains are a class, not a part.

  $ for class in bus car train; do mkdir -p wheels/$class; png wheels/$class/1.png 6 6 0; done
  $ runnel data wheels | sed -n '/^class  /,$p'
  class                  samples       %
  bus                          1   33.33
  car                          1   33.33
  train                        1   33.33

One picture of one class is a beginning.

  $ mkdir -p single/a; png single/a/1.png 6 6 0; runnel train --data single --out none --iterations 1 2>&1 | head -n 1
  data     single: 1 sample to train, 0 to test, 6x6, 1 class

Pictures of several sizes are brought to one.

  $ png wheels/car/2.png 8 6 2; runnel train --data wheels
  runnel train: wheels/car/2.png is 8 x 6 pixels (height x width), but the pictures before it are 6 x 6: --size HEIGHTxWIDTH brings them all to one size, as --size 28x28
  [1]
  $ runnel data wheels
  runnel data: wheels/car/2.png is 8 x 6 pixels (height x width), but the pictures before it are 6 x 6: --size HEIGHTxWIDTH brings them all to one size, as --size 28x28
  [1]
  $ runnel gradcheck --data wheels --size 3x2 --net affine --samples 4 --quiet | awk '/^W1|agree/ { print $1, $2 }'
  W1 18
  they agree:
  $ runnel bench --data wheels --size 3x2 --colour --dark-on-light --net affine --batch 2 --rounds 1 --seconds 0.001 2>&1 | grep -o '[0-9]* inputs'
  18 inputs

Sheets have the pictures' colours: 0 in the PNG's header is grey, 2 red, green and blue.

  $ kind() { od -An -tu1 -j25 -N1 $1; }
  $ runnel data wheels --size 6x6 --sheet grey.png > /dev/null; kind grey.png
     0
  $ runnel data wheels --size 6x6 --colour --sheet colour.png > /dev/null; kind colour.png
     2
  $ runnel train --data wheels --size 6x6 --colour --augment "shift 1" --show-augmented moved.png; kind moved.png
  saved    moved.png: 3 pictures as they are, and beside each 15 that training could see
     2

A network that knows its classes by number finds them by the folders' names; other names must be as many.

  $ $PYTHON $CASES/make.py idx bars 30 6 6; runnel train --data bars-images.idx --labels bars-labels.idx --net 'affine' --init he --batch 30 --iterations 300 --out bars.st --quiet > /dev/null
  $ mkdir -p some/1 some/2; png some/1/a.png 6 6 1; png some/2/a.png 6 6 2
  $ runnel eval bars.st --data some --quiet | grep -e accuracy -e '^[0-2]  *[-0-9.]* *[-0-9.]* *[-0-9.]* *[0-9]$'
  accuracy  100.00 %
  0              -        -        -        0
  1         1.0000   1.0000   1.0000        1
  2         1.0000   1.0000   1.0000        1
  $ runnel train --from bars.st --data some --iterations 1 --lr 1e-30 --out on.st --quiet | tail -n 1
          1    0.0032    100.00         -
  $ mkdir some/0; runnel eval bars.st --data some --quiet | grep accuracy
  accuracy  100.00 %
  $ mv some/2 some/3; runnel eval bars.st --data some --quiet
  runnel eval: some: the sub-folders are called by numbers, and 3 is none of the classes 0 to 2
  [1]
  $ mv some/0 some/a; mv some/1 some/b; mv some/3 some/c; runnel eval bars.st --data some --quiet | grep accuracy
  accuracy  100.00 %
  $ rmdir some/a; runnel eval bars.st --data some
  runnel eval: some: 2 sub-folders, but there are 3 classes, and the sub-folders' names do not tell which: expected numbers from 0 to 2, or a sub-folder for each class
  [1]
