What a newcomer sees first.

  $ runnel
  runnel \d+\.\d+\.\d+ - neural networks, trained layer by layer with backpropagation (re)
  
  usage: runnel VERB [OPTION...]
  
    train       train a network and save it
    sweep       try settings of train side by side, and tell the best
    eval        loss, accuracy and confusion matrix of a saved network
    predict     what a network says of pictures, tables, arrays
    gradcheck   check backpropagation against numerical differentiation
    inspect     what a model file holds
    export      write a saved network as C source or ONNX
    data        look at data: ranges, missing values, classes, duplicates
    fetch       download a data set
    bench       how fast this machine trains and predicts
  
  runnel VERB --help lists the options of a verb and their defaults.
  Start with: runnel train
  [2]
  $ runnel --help | tail -n 2
  runnel VERB --help lists the options of a verb and their defaults.
  Start with: runnel train
  $ runnel help fetch | head -n 1
  usage: runnel fetch mnist [OPTION...]
  $ runnel help help | head -n 3 | tail -n 1
  usage: runnel VERB [OPTION...]
  $ runnel help train eval
  runnel: unexpected word 'eval'; runnel help VERB explains one verb
  [2]
  $ runnel --version
  runnel \d+\.\d+\.\d+ \(backends: (onednn )?portable\) (re)

Mistyped verbs.

  $ runnel fetsh
  runnel: unknown verb fetsh; did you mean fetch?
  [2]
  $ runnel download
  runnel: unknown verb download; did you mean fetch?
  [2]
  $ runnel Train
  runnel: unknown verb Train; did you mean train?
  [2]
  $ runnel paint
  runnel: unknown verb paint; runnel --help lists the verbs
  [2]
  $ runnel --verbose
  runnel: unknown option --verbose; runnel --help lists the verbs
  [2]
  $ runnel help nothing
  runnel: unknown verb nothing; runnel --help lists the verbs
  [2]
  $ runnel ''
  runnel: unknown verb ''; runnel --help lists the verbs
  [2]

Standard output that cannot be written is a failure; a reader that has gone is none that has to be
told.

  $ runnel --help > /dev/full
  runnel: standard output cannot be written: No space left on device
  [1]
  $ runnel --help >&-
  runnel: standard output cannot be written: Bad file descriptor
  [1]
  $ $PYTHON $CASES/closed_pipe.py runnel --help
  [1]
  $ runnel nonsense 2>&-
  [2]
