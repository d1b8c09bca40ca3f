/*
 * -e expressions to sets; later qualifiers of one kind replace earlier ones, as with strace. Path and descriptor
 * arguments are found by the roles of values, never by call.
 */
#include "filter/filter.h"

#include "base/diag.h"
#include "base/num_set.h"
#include "base/xalloc.h"
#include "filter/call_set.h"
#include "stack/stack.h"
#include "state/fd.h"

#include <fnmatch.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum path_kind { PATH_EXACT, PATH_GLOB, PATH_PREFIX };

struct path {
	enum path_kind kind;
	char *text; /* owned */
};

struct filter {
	struct call_set trace;
	struct call_set looks[FILTER_LOOKS];
	struct num_set signals;
	struct num_set results; /* of enum filter_result */
	bool needs_result;
	struct num_set errnos;
	bool has_errnos;
	unsigned categories; /* bit set, 0 = all */
	struct path *paths;  /* as given, and their resolved forms */
	size_t npaths;
	struct num_set fds;
	bool has_fds;
	struct num_set dumps[2]; /* descriptors whose data is dumped: read, written */
	bool has_dumps;
	bool hides_resolution;
	char **callers; /* patterns of files and functions; owned */
	size_t ncallers;
	bool is_callers_inverted;
};

static void set_trace(struct filter *f, const char *value)
{
	call_set_parse(&f->trace, value);
}

static void set_abbrev(struct filter *f, const char *value)
{
	call_set_parse(&f->looks[FILTER_ABBREV], value);
}

static void set_verbose(struct filter *f, const char *value)
{
	call_set_parse(&f->looks[FILTER_VERBOSE], value);
}

static void set_raw(struct filter *f, const char *value)
{
	call_set_parse(&f->looks[FILTER_RAW], value);
}

static int signal_of(const char *word)
{
	enum { SIGNALS = 65 };
	int number = num_of_digits(word);
	if (number >= 0)
		return number <= UINT8_MAX ? number : -1;
	for (int i = 0; i < SIGNALS; i++) {
		const char *name = desc_signal_name(i);
		if (name && (strcasecmp(name, word) == 0 || strcasecmp(name + strlen("SIG"), word) == 0))
			return i;
	}
	return -1;
}

static void set_signals(struct filter *f, const char *value)
{
	num_set_parse(&f->signals, "signal", signal_of, value);
}

static int result_of(const char *word)
{
	static const char *const names[FILTER_RESULTS] = {
	    [FILTER_SUCCESSFUL] = "successful",   [FILTER_FAILED] = "failed",     [FILTER_UNFINISHED] = "unfinished",
	    [FILTER_UNAVAILABLE] = "unavailable", [FILTER_DETACHED] = "detached",
	};
	for (int i = 0; i < FILTER_RESULTS; i++)
		if (strcmp(names[i], word) == 0)
			return i;
	return -1;
}

static void set_status(struct filter *f, const char *value)
{
	num_set_parse(&f->results, "status", result_of, value);
}

static int errno_of(const char *word)
{
	for (const struct desc_name *e = desc_errnos; e->name; e++)
		if (strcmp(e->name, word) == 0)
			return e->number;
	return num_of_digits(word);
}

static void set_errnos(struct filter *f, const char *value)
{
	num_set_parse(&f->errnos, "errno", errno_of, value);
	f->has_errnos = true;
}

static void set_fds(struct filter *f, const char *value)
{
	num_set_parse(&f->fds, "descriptor", num_of_digits, value);
	f->has_fds = true;
}

static void set_read(struct filter *f, const char *value)
{
	num_set_parse(&f->dumps[FILTER_READ], "descriptor", num_of_digits, value);
	f->has_dumps = true;
}

static void set_write(struct filter *f, const char *value)
{
	num_set_parse(&f->dumps[FILTER_WRITTEN], "descriptor", num_of_digits, value);
	f->has_dumps = true;
}

static void add_category(struct filter *f, const char *word)
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
	bool is_inverted = *value == '!';
	char *copy = xstrdup(value + is_inverted);
	char *save = NULL;
	f->categories = 0;
	for (char *w = strtok_r(copy, ",", &save); w; w = strtok_r(NULL, ",", &save))
		add_category(f, w);
	free(copy);
	if (is_inverted)
		f->categories ^= (1U << CATEGORY_COUNT) - 1;
	if (!f->categories)
		diag_usage("invalid category '%s'", value);
}

static void set_callers(struct filter *f, const char *value)
{
	f->is_callers_inverted = *value == '!';
	char *copy = xstrdup(value + f->is_callers_inverted);
	char *save = NULL;
	for (char *w = strtok_r(copy, ",", &save); w; w = strtok_r(NULL, ",", &save)) {
		f->callers = xgrow(f->callers, f->ncallers + 1, sizeof(*f->callers));
		f->callers[f->ncallers++] = xstrdup(w);
	}
	free(copy);
}

static void add_path(struct filter *f, enum path_kind kind, const char *text)
{
	f->paths = xgrow(f->paths, f->npaths + 1, sizeof(*f->paths));
	f->paths[f->npaths++] = (struct path){kind, xstrdup(text)};
}

static void set_path(struct filter *f, const char *value)
{
	static const struct {
		const char *word;
		enum path_kind kind;
	} kinds[] = {{"glob:", PATH_GLOB}, {"prefix:", PATH_PREFIX}};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strncmp(value, kinds[i].word, strlen(kinds[i].word)) == 0) {
			add_path(f, kinds[i].kind, value + strlen(kinds[i].word));
			return;
		}
	add_path(f, PATH_EXACT, value);
	char real[PATH_MAX];
	if (!realpath(value, real) || strcmp(real, value) == 0)
		return;
	add_path(f, PATH_EXACT, real);
	if (!f->hides_resolution)
		diag("Requested path \"%s\" resolved into \"%s\"", value, real);
}

struct filter *filter_new(const struct options *o)
{
	static const struct {
		const char *kind;
		void (*set)(struct filter *f, const char *value);
	} setters[] = {{"trace", set_trace},   {"abbrev", set_abbrev},     {"verbose", set_verbose},
		       {"raw", set_raw},       {"signal", set_signals},    {"status", set_status},
		       {"errno", set_errnos},  {"trace-fds", set_fds},     {"read", set_read},
		       {"write", set_write},   {"category", set_category}, {"path", set_path},
		       {"caller", set_callers}};
	struct filter *f = xcalloc(1, sizeof(*f));
	f->hides_resolution = o->text.quiet & QUIET_PATH_RESOLUTION;
	call_set_fill(&f->trace, true);
	call_set_fill(&f->looks[FILTER_ABBREV], true);
	call_set_fill(&f->looks[FILTER_VERBOSE], true);
	num_set_fill(&f->signals, true);
	num_set_fill(&f->results, true);
	for (size_t i = 0; i < o->nqualifiers; i++)
		for (size_t k = 0; k < sizeof(setters) / sizeof(setters[0]); k++)
			if (strcmp(setters[k].kind, o->qualifiers[i].kind) == 0)
				setters[k].set(f, o->qualifiers[i].value);
	for (unsigned i = 0; i < FILTER_RESULTS; i++)
		f->needs_result |= !num_set_has(&f->results, i);
	f->needs_result |= f->has_errnos;
	return f;
}

void filter_free(struct filter *f)
{
	for (size_t i = 0; i < f->npaths; i++)
		free(f->paths[i].text);
	free(f->paths);
	for (size_t i = 0; i < f->ncallers; i++)
		free(f->callers[i]);
	free(f->callers);
	num_set_free(&f->signals);
	num_set_free(&f->results);
	num_set_free(&f->errnos);
	num_set_free(&f->fds);
	num_set_free(&f->dumps[FILTER_READ]);
	num_set_free(&f->dumps[FILTER_WRITTEN]);
	free(f);
}

bool filter_call_wanted(const struct filter *f, enum abi abi, uint64_t nr)
{
	return !desc_by_number(abi, nr) || nr >= CALL_SET_NUMBERS || call_set_has(&f->trace, abi, nr);
}

bool filter_look(const struct filter *f, enum filter_look look, enum abi abi, uint64_t nr)
{
	return call_set_has(&f->looks[look], abi, nr);
}

bool filter_needs_values(const struct filter *f)
{
	return f->npaths || f->has_fds || f->categories;
}

static bool is_path(const struct filter *f, const char *p, size_t n)
{
	char text[PATH_MAX + 1];
	bool is_text = n < sizeof(text) && f->npaths;
	if (is_text) {
		memcpy(text, p, n);
		text[n] = '\0';
	}
	for (size_t i = 0; is_text && i < f->npaths; i++) {
		const struct path *path = &f->paths[i];
		if ((path->kind == PATH_EXACT && strcmp(path->text, text) == 0) ||
		    (path->kind == PATH_PREFIX && strncmp(path->text, text, strlen(path->text)) == 0) ||
		    (path->kind == PATH_GLOB && fnmatch(path->text, text, 0) == 0))
			return true;
	}
	return false;
}

/* Does any path or descriptor in the tree match? */
static bool any_matches(const struct filter *f, const struct val *v)
{
	for (; v; v = v->next) {
		if (v->kind == VAL_STR && v->state & VAL_PATH && is_path(f, (const char *)v->bytes.p, v->bytes.n))
			return true;
		if (v->kind == VAL_INT && (v->role == ROLE_FD || v->role == ROLE_FD_AT)) {
			if (f->has_fds && (int)v->n >= 0 && num_set_has(&f->fds, (unsigned)v->n))
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
	if (f->categories && !(f->categories >> call->category & 1))
		return false;
	return (!f->npaths && !f->has_fds) || any_matches(f, call->args);
}

bool filter_needs_result(const struct filter *f)
{
	return f->needs_result;
}

bool filter_result_matches(const struct filter *f, const struct call *call, enum filter_result result)
{
	if (f->has_errnos && !(call->has_failed && num_set_has(&f->errnos, (unsigned)-call->result)))
		return false;
	return num_set_has(&f->results, result);
}

bool filter_dumps(const struct filter *f, enum filter_direction direction, int fd)
{
	return f->has_dumps && fd >= 0 && num_set_has(&f->dumps[direction], (unsigned)fd);
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

/* The descriptors of -e fds=; how many, or -1 where they are too many. */
static int list_fds(const struct filter *f, int ret[static FILTER_CONDITIONS])
{
	int n = 0;
	for (unsigned fd = 0; fd < f->fds.n * 64; fd++) {
		if (!num_set_has(&f->fds, fd))
			continue;
		if (n == FILTER_CONDITIONS)
			return -1;
		ret[n++] = (int)fd;
	}
	return n;
}

int filter_conditions(const struct filter *f, enum abi abi, uint64_t nr,
		      struct filter_condition ret[static FILTER_CONDITIONS])
{
	const struct desc_number *number = desc_by_number(abi, nr);
	const struct desc_call *call = number && number->call ? &desc_calls[number->call] : NULL;
	int n = 0;
	if (!f->has_fds || f->fds.is_inverted || f->npaths || !call || call->nvariants || call->flags & CALL_UNPACK)
		return -1;
	int listed[FILTER_CONDITIONS];
	int nlisted = list_fds(f, listed);
	if (nlisted < 0)
		return -1;
	for (unsigned i = 0; i < call->n; i++) {
		const struct desc_field *arg = &desc_fields[call->first + i];
		unsigned slot = desc_abis[abi].is_wide        ? arg->off[0]
				: desc_abis[abi].aligns_pairs ? arg->off[2]
							      : arg->off[1];
		if (!may_hold_fd(arg->type, TYPE_DEPTH))
			continue;
		if (desc_types[arg->type].kind != KIND_INT || n + nlisted > FILTER_CONDITIONS)
			return -1;
		for (int k = 0; k < nlisted; k++)
			ret[n++] = (struct filter_condition){slot, (uint32_t)listed[k]};
	}
	return n;
}

bool filter_needs_stacks(const struct filter *f)
{
	return f->ncallers > 0;
}

static bool is_like_caller(const char *pattern, const struct stack_caller *c)
{
	const char *name = stack_place(c->symbol).name;
	const char *slash = strrchr(c->frame->module->path, '/');
	return fnmatch(pattern, slash ? slash + 1 : c->frame->module->path, 0) == 0 ||
	       (name && fnmatch(pattern, name, 0) == 0);
}

bool filter_caller_matches(const struct filter *f, const struct stack *stack)
{
	const struct stack_caller *c = f->ncallers && stack ? stack_caller(stack) : NULL;
	bool is_listed = false;
	if (!f->ncallers)
		return true;
	for (size_t i = 0; c && i < f->ncallers; i++)
		is_listed |= is_like_caller(f->callers[i], c);
	return is_listed != f->is_callers_inverted;
}

bool filter_signal_wanted(const struct filter *f, int signo)
{
	return signo < 0 || num_set_has(&f->signals, (unsigned)signo);
}

bool filter_needs_fds(const struct filter *f)
{
	return f->npaths > 0 || f->categories;
}
