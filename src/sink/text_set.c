/* Values of sets by their names, in all the ways that strace joins them. */
#include "desc/desc.h"
#include "sink/text_parts.h"

#include <inttypes.h>
#include <string.h>

static void put_unknown(struct buf *b, const struct desc_set *set, uint64_t v)
{
	if (set->is_decimal && set->is_signed)
		buf_dec(b, v <= UINT32_MAX ? (int32_t)(uint32_t)v : (int64_t)v);
	else if (set->is_decimal)
		buf_udec(b, v);
	else
		buf_hex(b, v);
	if (set->unknown)
		buf_printf(b, " /* %s */", set->unknown);
}

static void put_enum(struct buf *b, const struct desc_set *set, uint64_t v, bool is_verbose)
{
	const struct desc_item *it = desc_item_of(set, v);
	const struct desc_item *base = it ? NULL : desc_item_below(set, v);
	if (it)
		buf_puts(b, it->name);
	else if (base && is_verbose)
		buf_printf(b, "%#" PRIx64 " /* %s */+%" PRIu64, base->value, base->name, v - base->value);
	else if (base)
		buf_printf(b, "%s+%" PRIu64, base->name, v - base->value);
	else
		put_unknown(b, set, v);
}

/* A number that lies in some of the bits: 21<<MFD_HUGE_SHIFT. */
static void put_shifted(struct buf *b, const struct desc_item *it, uint64_t bits)
{
	uint64_t n = it->value ? bits / (it->value & -it->value) : 0;
	if (it->look & ITEM_OCT)
		buf_printf(b, "%#03" PRIo64, n);
	else if (it->look & ITEM_HEX)
		buf_hex(b, n);
	else
		buf_udec(b, n);
	if (it->name)
		buf_printf(b, "<<%s", it->name);
}

/* What the bits of a mask say. */
static void put_part(struct buf *b, const struct desc_item *it, uint64_t bits)
{
	if (it->look & ITEM_SHIFTED)
		put_shifted(b, it, bits);
	else
		put_enum(b, &desc_sets[it->subset], bits >> it->shift, false);
	if (it->shift && it->name)
		buf_printf(b, "<<%s", it->name);
}

static bool has_part(const struct desc_item *it, uint64_t bits)
{
	if (it->look & ITEM_SHIFTED)
		return bits;
	const struct desc_set *sub = &desc_sets[it->subset];
	bits >>= it->shift;
	return !sub->is_flags && (desc_item_of(sub, bits) || (bits && (sub->unknown || sub->is_decimal)));
}

/* Names joined by |; returns how many. *V keeps the bits that have none. */
static unsigned put_flags(struct buf *b, const struct desc_set *set, uint64_t *v)
{
	unsigned n = 0;
	uint64_t whole = *v;
	for (unsigned i = 0; i < set->n; i++) {
		const struct desc_item *it = &desc_items[set->first + i];
		if (it->subset && (set->is_in_parts || set->is_split || set->is_tailed))
			continue;
		bool is_part = it->subset || it->look;
		bool is_there = is_part ? has_part(it, whole & it->value)
					: (it->value && (*v & it->value) == it->value) || (!whole && !it->value);
		if (it->look & ITEM_LAST)
			*v &= ~it->value;
		if (!is_there || it->look & ITEM_LAST)
			continue;
		if (n++)
			buf_c(b, '|');
		if (is_part)
			put_part(b, it, whole & it->value);
		else
			buf_puts(b, it->name);
		*v &= ~it->value;
	}
	return n;
}

/* The numbers that are shown last; one without a name always follows what there is. */
static void put_last(struct buf *b, const struct desc_set *set, uint64_t v, bool is_first)
{
	for (unsigned i = 0; i < set->n; i++) {
		const struct desc_item *it = &desc_items[set->first + i];
		if (!(it->look & ITEM_LAST) || (!(v & it->value) && it->name))
			continue;
		if (!is_first)
			buf_c(b, '|');
		is_first = false;
		put_shifted(b, it, v & it->value);
	}
	if (is_first)
		buf_c(b, '0');
}

void text_set_names(struct buf *b, const struct desc_set *set, uint64_t v, bool is_verbose)
{
	if (!set->is_flags) {
		put_enum(b, set, v, is_verbose);
		return;
	}
	uint64_t rest = v;
	unsigned n = put_flags(b, set, &rest);
	if (!n && rest) {
		put_unknown(b, set, rest);
	} else if (rest) {
		buf_c(b, '|');
		buf_hex(b, rest);
	}
	if (!set->is_tailed)
		put_last(b, set, v, !n && !rest);
}

/* A number in the look that -X asks for. */
static void named_hex(struct buf *b, const struct text_config *c, uint64_t n, const char *name)
{
	if (c->names != NAMES_ABBREV)
		buf_hex(b, n);
	if (c->names == NAMES_ABBREV)
		buf_puts(b, name);
	else if (c->names == NAMES_VERBOSE)
		buf_printf(b, " /* %s */", name);
}

/* @parts: every field has a look of its own, then come the flags, if there are any; a shifted field is shown where it is not zero. */
static void put_parts(struct buf *b, const struct text_config *c, const struct desc_set *set, uint64_t v)
{
	bool has_fields = false;
	for (unsigned i = 0; i < set->n; i++) {
		const struct desc_item *it = &desc_items[set->first + i];
		uint64_t part = it->subset ? v & it->value : 0;
		if (!it->subset || (it->shift && !part))
			continue;
		if (has_fields)
			buf_c(b, '|');
		text_set(b, c, &desc_sets[it->subset], part >> it->shift, 0, 0);
		if (it->shift) {
			buf_lit(b, "<<");
			named_hex(b, c, it->shift, it->name);
		}
		v &= ~it->value;
		has_fields = true;
	}
	if (has_fields && v)
		buf_c(b, '|');
	struct buf names = {0};
	uint64_t rest = v;
	unsigned n = put_flags(&names, set, &rest);
	if (rest)
		buf_printf(&names, "%s%#llx", n ? "|" : "", (unsigned long long)rest);
	buf_c(&names, '\0');
	if (v && c->names == NAMES_VERBOSE && !n)
		buf_hex(b, v);
	else if (v)
		named_hex(b, c, v, names.p);
	buf_free(&names);
}

/* The value and, as a comment, its names. */
static void put_commented(struct buf *b, const struct text_config *c, const struct desc_set *set, uint64_t v)
{
	if (set->is_decimal && set->is_signed)
		buf_dec(b, v <= UINT32_MAX ? (int32_t)(uint32_t)v : (int64_t)v);
	else if (set->is_decimal)
		buf_udec(b, v);
	else
		buf_hex(b, v);
	/* strace says what decimal numbers mean whatever -X says (syslog's action). */
	if (c->names == NAMES_RAW && !(set->is_commented && set->is_decimal))
		return;
	struct buf names = {0};
	text_set_names(&names, set, v, true);
	/* A number alone says nothing new; an unknown value's comment is kept. */
	const char *comment = names.n ? memchr(names.p, '/', names.n) : NULL;
	bool is_number = names.n && (names.p[0] == '-' || (names.p[0] >= '0' && names.p[0] <= '9')) && (set->is_flags || desc_item_below(set, v) == NULL)
			 && (comment || !memchr(names.p, '|', names.n));
	if (!is_number || comment)
		buf_printf(b, is_number ? " %.*s" : " /* %.*s */",
			   (int)(is_number ? names.p + names.n - comment : (ptrdiff_t)names.n), is_number ? comment : names.p);
	buf_free(&names);
}

static void put_style(struct buf *b, const struct text_config *c, const struct desc_set *set, uint64_t v)
{
	if (c->names == NAMES_ABBREV && !(set->is_commented && (v || !set->is_flags)))
		text_set_names(b, set, v, false);
	else
		put_commented(b, c, set, v);
}

/* The fields that have names one by one; what remains of V, and whether there was any. */
static bool put_fields(struct buf *b, const struct text_config *c, const struct desc_set *set, uint64_t *v)
{
	bool is_any = false;
	for (unsigned i = 0; i < set->n; i++) {
		const struct desc_item *it = &desc_items[set->first + i];
		uint64_t part = *v & it->value;
		const struct desc_set *sub = &desc_sets[it->subset];
		if (!it->subset || (!desc_item_of(sub, part) && (!sub->unknown || !part)))
			continue;
		buf_puts(b, is_any ? "|" : "");
		put_style(b, c, sub, part);
		*v &= ~it->value;
		is_any = true;
	}
	return is_any;
}

/* @pieces */
static void put_pieces(struct buf *b, const struct text_config *c, const struct desc_set *set, uint64_t v)
{
	const char *sep = "";
	for (unsigned i = 0; i < set->n; i++) {
		const struct desc_item *it = &desc_items[set->first + i];
		if (!it->subset && (v & it->value) != it->value)
			continue;
		buf_puts(b, sep);
		sep = "|";
		if (!it->subset) {
			named_hex(b, c, it->value, it->name);
			continue;
		}
		text_set(b, c, &desc_sets[it->subset], (v & it->value) >> it->shift, 0, 0);
		if (it->shift)
			buf_printf(b, "<<%u", it->shift);
	}
}

/* A number's bits: 21<<SHM_HUGE_SHIFT, raw with what the name stands for. */
static void put_tail_number(struct buf *b, const struct text_config *c, const struct desc_item *it, uint64_t bits)
{
	if (!it->name || c->names == NAMES_ABBREV) {
		put_shifted(b, it, bits);
		return;
	}
	unsigned shift = (unsigned)__builtin_ctzll(it->value);
	buf_printf(b, "%" PRIu64 "<<%u", bits >> shift, shift);
	if (c->names == NAMES_VERBOSE)
		buf_printf(b, " /* %s */", it->name);
}

/* @tailed */
static void put_tailed(struct buf *b, const struct text_config *c, const struct desc_set *set, uint64_t v)
{
	uint64_t masks = 0;
	for (unsigned i = 0; i < set->n; i++)
		if (desc_items[set->first + i].subset || desc_items[set->first + i].look)
			masks |= desc_items[set->first + i].value;
	bool is_any = v & ~masks;
	if (is_any)
		put_style(b, c, set, v & ~masks);
	for (unsigned i = 0; i < set->n; i++) {
		const struct desc_item *it = &desc_items[set->first + i];
		bool is_number = it->look & ITEM_SHIFTED;
		uint64_t bits = v & it->value;
		bool is_silent = is_number ? it->name && !bits : !bits && !desc_item_of(&desc_sets[it->subset], 0);
		if ((!it->subset && !is_number) || is_silent)
			continue;
		buf_puts(b, is_any ? "|" : "");
		is_any = true;
		if (is_number)
			put_tail_number(b, c, it, bits);
		else
			put_style(b, c, &desc_sets[it->subset], bits);
	}
	if (!is_any)
		buf_c(b, '0');
}

void text_set(struct buf *b, const struct text_config *c, const struct desc_set *set, uint64_t v, int width, int format)
{
	(void)width;
	(void)format;
	if (set->is_in_pieces) {
		put_pieces(b, c, set, v);
		return;
	}
	if (set->is_in_parts) {
		put_parts(b, c, set, v);
		return;
	}
	if (set->is_tailed) {
		put_tailed(b, c, set, v);
		return;
	}
	if (set->wrap)
		buf_printf(b, "%s(", set->wrap);
	bool is_any = set->is_split && put_fields(b, c, set, &v);
	if (v || !is_any) {
		buf_puts(b, is_any ? "|" : "");
		put_style(b, c, set, v);
	}
	if (set->wrap)
		buf_c(b, ')');
}
