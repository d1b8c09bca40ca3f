/* Tasks that are to go on later: kept stopped, by the time they are due. */
#include "capture/tracer.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { NS_PER_MS = 1000 * 1000 };

void delay_push(struct tracer *tr, pid_t tid, uint64_t ns)
{
	tr->delayed = xgrow(tr->delayed, tr->ndelayed + 1, sizeof(*tr->delayed));
	tr->delayed[tr->ndelayed++] = (struct delayed){tid, clock_ns(CLOCK_MONOTONIC) + ns};
}

static void let_go(struct tracer *tr, size_t i)
{
	struct tracee *t = tracee_get(tr, tr->delayed[i].tid);
	tr->delayed[i] = tr->delayed[--tr->ndelayed];
	if (t && t->is_stopped)
		tracee_resume(tr, t);
}

/* What is left to wait for the first that is due, ns; UINT64_MAX where none waits. */
static uint64_t next_due(const struct tracer *tr, uint64_t now)
{
	uint64_t least = UINT64_MAX;
	for (size_t i = 0; i < tr->ndelayed; i++) {
		uint64_t left = tr->delayed[i].due > now ? tr->delayed[i].due - now : 0;
		least = left < least ? left : least;
	}
	return least;
}

int delay_serve(struct tracer *tr, int timeout_ms)
{
	if (!tr->ndelayed)
		return timeout_ms;
	uint64_t left = next_due(tr, clock_ns(CLOCK_MONOTONIC));
	if (left < NS_PER_MS) { /* no timer of ours is finer */
		const struct timespec nap = {.tv_nsec = (long)left};
		nanosleep(&nap, NULL);
	}
	uint64_t now = clock_ns(CLOCK_MONOTONIC);
	for (size_t i = 0; i < tr->ndelayed;) {
		if (tr->delayed[i].due <= now)
			let_go(tr, i);
		else
			i++;
	}
	left = next_due(tr, now);
	if (left == UINT64_MAX)
		return timeout_ms;
	int wait_ms = (int)(left / NS_PER_MS);
	wait_ms = wait_ms ? wait_ms : 1;
	return timeout_ms < 0 || wait_ms < timeout_ms ? wait_ms : timeout_ms;
}
