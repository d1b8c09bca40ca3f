/* The one JSON writer. A comma is due where the byte before is the end of a value. */
#include "sink/json_write.h"

#include <stdbool.h>
#include <string.h>

static void separate(struct buf *b)
{
	char last = b->n ? b->p[b->n - 1] : '\n';
	if (last != '{' && last != '[' && last != ':' && last != '\n')
		buf_c(b, ',');
}

void json_open_object(struct buf *b)
{
	separate(b);
	buf_c(b, '{');
}

void json_close_object(struct buf *b)
{
	buf_c(b, '}');
}

void json_open_array(struct buf *b)
{
	separate(b);
	buf_c(b, '[');
}

void json_close_array(struct buf *b)
{
	buf_c(b, ']');
}

/* The length of the UTF-8 sequence at the start of S, 0 where it is none (RFC 3629). */
static size_t sequence(struct span s)
{
	uint8_t c = s.p[0];
	if (c < 0x80)
		return 1;
	size_t n = c >= 0xf0 && c < 0xf5 ? 4 : c >= 0xe0 && c < 0xf0 ? 3 : c >= 0xc2 && c < 0xe0 ? 2 : 0;
	if (!n || n > s.n)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((s.p[i] & 0xc0) != 0x80)
			return 0;
	uint8_t d = s.p[1];
	if ((c == 0xe0 && d < 0xa0) || (c == 0xed && d > 0x9f) || (c == 0xf0 && d < 0x90) || (c == 0xf4 && d > 0x8f))
		return 0;
	return n;
}

/* How many bytes from the start stand for themselves. */
static size_t plain_run(struct span s)
{
	size_t n = 0;
	while (n < s.n && s.p[n] >= ' ' && s.p[n] < 0x7f && s.p[n] != '"' && s.p[n] != '\\')
		n++;
	return n;
}

static bool is_utf8(struct span s)
{
	for (size_t n; s.n; s = span_sub(s, n, s.n)) {
		n = plain_run(s);
		n = n ? n : sequence(s);
		if (!n)
			return false;
	}
	return true;
}

static void put_escaped(struct buf *b, struct span s)
{
	buf_c(b, '"');
	for (size_t n; s.n; s = span_sub(s, n, s.n)) {
		n = plain_run(s);
		if (n) {
			buf_put(b, s.p, n);
			continue;
		}
		n = sequence(s);
		uint8_t c = s.p[0];
		if (!n) {
			buf_lit(b, "\xef\xbf\xbd");
			n = 1;
		} else if (c == '"' || c == '\\') {
			buf_c(b, '\\');
			buf_c(b, (char)c);
		} else if (c == '\n') {
			buf_lit(b, "\\n");
		} else if (c < ' ' || c == 0x7f) {
			buf_printf(b, "\\u%04x", c);
		} else {
			buf_put(b, s.p, n);
		}
	}
	buf_c(b, '"');
}

void json_key(struct buf *b, const char *key)
{
	json_text(b, key);
	buf_c(b, ':');
}

void json_text(struct buf *b, const char *s)
{
	separate(b);
	put_escaped(b, (struct span){(const uint8_t *)s, strlen(s)});
}

static void put_base64(struct buf *b, struct span s)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	separate(b);
	buf_c(b, '"');
	for (size_t i = 0; i < s.n; i += 3) {
		uint32_t v = (uint32_t)s.p[i] << 16;
		if (i + 1 < s.n)
			v |= (uint32_t)s.p[i + 1] << 8;
		if (i + 2 < s.n)
			v |= s.p[i + 2];
		buf_c(b, digits[v >> 18]);
		buf_c(b, digits[v >> 12 & 63]);
		buf_c(b, i + 1 < s.n ? digits[v >> 6 & 63] : '=');
		buf_c(b, i + 2 < s.n ? digits[v & 63] : '=');
	}
	buf_c(b, '"');
}

void json_bytes(struct buf *b, struct span s, uint64_t full)
{
	bool is_text = is_utf8(s);
	if (is_text && full == s.n) {
		separate(b);
		put_escaped(b, s);
		return;
	}
	json_open_object(b);
	json_key(b, "text");
	put_escaped(b, s);
	if (!is_text) {
		json_key(b, "b64");
		put_base64(b, s);
	}
	if (full != s.n) {
		json_key(b, "len");
		json_uint(b, full);
	}
	json_close_object(b);
}

enum { SAFE_BITS = 53 };

void json_int(struct buf *b, int64_t v)
{
	bool is_safe = v <= (INT64_C(1) << SAFE_BITS) && v >= -(INT64_C(1) << SAFE_BITS);
	separate(b);
	if (!is_safe)
		buf_c(b, '"');
	buf_dec(b, v);
	if (!is_safe)
		buf_c(b, '"');
}

void json_uint(struct buf *b, uint64_t v)
{
	bool is_safe = v <= UINT64_C(1) << SAFE_BITS;
	separate(b);
	if (!is_safe)
		buf_c(b, '"');
	buf_udec(b, v);
	if (!is_safe)
		buf_c(b, '"');
}

void json_hex(struct buf *b, uint64_t v)
{
	separate(b);
	buf_puts(b, v ? "\"" : "\"0x");
	buf_hex(b, v);
	buf_c(b, '"');
}

void json_bool(struct buf *b, bool v)
{
	separate(b);
	buf_puts(b, v ? "true" : "false");
}

void json_null(struct buf *b)
{
	separate(b);
	buf_lit(b, "null");
}
