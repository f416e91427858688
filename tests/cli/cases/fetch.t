The help.

  $ runnel fetch --help
  usage: runnel fetch mnist [OPTION...]
  
  Downloads a data set, checks each file against the SHA-256 digest of the
  original, and keeps the files where the other verbs look for them. Files that
  are there already are not downloaded again.
  
  mnist: handwritten digits, 60000 to train and 10000 to test, 28x28
  
    --to FOLDER             Where the files go; files with the right content are
                            kept (default: ~/.cache/runnel/mnist)
    --mirror URL            Download from this address (http or https) in place of
                            the known mirrors
    --compressed            Keep the .gz files as they come: 11 MB in place of 55
                            MB, but reading them takes longer, because plain files
                            are mapped into memory as they are
    --quiet                 Say nothing but the folder and errors
    --help                  This text

Wrong usage: the option, the value, and what was expected.

  $ runnel fetch
  runnel fetch: fetch what? runnel fetch mnist
  [2]
  $ runnel fetch mnits
  runnel fetch: unknown data set mnits; did you mean mnist?
  [2]
  $ runnel fetch imagenet
  runnel fetch: unknown data set imagenet; there is mnist
  [2]
  $ runnel fetch mnist more
  runnel fetch: unexpected word 'more'; runnel fetch --help tells what it takes
  [2]
  $ runnel fetch mnist --mirorr http://127.0.0.1/
  runnel fetch: unknown option --mirorr; did you mean --mirror?
  [2]
  $ runnel fetch mnist --folder x
  runnel fetch: unknown option --folder; did you mean --to?
  [2]
  $ runnel fetch mnist --frobnicate
  runnel fetch: unknown option --frobnicate; runnel fetch --help lists the options
  [2]
  $ runnel fetch mnist -q
  runnel fetch: unknown option -q; runnel fetch --help lists the options
  [2]
  $ runnel fetch mnist --mirror ftp://127.0.0.1/
  runnel fetch: --mirror ftp://127.0.0.1/: expected an address that begins with http:// or https://
  [2]
  $ runnel fetch mnist --mirror
  runnel fetch: --mirror: expected URL after it
  [2]
  $ runnel fetch mnist --to --quiet
  runnel fetch: --to: expected FOLDER after it, found the option --quiet
  [2]
  $ runnel fetch mnist --to ''
  runnel fetch: --to '': expected FOLDER, found nothing
  [2]
  $ runnel fetch mnist --quiet=yes
  runnel fetch: --quiet=yes: expected no value
  [2]
  $ runnel fetch -- --quiet
  runnel fetch: unknown data set --quiet; there is mnist
  [2]

No network.

  $ runnel fetch mnist
  runnel fetch: MNIST could not be downloaded: none of its 2 mirrors can be reached (is this machine offline?)
  [1]
  $ runnel fetch mnist --mirror http://127.0.0.1:9 --to=here
  runnel fetch: MNIST could not be downloaded: http://127.0.0.1:9 cannot be reached (is this machine offline?)
  [1]
  $ find here
  here
  $ HOME= runnel fetch mnist
  runnel fetch: there is no cache folder, because HOME is not set; choose one with --to
  [1]
  $ touch file
  $ runnel fetch mnist --to file/folder
  runnel fetch: cannot write file/folder: Not a directory
  [1]

What needs MNIST tells what to do.

  $ runnel train
  MNIST is not on this machine yet: downloading it to ~/.cache/runnel/mnist (11 MB)
  runnel train: MNIST could not be downloaded: none of its 2 mirrors can be reached (is this machine offline?)
    runnel fetch mnist     downloads it once (11 MB)
    RUNNEL_DATA=FOLDER     tells where its four files are, if you have them
    --data strokes         needs no download: digits that runnel draws itself
  [1]
  $ RUNNEL_DATA=nowhere runnel train 2>&1 | head -n 1
  $RUNNEL_DATA is nowhere, but the MNIST files are not there
  $ runnel gradcheck --data mnist
  runnel gradcheck: MNIST is not on this machine
    runnel fetch mnist     downloads it once (11 MB)
    RUNNEL_DATA=FOLDER     tells where its four files are, if you have them
    --data strokes         needs no download: digits that runnel draws itself
  [1]
