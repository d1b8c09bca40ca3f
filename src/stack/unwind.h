/* unwind: from registers and memory to return addresses. */
#ifndef STACK_UNWIND_H
#define STACK_UNWIND_H

#include "event.h"
#include "stack/space.h"

struct unwinder; /* what libunwind remembers of one process */

struct unwinder *unwinder_new(void);
void unwinder_free(struct unwinder *u);
/* What was mapped from ADDR on is no longer. */
void unwinder_flush(struct unwinder *u, uint64_t addr, uint64_t size);

struct unwound {
	uint64_t ip;
	bool is_exact; /* the instruction that was running, not one to return to: the innermost frame, and what a signal interrupted */
};
/* The frames, innermost first, at most MAX; returns how many. */
unsigned unwind(struct unwinder *u, struct space *space, struct map *modules, const struct event *ev, struct unwound *ret, unsigned max);

#endif
