/* A growing byte buffer; numbers are formatted by hand because every traced call prints several. */
#include "base/buf.h"

#include "base/xalloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SIZE = 256, DIGITS_MAX = 24 };

void buf_room(struct buf *b, size_t n)
{
	if (b->cap - b->n >= n)
		return;
	size_t cap = b->cap ? b->cap : FIRST_SIZE;
	while (cap - b->n < n)
		cap *= 2;
	b->p = xrealloc(b->p, cap);
	b->cap = cap;
}

void buf_puts(struct buf *b, const char *s)
{
	buf_put(b, s, strlen(s));
}

void buf_fill(struct buf *b, char c, size_t n)
{
	if (!n)
		return;
	buf_room(b, n);
	memset(b->p + b->n, c, n);
	b->n += n;
}

/* Digits of V in BASE, right-aligned in TMP; returns the first. */
static char *digits(char tmp[static DIGITS_MAX], uint64_t v, unsigned base)
{
	char *p = tmp + DIGITS_MAX;
	do {
		*--p = "0123456789abcdef"[v % base];
		v /= base;
	} while (v);
	return p;
}

static void put_digits(struct buf *b, uint64_t v, unsigned base, int least)
{
	char tmp[DIGITS_MAX];
	const char *p = digits(tmp, v, base);
	int n = (int)(tmp + DIGITS_MAX - p);
	if (n < least)
		buf_fill(b, '0', (size_t)(least - n));
	buf_put(b, p, (size_t)n);
}

void buf_udec(struct buf *b, uint64_t v)
{
	put_digits(b, v, 10, 0);
}

void buf_udec_pad(struct buf *b, uint64_t v, int least)
{
	put_digits(b, v, 10, least);
}

void buf_dec(struct buf *b, int64_t v)
{
	if (v < 0)
		buf_c(b, '-');
	buf_udec(b, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

void buf_hex(struct buf *b, uint64_t v)
{
	if (v)
		buf_lit(b, "0x");
	put_digits(b, v, 16, 0);
}

void buf_oct(struct buf *b, uint64_t v)
{
	if (v)
		buf_c(b, '0');
	put_digits(b, v, 8, 0);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	va_list again;
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	buf_room(b, (size_t)n + 1);
	vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
	va_end(again);
	b->n += (size_t)n;
}

void buf_free(struct buf *b)
{
	free(b->p);
	*b = (struct buf){0};
}
