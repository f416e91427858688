runnel data: a look at data before anything is learnt from it.

A table, with a missing cell, a row that comes twice, and once with another class.

  $ printf 'a,b,colour,k,y\n1,2,red,7,yes\n1,2,red,7,no\n3,,blue,7,yes\n1,2,red,7,yes\n' > t.csv
  $ runnel data t.csv
  data        t.csv
  samples     4
  inputs      5 numbers, 0 to 7, mean 2.3, whole numbers
  classes     2
  missing     1 cell
  constant    1 of 5 inputs: k
  duplicates  2 samples, 1 of them with another class
  
  class                  samples       %
  no                           1   25.00
  yes                          3   75.00
  
  input                              least        most        mean   deviation
  a                                      1           3         1.5     0.86603
  b                                      2           2           2           0  1 missing
  colour = blue                          0           1        0.25     0.43301
  colour = red                           0           1        0.75     0.43301
  k                                      7           7           7           0  constant
  $ printf 'a,b,colour,k,y\n3,0,blue,7,yes\n1,2,red,7,yes\n' > test.csv
  $ runnel data t.csv --test test.csv | grep duplicates
  duplicates  2 samples to train, 1 of them with another class; 0 to test; 1 to test stand among those to train
  $ runnel data t.csv --json
  {"data":"t.csv","shape":[1,1,5],"missing":1,"train":{"samples":4,"constant":1,"duplicates":2,"contradictions":1,"classes":[{"name":"no","samples":1},{"name":"yes","samples":3}],"target":null,"inputs":[{"least":1.0,"most":3.0,"mean":1.5,"deviation":0.866025403784439,"not_finite":0,"name":"a"},{"least":2.0,"most":2.0,"mean":2.0,"deviation":0.0,"not_finite":1,"name":"b"},{"least":0.0,"most":1.0,"mean":0.25,"deviation":0.433012701892219,"not_finite":0,"name":"colour = blue"},{"least":0.0,"most":1.0,"mean":0.75,"deviation":0.433012701892219,"not_finite":0,"name":"colour = red"},{"least":7.0,"most":7.0,"mean":7.0,"deviation":0.0,"not_finite":0,"name":"k"}]},"test":null,"test_in_train":null}

Sparse rows; what is not there; what belongs to other data.

  $ printf '+1 1:0.5 3:-2\n-1 2:1\n+1 1:1\n' > rows.svm
  $ runnel data rows.svm
  data        rows.svm
  samples     3
  inputs      3 numbers, -2 to 1, mean 0.055556
  classes     2
  missing     0 cells
  constant    0 of 3 inputs
  duplicates  0 samples
  
  class                  samples       %
  -1                           1   33.33
  1                            2   66.67
  
  input                              least        most        mean   deviation
  1                                      0           1         0.5     0.40825
  2                                      0           1     0.33333      0.4714
  3                                     -2           0    -0.66667     0.94281
  $ runnel data nowhere
  runnel data: nowhere: no such file or folder; expected mnist, strokes, or a path
  [1]
  $ runnel data rows.svm --labels t.csv
  runnel data: t.csv: a file of labels goes with an IDX or npy file, but rows.svm is none
  [2]
  $ runnel data rows.svm --sheet sheet.png
  data        rows.svm
  samples     3
  inputs      3 numbers, -2 to 1, mean 0.055556
  classes     2
  missing     0 cells
  constant    0 of 3 inputs
  duplicates  0 samples
  
  class                  samples       %
  -1                           1   33.33
  1                            2   66.67
  
  input                              least        most        mean   deviation
  1                                      0           1         0.5     0.40825
  2                                      0           1     0.33333      0.4714
  3                                     -2           0    -0.66667     0.94281
  runnel data: --sheet: these samples are no pictures
  [2]
  $ runnel data t.csv --size big
  runnel data: --size belongs to a folder of pictures, but --data t.csv is none
  [2]
  $ printf '1 2:1 1:1\n' > bad.svm; runnel data bad.svm
  runnel data: bad.svm, line 1, column 7: index 1 behind 2, expected rising indices
  [1]
  $ mkdir pictures; runnel data pictures
  runnel data: pictures: no sub-folders, expected one with pictures for each class, or MNIST's files
  [1]
  $ runnel data
  runnel data: which data? runnel data my.csv
  [2]

Pictures: digits that runnel draws itself.

  $ runnel data strokes --limit 20 | head -9
  data        strokes
  samples     20 to train, 20 to test
  inputs      28x28, 0 to 254, mean 32.009, whole numbers
  classes     10
  missing     0 cells
  constant    199 of 784 inputs
  duplicates  0 samples to train; 0 to test; 0 to test stand among those to train
  
  class                  samples       %      test       %

Names of Chinese, Japanese and Korean are twice as wide.

  $ printf '키,이름이 아주 길고 긴 열이라서 잘린다,반\n1,2,가\n3,1,가나다라\n2,2,é\n' > k.csv
  $ runnel data k.csv | sed -n '/^class/,$p'
  classes     3
  missing     0 cells
  constant    0 of 2 inputs
  duplicates  0 samples
  
  class                  samples       %
  é                            1   33.33
  가                           1   33.33
  가나다라                     1   33.33
  
  input                              least        most        mean   deviation
  키                                     1           3           2      0.8165
  이름이 아주 길고 긴 열이라서           1           2      1.6667      0.4714
