/* unwind: from registers and memory to return addresses. */
#ifndef STACK_UNWIND_H
#define STACK_UNWIND_H

#include "event.h"
#include "stack/memo.h"
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
/* What one unwinding works on. Made by unwind_begin, and good for as long as the task stands still. */
struct walk_up;
struct walk_up *unwind_begin(struct unwinder *u, struct space *space, struct map *modules, const struct event *ev);
/* A register or word, as memo_find asks; CTX is the walk. */
bool unwind_read(void *ctx, uint64_t where, uint64_t *ret_value);
/* What the unwinding read that the process could change, in order; none where there was too much, or it can't be told. */
const struct memo_read *unwind_reads(const struct walk_up *w, size_t *ret_n);
/* The frames, innermost first, at most MAX; returns how many. */
unsigned unwind(struct unwinder *u, struct unwound *ret, unsigned max);

#endif
