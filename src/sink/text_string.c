/* Strings in quotes, as strace escapes them: the shortest octal that the next character doesn't prolong, or all in hex. */
#include "sink/text.h"

#include <ctype.h>

static const char *short_escape(uint8_t c)
{
	switch (c) {
	case '\f':
		return "\\f";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\t':
		return "\\t";
	case '\v':
		return "\\v";
	case '\\':
		return "\\\\";
	default:
		return NULL;
	}
}

static bool is_plain(uint8_t c)
{
	return c >= ' ' && c <= '~';
}

static void put_octal(struct buf *b, uint8_t c, bool is_digit_next)
{
	buf_c(b, '\\');
	if (is_digit_next || c >= 0100)
		buf_c(b, (char)('0' + (c >> 6)));
	if (is_digit_next || c >= 010)
		buf_c(b, (char)('0' + (c >> 3 & 7)));
	buf_c(b, (char)('0' + (c & 7)));
}

static void put_all_hex(struct buf *b, struct span s)
{
	static const char digits[] = "0123456789abcdef";
	buf_room(b, 4 * s.n);
	for (size_t i = 0; i < s.n; i++) {
		buf_lit(b, "\\x");
		buf_c(b, digits[s.p[i] >> 4]);
		buf_c(b, digits[s.p[i] & 15]);
	}
}

static bool has_unprintable(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_plain(s.p[i]) && !(s.p[i] >= '\t' && s.p[i] <= '\r'))
			return true;
	return false;
}

void text_escape(struct buf *b, struct span s, enum text_hex hex, char quote)
{
	if (hex == HEX_ALL || (hex == HEX_NON_ASCII && has_unprintable(s))) {
		put_all_hex(b, s);
		return;
	}
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.p[i];
		const char *e = short_escape(c);
		bool is_angle = quote == '>' && (c == '<' || c == '>');
		if (is_angle) {
			put_octal(b, c, i + 1 < s.n && s.p[i + 1] >= '0' && s.p[i + 1] <= '7');
		} else if (c == (uint8_t)quote || (quote == '>' && c == '"')) {
			buf_c(b, '\\');
			buf_c(b, (char)c);
		} else if (e) {
			buf_puts(b, e);
		} else if (is_plain(c)) {
			buf_c(b, (char)c);
		} else if (hex == HEX_NON_ASCII_CHARS) {
			put_all_hex(b, (struct span){&s.p[i], 1});
		} else {
			put_octal(b, c, i + 1 < s.n && s.p[i + 1] >= '0' && s.p[i + 1] <= '7');
		}
	}
}

void text_string(struct buf *b, const struct text_config *c, const struct val *v)
{
	if (v->state & VAL_ABSTRACT)
		buf_c(b, '@');
	buf_c(b, '"');
	struct span s = v->bytes;
	bool is_hex = c->hex == HEX_ALL || c->hex == HEX_NON_ASCII;
	/* A NUL that is the last of what is shown passes for the end. */
	bool is_ended = v->state & VAL_OMIT_NUL && !is_hex && s.n && s.p[s.n - 1] == 0;
	if (is_ended)
		s.n--;
	text_escape(b, s, v->state & VAL_HEX_STRING ? HEX_ALL : c->hex, '"');
	buf_c(b, '"');
	if (v->state & (VAL_CUT | VAL_NO_TERM) && !is_ended)
		buf_lit(b, "...");
}
