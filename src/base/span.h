/*
 * span: a borrowed run of bytes. Bytes that come from the traced program travel as spans only, and are read
 * only through span_load, which checks the length once.
 */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
	const uint8_t *p; /* first byte; may be NULL where n is 0 */
	size_t n;         /* bytes that may be read */
};

/* The part of S that starts at OFF and is at most N bytes long; empty where OFF lies beyond the end. */
static inline struct span span_sub(struct span s, size_t off, size_t n)
{
	if (off >= s.n)
		return (struct span){s.p, 0};
	size_t left = s.n - off;
	return (struct span){s.p + off, n < left ? n : left};
}

/* The little-endian unsigned integer of WIDTH (1 to 8) bytes at OFF. False, *ret_value untouched, where S is too short. */
static inline bool span_load(struct span s, size_t off, size_t width, uint64_t *ret_value)
{
	if (off > s.n || s.n - off < width)
		return false;
	uint64_t v = 0;
	memcpy(&v, s.p + off, width);
	*ret_value = v;
	return true;
}

#endif
