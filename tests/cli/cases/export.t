A network becomes C source; what comes out is compiled in tests/model/export.py.

  $ $PYTHON $CASES/make.py idx bars 30 6 6
  $ runnel train --data bars-images.idx --labels bars-labels.idx --net 'affine 8, relu, affine' --batch 30 --iterations 1 --out bars.st --quiet --seed 7 > /dev/null
  $ runnel export bars.st --to c --name bars
  bars.h
  bars.c
  $ mkdir small; runnel export bars.st --name bars --folder small --quantize int8 --probabilities --test-vectors 2 --json
  {"model":"bars.st","format":"c","files":["small/bars.h","small/bars.c","small/bars_test.c"]}
  $ grep define bars.h
  #define BARS_H
  #define BARS_INPUTS 36
  #define BARS_OUTPUTS 3
  #define BARS_WORKSPACE sizeof(bars_workspace) /* bytes */
  $ sed -n '/bars_predict/,/^}/p' bars.c
  void bars_predict(const float x[BARS_INPUTS], float y[BARS_OUTPUTS], bars_workspace *workspace)
  {
      float *const a = workspace->a;
      float *const b = workspace->b;
      /* the input's scaling */
      for (int j = 0; j < 36; j++)
          a[j] = x[j] * 0.00392156886f;
      /* layer 0: affine */
      bars_affine0(b, a);
      /* layer 1: relu */
      for (int j = 0; j < 8; j++)
          b[j] = bars_relu(b[j]);
      /* layer 2: affine */
      bars_affine2(y, b);
  }

Notes are read as `runnel predict` reads them: outputs without a name have their number, and what is no number is none.

  $ $PYTHON $CASES/make.py note bars.st few.st runnel.classes "$(printf 'low\nhigh')"; runnel export few.st --name few > /dev/null; grep -A1 low few.c
          "low",
          "high",
  $ runnel predict few.st bars-images.idx --limit 1 | cut -d' ' -f2
  2
  $ grep -A2 low few.c | tail -n 1
          "2"
  $ for scale in 0 1e-400 0x10; do $PYTHON $CASES/make.py note bars.st odd.st runnel.input.scale $scale; runnel predict odd.st bars-images.idx; runnel export odd.st --name odd; done
  runnel predict: odd.st: its note runnel.input.scale is 0: nothing of a sample would reach the network
  runnel export: odd.st: its note runnel.input.scale is 0: nothing of a sample would reach the network
  runnel predict: odd.st: its note runnel.input.scale is 0: nothing of a sample would reach the network
  runnel export: odd.st: its note runnel.input.scale is 0: nothing of a sample would reach the network
  runnel predict: odd.st: number 1 of its note runnel.input.scale is no number: "0x10"
  runnel export: odd.st: number 1 of its note runnel.input.scale is no number: "0x10"
  [1]
  $ $PYTHON $CASES/make.py note bars.st odd.st runnel.classes "$(printf 'a\nb\nc\nd')"; runnel predict odd.st bars-images.idx; runnel export odd.st --name odd
  runnel predict: odd.st: its note runnel.classes names 4 classes, and the network tells 3 apart
  runnel export: odd.st: its note runnel.classes names 4 classes, and the network tells 3 apart
  [1]
  $ rm few.* odd.*

Files of an earlier export are replaced, those of somebody else are not, and then nothing is written.

  $ mkdir own; cd own; echo 'int mine;' > own.c
  $ runnel export ../bars.st --name own; ls; cat own.c
  runnel export: own.c: the file is there and is not of runnel export, so it is not replaced; another name: --name NAME
  own.c
  int mine;
  $ runnel export ../bars.st --test-vectors 1; runnel export ../bars.st --test-vectors 1 --quantize int8
  model.h
  model.c
  model_test.c
  model.h
  model.c
  model_test.c
  $ echo 'int main(void) { return 0; }' > model_test.c; runnel export ../bars.st --test-vectors 1; runnel export ../bars.st
  runnel export: model_test.c: the file is there and is not of runnel export, so it is not replaced; another name: --name NAME
  model.h
  model.c
  $ cp ../bars.st model.onnx; runnel export ../bars.st --to onnx; cmp model.onnx ../bars.st
  runnel export: model.onnx: the file is there and is not of runnel export, so it is not replaced; another name: --name NAME
  $ rm model.onnx; for twice in 1 2; do runnel export ../bars.st --to onnx; done 2>&1 | grep 'not replaced'
  [1]
  $ cd ..; rm -r own

What cannot be done is said, and no file is there.

  $ runnel export
  runnel export: which model? runnel export model.safetensors --to c
  [2]
  $ runnel export bars.st --to d
  runnel export: --to d: did you mean c?
  [2]
  $ runnel export bars.st --name 2bars
  runnel export: --name: the name "2bars": expected a letter, then letters, digits and _, which is not last and does not come twice in a row; 64 at most
  [2]
  $ runnel export bars.st --folder nowhere
  runnel export: nowhere/model.h: cannot write: there is no folder nowhere
  [1]
  $ runnel export bars.st --folder nowhere --to c --name bars --test-vectors x
  runnel export: --test-vectors x: expected a whole number from 0 to 10000
  [2]
  $ runnel export bars.st --name a__b
  runnel export: --name: the name "a__b": expected a letter, then letters, digits and _, which is not last and does not come twice in a row; 64 at most
  [2]
  $ a8=aaaaaaaa; a64=$a8$a8$a8$a8$a8$a8$a8$a8; runnel export bars.st --name ${a64}a
  runnel export: --name: the name "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": expected a letter, then letters, digits and _, which is not last and does not come twice in a row; 64 at most
  [2]
  $ runnel export bars.st --name $a64 --to c > /dev/null; rm $a64.?
  $ cp bars.st other.c; runnel export other.c --to c --name other; cmp bars.st other.c; rm other.c
  runnel export: MODEL and --name name the same file, other.c
  $ runnel export nowhere.st
  runnel export: nowhere.st: cannot open: No such file or directory
  [1]
  $ ls
  bars-images.idx
  bars-labels.idx
  bars.c
  bars.h
  bars.st
  bars.st.history.csv
  small
