/*
 * wait4(-1) looks at tracees in the order of a kernel list, so a noisy task at its head would be served for ever. So
 * whenever more than one task is traced, all that wait are taken at once, and served in that order.
 */
#include "capture/tracer.h"

#include "base/xalloc.h"
#include "capture/interrupt.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

enum { FIRST_CAP = 64, HELD_POLL_MS = 20 };
/* How long to look around; a failure costs as much credit as SPIN_LOSS successes earn; without credit one wait in SPIN_RETRY tries. */
enum { SPIN_NS = 50 * 1000, SPIN_CREDIT = 16, SPIN_LOSS = 4, SPIN_RETRY = 16, SPIN_TASKS = 64 };

uint64_t clock_ns(clockid_t clock)
{
	struct timespec ts;
	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * 1000000000U + (uint64_t)ts.tv_nsec;
}

static struct stop *at(const struct stop_queue *q, size_t i)
{
	return &q->ring[(q->head + i) & (q->cap - 1)];
}

static void make_room(struct stop_queue *q)
{
	if (q->n < q->cap)
		return;
	size_t cap = q->cap ? 2 * q->cap : FIRST_CAP;
	struct stop *ring = xcalloc(cap, sizeof(*ring));
	for (size_t i = 0; i < q->n; i++)
		ring[i] = *at(q, i);
	free(q->ring);
	*q = (struct stop_queue){.ring = ring, .n = q->n, .cap = cap};
}

/* An exec ended the other threads: a stop of the leader that waits here is of a task that is no more. */
static void void_stops(struct stop_queue *q, pid_t tid)
{
	for (size_t i = 0; i < q->n; i++)
		if (at(q, i)->tid == tid)
			at(q, i)->tid = 0;
}

void queue_push(struct stop_queue *q, const struct stop *s)
{
	if (s->status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8))
		void_stops(q, s->tid);
	make_room(q);
	*at(q, q->n++) = *s;
}

void queue_push_front(struct stop_queue *q, const struct stop *s)
{
	make_room(q);
	q->head = (q->head + q->cap - 1) & (q->cap - 1);
	q->n++;
	*at(q, 0) = *s;
}

bool queue_pop(struct stop_queue *q, struct stop *ret_stop)
{
	while (q->n) {
		*ret_stop = *at(q, 0);
		q->head = (q->head + 1) & (q->cap - 1);
		q->n--;
		if (ret_stop->tid)
			return true;
	}
	return false;
}

void queue_free(struct stop_queue *q)
{
	free(q->ring);
	*q = (struct stop_queue){0};
}

static uint64_t ns_of(const struct timeval *t)
{
	return (uint64_t)t->tv_sec * 1000000000U + (uint64_t)t->tv_usec * 1000U;
}

int queue_wait_one(const struct tracer *tr, int options, struct stop *ret_stop)
{
	struct rusage used = {0};
	int status = 0;
	pid_t tid = wait4(-1, &status, options | __WALL, tr->wants_times ? &used : NULL);
	if (tid <= 0)
		return tid < 0 ? -errno : 0;
	/*
	 * Between entry and exit a task runs in the kernel only, so all of it counts; how the kernel shares it out as
	 * user and system time is guessed from clock ticks (kernel/sched/cputime.c, cputime_adjust).
	 */
	uint64_t stime = ns_of(&used.ru_utime) + ns_of(&used.ru_stime);
	*ret_stop = (struct stop){tid, status, clock_ns(CLOCK_MONOTONIC), clock_ns(CLOCK_REALTIME), stime};
	return 1;
}

/*
 * Looks again and again for a while before it blocks: to be woken, and to wake a tracee on another processor that went
 * idle meanwhile, costs several times what a call does. Where the task runs on this processor, sched_yield lets it. It
 * is tried less and less where it does not pay.
 */
static int look_around(struct tracer *tr, struct stop *ret_stop)
{
	if (tr->tracees.n > SPIN_TASKS || (tr->spin_credit <= 0 && ++tr->spins_skipped % SPIN_RETRY))
		return 0;
	uint64_t end = clock_ns(CLOCK_MONOTONIC) + SPIN_NS;
	do {
		int got = queue_wait_one(tr, WNOHANG, ret_stop);
		if (got) {
			tr->spin_credit += tr->spin_credit < SPIN_CREDIT;
			return got;
		}
		sched_yield();
	} while (clock_ns(CLOCK_MONOTONIC) < end && !interrupt_caught());
	tr->spin_credit -= tr->spin_credit > 0 ? SPIN_LOSS : 0;
	return 0;
}

/* A blocking wait that ends after TIMEOUT_MS by a signal of its own; 0 where it did. */
static int wait_until(const struct tracer *tr, int timeout_ms, struct stop *ret_stop)
{
	if (timeout_ms < 0)
		return queue_wait_one(tr, 0, ret_stop);
	interrupt_arm_timer(timeout_ms);
	int got = queue_wait_one(tr, 0, ret_stop);
	interrupt_arm_timer(0);
	return got == -EINTR ? 0 : got;
}

static int wait_first(struct tracer *tr, int timeout_ms, struct stop *ret_stop)
{
	if (timeout_ms == 0)
		return queue_wait_one(tr, WNOHANG, ret_stop);
	int got = look_around(tr, ret_stop);
	if (got)
		return got;
	if (tr->nheld && (timeout_ms < 0 || timeout_ms > HELD_POLL_MS))
		timeout_ms = HELD_POLL_MS;
	return wait_until(tr, timeout_ms, ret_stop);
}

int queue_fill(struct tracer *tr, int timeout_ms)
{
	struct stop s;
	int got = wait_first(tr, timeout_ms, &s);
	if (got < 0)
		return got;
	for (; got > 0; got = tr->tracees.n > 1 ? queue_wait_one(tr, WNOHANG, &s) : 0)
		queue_push(&tr->queue, &s);
	if (tr->nheld)
		tracee_release_orphans(tr, clock_ns(CLOCK_MONOTONIC));
	return 0;
}
