/* Values in strace's look: one rule a role, none a call. */
#include "desc/desc.h"
#include "sink/text.h"
#include "state/fd.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <time.h>

typedef void role_rule(struct buf *b, const struct text_config *c, const struct val *v);

static uint64_t masked(const struct val *v)
{
	return v->width && v->width < 8 ? v->n & (((uint64_t)1 << (8 * v->width)) - 1) : v->n;
}

static bool is_signed(const struct val *v)
{
	return desc_types[v->type].flags & TYPE_SIGNED;
}

static void put_number(struct buf *b, const struct val *v)
{
	if (v->number_format & VAL_HEX_WORD)
		buf_printf(b, "%#0*" PRIx64, 2 * v->width, masked(v));
	else if (v->number_format & (VAL_HEX2 | VAL_HEX8))
		buf_printf(b, "%#0*" PRIx64, v->number_format & VAL_HEX2 ? 2 : 8, masked(v));
	else if (v->number_format == TYPE_HEX)
		buf_hex(b, masked(v));
	else if (v->number_format == TYPE_OCT)
		buf_oct(b, masked(v));
	else if (is_signed(v) || !v->type)
		buf_dec(b, (int64_t)v->n);
	else
		buf_udec(b, masked(v));
}

/* ---- names of sets ---- */

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

static void put_names(struct buf *b, const struct desc_set *set, uint64_t v, bool is_verbose)
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
	put_names(&names, set, v, true);
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
		put_names(b, set, v, false);
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

/* ---- roles ---- */

/* The kind of details that there are of what a descriptor refers to. */
static unsigned details_of(const struct ofd *o)
{
	static const struct { const char *name; unsigned detail; } anonymous[] = {
	    {"anon_inode:[pidfd]", FDS_PIDFD}, {"anon_inode:[eventfd]", FDS_EVENTFD}, {"anon_inode:[signalfd]", FDS_SIGNALFD}};
	if (o->kind == FD_SOCKET)
		return FDS_SOCKET;
	if (o->kind == FD_CHAR || o->kind == FD_BLOCK)
		return FDS_DEV;
	for (size_t i = 0; o->path && i < sizeof(anonymous) / sizeof(anonymous[0]); i++)
		if (strcmp(anonymous[i].name, o->path) == 0)
			return anonymous[i].detail;
	return 0;
}

static void put_path(struct buf *b, const struct text_config *c, const char *path)
{
	text_escape(b, (struct span){(const uint8_t *)path, strlen(path)}, c->hex, '>');
}

static void put_fd(struct buf *b, const struct text_config *c, const struct val *v)
{
	buf_dec(b, (int)v->n);
	const struct ofd *o = v->ofd;
	unsigned known = o && o->details ? c->fds & details_of(o) : 0;
	bool has_path = o && o->path && (c->fds & FDS_PATH || known == FDS_DEV);
	if (!known && !has_path)
		return;
	buf_c(b, '<');
	if (known == FDS_DEV) {
		put_path(b, c, o->path);
		buf_printf(b, "<%s>", o->details);
	} else if (known) {
		buf_puts(b, o->details);
	} else {
		put_path(b, c, o->path);
	}
	buf_c(b, '>');
	if (!known && o->is_deleted)
		buf_lit(b, "(deleted)");
}

static void put_fd_at(struct buf *b, const struct text_config *c, const struct val *v)
{
	if ((int)v->n != -100) {
		put_fd(b, c, v);
		return;
	}
	if (c->names == NAMES_ABBREV)
		buf_lit(b, "AT_FDCWD");
	else
		buf_puts(b, c->names == NAMES_RAW ? "-100" : "-100 /* AT_FDCWD */");
	if (v->comment && c->fds & FDS_PATH) {
		buf_c(b, '<');
		text_escape(b, (struct span){(const uint8_t *)v->comment, strlen(v->comment)}, c->hex, '>');
		buf_c(b, '>');
	}
}

void text_comm(struct buf *b, const struct text_config *c, pid_t pid)
{
	const char *comm = c->pids & PIDS_COMM && c->names_of.comm && pid > 0 ? c->names_of.comm(c->names_of.ctx, pid) : NULL;
	if (!comm || !*comm)
		return;
	buf_c(b, '<');
	text_escape(b, (struct span){(const uint8_t *)comm, strlen(comm)}, c->hex, '>');
	buf_c(b, '>');
}

static void put_pid(struct buf *b, const struct text_config *c, const struct val *v)
{
	put_number(b, v);
	text_comm(b, c, (pid_t)v->n);
	pid_t ours = c->pids & PIDS_NAMESPACE && c->names_of.ours ? c->names_of.ours(c->names_of.ctx, (pid_t)v->n) : 0;
	if (ours > 0 && ours != (pid_t)v->n)
		buf_printf(b, " /* %d in strace's PID NS */", ours);
}

static void put_addr(struct buf *b, const struct text_config *c, const struct val *v)
{
	(void)c;
	if (v->n)
		buf_hex(b, masked(v));
	else
		buf_lit(b, "NULL");
}

static void put_uid(struct buf *b, const struct text_config *c, const struct val *v)
{
	(void)c;
	uint64_t all = v->width == 2 ? UINT16_MAX : UINT32_MAX;
	if (masked(v) == all)
		buf_lit(b, "-1");
	else
		buf_udec(b, masked(v));
}

static void put_octal(struct buf *b, uint64_t mode)
{
	char text[32];
	snprintf(text, sizeof(text), "%#03" PRIo64, mode);
	buf_puts(b, text);
}

static void put_mode(struct buf *b, const struct text_config *c, const struct val *v)
{
	(void)c;
	put_octal(b, masked(v));
}

static void put_stmode(struct buf *b, const struct text_config *c, const struct val *v)
{
	static const struct { unsigned bits; const char *name; } types[] = {
	    {0140000, "S_IFSOCK"}, {0120000, "S_IFLNK"}, {0100000, "S_IFREG"}, {0060000, "S_IFBLK"}, {0040000, "S_IFDIR"}, {0020000, "S_IFCHR"}, {0010000, "S_IFIFO"}};
	static const struct { unsigned bit; const char *name; } bits[] = {{04000, "S_ISUID"}, {02000, "S_ISGID"}, {01000, "S_ISVTX"}};
	unsigned mode = (unsigned)v->n;
	const char *type = NULL;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if ((mode & 0170000) == types[i].bits)
			type = types[i].name;
	unsigned rest = mode & ~0170000U;
	bool has_names = type || (rest == mode && (rest > 0777 || c->names == NAMES_VERBOSE));
	if (c->names != NAMES_ABBREV || !has_names)
		put_octal(b, mode);
	if (c->names == NAMES_RAW || !has_names)
		return;
	buf_puts(b, c->names == NAMES_VERBOSE ? " /* " : "");
	if (type)
		buf_printf(b, "%s|", type);
	for (size_t i = 0; i < 3; i++)
		if (rest & bits[i].bit) {
			buf_printf(b, "%s|", bits[i].name);
			rest &= ~bits[i].bit;
		}
	put_octal(b, rest);
	buf_puts(b, c->names == NAMES_VERBOSE ? " */" : "");
}

static void put_dev(struct buf *b, const struct text_config *c, const struct val *v)
{
	if (c->names == NAMES_RAW) {
		buf_hex(b, v->n);
		return;
	}
	if (c->names == NAMES_VERBOSE) {
		buf_hex(b, v->n);
		buf_lit(b, " /* ");
	}
	buf_lit(b, "makedev(");
	buf_hex(b, major(v->n));
	buf_lit(b, ", ");
	buf_hex(b, minor(v->n));
	buf_puts(b, c->names == NAMES_VERBOSE ? ") */" : ")");
}

static void named_number(struct buf *b, const struct text_config *c, int64_t n, const char *name)
{
	if (c->names == NAMES_ABBREV && name) {
		buf_puts(b, name);
		return;
	}
	buf_dec(b, n);
	if (c->names == NAMES_VERBOSE && name)
		buf_printf(b, " /* %s */", name);
}

static void put_signo(struct buf *b, const struct text_config *c, const struct val *v)
{
	const char *name = v->n == (uint64_t)(int)v->n ? desc_signal_name((int)v->n) : NULL;
	if (name)
		named_number(b, c, (int)v->n, name);
	else
		put_number(b, v);
}

static void put_errno(struct buf *b, const struct text_config *c, const struct val *v)
{
	named_number(b, c, (int64_t)v->n, desc_errno_name((int)v->n));
}

static void quoted_char(struct buf *b, unsigned ch);

static void put_fourcc(struct buf *b, const struct text_config *c, const struct val *v)
{
	unsigned n = (unsigned)v->n;
	const struct desc_item *name = v->set ? desc_item_of(&desc_sets[v->set], n) : NULL;
	if (c->names == NAMES_RAW) {
		buf_hex(b, n);
		return;
	}
	buf_lit(b, "v4l2_fourcc");
	for (unsigned shift = 0; shift < 32; shift += 8) {
		buf_puts(b, shift ? ", " : "(");
		quoted_char(b, n >> shift & 0xff);
	}
	buf_c(b, ')');
	if (name)
		buf_printf(b, " /* %s */", name->name);
}

static void put_kernel_version(struct buf *b, const struct text_config *c, const struct val *v)
{
	unsigned n = (unsigned)v->n;
	if (c->names != NAMES_ABBREV)
		buf_hex(b, n);
	if (c->names == NAMES_RAW)
		return;
	buf_printf(b, c->names == NAMES_VERBOSE ? " /* KERNEL_VERSION(%u, %u, %u) */" : "KERNEL_VERSION(%u, %u, %u)", n >> 16, n >> 8 & 0xff, n & 0xff);
}

static void put_nerrno(struct buf *b, const struct text_config *c, const struct val *v)
{
	const char *name = (int)v->n < 0 ? desc_errno_name(-(int)v->n) : NULL;
	if (c->names != NAMES_ABBREV || !name)
		buf_dec(b, (int)v->n);
	if (c->names != NAMES_RAW && name)
		buf_printf(b, c->names == NAMES_VERBOSE ? " /* -%s */" : "-%s", name);
}

/* What is in network order is shown as the call that makes it so, raw as the bytes that lie there. */
static void put_network(struct buf *b, const struct text_config *c, struct span bytes, const char *call)
{
	if (c->names == NAMES_ABBREV) {
		buf_puts(b, call);
		return;
	}
	buf_c(b, '"');
	text_escape(b, bytes, HEX_ALL, '"');
	buf_c(b, '"');
	if (c->names == NAMES_VERBOSE)
		buf_printf(b, " /* %s */", call);
}

static struct span big_endian(uint8_t *room, uint64_t n, unsigned width)
{
	for (unsigned i = 0; i < width; i++)
		room[i] = (uint8_t)(n >> 8 * (width - 1 - i));
	return (struct span){room, width};
}

static void put_char(struct buf *b, const struct text_config *c, const struct val *v)
{
	(void)c;
	quoted_char(b, (unsigned)v->n & 0xff);
}

static void quoted_char(struct buf *b, unsigned ch)
{
	static const char escapes[] = "\a\b\t\n\v\f\r";
	const char *escape = ch > '\b' && ch ? strchr(escapes, (int)ch) : NULL;
	if (escape)
		buf_printf(b, "'\\%c'", "abtnvfr"[escape - escapes]);
	else if (ch >= ' ' && ch < 0x7f)
		buf_printf(b, ch == '\'' || ch == '\\' ? "'\\%c'" : "'%c'", (int)ch);
	else
		buf_printf(b, "'\\x%02x'", ch);
}

/* An address as text in a call: -xx turns it into hex as it does all strings. */
static void put_address(struct buf *b, const struct text_config *c, struct span bytes, const char *before, const char *text, const char *after)
{
	struct buf call = {0};
	buf_puts(&call, before);
	text_escape(&call, (struct span){(const uint8_t *)text, strlen(text)}, c->hex, '"');
	buf_puts(&call, after);
	buf_c(&call, '\0');
	put_network(b, c, bytes, call.p);
	buf_free(&call);
}

static void put_genl_family(struct buf *b, const struct text_config *c, const struct val *v)
{
	const char *name = v->bytes.n ? (const char *)v->bytes.p : NULL;
	if (name && c->names == NAMES_ABBREV) {
		buf_puts(b, name);
		return;
	}
	buf_hex(b, v->n);
	if (c->names != NAMES_RAW)
		buf_printf(b, " /* %s */", name ? name : "GENERIC_FAMILY_???");
}

static void put_ipv4(struct buf *b, const struct text_config *c, const struct val *v)
{
	uint32_t n = (uint32_t)v->n;
	char text[INET_ADDRSTRLEN] = "";
	inet_ntop(AF_INET, &n, text, sizeof(text));
	put_address(b, c, (struct span){(const uint8_t *)&n, sizeof(n)}, "inet_addr(\"", text, "\")");
}

static void put_ipv6(struct buf *b, const struct text_config *c, const struct val *v)
{
	char text[INET6_ADDRSTRLEN] = "";
	char after[128] = "\")";
	if (v->bytes.n >= 16)
		inet_ntop(AF_INET6, v->bytes.p, text, sizeof(text));
	if (v->name && !(v->attrs & FIELD_PART) && c->names == NAMES_ABBREV)
		snprintf(after, sizeof(after), "\", &%s)", v->name);
	put_address(b, c, v->bytes, "inet_pton(AF_INET6, \"", text, after);
}

static void put_port(struct buf *b, const struct text_config *c, const struct val *v)
{
	uint8_t room[2];
	struct buf call = {0};
	if (v->set) {
		buf_lit(&call, "htons(");
		put_names(&call, &desc_sets[v->set], masked(v), false);
		buf_lit(&call, ")");
	} else {
		buf_printf(&call, "htons(%u)", (unsigned)(uint16_t)v->n);
	}
	buf_c(&call, '\0');
	put_network(b, c, big_endian(room, v->n, sizeof(room)), call.p);
	buf_free(&call);
}

static void put_htonl(struct buf *b, const struct text_config *c, const struct val *v)
{
	uint8_t room[4];
	char call[32];
	bool is_hex = v->number_format & TYPE_HEX;
	snprintf(call, sizeof(call), is_hex ? "htonl(%#x)" : "htonl(%u)", (unsigned)(uint32_t)v->n);
	if (is_hex)
		buf_puts(b, call); /* IPX networks have no other form */
	else
		put_network(b, c, big_endian(room, v->n, sizeof(room)), call);
}

static void put_ifindex(struct buf *b, const struct text_config *c, const struct val *v)
{
	if (c->names != NAMES_ABBREV || !v->comment)
		put_number(b, v);
	if (c->names == NAMES_RAW || !v->comment)
		return;
	buf_puts(b, c->names == NAMES_VERBOSE ? " /* if_nametoindex(\"" : "if_nametoindex(\"");
	text_escape(b, (struct span){(const uint8_t *)v->comment, strlen(v->comment)}, c->hex, '"');
	buf_puts(b, c->names == NAMES_VERBOSE ? "\") */" : "\")");
}

/* The date as a comment, where it is one; the fraction of its second has DIGITS digits. */
static void put_date_of(struct buf *b, int64_t sec, uint64_t fraction, int digits)
{
	time_t t = (time_t)sec;
	struct tm tm;
	char text[64];
	char zone[16];
	uint64_t most = digits == 9 ? 999999999 : 999999;
	if ((sec == 0 && fraction == 0) || fraction > most || !localtime_r(&t, &tm))
		return;
	if (!strftime(text, sizeof(text), "%FT%T", &tm) || !strftime(zone, sizeof(zone), "%z", &tm))
		return;
	if (fraction)
		buf_printf(b, " /* %s.%0*" PRIu64 "%s */", text, digits, fraction, zone);
	else
		buf_printf(b, " /* %s%s */", text, zone);
}

static void put_date(struct buf *b, int64_t sec, uint64_t nsec)
{
	put_date_of(b, sec, nsec, 9);
}

/* A member st_atime is dated with the nanoseconds that a st_atime_nsec behind it has. */
static void put_time(struct buf *b, const struct text_config *c, const struct val *v)
{
	(void)c;
	buf_dec(b, (int64_t)v->n);
	size_t n = v->name ? strlen(v->name) : 0;
	const struct val *next = v->next;
	bool has_nsec = n && next && next->name && strncmp(next->name, v->name, n) == 0 && strcmp(next->name + n, "_nsec") == 0;
	put_date(b, (int64_t)v->n, has_nsec ? next->n : 0);
}

static void put_pgoff(struct buf *b, const struct text_config *c, const struct val *v)
{
	enum { PAGE_SHIFT = 12 };
	(void)c;
	buf_hex(b, masked(v) << PAGE_SHIFT);
}

static void put_ticks(struct buf *b, const struct text_config *c, const struct val *v)
{
	enum { USER_HZ = 100 }; /* on every architecture there is */
	uint64_t n = masked(v);
	buf_udec(b, n);
	if (n && c->names != NAMES_RAW)
		buf_printf(b, " /* %" PRIu64 ".%02" PRIu64 " s */", n / USER_HZ, n % USER_HZ);
}

static void put_wstatus(struct buf *b, const struct text_config *c, const struct val *v)
{
	(void)c;
	unsigned s = (unsigned)v->n;
	unsigned sig = s & 0x7f;
	const char *name = desc_signal_name((int)(sig == 0x7f ? s >> 8 & 0xff : sig));
	char number[16];
	snprintf(number, sizeof(number), "%u", sig == 0x7f ? s >> 8 & 0xff : sig);
	if (sig == 0)
		buf_printf(b, "{WIFEXITED(s) && WEXITSTATUS(s) == %u}", s >> 8 & 0xff);
	else if (sig != 0x7f)
		buf_printf(b, "{WIFSIGNALED(s) && WTERMSIG(s) == %s%s}", name ? name : number, s & 0x80 ? " && WCOREDUMP(s)" : "");
	else if ((s >> 8) == 0xff)
		buf_lit(b, "{WIFCONTINUED(s)}");
	else
		buf_printf(b, "{WIFSTOPPED(s) && WSTOPSIG(s) == %s}", name ? name : number);
}

static void put_rlim(struct buf *b, const struct text_config *c, const struct val *v)
{
	uint64_t n = masked(v);
	bool is_wide = v->width == 8;
	bool is_infinite = n == (is_wide ? UINT64_MAX : UINT32_MAX);
	bool has_name = is_infinite || (n > 1024 && n % 1024 == 0);
	if (c->names != NAMES_ABBREV || !has_name)
		buf_udec(b, n);
	if (c->names == NAMES_RAW || !has_name)
		return;
	buf_puts(b, c->names == NAMES_VERBOSE ? " /* " : "");
	if (is_infinite)
		buf_puts(b, is_wide ? "RLIM64_INFINITY" : "RLIM_INFINITY");
	else
		buf_printf(b, "%" PRIu64 "*1024", n / 1024);
	buf_puts(b, c->names == NAMES_VERBOSE ? " */" : "");
}

static void put_mac(struct buf *b, const struct text_config *c, const struct val *v)
{
	char call[3 * 256 + 1] = "";
	size_t n = v->bytes.n < 256 ? v->bytes.n : 256;
	for (size_t i = 0, at = 0; i < n; i++)
		at += (size_t)snprintf(call + at, sizeof(call) - at, "%s%02x", i ? ":" : "", v->bytes.p[i]);
	put_network(b, c, v->bytes, call);
}

/* The call sign of an AX.25 station: six letters in the upper seven bits of a byte each, and a number (net/ax25/ax25_addr.c). */
/* An AX.25 address: six letters and a number, each shifted by one. */
struct ax25_text {
	char letters[7];
	size_t n;        /* of the letters, spaces at the end left out */
	unsigned number; /* SSID */
	bool is_shown;   /* fit for a comment */
	bool is_plain;   /* a call sign as it should be: it says all */
};

static struct ax25_text ax25_text(struct span bytes)
{
	enum { LETTERS = 6, CALL = 7, SSID_BITS = 0x1e };
	struct ax25_text t = {.is_shown = bytes.n == CALL};
	t.is_plain = t.is_shown;
	for (size_t i = 0; t.is_shown && i < LETTERS; i++) {
		char ch = (char)(bytes.p[i] >> 1);
		bool is_letter = (ch >= '0' && ch <= '9') || (ch >= 'A' && ch <= 'Z');
		t.is_plain &= !(bytes.p[i] & 1) && (ch == ' ' || (is_letter && t.n == i));
		t.is_shown = ch >= ' ' && ch <= '~' && ch != '*' && ch != '/';
		t.letters[i] = ch;
		t.n = ch == ' ' ? t.n : i + 1;
	}
	if (t.is_shown) {
		t.number = bytes.p[LETTERS] >> 1 & 15;
		t.is_plain &= !(bytes.p[LETTERS] & ~SSID_BITS) && (t.n || !t.number);
	}
	return t;
}

static void put_ax25(struct buf *b, const struct text_config *c, const struct val *v)
{
	struct ax25_text t = ax25_text(v->bytes);
	bool is_bare = t.is_shown && t.is_plain && c->names == NAMES_ABBREV;
	if (!is_bare) {
		buf_lit(b, "{ax25_call=\"");
		text_escape(b, v->bytes, HEX_ALL, '"');
		buf_lit(b, "\"}");
	}
	if (!t.is_shown || (c->names == NAMES_RAW && t.is_plain))
		return;
	buf_puts(b, is_bare ? "" : " /* ");
	if (t.n || t.number)
		buf_printf(b, "%.*s-%u", (int)t.n, t.letters, t.number);
	else
		buf_c(b, '*');
	buf_puts(b, is_bare ? "" : " */");
}

static void put_uuid(struct buf *b, const struct text_config *c, const struct val *v)
{
	(void)c;
	for (size_t i = 0; i < v->bytes.n; i++)
		buf_printf(b, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", v->bytes.p[i]);
}

static void put_ioctl(struct buf *b, const struct text_config *c, const struct val *v)
{
	uint32_t n = (uint32_t)v->n;
	const struct desc_item *it = NULL;
	size_t names = v->set ? desc_items_of(&desc_sets[v->set], n, &it) : 0;
	if (c->names != NAMES_ABBREV)
		buf_hex(b, n);
	if (c->names == NAMES_RAW)
		return;
	buf_puts(b, c->names == NAMES_VERBOSE ? " /* " : "");
	static const char *const dirs[] = {"_IOC_NONE", "_IOC_WRITE", "_IOC_READ", "_IOC_READ|_IOC_WRITE"};
	buf_put(b, v->bytes.p, v->bytes.n);
	for (size_t i = 0; i < names; i++)
		buf_printf(b, "%s%s", i || v->bytes.n ? " or " : "", it[i].name);
	if (!names && !v->bytes.n)
		buf_printf(b, "_IOC(%s, %#x, %#x, %#x)", dirs[n >> 30], n >> 8 & 0xff, n & 0xff, n >> 16 & 0x3fff);
	buf_puts(b, c->names == NAMES_VERBOSE ? " */" : "");
}

static void put_ioprio(struct buf *b, const struct text_config *c, const struct val *v)
{
	enum { CLASS_SHIFT = 13 };
	uint64_t n = masked(v);
	if (c->names != NAMES_ABBREV)
		buf_dec(b, (int32_t)n);
	if (c->names == NAMES_RAW)
		return;
	buf_puts(b, c->names == NAMES_VERBOSE ? " /* IOPRIO_PRIO_VALUE(" : "IOPRIO_PRIO_VALUE(");
	if (v->set)
		text_set(b, c, &desc_sets[v->set], n >> CLASS_SHIFT, v->width, 0);
	buf_printf(b, ", %" PRIu64 ")%s", n & ((1U << CLASS_SHIFT) - 1), c->names == NAMES_VERBOSE ? " */" : "");
}

static void put_signals(struct buf *b, const struct text_config *c, uint64_t mask, unsigned bits)
{
	/* The complement is shorter where more than two thirds of the signals are in. */
	unsigned count = (unsigned)__builtin_popcountll(mask);
	bool is_inverted = bits && count >= bits * 2 / 3;
	buf_puts(b, is_inverted ? "~[" : "[");
	const char *sep = "";
	for (unsigned i = 0; i < bits; i++) {
		if ((mask >> i & 1) == is_inverted)
			continue;
		const char *name = desc_signal_name((int)i + 1);
		buf_puts(b, sep);
		named_number(b, c, i + 1, name ? name + strlen("SIG") : NULL);
		sep = " ";
	}
	buf_c(b, ']');
}

/* An old mask, passed in a register. */
static void put_sigset_word(struct buf *b, const struct text_config *c, const struct val *v)
{
	put_signals(b, c, masked(v), v->width * 8U);
}

static role_rule *const rules[ROLE_COUNT] = {
    [ROLE_PID] = put_pid,     [ROLE_FD] = put_fd,       [ROLE_FD_AT] = put_fd_at, [ROLE_ADDR] = put_addr,   [ROLE_UID] = put_uid,         [ROLE_MODE] = put_mode,
    [ROLE_STMODE] = put_stmode, [ROLE_DEV] = put_dev,   [ROLE_SIGNO] = put_signo, [ROLE_ERRNO] = put_errno, [ROLE_NERRNO] = put_nerrno, [ROLE_CHAR] = put_char, [ROLE_FOURCC] = put_fourcc, [ROLE_KVERSION] = put_kernel_version, [ROLE_GENL_FAMILY] = put_genl_family,     [ROLE_IPV4] = put_ipv4,
    [ROLE_IPV6] = put_ipv6,   [ROLE_PORT] = put_port,   [ROLE_HTONL] = put_htonl, [ROLE_IFINDEX] = put_ifindex, [ROLE_TIME] = put_time,       [ROLE_WSTATUS] = put_wstatus,
    [ROLE_RLIM] = put_rlim,   [ROLE_MAC] = put_mac,     [ROLE_UUID] = put_uuid, [ROLE_AX25] = put_ax25,   [ROLE_IOCTL] = put_ioctl, [ROLE_IOPRIO] = put_ioprio,
    [ROLE_SIGSET] = put_sigset_word, [ROLE_OLD_SIGSET] = put_sigset_word,
    [ROLE_PGOFF] = put_pgoff, [ROLE_TICKS] = put_ticks,
};

static void put_int(struct buf *b, const struct text_config *c, const struct val *v)
{
	if (v->role < ROLE_COUNT && rules[v->role])
		rules[v->role](b, c, v);
	else if (v->set)
		text_set(b, c, &desc_sets[v->set], desc_sets[v->set].is_decimal && is_signed(v) ? v->n : masked(v), v->width, v->number_format);
	else
		put_number(b, v);
}

/* ---- aggregates ---- */

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
	put_signals(b, c, mask, bits);
}

static void put_fdset(struct buf *b, const struct text_config *c, const struct val *v)
{
	const char *sep = "";
	buf_c(b, '[');
	for (const struct val *m = v->child; m; m = m->next) {
		buf_puts(b, sep);
		put_fd(b, c, m);
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
		put_date_of(b, (int64_t)v->child->n, fraction->n, fraction->name && strcmp(fraction->name, "tv_usec") == 0 ? 6 : 9);
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
		buf_hex(b, masked(v));
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
		put_int(b, c, v);
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
