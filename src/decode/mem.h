/*
 * mem: what one call asked of the task's memory. Every byte is fetched once per event; later requests for the same
 * bytes are answered from here. Spans live in the arena, as long as the call.
 */
#ifndef DECODE_MEM_H
#define DECODE_MEM_H

#include "base/arena.h"
#include "base/span.h"
#include "event.h"

struct mem_chunk;

struct mem_cache {
	struct mem *mem;         /* NULL: nothing is readable */
	struct arena *arena;
	struct mem_chunk *first; /* most recent first */
	unsigned requests;       /* reads made, for tests and statistics */
	uint64_t fetched;        /* bytes asked for; bounded by MEM_BUDGET */
};
enum { MEM_PAGE = 4096, MEM_BUDGET = 64 * 1024 * 1024, MEM_REQUESTS = 20000 };

/* The bytes at ADDR, at most N; shorter where memory ends. */
struct span mem_get(struct mem_cache *c, uint64_t addr, uint64_t n);
/* The bytes at ADDR up to a NUL (not included), at most LIMIT. *ret_has_nul: a NUL follows them. False: memory ended first. */
bool mem_string(struct mem_cache *c, uint64_t addr, uint64_t limit, struct span *ret_text, bool *ret_has_nul);

#endif
