/* Values in strace's look: what scalars are put together to. */
#include "desc/desc.h"
#include "sink/text_parts.h"
#include "state/fd.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Bits that a set names; the complement where more than half are in. */
static void put_bitset(struct buf *b, const struct text_config *c, const struct val *v)
{
	unsigned bits = (unsigned)(v->bytes.n < 8 ? v->bytes.n : 8) * 8;
	uint64_t mask = 0;
	span_load(v->bytes, 0, bits / 8, &mask);
	bool is_inverted = (unsigned)__builtin_popcountll(mask) > bits / 2;
	const char *sep = "";
	buf_puts(b, is_inverted ? "~[" : "[");
	for (unsigned i = 0; i < bits; i++) {
		if ((mask >> i & 1) == is_inverted)
			continue;
		buf_puts(b, sep);
		text_set(b, c, &desc_sets[v->set], i, 0, 0);
		sep = " ";
	}
	buf_c(b, ']');
}

static void put_sigset(struct buf *b, const struct text_config *c, const struct val *v)
{
	if (v->set) {
		put_bitset(b, c, v);
		return;
	}
	unsigned bits = (unsigned)(v->bytes.n < 8 ? v->bytes.n : 8) * 8;
	uint64_t mask = 0;
	span_load(v->bytes, 0, bits / 8, &mask);
	text_signals(b, c, mask, bits);
}

static void put_fdset(struct buf *b, const struct text_config *c, const struct val *v)
{
	const char *sep = "";
	buf_c(b, '[');
	for (const struct val *m = v->child; m; m = m->next) {
		buf_puts(b, sep);
		text_fd(b, c, m);
		sep = " ";
	}
	for (uint64_t i = 0; !v->child && i < v->n && i / 8 < v->bytes.n; i++)
		if (v->bytes.p[i / 8] >> (i % 8) & 1) {
			buf_puts(b, sep);
			buf_udec(b, i);
			sep = " ";
		}
	buf_c(b, ']');
}

static void put_member_name(struct buf *b, const struct val *m)
{
	if (!m->name)
		return;
	buf_puts(b, m->name);
	buf_c(b, '=');
}

static bool is_flags(const struct val *v)
{
	const struct desc_type *t = &desc_types[v->type];
	return t->kind == KIND_INT && t->set && desc_sets[t->set].is_flags;
}

static void put_member(struct buf *b, const struct text_config *c, const struct val *m)
{
	bool is_bare = m->attrs & FIELD_BARE || (m->role == ROLE_IPV6 && c->names == NAMES_ABBREV);
	if (!is_bare)
		put_member_name(b, m);
	if (m->before && m->attrs & FIELD_CHANGE && (m->before->n != m->n || (m->attrs & FIELD_GROWS && !is_flags(m)))) {
		text_value(b, c, m->before);
		buf_lit(b, " => ");
		if (is_flags(m))
			put_member_name(b, m);
	}
	text_value(b, c, m);
}

static bool has_parts(const struct val *v)
{
	for (const struct val *m = v->child; m; m = m->next)
		if (m->attrs & FIELD_PART)
			return true;
	return false;
}

/* utimensat's words for the time to set, in place of nanoseconds (linux/stat.h); NULL: a time. */
static const char *special_time(const struct val *v)
{
	enum { NOW = 0x3fffffff, OMIT = 0x3ffffffe };
	if (!v->child || !v->child->next || !v->child->next->name || strcmp(v->child->next->name, "tv_nsec") != 0)
		return NULL;
	uint64_t nsec = v->child->next->n;
	return nsec == NOW ? "UTIME_NOW" : nsec == OMIT ? "UTIME_OMIT" : NULL;
}

static bool is_dated(const struct val *v)
{
	const struct desc_type *t = &desc_types[v->type];
	return t->kind == KIND_STRUCT && desc_records[t->ref].flags & RECORD_DATED && v->child && v->child->next;
}

static void put_struct_date(struct buf *b, const struct text_config *c, const struct val *v)
{
	const char *special = special_time(v);
	const struct val *fraction = v->child->next;
	if (special && c->names != NAMES_RAW)
		buf_printf(b, " /* %s */", special);
	else if (!special)
		text_date(b, (int64_t)v->child->n, fraction->n, fraction->name && strcmp(fraction->name, "tv_usec") == 0 ? 6 : 9);
}

/* The macro that makes a number of its parts: QCMD(Q_SYNC, USRQUOTA). */
static void put_macro(struct buf *b, const struct text_config *c, const struct desc_record *r, const struct val *v)
{
	struct text_config look = *c;
	look.names = NAMES_ABBREV;
	if (c->names != NAMES_ABBREV)
		buf_udec(b, v->n);
	if (c->names == NAMES_RAW)
		return;
	buf_puts(b, c->names == NAMES_VERBOSE ? " /* " : "");
	buf_puts(b, r->name);
	const char *sep = "(";
	for (const struct val *m = v->child; m; m = m->next) {
		buf_puts(b, sep);
		text_value(b, &look, m);
		sep = ", ";
	}
	buf_puts(b, c->names == NAMES_VERBOSE ? ") */" : ")");
}

/* The members of a @list; those of one without a name that is a list itself stand for themselves. */
static const char *put_listed(struct buf *b, const struct text_config *c, const struct val *first, const char *sep)
{
	for (const struct val *m = first; m; m = m->next) {
		if (m->attrs & FIELD_PART)
			continue;
		if (m->kind == VAL_ARRAY && m->attrs & FIELD_BARE) {
			sep = put_listed(b, c, m->child, sep);
			if (m->state & VAL_CUT)
				buf_printf(b, "%s...", sep);
			continue;
		}
		buf_puts(b, sep);
		text_value(b, c, m);
		sep = ", ";
	}
	return sep;
}

static void put_braces(struct buf *b, const struct text_config *c, const struct val *v)
{
	const struct desc_type *t = &desc_types[v->type];
	const struct desc_record *r = t->kind == KIND_STRUCT ? &desc_records[t->ref] : NULL;
	if (r && r->flags & RECORD_CALL) {
		put_macro(b, c, r, v);
		return;
	}
	if (r && r->flags & RECORD_RATIO && v->child && v->child->next) {
		text_value(b, c, v->child);
		buf_c(b, '/');
		text_value(b, c, v->child->next);
		return;
	}
	bool is_list = r && r->flags & RECORD_LIST;
	bool is_plain = r && r->flags & RECORD_PLAIN;
	const char *sep = "";
	if (c->names == NAMES_ABBREV && is_dated(v) && special_time(v)) {
		buf_puts(b, special_time(v));
		return;
	}
	buf_puts(b, is_plain ? "" : is_list ? "[" : "{");
	if (is_list || is_plain)
		sep = put_listed(b, c, v->child, sep);
	for (const struct val *m = is_list || is_plain ? NULL : v->child; m; m = m->next) {
		if (m->attrs & FIELD_PART)
			continue;
		buf_printf(b, "%s%s", sep, m->attrs & FIELD_DOTS ? "..., " : "");
		put_member(b, c, m);
		sep = ", ";
	}
	if (v->state & VAL_ABBREV)
		buf_printf(b, "%s...", sep);
	buf_puts(b, is_plain ? "" : is_list ? "]" : "}");
	if (is_dated(v))
		put_struct_date(b, c, v);
}

static bool is_enclosed(const struct val *v)
{
	const struct desc_type *t = &desc_types[v->type];
	return t->kind == KIND_STRUCT && desc_records[t->ref].flags & RECORD_ENCLOSED;
}

/* What has parts stands with them in one pair of brackets: a message, its payload's struct, the attributes of that. */
static void put_with_parts(struct buf *b, const struct text_config *c, const struct val *v, unsigned depth)
{
	put_braces(b, c, v);
	for (const struct val *m = v->child; m; m = m->next) {
		if (!(m->attrs & FIELD_PART))
			continue;
		buf_lit(b, ", ");
		if (m->kind == VAL_STRUCT && depth && has_parts(m) && !is_enclosed(m))
			put_with_parts(b, c, m, depth - 1);
		else
			text_value(b, c, m);
	}
}

static void put_struct(struct buf *b, const struct text_config *c, const struct val *v)
{
	enum { NESTED_PARTS = 8 };
	if (has_parts(v)) {
		buf_c(b, '[');
		put_with_parts(b, c, v, NESTED_PARTS);
		buf_c(b, ']');
		return;
	}
	put_braces(b, c, v);
}

/* A record alone in a loose chain is no list. */
static bool is_lone(const struct val *v)
{
	const struct desc_type *t = &desc_types[v->type];
	const struct desc_type *elem = &desc_types[t->elem];
	return t->kind == KIND_CHAIN && elem->kind == KIND_STRUCT && desc_records[elem->ref].flags & RECORD_LOOSE && v->child && !v->child->next &&
	       !(v->state & (VAL_FAULT | VAL_CUT));
}

static void put_array(struct buf *b, const struct text_config *c, const struct val *v)
{
	const char *sep = "";
	if (is_lone(v)) {
		text_value(b, c, v->child);
		return;
	}
	buf_c(b, '[');
	for (const struct val *m = v->child; m; m = m->next) {
		buf_puts(b, sep);
		if (m->name)
			buf_printf(b, "[%s]=", m->name);
		text_value(b, c, m);
		sep = desc_types[v->type].kind == KIND_BITNAMES ? " " : ", ";
	}
	if (v->state & VAL_FAULT)
		buf_printf(b, "%s... /* %#" PRIx64 " */", sep, v->n2);
	else if (v->state & VAL_CUT)
		buf_printf(b, "%s...", sep);
	buf_c(b, ']');
}

static void put_behind(struct buf *b, const struct text_config *c, const struct val *v, bool is_bare)
{
	bool is_scalar = v->kind == VAL_INT && v->role != ROLE_IPV6 && !is_bare;
	if (is_scalar)
		buf_c(b, '[');
	text_value(b, c, v);
	if (is_scalar)
		buf_c(b, ']');
}

/* An array of which no element was asked for: -e verbose=none shows its emptiness all the same. */
static bool is_empty_array(const struct val *v)
{
	return v && v->kind == VAL_ARRAY && !v->child && !v->n && !(desc_types[v->type].flags & TYPE_NULL_ENDED);
}

static void put_pointer(struct buf *b, const struct text_config *c, const struct val *v)
{
	bool is_empty = is_empty_array(v->child);
	if (!v->child || (c->is_opaque && v->child->kind != VAL_STR && !is_empty)) {
		bool was_empty = v->before && is_empty_array(v->before->child);
		if (!v->child && v->before && v->before->child && !c->is_opaque) {
			put_behind(b, c, v->before->child, v->attrs & FIELD_BARE);
			if (was_empty)
				return;
			buf_lit(b, " => ");
		}
		if (v->n)
			buf_hex(b, v->n);
		else
			buf_lit(b, "NULL");
		return;
	}
	if (v->attrs & FIELD_COUNT && v->child->kind == VAL_ARRAY && !v->child->child) {
		buf_hex(b, v->n);
		buf_printf(b, " /* %" PRIu64 " var%s */", v->child->n, v->child->n == 1 ? "" : "s");
		return;
	}
	const struct val *before = v->before ? v->before->child : NULL;
	if (before && before->kind == VAL_INT && v->child->kind == VAL_INT) {
		buf_c(b, '[');
		bool is_apart = v->attrs & FIELD_APART;
		if (is_apart || before->n != v->child->n) {
			text_value(b, c, before);
			buf_puts(b, is_apart ? "] => [" : " => ");
		}
		text_value(b, c, v->child);
		buf_c(b, ']');
		return;
	}
	if (before && !(v->attrs & FIELD_LATE)) {
		put_behind(b, c, before, v->attrs & FIELD_BARE);
		buf_lit(b, " => ");
	}
	put_behind(b, c, v->child, v->attrs & FIELD_BARE);
}

/* Ready text; where it is a number's name, the number may be wanted too. */
static void put_raw(struct buf *b, const struct text_config *c, const struct val *v)
{
	bool has_number = v->state & VAL_NAME && c->names != NAMES_ABBREV;
	if (has_number && v->child)
		text_value(b, c, v->child);
	else if (has_number)
		buf_hex(b, val_masked(v));
	if (has_number && c->names == NAMES_RAW)
		return;
	buf_puts(b, has_number ? " /* " : "");
	buf_put(b, v->bytes.p, v->bytes.n);
	buf_puts(b, has_number ? " */" : "");
}

void text_value(struct buf *b, const struct text_config *c, const struct val *v)
{
	switch ((enum val_kind)v->kind) {
	case VAL_INT:
	case VAL_BYTES16:
		text_scalar(b, c, v);
		break;
	case VAL_STR:
		text_string(b, c, v);
		break;
	case VAL_STRUCT:
		put_struct(b, c, v);
		break;
	case VAL_ARRAY:
		put_array(b, c, v);
		break;
	case VAL_PTR:
		put_pointer(b, c, v);
		break;
	case VAL_FDSET:
		put_fdset(b, c, v);
		break;
	case VAL_SIGSET:
		put_sigset(b, c, v);
		break;
	case VAL_RAW:
		put_raw(b, c, v);
		break;
	case VAL_VOID:
		break;
	}
	if (c->is_opaque && v->kind == VAL_PTR)
		return;
	bool is_name = v->kind != VAL_RAW && v->state & VAL_NAME;
	if (v->comment && v->role != ROLE_FD_AT && v->role != ROLE_IFINDEX && !(is_name && c->names == NAMES_RAW))
		buf_printf(b, " /* %s */", v->comment);
}
