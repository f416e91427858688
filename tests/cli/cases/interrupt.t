Ctrl-C, and what ends a program politely: the model and the history are saved, and both load.

  $ run="runnel train --data strokes --limit 200 --test-limit 50 --iterations 1000000000 --eval-every 10"
  $ $PYTHON $CASES/interrupt.py SIGINT $run --out int.st
  data     strokes: 200 samples to train, 50 to test, 28x28, 10 classes
  network  affine 50, relu, affine 10, softmax: 39760 parameters
  computes in f32, with (onednn|portable), on \d+ threads? (re)
  interrupted after \d+ updates in [\d.]+ s (re)
  saved    int.st, int.st.history.csv
  [130]
  $ runnel eval int.st --limit 50 --quiet | head -n 1
  samples   50
  $ $PYTHON $CASES/interrupt.py SIGTERM $run --out term.st --quiet
  [130]
  $ runnel inspect term.st | grep -c runnel.iterations
  1
  $ $PYTHON $CASES/interrupt.py SIGHUP $run --out none --history hup.csv --quiet
  [130]
  $ head -n 1 hup.csv
  iteration,loss,lr,train_accuracy,validation_loss,validation_accuracy,test_accuracy

The command that is noted is the one that was asked for; how far it came stands beside it.

  $ runnel inspect int.st | grep -e command -e iterations -e accuracy
    runnel.command  runnel train --data strokes --limit 200 --test-limit 50 --iterations 1000000000 --eval-every 10
    runnel.iterations  \d+ (re)
    runnel.test_accuracy  0\.\d{6} (re)
    runnel.train_accuracy  0\.\d{6} (re)

On a terminal there is a progress line. It is cleared before anything else is said.

  $ $PYTHON $CASES/terminal.py runnel train --data strokes --limit 200 --test-limit 50 --iterations 1000000000 --eval-every 500000000 --out none --history none
  \d+ of 1000000000, loss \d\.\d{4}, [\d.]+[kM]? samples/s, [\d:]+( days)? left (re)
  
  stopping; press Ctrl-C again to stop at once
  <return><clear>interrupted after \d+ updates? in [\d.]+ s (re)
  [130]

A dumb terminal cannot clear a line, so it gets none.

  $ clears() { $PYTHON -c 'import pty, sys; pty.spawn(sys.argv[1:])' runnel gradcheck --data strokes < /dev/null | grep -c "$(printf '\033')"; }
  $ [ "$(clears)" -gt 0 ] && TERM=dumb clears
  0
  [1]

Data that are cut off while they are trained on: a mapped file is read when its samples are needed. Both threads meet
the missing pages at about the same time, and one of them tells; eight tries, as not every one has them meet.

  $ cut() { $PYTHON $CASES/make.py idx bars 3000 28 28; runnel train --data bars-images.idx --labels bars-labels.idx --threads 2 --iterations 1000000000 --eval-every 500000000 --out none --history none --quiet 2>&1 | { read -r names; read -r first; head -c 4096 /dev/zero > bars-images.idx; cat; echo $names; }; }
  $ for try in 1 2 3 4 5 6 7 8; do cut; done | sort | uniq -c | sed 's/^ *//'
  8 iteration loss train % test %
  8 runnel train: a file of the data became shorter while it was in use, or cannot be read any more

A signal comes while a product is computed: oneDNN's have the stack pointer in memory of their own, and a handler's frame
there destroyed what lay before it. Ten tries, as not every one meets a product.

  $ big="runnel train --data strokes --limit 3000 --test-limit 10 --net 'affine 500, relu, affine 300, relu, affine' --threads 1 --iterations 1000000000 --eval-every 40 --out none --history none --quiet"
  $ for try in 1 3 5 7 9 11 13 15 17 19; do eval "$PYTHON $CASES/interrupt.py SIGTERM+$try $big" 2>&1; echo $?; done | sort | uniq -c | sed 's/^ *//'
  10 130
