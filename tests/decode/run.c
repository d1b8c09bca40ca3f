/*
 * Runs the decoder's cases without a kernel. A case is lines of a word and its value:
 *   proto N: descriptors are netlink sockets of this protocol
 *   case CLAIM · abi NAME · call NAME-OR-NUMBER · args REGISTERS · opt -v -s N · ret N, ret ? or fail ERRNO · text LINE
 *   mem ADDRESS ITEMS   memory at entry; after ADDRESS ITEMS: what is there at exit
 * An item is WIDTH:NUMBER (little-endian), "text" (\\0 \\n \\xHH), *N (N zero bytes) or pairs of hex digits. With --update
 * the text lines become what is printed.
 */
#include "base/buf.h"
#include "decode/decode.h"
#include "desc/desc.h"
#include "sink/out.h"
#include "sink/text.h"
#include "state/task.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { REGIONS = 64, LINES = 20000 };

struct piece {
	uint64_t addr;
	uint8_t *bytes; /* owned */
	size_t n;
	bool is_exit;   /* there from the exit on, hiding what was there */
};

struct test {
	char name[256];
	enum abi abi;
	uint64_t nr;
	bool has_number;
	uint64_t args[6];
	struct piece pieces[REGIONS];
	size_t npieces;
	int64_t result;
	bool has_failed;
	bool is_unknown;
	struct decode_env env;
	enum text_names names;
	int protocol;
	char *want_text; /* the line's text in the file, NULL = none */
	size_t text_line; /* where they stand */
	bool is_at_exit;  /* memory answers as after the call */
};

struct file {
	char *lines[LINES];
	size_t n;
};

/* ---- memory ---- */

static bool byte_at(const struct test *t, uint64_t addr, uint8_t *ret_byte)
{
	for (int pass = t->is_at_exit ? 1 : 0; pass >= 0; pass--)
		for (size_t i = 0; i < t->npieces; i++) {
			const struct piece *p = &t->pieces[i];
			if (p->is_exit == (pass == 1) && addr >= p->addr && addr - p->addr < p->n) {
				*ret_byte = p->bytes[addr - p->addr];
				return true;
			}
		}
	return false;
}

static size_t case_read(struct mem *mem, uint64_t addr, void *dst, size_t n)
{
	size_t got = 0;
	while (got < n && byte_at(mem->engine, addr + got, (uint8_t *)dst + got))
		got++;
	return got;
}

/* ---- reading a case ---- */

static void die(const char *what, const char *line)
{
	fprintf(stderr, "bad case: %s: %s\n", what, line);
	exit(2);
}

static unsigned hex_digit(int c)
{
	return (unsigned)(isdigit(c) ? c - '0' : tolower(c) - 'a' + 10);
}

static int unescape(const char **s)
{
	int c = *(*s)++;
	switch (c) {
	case 'n': return '\n';
	case 't': return '\t';
	case '0': return 0;
	case 'x': {
		unsigned v = hex_digit((*s)[0]) << 4 | hex_digit((*s)[1]);
		*s += 2;
		return (int)v;
	}
	default: return c;
	}
}

static const char *put_string(const char *s, struct buf *b)
{
	while (*s && *s != '"') {
		int c = *s++;
		buf_c(b, (char)(c == '\\' ? unescape(&s) : c));
	}
	return *s ? s + 1 : s;
}

/* WIDTH:VALUE is a little-endian integer, "…" text (no NUL added), anything else pairs of hex digits, *N repeats a zero. */
static void put_item(struct buf *b, const char *word)
{
	const char *colon = strchr(word, ':');
	if (colon) {
		uint64_t v = strtoull(colon + 1, NULL, 0);
		buf_put(b, &v, (size_t)(word[0] - '0'));
	} else if (word[0] == '*') {
		buf_fill(b, 0, strtoul(word + 1, NULL, 0));
	} else {
		for (; isxdigit((unsigned char)word[0]) && isxdigit((unsigned char)word[1]); word += 2)
			buf_c(b, (char)(hex_digit(word[0]) << 4 | hex_digit(word[1])));
	}
}

static void parse_memory(struct test *t, const char *s, bool is_exit)
{
	if (t->npieces == REGIONS)
		die("too much memory", s);
	char *end = NULL;
	struct piece *p = &t->pieces[t->npieces++];
	*p = (struct piece){.addr = strtoull(s, &end, 0), .is_exit = is_exit};
	struct buf b = {NULL};
	for (s = end; *s;) {
		while (*s == ' ')
			s++;
		if (*s == '"') {
			s = put_string(s + 1, &b);
			continue;
		}
		char word[256];
		size_t n = strcspn(s, " ");
		snprintf(word, sizeof(word), "%.*s", (int)n, s);
		put_item(&b, word);
		s += n;
	}
	p->n = b.n;
	p->bytes = (uint8_t *)b.p;
}

static void parse_args(struct test *t, const char *s)
{
	for (unsigned i = 0; i < 6 && *s; i++) {
		char *end = NULL;
		t->args[i] = *s == '-' ? (uint64_t)strtoll(s, &end, 0) : strtoull(s, &end, 0);
		s = end + strspn(end, " ");
	}
}

static void parse_call(struct test *t, const char *s)
{
	t->has_number = true;
	if (isdigit((unsigned char)*s)) {
		t->nr = strtoull(s, NULL, 0);
		return;
	}
	t->has_number = false;
	for (uint32_t nr = 0; nr < desc_number_count[t->abi]; nr++) {
		const struct desc_number *number = desc_by_number(t->abi, nr);
		if (number && number->name && strcmp(number->name, s) == 0) {
			t->nr = nr;
			t->has_number = number->call && !(desc_calls[number->call].flags & CALL_UNDECODED);
			return;
		}
	}
}

static void parse_abi(struct test *t, const char *s)
{
	for (int i = 0; i < ABI_COUNT; i++)
		if (strcmp(desc_abis[i].name, s) == 0)
			t->abi = (enum abi)i;
}

static void parse_options(struct test *t, const char *s)
{
	t->env.is_verbose = strstr(s, "-v");
	t->env.is_raw = strstr(s, "-e raw");
	t->names = strstr(s, "-X raw") ? NAMES_RAW : strstr(s, "-X verbose") ? NAMES_VERBOSE : NAMES_ABBREV;
	const char *limit = strstr(s, "-s ");
	if (limit)
		t->env.string_limit = strtoul(limit + 3, NULL, 0);
}

static void parse_error(struct test *t, const char *s)
{
	t->has_failed = true;
	t->result = -(int64_t)strtoul(s, NULL, 0);
	for (int e = 1; e < 600; e++)
		if (desc_errno_name(e) && strcmp(desc_errno_name(e), s) == 0)
			t->result = -e;
}

static void parse_line(struct test *t, char *line, size_t at)
{
	char *space = strchr(line, ' ');
	const char *rest = space ? space + 1 : "";
	size_t n = space ? (size_t)(space - line) : strlen(line);
	if (n == 3 && strncmp(line, "abi", n) == 0) {
		parse_abi(t, rest);
	} else if (n == 4 && strncmp(line, "call", n) == 0) {
		parse_call(t, rest);
	} else if (strncmp(line, "args", n) == 0) {
		parse_args(t, rest);
	} else if (n == 5 && strncmp(line, "proto", n) == 0) {
		t->protocol = (int)strtol(rest, NULL, 0);
	} else if (strncmp(line, "opt", n) == 0) {
		parse_options(t, rest);
	} else if (strncmp(line, "mem", n) == 0) {
		parse_memory(t, rest, false);
	} else if (strncmp(line, "after", n) == 0) {
		parse_memory(t, rest, true);
	} else if (strncmp(line, "ret", n) == 0) {
		t->is_unknown = *rest == '?';
		t->result = *rest == '-' ? strtoll(rest, NULL, 0) : (int64_t)strtoull(rest, NULL, 0);
	} else if (strncmp(line, "fail", n) == 0) {
		parse_error(t, rest);
	} else if (strncmp(line, "text", n) == 0) {
		t->want_text = line + 4 + (space != NULL);
		t->text_line = at;
	} else {
		die("unknown line", line);
	}
}

/* ---- running ---- */

static bool compare(const struct test *t, const char *what, const char *want, const char *got)
{
	if (strcmp(want, got) == 0)
		return true;
	printf("not ok decode %s: %s\n#  want %s\n#  got  %s\n", t->name, what, want, got);
	return false;
}

static void replace(struct file *f, size_t line, const char *word, const char *text)
{
	size_t n = strlen(word) + strlen(text) + 2;
	char *new = malloc(n);
	if (!new)
		exit(2);
	snprintf(new, n, "%s %s", word, text);
	free(f->lines[line]);
	f->lines[line] = new;
}

/* The line the text sink makes of a call that has both its halves. */
static void render(const struct test *t, struct call *call, struct event *ev, struct arena *arena, char *ret_line, size_t room)
{
	int fd = memfd_create("line", MFD_CLOEXEC);
	const struct text_config config = {.string_limit = t->env.string_limit, .names = t->names, .quiet = QUIET_ATTACH};
	struct sink *sink = text_open(&config, out_of_fd(fd), NULL);
	struct task task = {.tid = 42};
	struct test *memory = ev->mem->engine;
	sink->ops->task(sink, &task, true);
	decode_entry(call, ev, arena, &t->env);
	sink->ops->entry(sink, &task, call);
	memory->is_at_exit = true;
	ev->kind = EVENT_EXIT;
	ev->ret = t->result;
	ev->is_error = t->has_failed;
	ev->is_unknown_ret = t->is_unknown;
	decode_exit(call, ev, arena, &t->env);
	sink->ops->exit(sink, &task, call);
	sink->ops->task(sink, &task, false);
	sink->ops->end(sink);
	ssize_t n = pread(fd, ret_line, room - 1, 0);
	ret_line[n > 0 ? n : 0] = '\0';
	ret_line[strcspn(ret_line, "\n")] = '\0';
	close(fd);
}

static bool run_case(struct test *t, struct file *f, bool is_update)
{
	if (!t->has_number) {
		printf("ok decode %s # SKIP no such call in the tables\n", t->name);
		return true;
	}
	static char got[65536];
	struct arena arena = {NULL};
	struct mem mem = {.read = case_read, .engine = t};
	struct event ev = {.kind = EVENT_ENTRY, .tid = 42, .abi = (int)t->abi, .nr = t->nr, .mem = &mem};
	memcpy(ev.args, t->args, sizeof(ev.args));
	struct call call = {.seq = 1};
	render(t, &call, &ev, &arena, got, sizeof(got));
	arena_free(&arena);
	if (is_update && t->want_text) {
		replace(f, t->text_line, "text", got);
		return true;
	}
	if (t->want_text && !compare(t, "text", t->want_text, got))
		return false;
	printf("ok decode %s\n", t->name);
	return true;
}

static int case_protocol(void *ctx, int fd)
{
	const struct test *t = ctx;
	(void)fd;
	return t->protocol;
}

static struct test *fresh(const char *name)
{
	struct test *t = calloc(1, sizeof(*t));
	if (!t)
		exit(2);
	t->env.string_limit = 32;
	t->protocol = -1;
	t->env.socket_protocol = case_protocol;
	t->env.ctx = t;
	snprintf(t->name, sizeof(t->name), "%s", name);
	return t;
}

static void finish(struct test *t)
{
	for (size_t i = 0; i < t->npieces; i++)
		free(t->pieces[i].bytes);
	free(t);
}

static void load(const char *path, struct file *ret_file)
{
	FILE *in = fopen(path, "r");
	if (!in)
		die("cannot open", path);
	char *line = NULL;
	size_t room = 0;
	ssize_t n = 0;
	while (ret_file->n < LINES && (n = getline(&line, &room, in)) > 0) {
		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		ret_file->lines[ret_file->n++] = strdup(line);
	}
	free(line);
	fclose(in);
}

static void store(const char *path, const struct file *f)
{
	FILE *out = fopen(path, "w");
	if (!out)
		die("cannot write", path);
	for (size_t i = 0; i < f->n; i++)
		fprintf(out, "%s\n", f->lines[i]);
	fclose(out);
}

static bool run_file(const char *path, bool is_update)
{
	static struct file f;
	f.n = 0;
	load(path, &f);
	bool is_ok = true;
	struct test *t = NULL;
	for (size_t i = 0; i <= f.n; i++) {
		char *line = i < f.n ? f.lines[i] : NULL;
		bool is_start = line && strncmp(line, "case ", 5) == 0;
		if (t && (is_start || !line)) {
			is_ok = run_case(t, &f, is_update) && is_ok;
			finish(t);
			t = NULL;
		}
		if (is_start)
			t = fresh(line + 5);
		else if (line && t && *line && *line != '#')
			parse_line(t, line, i);
	}
	if (is_update)
		store(path, &f);
	for (size_t i = 0; i < f.n; i++)
		free(f.lines[i]);
	return is_ok;
}

int main(int argc, char **argv)
{
	bool is_update = argc > 1 && strcmp(argv[1], "--update") == 0;
	bool is_ok = true;
	for (int i = is_update ? 2 : 1; i < argc; i++)
		is_ok = run_file(argv[i], is_update) && is_ok;
	return is_ok ? 0 : 1;
}
