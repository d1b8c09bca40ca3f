/*
 * arena: memory with one lifetime. Allocations are never freed singly; arena_reset takes all back at once and keeps
 * the blocks, so that an arena in steady use never calls malloc.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *first;   /* owned chain of blocks; NULL before the first allocation */
	struct arena_block *current; /* the block that serves */
	size_t used;                 /* bytes taken from the current block */
};

/* N zeroed bytes, aligned to 16. Never NULL. */
void *arena_alloc(struct arena *a, size_t n);
/* N bytes, aligned to 16, not zeroed. */
void *arena_alloc_raw(struct arena *a, size_t n);
/* A copy of the N bytes at P with a NUL behind them. */
char *arena_dup(struct arena *a, const void *p, size_t n);
/* A formatted string. */
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Takes back everything; one default block is kept, larger ones are freed. */
void arena_reset(struct arena *a);
void arena_free(struct arena *a);

#endif
