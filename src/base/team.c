/* team.c - the threads of a team and their barrier */
#define _GNU_SOURCE
#include "base/team.h"

#include "base/memory.h"

#ifdef RNL_HAVE_THREADS
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#endif

_Thread_local rnl_team_member rnl_team_self RNL_TLS_MODEL = {0, 1, NULL};

static void work_as(rnl_team_member member, void (*work)(void *arg), void *arg)
{
    const rnl_team_member before = rnl_team_self;
    if (member.size == 1)
        member.barrier = NULL;
    rnl_team_self = member;
    work(arg);
    rnl_team_leave(before);
}

static const rnl_team_member alone = {0, 1, NULL};

#ifndef RNL_HAVE_THREADS

size_t rnl_team_wanted(int threads)
{
    (void)threads;
    return 1;
}

void rnl_barrier_wait(rnl_barrier *barrier)
{
    (void)barrier;
}

void rnl_team_run_part(size_t size, void (*work)(void *arg), void *arg)
{
    (void)size;
    work(arg);
}

rnl_status rnl_team_run(size_t threads, void (*work)(void *arg), void *arg)
{
    (void)threads;
    work_as(alone, work, arg);
    return RNL_OK;
}

#else

size_t rnl_team_wanted(int threads)
{
    const size_t wanted = (size_t)(threads > 0 ? threads : rnl_processors());
    return wanted < RNL_TEAM_MOST ? wanted : RNL_TEAM_MOST;
}

/* ---- the barrier ------------------------------------------------------------------------------------ */

/* The last to arrive opens the next round. The others look for it for a while, because it comes within
 * a microsecond where every thread has a core; then they sleep, so that a thread that has none gets
 * the waiting one's. */
struct rnl_barrier {
    _Alignas(RNL_ALIGN) atomic_size_t arrived;
    _Alignas(RNL_ALIGN) atomic_uint round;
    atomic_size_t sleepers;
    _Alignas(RNL_ALIGN) size_t size;
    pthread_mutex_t lock;
    pthread_cond_t opened;
    rnl_barrier *part; /* of a part of the team; NULL in the barrier of a part */
};

/* Some 20 to 50 microseconds, by the processor; it is the pauses that take the time. */
enum { SPINS = 1000, LOOKS = 8 };

static inline void pause_briefly(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static void sleep_until_opened(rnl_barrier *b, unsigned round)
{
    pthread_mutex_lock(&b->lock);
    atomic_fetch_add(&b->sleepers, 1);
    while (atomic_load(&b->round) == round)
        pthread_cond_wait(&b->opened, &b->lock);
    atomic_fetch_sub(&b->sleepers, 1);
    pthread_mutex_unlock(&b->lock);
}

void rnl_barrier_wait(rnl_barrier *b)
{
    const unsigned round = atomic_load_explicit(&b->round, memory_order_relaxed);
    if (atomic_fetch_add_explicit(&b->arrived, 1, memory_order_acq_rel) + 1 == b->size) {
        atomic_store_explicit(&b->arrived, 0, memory_order_relaxed);
        atomic_fetch_add(&b->round, 1);
        if (atomic_load(&b->sleepers) > 0) {
            pthread_mutex_lock(&b->lock);
            pthread_cond_broadcast(&b->opened);
            pthread_mutex_unlock(&b->lock);
        }
        return;
    }
    for (int i = 0; i < SPINS; i++) {
        for (int k = 0; k < LOOKS; k++)
            if (atomic_load_explicit(&b->round, memory_order_acquire) != round)
                return;
        pause_briefly();
    }
    sleep_until_opened(b, round);
}

static void init_barrier(rnl_barrier *b)
{
    pthread_mutex_init(&b->lock, NULL);
    pthread_cond_init(&b->opened, NULL);
}

static void destroy_barrier(rnl_barrier *b)
{
    pthread_cond_destroy(&b->opened);
    pthread_mutex_destroy(&b->lock);
}

/* ---- the threads ------------------------------------------------------------------------------------ */

typedef struct crew {
    rnl_barrier barrier, part;
    atomic_bool go; /* the size of the team is known */
    void (*work)(void *arg);
    void *arg;
} crew;

typedef struct hand {
    crew *crew;
    size_t rank;
    pthread_t thread;
} hand;

void rnl_team_run_part(size_t size, void (*work)(void *arg), void *arg)
{
    const rnl_team_member whole = rnl_team_self;
    if (size < whole.size) {
        rnl_barrier *part = whole.barrier->part;
        if (whole.rank == 0)
            part->size = size;
        rnl_barrier_wait(whole.barrier);
        if (whole.rank < size)
            work_as((rnl_team_member){whole.rank, size, part}, work, arg);
    } else {
        work(arg);
    }
    rnl_team_barrier();
}

static void *start(void *arg)
{
    hand *h = arg;
    while (!atomic_load_explicit(&h->crew->go, memory_order_acquire))
        sched_yield();
    crew *c = h->crew;
    work_as((rnl_team_member){h->rank, c->barrier.size, &c->barrier}, c->work, c->arg);
    return NULL;
}

/* At least. Products pack into panels on the stack, of up to 208 KB; some systems (musl) give a thread less. */
enum { STACK = 1 << 20 };

rnl_status rnl_team_run(size_t threads, void (*work)(void *arg), void *arg)
{
    if (threads <= 1) {
        work_as(alone, work, arg);
        return RNL_OK;
    }
    rnl_status status = RNL_ERR_MEMORY;
    crew *c = rnl_alloc(1, sizeof *c);
    hand *hands = rnl_alloc(threads, sizeof *hands);
    if (!c || !hands)
        goto done;
    init_barrier(&c->barrier);
    init_barrier(&c->part);
    c->barrier.part = &c->part;
    c->work = work;
    c->arg = arg;
    pthread_attr_t room;
    const bool roomy = pthread_attr_init(&room) == 0;
    size_t by_itself = 0;
    if (roomy && pthread_attr_getstacksize(&room, &by_itself) == 0 && by_itself < STACK)
        pthread_attr_setstacksize(&room, STACK);
    size_t size = 1;
    for (; size < threads; size++) {
        hands[size] = (hand){.crew = c, .rank = size};
        if (pthread_create(&hands[size].thread, roomy ? &room : NULL, start, &hands[size]) != 0)
            break;
    }
    if (roomy)
        pthread_attr_destroy(&room);
    c->barrier.size = size;
    atomic_store_explicit(&c->go, true, memory_order_release);
    work_as((rnl_team_member){0, size, &c->barrier}, work, arg);
    for (size_t k = 1; k < size; k++)
        pthread_join(hands[k].thread, NULL);
    destroy_barrier(&c->part);
    destroy_barrier(&c->barrier);
    status = RNL_OK;
done:
    rnl_free(hands);
    rnl_free(c);
    return status;
}

#endif
