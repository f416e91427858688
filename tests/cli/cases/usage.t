Mistyped options.

  $ runnel train --leraning-rate 0.1
  runnel train: unknown option --leraning-rate; did you mean --lr?
  [2]
  $ runnel train --learning-rate 0.1
  runnel train: unknown option --learning-rate; did you mean --lr?
  [2]
  $ runnel train --batchsize 10
  runnel train: unknown option --batchsize; did you mean --batch?
  [2]
  $ runnel train --Batch 10
  runnel train: unknown option --Batch; did you mean --batch?
  [2]
  $ runnel train -lr 0.1
  runnel train: unknown option -lr; did you mean --lr?
  [2]
  $ runnel train --iteration=5
  runnel train: unknown option --iteration; did you mean --iterations?
  [2]
  $ runnel train --steps 5
  runnel train: unknown option --steps; did you mean --iterations?
  [2]
  $ runnel train --sead 5
  runnel train: unknown option --sead; did you mean --seed?
  [2]
  $ runnel train --zzz
  runnel train: unknown option --zzz; runnel train --help lists the options
  [2]
  $ runnel train mnist
  runnel train: unexpected word 'mnist'; did you mean --data mnist?
  [2]
  $ printf 'x,y\n' > people.csv; runnel train people.csv; runnel eval model.safetensors people.csv; rm people.csv
  runnel train: unexpected word 'people.csv'; did you mean --data people.csv?
  runnel eval: unexpected word 'people.csv'; did you mean --data people.csv?
  $ runnel train model.safetensors
  runnel train: unexpected word 'model.safetensors'; did you mean --from model.safetensors?
  [2]
  $ runnel gradcheck model.safetensors
  runnel gradcheck: unexpected word 'model.safetensors'; runnel gradcheck --help tells what it takes
  [2]
  $ runnel train --hidden 50
  runnel train: unknown option --hidden; did you mean --net?
  [2]
  $ runnel train --help=yes
  runnel train: --help=yes: expected no value
  [2]
  $ runnel train -
  runnel train: unexpected word '-'; runnel train --help tells what it takes
  [2]
  $ runnel eval
  runnel eval: which model? runnel eval model.safetensors
  [2]
  $ runnel eval a b
  runnel eval: unexpected word 'b'; runnel eval --help tells what it takes
  [2]
  $ runnel predict model.safetensors
  runnel predict: expected a model and pictures or a table: runnel predict model.safetensors three.png
  [2]
  $ runnel inspect
  runnel inspect: which model? runnel inspect model.safetensors
  [2]
  $ runnel gradcheck --epsilon 1
  runnel gradcheck: unknown option --epsilon; did you mean --h?
  [2]

Values that make no sense: the option, the value, what was expected.

  $ runnel train --lr 0
  runnel train: --lr 0: expected a number greater than 0
  [2]
  $ runnel train --lr -0.1
  runnel train: --lr -0.1: expected a number greater than 0
  [2]
  $ runnel train --lr nan
  runnel train: --lr nan: expected a number greater than 0
  [2]
  $ runnel train --lr inf
  runnel train: --lr inf: expected a number greater than 0
  [2]
  $ runnel train --lr 0,1
  runnel train: --lr 0,1: expected a number greater than 0, found a comma (the decimal sign is a point)
  [2]
  $ runnel train --lr 1e999
  runnel train: --lr 1e999: expected a number greater than 0, found one that is too large
  [2]
  $ runnel train --lr 1e-999
  runnel train: --lr 1e-999: expected a number greater than 0
  [2]
  $ runnel train --lr 0x1p-3
  runnel train: --lr 0x1p-3: expected a number greater than 0
  [2]
  $ runnel train --lr ' 0.1'
  runnel train: --lr ' 0.1': expected a number greater than 0
  [2]
  $ runnel train --lr 0.1x
  runnel train: --lr 0.1x: expected a number greater than 0
  [2]
  $ runnel train --lr=
  runnel train: --lr '': expected a number greater than 0
  [2]
  $ runnel train --lr
  runnel train: --lr: expected a number greater than 0 after it
  [2]
  $ runnel train --lr --batch 10
  runnel train: --lr: expected a number greater than 0 after it, found the option --batch
  [2]
  $ runnel train --batch 0
  runnel train: --batch 0: expected a whole number, 1 or more
  [2]
  $ runnel train --batch -5
  runnel train: --batch -5: expected a whole number, 1 or more
  [2]
  $ runnel train --batch 1e3
  runnel train: --batch 1e3: expected a whole number, 1 or more
  [2]
  $ runnel train --batch 10.5
  runnel train: --batch 10.5: expected a whole number, 1 or more
  [2]
  $ runnel train --batch 99999999999999999999
  runnel train: --batch 99999999999999999999: expected a whole number, 1 or more, found one that is too large
  [2]
  $ runnel train --threads 2000
  runnel train: --threads 2000: expected a whole number from 0 to 1024
  [2]
  $ runnel train --threads -1
  runnel train: --threads -1: expected a whole number from 0 to 1024
  [2]
  $ runnel train --seed 18446744073709551616
  runnel train: --seed 18446744073709551616: expected a whole number, 0 or more, found one that is too large
  [2]
  $ runnel train --iterations 0
  runnel train: --iterations 0: expected a whole number, 1 or more
  [2]
  $ runnel train --epochs 0
  runnel train: --epochs 0: expected a number greater than 0
  [2]
  $ runnel train --iterations 5 --epochs 5
  runnel train: --iterations and --epochs both say how long to train: give one of them
  [2]
  $ runnel train --init normal
  runnel train: --init: initial weights "normal": known are normal STD (0 or more), he, he_uniform, xavier, xavier_uniform and auto
  [2]
  $ runnel train --init he --weight-init-std 0.1
  runnel train: --init and --weight-init-std both say how the weights begin: give one of them
  [2]
  $ runnel train --weight-init-std -1
  runnel train: --weight-init-std -1: expected a number, 0 or more
  [2]
  $ runnel train --dtype f16
  runnel train: --dtype f16: expected f32 or f64
  [2]
  $ runnel train --dtype F32
  runnel train: --dtype F32: did you mean f32?
  [2]
  $ runnel train --sampling shufled
  runnel train: --sampling shufled: did you mean shuffled?
  [2]
  $ runnel train --backend cuda 2>&1 | sed 's/onednn, /onednn or /; s/onednn or //'
  runnel train: --backend cuda: expected portable
  $ runnel train --json=yes
  runnel train: --json=yes: expected no value
  [2]
  $ runnel train --data ''
  runnel train: --data '': expected DATA, found nothing
  [2]
  $ runnel train --out --quiet
  runnel train: --out: expected FILE after it, found the option --quiet
  [2]
  $ runnel gradcheck --bound -1
  runnel gradcheck: --bound -1: expected a number, 0 or more
  [2]
  $ runnel gradcheck --samples 0
  runnel gradcheck: --samples 0: expected a whole number, 1 or more
  [2]
  $ runnel predict m.safetensors x.png --dark-on-light --light-on-dark
  runnel predict: --dark-on-light and --light-on-dark exclude each other
  [2]

None of this wrote anything.

  $ ls -A
