/* Hex dumps as strace -e read= and -e write= print them: sixteen bytes a line, in two halves, and as characters. */
#include "decode/val.h"
#include "sink/text.h"

#include <inttypes.h>

enum { PER_LINE = 16, OFFSET_DIGITS = 5 };

static int digits_of(uint64_t offset)
{
	int n = 1;
	while (offset >>= 4)
		n++;
	return n > OFFSET_DIGITS ? n : OFFSET_DIGITS;
}

static void put_line(struct buf *b, const uint8_t *p, size_t n, uint64_t offset, int digits)
{
	buf_printf(b, " | %0*" PRIx64 " ", digits, offset);
	for (size_t i = 0; i < PER_LINE; i++) {
		if (i % (PER_LINE / 2) == 0)
			buf_c(b, ' ');
		if (i < n)
			buf_printf(b, "%02x ", p[i]);
		else
			buf_lit(b, "   ");
	}
	buf_c(b, ' ');
	for (size_t i = 0; i < PER_LINE; i++)
		buf_c(b, i >= n ? ' ' : p[i] >= ' ' && p[i] <= '~' ? (char)p[i] : '.');
	buf_lit(b, " |\n");
}

static void put_buffer(struct buf *b, struct span s)
{
	int digits = s.n ? digits_of((s.n - 1) / PER_LINE * PER_LINE) : OFFSET_DIGITS;
	for (size_t at = 0; at < s.n; at += PER_LINE)
		put_line(b, s.p + at, s.n - at < PER_LINE ? s.n - at : PER_LINE, at, digits);
}

static void put_vector(struct buf *b, const struct val *vector)
{
	unsigned i = 0;
	for (const struct val *v = vector->child; v; v = v->next, i++) {
		if (v->kind == VAL_ARRAY) {
			buf_printf(b, " = %" PRIu64 " buffers in vector %u\n", v->n, i);
			put_vector(b, v);
			continue;
		}
		buf_printf(b, " * %" PRIu64 " bytes in buffer %u\n", v->n, i);
		put_buffer(b, v->bytes);
	}
}

void text_dump(struct buf *b, const struct val *dump)
{
	for (const struct val *v = dump; v; v = v->next)
		if (v->kind == VAL_ARRAY)
			put_vector(b, v);
		else
			put_buffer(b, v->bytes);
}
