/* buf: a growing byte buffer that output is built in. It owns its memory; zero-initialised is empty. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buf {
	char *p;    /* owned; NULL until the first byte */
	size_t n;   /* bytes in use */
	size_t cap; /* bytes allocated */
};

void buf_room(struct buf *b, size_t n); /* makes room for N more bytes */
void buf_puts(struct buf *b, const char *s);
void buf_fill(struct buf *b, char c, size_t n);
void buf_dec(struct buf *b, int64_t v);
void buf_udec(struct buf *b, uint64_t v);
void buf_udec_pad(struct buf *b, uint64_t v, int digits); /* zero-padded to DIGITS */
void buf_hex(struct buf *b, uint64_t v);                  /* as %#x: "0", or "0x" and digits */
void buf_oct(struct buf *b, uint64_t v);                  /* as %#o: "0", or "0" and digits */
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3))); /* off the hot path */
void buf_free(struct buf *b);

static inline void buf_c(struct buf *b, char c)
{
	if (b->n == b->cap)
		buf_room(b, 1);
	b->p[b->n++] = c;
}

static inline void buf_put(struct buf *b, const void *p, size_t n)
{
	if (b->cap - b->n < n)
		buf_room(b, n);
	if (n)
		memcpy(b->p + b->n, p, n);
	b->n += n;
}

/* A string literal, its length known to the compiler. */
#define buf_lit(b, s) buf_put((b), "" s, sizeof(s) - 1)

#endif
