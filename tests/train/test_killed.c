/* test_killed.c - a run that is killed again and again ends in the same bytes as one that never was */
#include "checkpoints.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Trains in a process of its own, going on from the checkpoint where there is one; its result goes to files. */
static void train_and_leave(rnl_train_config c)
{
    if (access(c.checkpoint, F_OK) == 0)
        c.resume = c.checkpoint;
    rnl_net *net = a_net();
    rnl_history *h;
    if (rnl_train(net, train_set, test_set, &c, &h) != RNL_OK) {
        fprintf(stderr, "%s\n", rnl_error_text());
        _exit(1);
    }
    rnl_output *out;
    const bool saved = rnl_history_save(h, in_folder("killed.csv")) == RNL_OK &&
                       rnl_output_open(&out, in_folder("killed.net")) == RNL_OK &&
                       rnl_output_write(out, net->values, rnl_net_bytes(net)) == RNL_OK &&
                       rnl_output_finish(&out) == RNL_OK;
    _exit(saved ? 0 : 1);
}

/* Lets it run for at most so long; true: it was killed. */
static bool killed_after(const rnl_train_config *c, double time)
{
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        train_and_leave(*c);
    int end;
    const double began = seconds();
    while (waitpid(child, &end, WNOHANG) == 0) {
        if (seconds() - began >= time) {
            kill(child, SIGKILL);
            waitpid(child, &end, 0);
            break;
        }
        const struct timespec moment = {.tv_nsec = 200000};
        nanosleep(&moment, NULL);
    }
    if (WIFEXITED(end))
        assert_int_equal(WEXITSTATUS(end), 0);
    return WIFSIGNALED(end);
}

static void assert_result_on_disk(const result *whole)
{
    rnl_bytes net, csv;
    assert_ok(rnl_file_read(&net, in_folder("killed.net")));
    assert_ok(rnl_file_read(&csv, in_folder("killed.csv")));
    assert_int_equal(net.size, rnl_net_bytes(whole->net));
    assert_memory_equal(net.data, whole->net->values, net.size);
    assert_int_equal(csv.size, whole->csv.size);
    assert_memory_equal(csv.data, whole->csv.data, csv.size);
    rnl_bytes_free(&net);
    rnl_bytes_free(&csv);
}

/* Killed at 30 random moments of its life and started again each time, through as many lives as it takes. */
static void a_killed_run_goes_on(void **state)
{
    (void)state;
    enum { KILLS = 30, TRIES = 2000 };
    rnl_train_config c = full_config();
    result whole = run(&c, RNL_OK);
    c.checkpoint = in_folder("killed.ckpt");
    c.checkpoint_every = 3;
    const double began = seconds();
    assert_false(killed_after(&c, 1e9));
    assert_result_on_disk(&whole);
    const double life = seconds() - began;

    rnl_random r = {(uint64_t)(began * 1e9)}; /* no two tests are the same */
    size_t kills = 0, complete = 0;
    unlink(c.checkpoint);
    for (size_t k = 0; (kills < KILLS || complete == 0) && k < TRIES; k++) {
        /* short lives at first; where a slow machine never gets anywhere in one, longer ones */
        const double longest = life * (0.5 + (double)k / 20);
        if (killed_after(&c, longest * rnl_random_uniform(&r))) {
            kills++;
            continue;
        }
        assert_result_on_disk(&whole);
        complete++;
        unlink(c.checkpoint);
        unlink(in_folder("killed.net"));
        unlink(in_folder("killed.csv"));
    }
    assert_true(kills >= 20 && complete > 0);
    free_result(&whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_killed_run_goes_on),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
