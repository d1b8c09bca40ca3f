/* tail: objects that end where their page ends, the next page being unmapped, so that an over-read faults. */
#ifndef TESTS_TAIL_H
#define TESTS_TAIL_H

#include <stddef.h>

/* N bytes whose end is the end of mapped memory; filled with 0x7f. */
void *tail_alloc(size_t n);
/* A copy of the N bytes at P there. */
void *tail_copy(const void *p, size_t n);

#endif
