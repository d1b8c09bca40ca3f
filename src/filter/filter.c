/*
 * -e expressions to sets. A set of calls is a bit for each number of each ABI; later qualifiers of one kind replace
 * earlier ones, as with strace. Path and descriptor arguments are found by the roles of values, never by call.
 */
#include "filter/filter.h"

#include "base/diag.h"
#include "base/xalloc.h"
#include "state/fd.h"

#include <limits.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBERS = 1024, SIGNALS = 65 };
enum result { RESULT_GOOD = 1, RESULT_BAD = 2, RESULT_OTHER = 4, RESULT_ALL = 7 };

struct filter {
	bool calls[ABI_COUNT][NUMBERS];
	bool signals[SIGNALS];
	unsigned results;   /* RESULT_* */
	unsigned categories; /* bit set, 0 = all */
	char **paths;       /* as given, and their resolved forms */
	size_t npaths;
	int *fds;
	size_t nfds;
	bool is_fds_inverted;
};

static void set_all(struct filter *f, bool value)
{
	for (int a = 0; a < ABI_COUNT; a++)
		for (int i = 0; i < NUMBERS; i++)
			f->calls[a][i] = value;
}

typedef bool chooser(const struct desc_number *number, const void *ctx);

/* Sets the bits of all calls that CHOOSE takes; returns how many. */
static unsigned choose_calls(struct filter *f, unsigned abis, chooser *choose, const void *ctx)
{
	unsigned n = 0;
	for (int a = 0; a < ABI_COUNT; a++) {
		if (!(abis >> a & 1))
			continue;
		for (uint64_t i = 0; i < desc_number_count[a] && i < NUMBERS; i++) {
			const struct desc_number *number = desc_by_number((enum abi)a, i);
			if (number && choose(number, ctx)) {
				f->calls[a][i] = true;
				n++;
			}
		}
	}
	return n;
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

static int class_of(const char *name)
{
	static const struct { const char *alias; const char *name; } aliases[] = {{"net", "network"}, {"cred", "creds"}};
	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (strcmp(aliases[i].alias, name) == 0)
			name = aliases[i].name;
	for (int i = 0; i < CLASS_COUNT; i++)
		if (strcmp(desc_class_names[i], name) == 0)
			return i;
	return -1;
}

/* name@64, @32, @x32: which ABIs; cuts the name off there. */
static unsigned abis_of(char *name)
{
	static const struct { const char *name; unsigned abis; } suffixes[] = {
	    {"64", 1U << ABI_X86_64 | 1U << ABI_AARCH64}, {"32", 1U << ABI_I386 | 1U << ABI_ARM}, {"x32", 1U << ABI_X32}};
	char *at = strrchr(name, '@');
	for (size_t i = 0; at && i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (strcmp(at + 1, suffixes[i].name) == 0) {
			*at = '\0';
			return suffixes[i].abis;
		}
	return UINT_MAX;
}

static unsigned add_regex(struct filter *f, const char *text, unsigned abis)
{
	regex_t re;
	int err = regcomp(&re, text, REG_EXTENDED | REG_NOSUB);
	if (err) {
		char why[256];
		regerror(err, &re, why, sizeof(why));
		diag_usage("invalid regular expression '%s': %s", text, why);
	}
	unsigned n = choose_calls(f, abis, is_like, &re);
	regfree(&re);
	return n;
}

static void add_calls(struct filter *f, char *word)
{
	if (strcmp(word, "all") == 0) {
		set_all(f, true);
		return;
	}
	bool may_miss = *word == '?';
	char *name = word + may_miss;
	unsigned abis = abis_of(name);
	unsigned n = 0;
	if (*name == '/') {
		n = add_regex(f, name + 1, abis);
	} else if (*name == '%' || class_of(name) >= 0) {
		int class = class_of(name + (*name == '%'));
		n = class < 0 ? 0 : choose_calls(f, abis, is_in_class, &class);
		n += class >= 0;
	} else if (strspn(name, "0123456789") == strlen(name) && *name) {
		unsigned long nr = strtoul(name, NULL, 10);
		n = nr < NUMBERS;
		for (int a = 0; a < ABI_COUNT && n; a++)
			f->calls[a][nr] = f->calls[a][nr] || abis >> a & 1;
	} else {
		n = choose_calls(f, abis, is_named, name);
	}
	if (!n && !may_miss)
		diag_usage("invalid system call '%s'", name);
}

/* Calls EACH for the words of a list behind commas. */
static void each_word(struct filter *f, const char *list, void (*each)(struct filter *f, char *word))
{
	char *copy = xstrdup(list);
	char *save = NULL;
	for (char *w = strtok_r(copy, ",", &save); w; w = strtok_r(NULL, ",", &save))
		each(f, w);
	free(copy);
}

static void set_trace(struct filter *f, const char *value)
{
	bool is_inverted = *value == '!';
	set_all(f, false);
	if (strcmp(value, "none") != 0)
		each_word(f, value + is_inverted, add_calls);
	for (int a = 0; is_inverted && a < ABI_COUNT; a++)
		for (int i = 0; i < NUMBERS; i++)
			f->calls[a][i] = !f->calls[a][i];
}

static void add_signal(struct filter *f, char *word)
{
	if (strcmp(word, "all") == 0) {
		memset(f->signals, true, sizeof(f->signals));
		return;
	}
	if (strcmp(word, "none") == 0)
		return;
	for (int i = 1; i < SIGNALS; i++) {
		const char *name = desc_signal_name(i);
		char *end = NULL;
		bool is_number = strtol(word, &end, 10) == i && !*end;
		if (is_number || (name && (strcasecmp(name, word) == 0 || strcasecmp(name + 3, word) == 0))) {
			f->signals[i] = true;
			return;
		}
	}
	diag_usage("invalid signal '%s'", word);
}

static void set_signals(struct filter *f, const char *value)
{
	bool is_inverted = *value == '!';
	memset(f->signals, false, sizeof(f->signals));
	each_word(f, value + is_inverted, add_signal);
	for (int i = 0; is_inverted && i < SIGNALS; i++)
		f->signals[i] = !f->signals[i];
}

static void add_status(struct filter *f, char *word)
{
	static const struct { const char *name; unsigned results; } names[] = {
	    {"successful", RESULT_GOOD}, {"failed", RESULT_BAD}, {"unfinished", RESULT_OTHER}, {"unavailable", RESULT_OTHER},
	    {"detached", RESULT_OTHER}, {"all", RESULT_ALL}, {"none", 0}};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i].name, word) == 0) {
			f->results |= names[i].results;
			return;
		}
	diag_usage("invalid status '%s'; expected successful, failed, unfinished, unavailable or detached", word);
}

static void set_status(struct filter *f, const char *value)
{
	f->results = 0;
	bool is_inverted = *value == '!';
	each_word(f, value + is_inverted, add_status);
	if (is_inverted)
		f->results = ~f->results & RESULT_ALL;
}

static void add_fd(struct filter *f, char *word)
{
	char *end = NULL;
	long fd = strtol(word, &end, 10);
	if (!*word || *end || fd < 0 || fd > INT_MAX)
		diag_usage("invalid descriptor '%s'", word);
	f->fds = xgrow(f->fds, f->nfds + 1, sizeof(*f->fds));
	f->fds[f->nfds++] = (int)fd;
}

static void set_fds(struct filter *f, const char *value)
{
	f->nfds = 0;
	f->is_fds_inverted = *value == '!';
	each_word(f, value + f->is_fds_inverted, add_fd);
}

static void add_category(struct filter *f, char *word)
{
	for (int i = 0; i < CATEGORY_COUNT; i++)
		if (strcmp(desc_category_names[i], word) == 0) {
			f->categories |= 1U << i;
			return;
		}
	diag_usage("invalid category '%s'; expected process, file, device, info or comm", word);
}

static void set_category(struct filter *f, const char *value)
{
	each_word(f, value, add_category);
}

static void add_path(struct filter *f, const char *path)
{
	char real[PATH_MAX];
	f->paths = xgrow(f->paths, f->npaths + 2, sizeof(*f->paths));
	f->paths[f->npaths++] = xstrdup(path);
	if (realpath(path, real) && strcmp(real, path) != 0) {
		f->paths[f->npaths++] = xstrdup(real);
		diag("Requested path '%s' resolved into '%s'", path, real);
	}
}

struct filter *filter_new(const struct options *o)
{
	static const struct { const char *kind; void (*set)(struct filter *f, const char *value); } setters[] = {
	    {"trace", set_trace}, {"signal", set_signals}, {"status", set_status}, {"trace-fds", set_fds}, {"category", set_category}, {"path", add_path}};
	struct filter *f = xcalloc(1, sizeof(*f));
	set_all(f, true);
	memset(f->signals, true, sizeof(f->signals));
	f->results = RESULT_ALL;
	for (size_t i = 0; i < o->nqualifiers; i++)
		for (size_t k = 0; k < sizeof(setters) / sizeof(setters[0]); k++)
			if (strcmp(setters[k].kind, o->qualifiers[i].kind) == 0)
				setters[k].set(f, o->qualifiers[i].value);
	return f;
}

void filter_free(struct filter *f)
{
	for (size_t i = 0; i < f->npaths; i++)
		free(f->paths[i]);
	free(f->paths);
	free(f->fds);
	free(f);
}

bool filter_call_wanted(const struct filter *f, enum abi abi, uint64_t nr)
{
	return nr >= NUMBERS || f->calls[abi][nr];
}

bool filter_needs_values(const struct filter *f)
{
	return f->npaths || f->nfds || f->categories;
}

static bool is_path(const struct filter *f, const char *p, size_t n)
{
	for (size_t i = 0; i < f->npaths; i++)
		if (strlen(f->paths[i]) == n && memcmp(f->paths[i], p, n) == 0)
			return true;
	return false;
}

static bool is_listed(const struct filter *f, int fd)
{
	for (size_t i = 0; i < f->nfds; i++)
		if (f->fds[i] == fd)
			return true;
	return false;
}

/* Does any path or descriptor in the tree match? */
static bool any_matches(const struct filter *f, const struct val *v)
{
	for (; v; v = v->next) {
		if (v->kind == VAL_STR && v->state & VAL_PATH && is_path(f, (const char *)v->bytes.p, v->bytes.n))
			return true;
		if (v->kind == VAL_INT && (v->role == ROLE_FD || v->role == ROLE_FD_AT)) {
			if (f->nfds && (int)v->n >= 0 && is_listed(f, (int)v->n) != f->is_fds_inverted)
				return true;
			if (f->npaths && v->ofd && v->ofd->path && is_path(f, v->ofd->path, strlen(v->ofd->path)))
				return true;
		}
		if (any_matches(f, v->child))
			return true;
	}
	return false;
}

bool filter_call_matches(const struct filter *f, const struct call *call)
{
	if (f->categories && call->decl && !(f->categories >> call->decl->category & 1))
		return false;
	return (!f->npaths && !f->nfds) || any_matches(f, call->args);
}

bool filter_needs_result(const struct filter *f)
{
	return f->results != RESULT_ALL;
}

bool filter_result_matches(const struct filter *f, const struct call *call)
{
	unsigned result = !call->is_ret_known ? RESULT_OTHER : call->has_failed ? RESULT_BAD : RESULT_GOOD;
	return f->results & result;
}

/* Can a descriptor lie behind, or in, a value of this type? */
static bool may_hold_fd(uint16_t type, int depth)
{
	const struct desc_type *t = &desc_types[type];
	if (depth == 0 || t->kind == KIND_HOOK || t->kind == KIND_CHOICE)
		return true;
	if (t->kind == KIND_INT)
		return t->role == ROLE_FD || t->role == ROLE_FD_AT;
	if (t->kind != KIND_STRUCT)
		return t->elem && may_hold_fd(t->elem, depth - 1);
	const struct desc_record *r = &desc_records[t->ref];
	for (unsigned i = 0; i < r->n; i++)
		if (may_hold_fd(desc_fields[r->first + i].type, depth - 1))
			return true;
	return false;
}

enum { TYPE_DEPTH = 8 };

int filter_conditions(const struct filter *f, enum abi abi, uint64_t nr, struct filter_condition ret[static FILTER_CONDITIONS])
{
	const struct desc_number *number = desc_by_number(abi, nr);
	const struct desc_call *call = number && number->call ? &desc_calls[number->call] : NULL;
	int n = 0;
	if (!f->nfds || f->is_fds_inverted || f->npaths || !call || call->nvariants || call->flags & CALL_UNPACK)
		return -1;
	for (unsigned i = 0; i < call->n; i++) {
		const struct desc_field *arg = &desc_fields[call->first + i];
		unsigned slot = desc_abis[abi].is_wide ? arg->off[0] : desc_abis[abi].aligns_pairs ? arg->off[2] : arg->off[1];
		if (!may_hold_fd(arg->type, TYPE_DEPTH))
			continue;
		if (desc_types[arg->type].kind != KIND_INT || (size_t)n + f->nfds > FILTER_CONDITIONS)
			return -1;
		for (size_t k = 0; k < f->nfds; k++)
			ret[n++] = (struct filter_condition){slot, (uint32_t)f->fds[k]};
	}
	return n;
}

bool filter_signal_wanted(const struct filter *f, int signo)
{
	return signo < 0 || signo >= SIGNALS || f->signals[signo];
}

bool filter_needs_fds(const struct filter *f)
{
	return f->npaths > 0;
}
