The defaults in these texts are the program's own. (What backends there are depends on the build.)

  $ runnel train --help | sed '/--backend/{/What/!N;d}'
  usage: runnel train [OPTION...]
  
  Trains a network by mini-batch stochastic gradient descent and saves it. With no
  option at all: MNIST, a hidden layer of 50, 10000 updates, about 97 % of the
  test digits right.
  
  With --data TABLE and nothing else: the last column is the target; weights begin
  by --init auto; 100 epochs, but 1000 to 10000 updates, and 20 looks at the
  accuracy; where numbers are to be predicted, the learning rate is 0.01.
  
  Ctrl-C ends the training early and saves what was reached. The same command
  gives the same model, byte for byte, on any number of threads; also where it was
  interrupted and goes on from a checkpoint.
  
    --recipe classic|fast|simard|best|list
                            Good settings by a name, in place of the defaults
                            below; options that are given too go before them.
                            list: prints what each stands for (default: classic)
    --net LAYERS            The layers: affine N, relu, batchnorm, dropout P,
                            sigmoid, tanh and more. The last affine may leave out
                            N: as many outputs as there are classes (default:
                            affine 50, relu, affine)
    --data DATA             mnist, strokes (digits that runnel draws itself: no
                            file, no network), a folder with the four MNIST-like
                            files, a folder with a sub-folder of pictures for each
                            class, a file: IDX, npy, npz, svmlight, or a table
                            (CSV and its like; -: standard input) (default: mnist)
    --labels FILE           IDX or npy file with the classes or targets of the
                            samples in --data
    --test FILE             Samples to test with, in the format of --data
    --test-labels FILE      IDX or npy file with their classes or targets
    --limit N               Train on the first N samples only (default: all)
    --test-limit N          Test on the first N samples only (default: all)
    --raw-pixels            Leave pixels at 0 to 255 in place of scaling them to 0
                            to 1
  
  Tables:
  
    --target COLUMN         What is to be predicted: the column's name, or its
                            number from 1 (default: the last)
    --drop COLUMNS          Columns that are left out: names or numbers, with
                            commas between
    --text COLUMNS          Columns that are texts though they look like numbers:
                            each of their values becomes an input of its own
    --task classes|regression
                            What the target is: classes if it is text, or a few
                            whole numbers; else numbers to predict (default: by
                            the target)
    --missing refuse|mean|zero
                            What cells count as that are empty, NA, nan or ?: the
                            column's mean over the training part, or 0 (default:
                            refuse)
    --prepare none|standard|minmax
                            Each input that is not 0 and 1 alone gets mean 0 and
                            variance 1 over the training part, or the range from 0
                            to 1 (default: standard for tables, none for pixels;
                            with --from as the model's)
    --test-share SHARE      Sets this share of the rows aside to test with, the
                            same of each class
    --split-seed N          Of the draw of these rows (default: 1)
    --separator comma|semicolon|tab|bar
                            What separates cells (default: found)
    --decimal point|comma   The decimal sign of numbers: 3.14 or 3,14 (default:
                            found)
    --header yes|no         Does the first row hold the columns' names? (default:
                            found)
  
  Folders of pictures:
  
    --size HxW              Bring every picture to this height and width: 28x28
                            (default: as they are)
    --colour                Keep red, green and blue as three channels in place of
                            grey
    --dark-on-light         Invert every picture, so that what is dark becomes
                            light, as in MNIST
  
  How it learns:
  
    --lr NUMBER             Learning rate: how far each update goes; the highest
                            of the schedule (default: 0.1)
    --batch N               Samples an update (default: 100)
    --iterations N          Updates (default: 10000)
    --epochs NUMBER         In place of --iterations: as many updates as make the
                            training set's size, times NUMBER
    --sampling replacement|shuffled
                            Each batch drawn from all samples anew, or every
                            sample once an epoch (default: replacement)
    --seed N                Of the first weights and of the batches (default: 1)
    --weight-init-std NUMBER
                            Standard deviation of the first weights, which are
                            drawn from a normal distribution; biases begin at 0
                            (default: 0.01)
    --init RULE             In place of --weight-init-std, how the first weights
                            are drawn: normal STD, he, xavier, he_uniform,
                            xavier_uniform; auto: he before relu and its like,
                            xavier elsewhere (default: auto for tables)
    --from MODEL            Trains this saved network further, in place of a new
                            one; --net is for a file that does not tell its layers
                            (PyTorch's)
    --optimizer RULE        The update rule, with its numbers where they are not
                            the usual ones: sgd, momentum 0.9, nesterov 0.9,
                            adagrad, rmsprop, adam, adamw (default: sgd)
    --weight-decay NUMBER   Each update first multiplies the parameters by 1 - lr
                            NUMBER (default: 0.01 for adamw, else 0)
    --l2 NUMBER             A penalty of NUMBER/2 times the squares of the
                            parameters on the loss (default: 0)
    --clip NORM             Gradients whose norm is larger are scaled down to it
    --schedule SCHEDULE     How the learning rate goes: constant, step F N,
                            exponential F N, linear, cosine, onecycle; 'warmup N,
                            ...' before one of them. N iterations, or 5% of the
                            run (default: constant)
    --accumulate N          Batches that make up an update, in the memory of one
                            (default: 1)
    --loss-after-update     Tells each batch's loss after its update, by another
                            pass forward, as the textbook's program does, not
                            before it
    --augment WHAT          What is done to each picture at random whenever it
                            comes by, with commas between: shift 2, rotate 10,
                            scale 0.1, shear 0.1, elastic 34 4, noise 0.05
                            (default: none)
    --show-augmented FILE   In place of training: writes a PNG sheet of some
                            pictures as they are, and beside each what --augment
                            makes of it
    --class-weights WEIGHTS
                            How much the samples of each class count: numbers with
                            commas, one for each class; or balanced: each class
                            counts the same, however few its samples are (default:
                            all 1)
  
  What it keeps:
  
    --validation SHARE      Sets this share of the training samples aside, the
                            same of each class: they are not trained on, and tell
                            how good it is while it learns
    --patience N            Ends after N evaluations without a better one, by the
                            validation samples
    --keep-best             Saves what was best by the validation samples, not
                            what was last
    --ema NUMBER            Evaluates and saves the average of the parameters of
                            all updates, each counting NUMBER times as much as the
                            next, as 0.999; 0: the last ones (default: 0)
    --eval-every N          Updates between two looks at the accuracy, or '10
                            epochs' of them; 0 means an epoch's worth (default: 0)
    --checkpoint FILE       Where all that the run needs to go on is written,
                            again and again, and at its end; also after Ctrl-C
    --every N               Updates between two checkpoints; 0 means an epoch's
                            worth (default: 0)
    --resume FILE           Goes on from this checkpoint, with the options of its
                            run where they are not given: the result is the one
                            that the run would have had. More --iterations,
                            --epochs or --patience make it longer. Writes the
                            checkpoint on, unless --checkpoint names another
    --out FILE              Where the model goes (safetensors); none: nowhere
                            (default: model.safetensors)
    --history FILE          Where the loss of every update and the accuracies go:
                            .csv, or .jsonl for JSON lines; none: nowhere
                            (default: beside the model, .history.csv)
  
  How it runs:
  
    --dtype f32|f64         Numbers of single or double precision; those of --from
                            stay what they are, unless this is given (default:
                            f32)
    --threads N             Threads to compute with; 0 means as many as this
                            process may use (default: 0)
    --json                  Print one JSON object a line
    --quiet                 No messages and no progress; results and errors only
    --help                  This text
  $ runnel eval --help | sed '/--backend/{/What/!N;d}'
  usage: runnel eval MODEL [OPTION...]
  
  Loss, accuracy, precision and recall of each class and the confusion matrix of a
  saved network on a data set; of one that predicts numbers, R2 and the errors.
  The inputs are prepared as they were for training; the model file tells how.
  
    --data DATA             mnist, strokes (digits that runnel draws itself: no
                            file, no network), a folder with the four MNIST-like
                            files, a folder with a sub-folder of pictures for each
                            class, a file: IDX, npy, npz, svmlight, or a table
                            (CSV and its like; -: standard input) (default: what
                            the model was trained on)
    --labels FILE           IDX or npy file with the classes or targets of the
                            samples in --data
    --part test|train       Which part of mnist, strokes, a folder, or of the
                            table that the model was trained on (default: test)
    --limit N               The first N samples only (default: all)
    --dark-on-light         Of a folder of pictures: they have dark strokes on a
                            light ground, for a network that knows light ones on a
                            dark ground
    --top-k K               Also the share of samples whose class is among the 2,
                            3, ... K most probable
    --net LAYERS            The layers, for a model file that does not tell them
                            (PyTorch's)
    --threads N             Threads to compute with; 0 means as many as this
                            process may use (default: 0)
    --json                  Print one JSON object a line
    --quiet                 No messages and no progress; results and errors only
    --help                  This text
  $ runnel predict --help | sed '/--backend/{/What/!N;d}'
  usage: runnel predict MODEL FILE... [OPTION...]
  
  Class and probabilities for pictures: PNG and JPEG files of any size, which are
  brought to the size that the model takes, and for the samples of an IDX, npy,
  npz or svmlight file, which are numbered; or the numbers that a model predicts.
  A folder stands for the pictures in it, in the order of their names. - is
  standard input. A file that cannot be read is told and passed over; the exit
  status is 1 then.
  
  For tables: each row as it came, with the class and the probabilities, or the
  number, behind it; as soon as it has come, so that an endless pipe is answered
  row by row. Columns are found by their names where both this table and the one
  of the training have a header.
  
    --dark-on-light         The pictures have dark strokes on a light ground
    --light-on-dark         The pictures have light strokes on a dark ground, as
                            in MNIST; this is what is assumed
    --limit N               The first N samples of a file, or rows of a table,
                            only (default: all)
    --header yes|no         Does the first row of a table hold the columns' names?
                            (default: found)
    --shape HEIGHTxWIDTH    The input's shape, for a model file that does not tell
                            it
    --raw-pixels            The model takes pixels from 0 to 255, where its file
                            does not tell; otherwise from 0 to 1
    --net LAYERS            The layers, for a model file that does not tell them
                            (PyTorch's)
    --json                  Print one JSON object a line
    --quiet                 No messages and no progress; results and errors only
    --help                  This text
  $ runnel gradcheck --help | sed '/--backend/{/What/!N;d}'
  usage: runnel gradcheck [OPTION...]
  
  Checks backpropagation against numerical differentiation, (loss(w+h) -
  loss(w-h)) / 2h, for every single parameter of a fresh network, in double
  precision, on samples that are drawn from the training data, the same share of
  each class.
  
  The relative difference of two numbers is |a - b| / max(|a|, |b|, 1e-5). The
  check fails when the largest exceeds the bound. Next to a kink of relu, and
  where the loss bends too much for this h, the numerical side is wrong; numbers
  that disagree are therefore looked at closer, from below and from above, with
  smaller and smaller h until the slope of that side stays the same, and counted
  under "finer h" if they agree then.
  
    --net LAYERS            The layers: affine N, relu, batchnorm, dropout P,
                            sigmoid, tanh and more. The last affine may leave out
                            N (default: affine 50, relu, affine)
    --data DATA             mnist, strokes (digits that runnel draws itself: no
                            file, no network), a folder with the four MNIST-like
                            files, a folder with a sub-folder of pictures for each
                            class, a file: IDX, npy, npz, svmlight, or a table
                            (CSV and its like; -: standard input) (default: mnist
                            if it is on this machine, else strokes)
    --labels FILE           IDX or npy file with the classes or targets of the
                            samples in --data
    --samples N             How many samples the loss is taken of (default: 3)
    --h NUMBER              How far each parameter is moved (default: 0.0001)
    --bound NUMBER          The largest relative difference that is accepted
                            (default: 1e-5)
    --seed N                Of the weights, and of which samples are drawn
                            (default: 1)
    --weight-init-std NUMBER
                            Standard deviation of the weights (default: 0.01)
    --threads N             Threads to compute with; 0 means as many as this
                            process may use (default: 0)
    --json                  Print one JSON object a line
    --quiet                 No messages and no progress; results and errors only
  
  Folders of pictures:
  
    --size HxW              Bring every picture to this height and width: 28x28
                            (default: as they are)
    --colour                Keep red, green and blue as three channels in place of
                            grey
    --dark-on-light         Invert every picture, so that what is dark becomes
                            light, as in MNIST
    --help                  This text
  $ runnel inspect --help
  usage: runnel inspect MODEL [OPTION...]
  
  Tells what a model file holds: layers, shapes, numbers of parameters, memory,
  and the notes about where it comes from. Of a checkpoint: how far its run has
  come, and with what settings.
  
    --net LAYERS            The layers, for a model file that does not tell them
                            (PyTorch's)
    --json                  Print one JSON object a line
    --help                  This text

Help shows the defaults, whatever stands beside it.

  $ runnel train --lr 7 --frobnicate -h | grep -A 1 -e --lr
    --lr NUMBER             Learning rate: how far each update goes; the highest
                            of the schedule (default: 0.1)
  $ runnel bench --help | sed '/--backend/{/What/!N;d}'
  usage: runnel bench [MODEL] [OPTION...]
  
  Measures how fast this machine trains, evaluates and predicts: with a network of
  your own (--net, or a model file), on your own data. Every line is measured once
  a round, all lines in turns; the median of the rounds counts. Nothing is
  written, and a model file stays as it is. Other programs that run meanwhile show
  in the numbers.
  
  Training and evaluating are measured on 1, 2, 4, ... threads up to --threads,
  predicting with one call after the other from a single thread.
  
    --net LAYERS            The layers, as in runnel train. A model file has its
                            own: this is for one that does not tell them
                            (PyTorch's) (default: affine 50, relu, affine)
    --data DATA             mnist, strokes (digits that runnel draws itself: no
                            file, no network), a folder with the four MNIST-like
                            files, a folder with a sub-folder of pictures for each
                            class, a file: IDX, npy, npz, svmlight, or a table
                            (CSV and its like; -: standard input) (default: mnist
                            if it is on this machine, else strokes)
    --labels FILE           IDX or npy file with the classes or targets of the
                            samples in --data
    --limit N               The first N samples only (default: all)
    --batch N               Samples an update (default: 100)
    --threads N             The most threads to try; 0 means as many as this
                            process may use (default: 0)
    --rounds N              How often each line is measured (default: 5)
    --seconds NUMBER        How long a measurement takes, about (default: 0.3)
    --json                  Print one JSON object a line
    --quiet                 No messages and no progress; results and errors only
  
  Folders of pictures:
  
    --size HxW              Bring every picture to this height and width: 28x28
                            (default: as they are)
    --colour                Keep red, green and blue as three channels in place of
                            grey
    --dark-on-light         Invert every picture, so that what is dark becomes
                            light, as in MNIST
    --help                  This text
