Names that play tricks: what is said of a file stays one line, and says why.

  $ forged=$(printf 'x\nrunnel: all is well\033[1mx.csv')
  $ runnel inspect "$forged"
  runnel inspect: x\x0arunnel: all is well\x1b[1mx.csv: cannot open: No such file or directory
  [1]
  $ runnel data "$forged"
  runnel data: x\x0arunnel: all is well\x1b[1mx.csv: no such file or folder; expected mnist, strokes, or a path
  [1]
  $ runnel predict "$forged" "$forged"
  runnel predict: x\x0arunnel: all is well\x1b[1mx.csv: cannot open: No such file or directory
  [1]
  $ runnel train --data strokes --limit 100 --test-limit 10 --iterations 1 --out m.safetensors --history none --quiet >log
  $ mkdir "$forged"
  $ runnel export m.safetensors --folder "$forged"
  x\x0arunnel: all is well\x1b[1mx.csv/model.h
  x\x0arunnel: all is well\x1b[1mx.csv/model.c
  $ runnel eval m.safetensors --data "$forged/none.csv"
  runnel eval: --data x\x0arunnel: all is well\x1b[1mx.csv/none.csv: no such file or folder; expected mnist, strokes, or a path
  [1]

A path that is too long for the sentence loses its middle, not the reason.

  $ long=$(printf '%3000s' | tr ' ' d)
  $ runnel inspect "$long" 2>&1 | sed 's/d*d/d/g'
  runnel inspect: d ... d: cannot open: File name too long
  $ runnel data "$long.csv" 2>&1 | sed 's/d*d/d/g'
  runnel data: d.csv: File name too long
  $ runnel train --data strokes --limit 100 --test-limit 10 --iterations 1 --out "$long" 2>&1 | sed 's/d*d/d/g'
  runnel train: --out d: File name too long
