/* Scalars in strace's look: one rule a role, none a call. */
#include "desc/desc.h"
#include "sink/text_parts.h"
#include "state/fd.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <time.h>

typedef void role_rule(struct buf *b, const struct text_config *c, const struct val *v);

static bool is_signed(const struct val *v)
{
	return desc_types[v->type].flags & TYPE_SIGNED;
}

static void put_number(struct buf *b, const struct val *v)
{
	if (v->number_format & VAL_HEX_WORD)
		buf_printf(b, "%#0*" PRIx64, 2 * v->width, val_masked(v));
	else if (v->number_format & (VAL_HEX2 | VAL_HEX8))
		buf_printf(b, "%#0*" PRIx64, v->number_format & VAL_HEX2 ? 2 : 8, val_masked(v));
	else if (v->number_format == TYPE_HEX)
		buf_hex(b, val_masked(v));
	else if (v->number_format == TYPE_OCT)
		buf_oct(b, val_masked(v));
	else if (is_signed(v) || !v->type)
		buf_dec(b, (int64_t)v->n);
	else
		buf_udec(b, val_masked(v));
}


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

void text_fd(struct buf *b, const struct text_config *c, const struct val *v)
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
		text_fd(b, c, v);
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
		buf_hex(b, val_masked(v));
	else
		buf_lit(b, "NULL");
}

static void put_uid(struct buf *b, const struct text_config *c, const struct val *v)
{
	(void)c;
	uint64_t all = v->width == 2 ? UINT16_MAX : UINT32_MAX;
	if (val_masked(v) == all)
		buf_lit(b, "-1");
	else
		buf_udec(b, val_masked(v));
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
	put_octal(b, val_masked(v));
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
		text_set_names(&call, &desc_sets[v->set], val_masked(v), false);
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
void text_date(struct buf *b, int64_t sec, uint64_t fraction, int digits)
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
	text_date(b, sec, nsec, 9);
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
	buf_hex(b, val_masked(v) << PAGE_SHIFT);
}

static void put_ticks(struct buf *b, const struct text_config *c, const struct val *v)
{
	enum { USER_HZ = 100 }; /* on every architecture there is */
	uint64_t n = val_masked(v);
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
	uint64_t n = val_masked(v);
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
	uint64_t n = val_masked(v);
	if (c->names != NAMES_ABBREV)
		buf_dec(b, (int32_t)n);
	if (c->names == NAMES_RAW)
		return;
	buf_puts(b, c->names == NAMES_VERBOSE ? " /* IOPRIO_PRIO_VALUE(" : "IOPRIO_PRIO_VALUE(");
	if (v->set)
		text_set(b, c, &desc_sets[v->set], n >> CLASS_SHIFT, v->width, 0);
	buf_printf(b, ", %" PRIu64 ")%s", n & ((1U << CLASS_SHIFT) - 1), c->names == NAMES_VERBOSE ? " */" : "");
}

void text_signals(struct buf *b, const struct text_config *c, uint64_t mask, unsigned bits)
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
	text_signals(b, c, val_masked(v), v->width * 8U);
}

static role_rule *const rules[ROLE_COUNT] = {
    [ROLE_PID] = put_pid,     [ROLE_FD] = text_fd,       [ROLE_FD_AT] = put_fd_at, [ROLE_ADDR] = put_addr,   [ROLE_UID] = put_uid,         [ROLE_MODE] = put_mode,
    [ROLE_STMODE] = put_stmode, [ROLE_DEV] = put_dev,   [ROLE_SIGNO] = put_signo, [ROLE_ERRNO] = put_errno, [ROLE_NERRNO] = put_nerrno, [ROLE_CHAR] = put_char, [ROLE_FOURCC] = put_fourcc, [ROLE_KVERSION] = put_kernel_version, [ROLE_GENL_FAMILY] = put_genl_family,     [ROLE_IPV4] = put_ipv4,
    [ROLE_IPV6] = put_ipv6,   [ROLE_PORT] = put_port,   [ROLE_HTONL] = put_htonl, [ROLE_IFINDEX] = put_ifindex, [ROLE_TIME] = put_time,       [ROLE_WSTATUS] = put_wstatus,
    [ROLE_RLIM] = put_rlim,   [ROLE_MAC] = put_mac,     [ROLE_UUID] = put_uuid, [ROLE_AX25] = put_ax25,   [ROLE_IOCTL] = put_ioctl, [ROLE_IOPRIO] = put_ioprio,
    [ROLE_SIGSET] = put_sigset_word, [ROLE_OLD_SIGSET] = put_sigset_word,
    [ROLE_PGOFF] = put_pgoff, [ROLE_TICKS] = put_ticks,
};

void text_scalar(struct buf *b, const struct text_config *c, const struct val *v)
{
	if (v->role < ROLE_COUNT && rules[v->role])
		rules[v->role](b, c, v);
	else if (v->set)
		text_set(b, c, &desc_sets[v->set], desc_sets[v->set].is_decimal && is_signed(v) ? v->n : val_masked(v), v->width, v->number_format);
	else
		put_number(b, v);
}
