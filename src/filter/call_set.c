/* Words to bits: each kind of word is a predicate over the numbers of an ABI. */
#include "filter/call_set.h"

#include "base/diag.h"
#include "base/xalloc.h"

#include <ctype.h>
#include <limits.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

enum { ABIS_ALL = (1 << ABI_COUNT) - 1 };

void call_set_fill(struct call_set *s, bool value)
{
	memset(s, value ? 0xff : 0, sizeof(*s));
}

bool call_set_has(const struct call_set *s, enum abi abi, uint64_t nr)
{
	return nr < CALL_SET_NUMBERS && s->bits[abi][nr / 64] >> nr % 64 & 1;
}

static void invert(struct call_set *s)
{
	for (int a = 0; a < ABI_COUNT; a++)
		for (int i = 0; i < CALL_SET_NUMBERS / 64; i++)
			s->bits[a][i] = ~s->bits[a][i];
}

typedef bool chooser(const struct desc_number *number, const void *ctx);

/* Sets the bits of all calls that TAKES takes to VALUE. Are there any? */
static bool choose(struct call_set *s, unsigned abis, bool value, chooser *takes, const void *ctx)
{
	bool is_found = false;
	for (int a = 0; a < ABI_COUNT; a++)
		for (uint64_t i = 0; abis >> a & 1 && i < desc_number_count[a] && i < CALL_SET_NUMBERS; i++) {
			const struct desc_number *number = desc_by_number((enum abi)a, i);
			if (!number || !takes(number, ctx))
				continue;
			is_found = true;
			s->bits[a][i / 64] &= ~(1ULL << i % 64);
			s->bits[a][i / 64] |= (uint64_t)value << i % 64;
		}
	return is_found;
}

static bool is_any(const struct desc_number *number, const void *ctx)
{
	(void)ctx;
	return number->name;
}

static bool is_named(const struct desc_number *number, const void *ctx)
{
	return strcmp(number->name, ctx) == 0;
}

static bool is_in_class(const struct desc_number *number, const void *ctx)
{
	return desc_calls[number->call].classes >> *(const int *)ctx & 1;
}

static bool is_like(const struct desc_number *number, const void *ctx)
{
	return regexec(ctx, number->name, 0, NULL, 0) == 0;
}

/* %class; those that strace had first go without the %, too. */
static int class_of(const char *word)
{
	static const char *const bare[] = {"desc", "file", "memory", "process", "signal", "ipc", "network"};
	bool is_bare = *word != '%';
	const char *name = is_bare ? word : word + 1;
	for (size_t i = 0; is_bare && i < sizeof(bare) / sizeof(bare[0]); i++)
		is_bare = strcmp(bare[i], word) != 0;
	if (is_bare)
		return -1;
	if (strcmp(name, "net") == 0)
		name = "network";
	for (int i = 0; i < CLASS_COUNT; i++)
		if (strcmp(desc_class_names[i], name) == 0)
			return i;
	return -1;
}

/* name@64, @32, @x32: which ABIs; cuts the name off there. */
static unsigned abis_of(char *word, const char *whole)
{
	static const struct {
		const char *name;
		unsigned abis;
	} suffixes[] = {{"64", 1U << ABI_X86_64 | 1U << ABI_AARCH64},
			{"32", 1U << ABI_I386 | 1U << ABI_ARM},
			{"x32", 1U << ABI_X32}};
	char *at = strchr(word, '@');
	for (size_t i = 0; at && i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (strcmp(at + 1, suffixes[i].name) == 0) {
			*at = '\0';
			return suffixes[i].abis;
		}
	if (at)
		diag_help("incorrect personality designator '%s' in qualification '%s'", at + 1, whole);
	return ABIS_ALL;
}

static bool add_regex(struct call_set *s, const char *text, unsigned abis, bool value)
{
	regex_t re;
	int err = regcomp(&re, text, REG_EXTENDED | REG_NOSUB);
	if (err) {
		char why[256];
		regerror(err, &re, why, sizeof(why));
		diag_usage("regcomp: %s: %s", text, why);
	}
	bool is_found = choose(s, abis, value, is_like, &re);
	regfree(&re);
	return is_found;
}

static bool add_number(struct call_set *s, const char *text, unsigned abis, bool value)
{
	char *end = NULL;
	unsigned long nr = strtoul(text, &end, 10);
	bool is_found = false;
	for (int a = 0; a < ABI_COUNT && !*end; a++) {
		if (!(abis >> a & 1) || nr >= desc_number_count[a])
			continue;
		s->bits[a][nr / 64] &= ~(1ULL << nr % 64);
		s->bits[a][nr / 64] |= (uint64_t)value << nr % 64;
		is_found = true;
	}
	return is_found;
}

static bool add_word(struct call_set *s, const char *word, bool value)
{
	const char *name = word + strspn(word, "?");
	char *copy = xstrdup(name);
	unsigned abis = abis_of(copy, word);
	int class = class_of(copy);
	bool is_found = strcmp(copy, "all") == 0        ? choose(s, abis, value, is_any, NULL)
			: isdigit((unsigned char)*copy) ? add_number(s, copy, abis, value)
			: *copy == '/'                  ? add_regex(s, copy + 1, abis, value)
			: class >= 0                    ? choose(s, abis, value, is_in_class, &class) || true
							: choose(s, abis, value, is_named, copy);
	free(copy);
	return is_found || name != word;
}

void call_set_parse(struct call_set *s, const char *text)
{
	size_t bangs = strspn(text, "!");
	const char *list = text + bangs;
	bool is_inverted = bangs % 2;
	call_set_fill(s, is_inverted);
	if (strcmp(list, "none") == 0)
		return;
	if (strcmp(list, "all") == 0) {
		invert(s);
		return;
	}
	char *copy = xstrdup(list);
	char *save = NULL;
	bool is_done = false;
	for (char *w = strtok_r(copy, ",", &save); w; w = strtok_r(NULL, ",", &save)) {
		is_done = add_word(s, w, !is_inverted);
		if (!is_done)
			diag_usage("invalid system call '%s'", w);
	}
	free(copy);
	if (!is_done)
		diag_usage("invalid system call '%s'", text);
}
