/* A chain of blocks. Blocks larger than the default are made for large requests and freed on reset. */
#include "base/arena.h"

#include "base/xalloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 16 * 1024, ALIGN = 16 };

struct arena_block {
	struct arena_block *next;
	size_t size; /* bytes of data */
	_Alignas(ALIGN) char data[];
};

static struct arena_block *block_new(size_t n)
{
	struct arena_block *b = xmalloc(sizeof(*b) + n);
	b->next = NULL;
	b->size = n;
	return b;
}

void *arena_alloc_raw(struct arena *a, size_t n)
{
	n = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (!a->current || a->current->size - a->used < n) {
		struct arena_block *next = a->current ? a->current->next : a->first;
		if (!next || next->size < n) {
			struct arena_block *b = block_new(n > BLOCK_SIZE ? n : BLOCK_SIZE);
			b->next = next;
			if (a->current)
				a->current->next = b;
			else
				a->first = b;
			next = b;
		}
		a->current = next;
		a->used = 0;
	}
	void *p = a->current->data + a->used;
	a->used += n;
	return p;
}

void *arena_alloc(struct arena *a, size_t n)
{
	return memset(arena_alloc_raw(a, n), 0, n);
}

char *arena_dup(struct arena *a, const void *p, size_t n)
{
	char *s = arena_alloc_raw(a, n + 1);
	if (n)
		memcpy(s, p, n);
	s[n] = '\0';
	return s;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	va_list again;
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	char *s = arena_alloc_raw(a, (size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, fmt, again);
	va_end(again);
	return s;
}

static void free_chain(struct arena_block *b)
{
	while (b) {
		struct arena_block *next = b->next;
		free(b);
		b = next;
	}
}

void arena_reset(struct arena *a)
{
	if (a->first && a->first->next) {
		struct arena_block *keep = a->first->size == BLOCK_SIZE ? a->first : NULL;
		free_chain(keep ? keep->next : a->first);
		if (keep)
			keep->next = NULL;
		a->first = keep;
	}
	a->current = NULL;
	a->used = 0;
}

void arena_free(struct arena *a)
{
	free_chain(a->first);
	*a = (struct arena){0};
}
