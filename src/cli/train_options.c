/* train_options.c - the options of a training run: their table, and the checks that need no data */
#include "checkpoint.h"
#include "data_files.h"
#include "data_table.h"
#include "recipes.h"

#include <stdlib.h>
#include <string.h>

static const char *const dtypes[] = {"f32", "f64", NULL};
static const char *const samplings[] = {"replacement", "shuffled", NULL};

/* ---- the table ----------------------------------------------------------------------------------------- */

void cli_train_options(cli_train_settings *s)
{
    *s = (cli_train_settings){.net = rnl_net_config_default(),
                              .train = rnl_train_config_default(),
                              .description = "affine 50, relu, affine",
                              .dtype = dtypes[0],
                              .eval_every = "0",
                              .out = "model.safetensors"};
    s->data.data = "mnist";
    s->data.for_training = true;
    s->data.table.split_seed = 1;
    s->seed = s->train.seed;
    s->sampling = samplings[s->train.sampling == RNL_SHUFFLED_EPOCHS];
    s->train.optimizer = "sgd";
    s->train.schedule = "constant";
    s->train.accumulate = 1;
    cli_names(s->backends, rnl_backend_name);
    /* clang-format off */
    const cli_option options[] = {
        {.name = "recipe", .kind = CLI_CHOICE, .value = &s->recipe, .choices = cli_recipe_names,
         .when_absent = cli_recipe_names[0], .also = "preset config settings profile",
         .help = "Good settings by a name, in place of the defaults below; options that are given too go "
                 "before them. list: prints what each stands for"},
        {.name = "net", .kind = CLI_TEXT, .value = &s->description, .argument = "LAYERS",
         .shapes = CLI_TRAINING, .also = "network layers model arch hidden hidden-size activation",
         .help = "The layers: affine N, relu, batchnorm, dropout P, sigmoid, tanh and more. "
                 "The last affine may leave out N: as many "
                 "outputs as there are classes"},
        CLI_OPTION_DATA(&s->data, NULL),
        CLI_OPTION_LABELS(&s->data),
        {.name = "test", .kind = CLI_TEXT, .value = &s->data.test, .argument = "FILE",
         .shapes = CLI_INPUT, .also = "test-data",
         .help = "Samples to test with, in the format of --data"},
        {.name = "test-labels", .kind = CLI_TEXT, .value = &s->data.test_labels,
         .argument = "FILE", .shapes = CLI_INPUT, .help = "IDX or npy file with their classes or targets"},
        CLI_OPTION_LIMIT(&s->data, "Train on the first N samples only"),
        {.name = "test-limit", .kind = CLI_SIZE, .value = &s->data.test_limit, .argument = "N",
         .least = 1, .when_absent = "all", .shapes = CLI_INPUT,
         .help = "Test on the first N samples only"},
        {.name = "raw-pixels", .kind = CLI_FLAG, .value = &s->data.raw_pixels,
         .shapes = CLI_INPUT, .also = "no-normalize",
         .help = "Leave pixels at 0 to 255 in place of scaling them to 0 to 1"},

        CLI_OPTIONS_TABLE(&s->data.table, "refuse", "standard for tables, none for pixels; with --from as the model's"),

        CLI_OPTIONS_PICTURES(&s->data),

        {.group = "How it learns",
         .name = "lr", .kind = CLI_REAL, .value = &s->train.lr, .argument = "NUMBER",
         .positive = true, .shapes = CLI_TRAINING, .also = "learning-rate learningrate rate eta",
         .help = "Learning rate: how far each update goes; the highest of the schedule"},
        {.name = "batch", .kind = CLI_SIZE, .value = &s->train.batch, .argument = "N", .least = 1,
         .shapes = CLI_TRAINING, .also = "batch-size minibatch mini-batch bs",
         .help = "Samples an update"},
        {.name = "iterations", .kind = CLI_U64, .value = &s->train.iterations, .argument = "N",
         .least = 1, .shapes = CLI_TRAINING, .also = "steps updates iters", .help = "Updates"},
        {.name = "epochs", .kind = CLI_REAL, .value = &s->train.epochs, .argument = "NUMBER",
         .positive = true, .when_absent = "", .shapes = CLI_TRAINING, .also = "passes",
         .help = "In place of --iterations: as many updates as make the training set's size, "
                 "times NUMBER"},
        {.name = "sampling", .kind = CLI_CHOICE, .value = &s->sampling, .choices = samplings,
         .shapes = CLI_TRAINING, .also = "shuffle order",
         .help = "Each batch drawn from all samples anew, or every sample once an epoch"},
        {.name = "seed", .kind = CLI_U64, .value = &s->seed, .argument = "N",
         .shapes = CLI_TRAINING, .also = "random-seed rng",
         .help = "Of the first weights and of the batches"},
        {.name = "weight-init-std", .kind = CLI_REAL, .value = &s->net.weight_init_std,
         .argument = "NUMBER", .shapes = CLI_TRAINING, .also = "std init-std weight-std",
         .help = "Standard deviation of the first weights, which are drawn from a normal "
                 "distribution; biases begin at 0"},
        {.name = "init", .kind = CLI_TEXT, .value = &s->net.init, .argument = "RULE",
         .when_absent = "auto for tables", .shapes = CLI_TRAINING,
         .also = "initialization initialisation weight-init",
         .help = "In place of --weight-init-std, how the first weights are drawn: normal STD, he, "
                 "xavier, he_uniform, xavier_uniform; auto: he before relu and its like, xavier "
                 "elsewhere"},
        {.name = "from", .kind = CLI_TEXT, .value = &s->from, .argument = "MODEL",
         .when_absent = "", .shapes = CLI_INPUT,
         .also = "model start pretrained weights finetune fine-tune load",
         .help = "Trains this saved network further, in place of a new one; --net is for a file "
                 "that does not tell its layers (PyTorch's)"},
        {.name = "optimizer", .kind = CLI_TEXT, .value = &s->train.optimizer, .argument = "RULE",
         .shapes = CLI_TRAINING,
         .also = "optimiser opt update-rule rule momentum nesterov adam adamw sgd rmsprop adagrad",
         .help = "The update rule, with its numbers where they are not the usual ones: sgd, "
                 "momentum 0.9, nesterov 0.9, adagrad, rmsprop, adam, adamw"},
        {.name = "weight-decay", .kind = CLI_REAL, .value = &s->train.weight_decay,
         .argument = "NUMBER", .shapes = CLI_TRAINING, .when_absent = "0.01 for adamw, else 0",
         .also = "decay wd",
         .help = "Each update first multiplies the parameters by 1 - lr NUMBER"},
        {.name = "l2", .kind = CLI_REAL, .value = &s->train.l2, .argument = "NUMBER",
         .shapes = CLI_TRAINING, .also = "penalty regularization ridge",
         .help = "A penalty of NUMBER/2 times the squares of the parameters on the loss"},
        {.name = "clip", .kind = CLI_REAL, .value = &s->train.clip, .argument = "NORM",
         .positive = true, .when_absent = "", .shapes = CLI_TRAINING,
         .also = "clip-norm grad-clip gradient-clip max-norm",
         .help = "Gradients whose norm is larger are scaled down to it"},
        {.name = "schedule", .kind = CLI_TEXT, .value = &s->train.schedule,
         .argument = "SCHEDULE", .shapes = CLI_TRAINING,
         .also = "lr-schedule scheduler lr-scheduler warmup cosine onecycle",
         .help = "How the learning rate goes: constant, step F N, exponential F N, linear, cosine, "
                 "onecycle; 'warmup N, ...' before one of them. N iterations, or 5% of the run"},
        {.name = "accumulate", .kind = CLI_SIZE, .value = &s->train.accumulate, .argument = "N",
         .least = 1, .shapes = CLI_TRAINING, .also = "accumulation gradient-accumulation",
         .help = "Batches that make up an update, in the memory of one"},
        {.name = "loss-after-update", .kind = CLI_FLAG, .value = &s->train.loss_after_update,
         .shapes = CLI_TRAINING, .also = "loss-after recompute-loss",
         .help = "Tells each batch's loss after its update, by another pass forward, as the textbook's "
                 "program does, not before it"},
        {.name = "augment", .kind = CLI_TEXT, .value = &s->train.augment,
         .argument = "WHAT", .when_absent = "none", .shapes = CLI_TRAINING,
         .also = "augmentation augmentations distort elastic shift rotate scale shear noise",
         .help = "What is done to each picture at random whenever it comes by, with commas between: "
                 "shift 2, rotate 10, scale 0.1, shear 0.1, elastic 34 4, noise 0.05"},
        {.name = "show-augmented", .kind = CLI_TEXT, .value = &s->show_augmented,
         .argument = "FILE", .when_absent = "", .also = "show-augment augmented preview",
         .help = "In place of training: writes a PNG sheet of some pictures as they are, and beside "
                 "each what --augment makes of it"},
        {.name = "class-weights", .kind = CLI_TEXT, .value = &s->class_weights,
         .argument = "WEIGHTS", .when_absent = "all 1", .shapes = CLI_TRAINING,
         .also = "weights class-weight balance",
         .help = "How much the samples of each class count: numbers with commas, one for each "
                 "class; or balanced: each class counts the same, however few its samples are"},

        {.group = "What it keeps",
         .name = "validation", .kind = CLI_REAL, .value = &s->validation, .argument = "SHARE",
         .positive = true, .below = 1, .when_absent = "", .shapes = CLI_INPUT,
         .also = "validation-split valid val holdout",
         .help = "Sets this share of the training samples aside, the same of each class: they "
                 "are not trained on, and tell how good it is while it learns"},
        {.name = "patience", .kind = CLI_U64, .value = &s->train.patience, .argument = "N",
         .least = 1, .when_absent = "", .shapes = CLI_TRAINING, .also = "early-stopping early-stop",
         .help = "Ends after N evaluations without a better one, by the validation samples"},
        {.name = "keep-best", .kind = CLI_FLAG, .value = &s->train.keep_best,
         .shapes = CLI_TRAINING, .also = "best save-best",
         .help = "Saves what was best by the validation samples, not what was last"},
        {.name = "ema", .kind = CLI_REAL, .value = &s->train.ema, .argument = "NUMBER",
         .below = 1, .shapes = CLI_TRAINING, .also = "average moving-average averaging",
         .help = "Evaluates and saves the average of the parameters of all updates, each counting "
                 "NUMBER times as much as the next, as 0.999; 0: the last ones"},
        {.name = "eval-every", .kind = CLI_TEXT, .or_whole = true, .value = &s->eval_every, .argument = "N",
         .shapes = CLI_TRAINING, .also = "evaluate-every eval log-every",
         .help = "Updates between two looks at the accuracy, or '10 epochs' of them; 0 means an epoch's worth"},
        {.name = "checkpoint", .kind = CLI_TEXT, .value = &s->train.checkpoint, .argument = "FILE",
         .when_absent = "", .also = "ckpt checkpoints snapshot",
         .help = "Where all that the run needs to go on is written, again and again, and at its "
                 "end; also after Ctrl-C"},
        {.name = "every", .kind = CLI_U64, .value = &s->train.checkpoint_every, .argument = "N",
         .also = "checkpoint-every save-every",
         .help = "Updates between two checkpoints; 0 means an epoch's worth"},
        {.name = "resume", .kind = CLI_TEXT, .value = &s->train.resume, .argument = "FILE",
         .when_absent = "", .also = "continue restart resume-from",
         .help = "Goes on from this checkpoint, with the options of its run where they are not given: the result "
                 "is the one that the run would have had. More --iterations, --epochs or --patience make it "
                 "longer. Writes the checkpoint on, unless --checkpoint names another"},
        {.name = "out", .kind = CLI_TEXT, .value = &s->out, .argument = "FILE",
         .also = "output save model-file",
         .help = "Where the model goes (safetensors); none: nowhere"},
        {.name = "history", .kind = CLI_TEXT, .value = &s->history, .argument = "FILE",
         .when_absent = "beside the model, .history.csv", .also = "csv log",
         .help = "Where the loss of every update and the accuracies go: .csv, or .jsonl for JSON "
                 "lines; none: nowhere"},

        {.group = "How it runs",
         .name = "dtype", .kind = CLI_CHOICE, .value = &s->dtype, .choices = dtypes,
         .shapes = CLI_TRAINING, .also = "precision type",
         .help = "Numbers of single or double precision; those of --from stay what they are, unless "
                 "this is given"},
        {.name = "backend", .kind = CLI_CHOICE, .value = &s->net.backend,
         .choices = s->backends, .when_absent = "the faster one here", .shapes = CLI_TRAINING,
         .help = "What computes"},
        {.name = "threads", .kind = CLI_INT, .value = &s->train.threads, .argument = "N",
         .most = CLI_THREADS_MOST, .also = "jobs cores cpus workers",
         .help = "Threads to compute with; 0 means as many as this process may use"},
        {.name = "json", .kind = CLI_FLAG, .value = &s->json,
         .help = "Print one JSON object a line"},
        {.name = "quiet", .kind = CLI_FLAG, .value = &s->quiet, .also = "silent",
         .help = "No messages and no progress; results and errors only"},
    };
    /* clang-format on */
    _Static_assert(sizeof options <= sizeof s->options, "CLI_TRAIN_OPTIONS is too small");
    memcpy(s->options, options, sizeof options);
    s->usage = (cli_usage){.synopsis = "[OPTION...]",
                           .options = s->options,
                           .count = sizeof options / sizeof options[0]};
}

/* ---- checks that need no data ---------------------------------------------------------------------------- */

static bool given(const cli_train_settings *s, const char *name)
{
    return cli_given(&s->usage, name);
}

/* Two options that say the same thing in two ways: one that was given takes the place of the other. */
static const char *const rivals[][2] = {{"epochs", "iterations"},
                                        {"iterations", "epochs"},
                                        {"init", "weight-init-std"},
                                        {"weight-init-std", "init"}};

bool cli_train_given(const cli_train_settings *s, const char *option)
{
    for (size_t i = 0; i < sizeof rivals / sizeof rivals[0]; i++)
        if (strcmp(option, rivals[i][0]) == 0 && given(s, rivals[i][1]))
            return true;
    return given(s, option);
}

/* A mistyped first word of a rule: the library lists all that it knows, here the one that was meant is told.
 * help: rnl_optimizer_help and the like, whose lines begin with the names. */
static bool say_nearest(const char *option, const char *text, const char *(*help)(size_t i))
{
    enum { MOST = 16, LONGEST = 24 };
    char names[MOST][LONGEST], word[LONGEST];
    const char *candidates[MOST + 1] = {NULL};
    text += strspn(text, " ");
    const size_t length = strcspn(text, " ,");
    if (length >= sizeof word)
        return false;
    memcpy(word, text, length);
    word[length] = '\0';
    for (size_t i = 0; i < MOST && help(i); i++) {
        const size_t n = strcspn(help(i), " :");
        if (n >= LONGEST)
            continue;
        memcpy(names[i], help(i), n);
        names[i][n] = '\0';
        candidates[i] = names[i];
        candidates[i + 1] = NULL;
        if (strcmp(names[i], word) == 0)
            return false; /* the name is right, the mistake is elsewhere */
    }
    const char *near = cli_nearest(word, candidates);
    if (near)
        cli_error("--%s %s: did you mean %s?", option, word, near);
    return near != NULL;
}

/* On a picture of the program's own. */
static rnl_status try_augment(const char *augment)
{
    rnl_dataset *set;
    rnl_status status = rnl_dataset_strokes(&set, 1, 1, NULL);
    if (status == RNL_OK) {
        const size_t features = rnl_dataset_describe(set).features;
        float *x = cli_alloc(features, sizeof *x);
        const rnl_matrix view = {
            .data = x, .rows = 1, .cols = features, .ld = features, .dtype = RNL_F32};
        status = rnl_dataset_augment(set, augment, 1, 0, NULL, 0, view);
        free(x);
    }
    rnl_dataset_free(&set);
    return status;
}

/* Rules are read by the library. A network of one number, with a gradient of 0, tells what it thinks of
 * them before any data is opened. */
static rnl_status try_rules(const cli_train_settings *s, const char **option)
{
    const rnl_optimizer_config rule = {.rule = s->train.optimizer,
                                       .l2 = s->train.l2,
                                       .weight_decay = s->train.weight_decay,
                                       .clip = s->train.clip};
    const rnl_net_config config = {.inputs = 1, .init = s->net.init};
    rnl_net *net = NULL;
    rnl_optimizer *optimizer = NULL;
    rnl_gradients *g = NULL;
    *option = "init";
    rnl_status status = rnl_net_new(&net, "affine 1", &config);
    if (status == RNL_OK) {
        *option = "optimizer";
        status = rnl_optimizer_new(&optimizer, net, &rule);
    }
    status = status ? status : rnl_gradients_new(&g, net);
    if (status == RNL_OK) {
        *option = "weight-decay";
        status = rnl_optimizer_step(optimizer, net, g, s->train.lr);
    }
    if (status == RNL_OK) {
        /* with --epochs the data tells how many there will be */
        const uint64_t iterations = given(s, "epochs") ? 1000000000 : s->train.iterations;
        double rate;
        *option = "schedule";
        status = rnl_learning_rate(s->train.schedule, s->train.lr, iterations, 0, &rate);
    }
    if (status == RNL_OK) {
        *option = "augment";
        status = try_augment(s->train.augment);
    }
    rnl_gradients_free(&g);
    rnl_optimizer_free(&optimizer);
    rnl_net_free(&net);
    return status;
}

static int check_rules(const cli_train_settings *s)
{
    const char *option;
    const rnl_status status = try_rules(s, &option);
    if (status == RNL_OK)
        return -1;
    if (status == RNL_ERR_MEMORY)
        return cli_library_error(status, NULL);
    if (status == RNL_ERR_UNSUPPORTED) { /* no option can help it */
        cli_error_of_net(status);
        return CLI_WRONG_USAGE;
    }
    if (strcmp(option, "optimizer") == 0 &&
        say_nearest(option, s->train.optimizer, rnl_optimizer_help))
        return CLI_WRONG_USAGE;
    const bool augment = strcmp(option, "augment") == 0;
    if (augment || strcmp(option, "schedule") == 0) {
        if (!say_nearest(option, augment ? s->train.augment : s->train.schedule,
                         augment ? rnl_augment_help : rnl_schedule_help))
            cli_error("--%s", rnl_error_text()); /* begins with: schedule "..." */
        return CLI_WRONG_USAGE;
    }
    cli_error("--%s: %s", option, rnl_error_text());
    return CLI_WRONG_USAGE;
}

static int say_needs(const char *option, const char *what)
{
    cli_error("--%s %s", option, what);
    return CLI_WRONG_USAGE;
}

/* "4690", or "10 epochs". */
static int read_eval_every(cli_train_settings *s)
{
    enum { DIGITS = 18 };
    const char *text = s->eval_every;
    const size_t digits = strspn(text, "0123456789");
    const char *unit = text + digits + strspn(text + digits, " ");
    const uint64_t n = digits <= DIGITS ? strtoull(text, NULL, 10) : 0;
    const bool epochs = n > 0 && (strcmp(unit, "epochs") == 0 || strcmp(unit, "epoch") == 0);
    if (digits == 0 || digits > DIGITS || (text[digits] && !epochs)) {
        cli_error(
            "--eval-every \"%s\": expected a whole number, 0 or more, or one such as '10 epochs'",
            text);
        return CLI_WRONG_USAGE;
    }
    s->eval_epochs = epochs ? n : 0;
    s->train.eval_every = epochs ? 0 : n;
    return -1;
}

int cli_train_check(cli_train_settings *s)
{
    s->batch_given = given(s, "batch");
    int end = cli_recipe_apply(s);
    if (end < 0 && s->train.resume)
        end = cli_checkpoint_options(s);
    if (end < 0)
        end = read_eval_every(s);
    if (end >= 0)
        return end;
    if (given(s, "iterations") && given(s, "epochs")) {
        cli_error("--iterations and --epochs both say how long to train: give one of them");
        return CLI_WRONG_USAGE;
    }
    if (s->net.init && given(s, "weight-init-std")) {
        cli_error("--init and --weight-init-std both say how the weights begin: give one of them");
        return CLI_WRONG_USAGE;
    }
    if (s->from && (s->net.init || given(s, "weight-init-std"))) {
        cli_error("--from and --%s both say how the weights begin: give one of them",
                  s->net.init ? "init" : "weight-init-std");
        return CLI_WRONG_USAGE;
    }
    if (!(s->validation > 0) && (s->train.patience || s->train.keep_best))
        return say_needs(s->train.patience ? "patience" : "keep-best",
                         "goes by validation samples: give --validation 0.1 too");
    if (given(s, "every") && !s->train.checkpoint && !s->train.resume)
        return say_needs("every", "says how often --checkpoint FILE is written: give that too");
    end = check_rules(s);
    if (end < 0 && s->class_weights && strcmp(s->class_weights, "balanced") != 0) {
        size_t count;
        end = cli_read_weights(s->class_weights, NULL, 0, &count);
    }
    if (end >= 0)
        return end;
    if (given(s, "epochs"))
        s->train.iterations = 0;
    if (!s->train.checkpoint)
        s->train.checkpoint = s->train.resume;
    s->train.seed = s->net.seed = s->seed;
    s->train.sampling =
        strcmp(s->sampling, "shuffled") == 0 ? RNL_SHUFFLED_EPOCHS : RNL_WITH_REPLACEMENT;
    s->net.dtype = strcmp(s->dtype, "f64") == 0 ? RNL_F64 : RNL_F32;
    return -1;
}
