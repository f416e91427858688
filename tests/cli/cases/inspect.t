  $ $PYTHON $CASES/make.py idx bars 30 6 6
  $ runnel train --data bars-images.idx --labels bars-labels.idx --net 'affine 8, relu, affine' --batch 30 --iterations 1 --out bars.st --quiet --seed 7 --dtype f64 > /dev/null
  $ runnel inspect bars.st
  file        safetensors, layout 1 of runnel
  network     affine 8, relu, affine 3, softmax
  input       1x6x6, pixel * 0.00392157 + 0
  parameters  323, f64, 2.6 kB
  memory      4.8 kB more for 1 sample, 38.9 kB for 100
  
  layer          inputs  outputs  parameters
    0 affine          36        8         296   W1 36x8, b1 8
    1 relu             8        8           0
    2 affine           8        3          27   W2 8x3, b2 3
  
  notes
    runnel.batch  30
    runnel.command  runnel train --net 'affine 8, relu, affine' --data bars-images.idx --labels bars-labels.idx --batch 30 --iterations 1 --seed 7 --dtype f64
    runnel.data  bars-images.idx
    runnel.input.scale  0.00392156862745098
    runnel.input.shape  1x6x6
    runnel.input.shift  0
    runnel.iterations  1
    runnel.labels  bars-labels.idx
    runnel.lr  0.1
    runnel.sampling  replacement
    runnel.seed  7
    runnel.train_accuracy  0\.\d{6} (re)
    runnel.weight_init_std  0.01
  $ runnel inspect bars.st --json
  {"file":"bars.st","format":"safetensors, layout 1 of runnel","net":"affine 8, relu, affine 3, softmax","parameters":323,"dtype":"f64","parameter_bytes":2584,"pass_bytes":4760,"input":{"shape":[1,6,6],"scale":0.00392156863,"shift":0.0},"layers":[{"type":"affine","inputs":36,"outputs":8,"size":296,"blocks":[{"name":"W1","key":"0.weight","shape":[36,8]},{"name":"b1","key":"0.bias","shape":[1,8]}]},{"type":"relu","inputs":8,"outputs":8,"size":0,"blocks":[]},{"type":"affine","inputs":8,"outputs":3,"size":27,"blocks":[{"name":"W2","key":"2.weight","shape":[8,3]},{"name":"b2","key":"2.bias","shape":[1,3]}]}],"notes":{"runnel.batch":"30","runnel.command":"runnel train --net 'affine 8, relu, affine' --data bars-images.idx --labels bars-labels.idx --batch 30 --iterations 1 --seed 7 --dtype f64","runnel.data":"bars-images.idx","runnel.input.scale":"0.00392156862745098","runnel.input.shape":"1x6x6","runnel.input.shift":"0","runnel.iterations":"1","runnel.labels":"bars-labels.idx","runnel.lr":"0.1","runnel.sampling":"replacement","runnel.seed":"7","runnel.train_accuracy":"0.333333","runnel.weight_init_std":"0.01"}}
  $ runnel inspect bars-images.idx
  runnel inspect: bars-images.idx: is no model file: it begins with the bytes 00 00 08 03 00 00 00 1E, as neither safetensors nor ONNX files do
  [1]
  $ runnel inspect nowhere.st
  runnel inspect: nowhere.st: cannot open: No such file or directory
  [1]
  $ runnel inspect bars.st > /dev/full
  runnel inspect: standard output cannot be written: No space left on device
  [1]
