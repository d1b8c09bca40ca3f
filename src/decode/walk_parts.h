/* walk_parts: what the files of the interpreter share; nobody else includes this. */
#ifndef DECODE_WALK_PARTS_H
#define DECODE_WALK_PARTS_H

#include "decode/walk.h"

enum {
	PATH_LIMIT = 4095,      /* bytes of a path shown, PATH_MAX without its NUL */
	SIZED_PREFETCH = 256,   /* most structs of stated size are smaller */
	ARRAY_PREFETCH = 65536,
	FDSET_MAX = 1024 * 1024,
	SIGSET_MAX = 8,         /* bytes of the kernel's sigset_t */
	COUNT_MAX = 1 << 20,    /* strings counted in argv and envp */
	FIXED_BYTES_MAX = 256,  /* buffers of fixed size up to this are shown whole, whatever -s says */
	TAIL_MAX = 4096,        /* bytes behind a struct that are looked at */
};

static const struct span no_bytes = {NULL, 0};

static inline uint64_t walk_least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* No end of it is known. */
static inline bool region_is_endless(const struct region *r)
{
	return r->size > REGION_OPEN / 2;
}

/* ---- walk.c ---- */

/* How many bytes a pointer to TYPE leads to, REGION_OPEN where only reading tells. */
uint64_t walk_size_behind(const struct walk *w, uint16_t type);
/* Bytes of an element of an array, 0 where they differ. */
uint64_t walk_element_size(const struct walk *w, uint16_t elem);
/* How many elements are shown. */
uint64_t walk_element_limit(const struct walk *w);
/* What stands for an array that is only counted: N of WHAT, END behind it. */
struct val *walk_count(struct walk *w, uint64_t n, const char *what, const char *end);
/* Bytes of a record before its open-ended member, if it has one. */
uint64_t walk_fixed_part(const struct walk *w, const struct desc_record *rec, bool *ret_is_open);
bool walk_is_zero(struct span s);
struct val *walk_address(struct walk *w, uint64_t addr);
/* CHOSEN, or what the choice TYPE comes to where R is too small for it. */
uint16_t walk_that_fits(const struct walk *w, uint16_t type, uint16_t chosen, const struct region *r);

/* ---- walk_scalar.c: numbers, text, bytes, bit maps ---- */

struct val *walk_int(struct walk *w, uint16_t type, const struct region *r);
struct val *walk_string_pointer(struct walk *w, uint16_t type, uint64_t addr);
struct val *walk_text(struct walk *w, const struct scope *s, uint16_t type, const struct region *r);
struct val *walk_bytes(struct walk *w, const struct scope *s, uint16_t type, const struct region *r);
struct val *walk_strlist(struct walk *w, const struct scope *s, uint16_t type, const struct region *r);
struct val *walk_fdset(struct walk *w, const struct scope *s, uint16_t type, const struct region *r);
struct val *walk_sigset(struct walk *w, const struct scope *s, uint16_t type, const struct region *r);

/* ---- walk_region.c: sized and chained records ---- */

struct val *walk_sized(struct walk *w, const struct scope *s, uint16_t type, const struct region *where);
struct val *walk_chain(struct walk *w, const struct scope *s, uint16_t type, const struct region *where);

#endif
