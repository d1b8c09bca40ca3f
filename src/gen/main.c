/*
 * gen, the table compiler: reads tables/, writes the const tables of desc/desc.h as C.
 *
 *   gen [-o FILE] [--strict] [--stats] [--keep-going] NUMBERS.tsv … TABLE.tbl …
 *
 * lex and parse make an ast of all files; constant, expr, type and call resolve it on demand into output tables; emit
 * writes these. All faults are told (file:line: reason), then exit status 2. The map is gen.h.
 */
#include "gen/gen.h"

#include "base/xalloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct inputs {
	char *numbers;
	char *errnos;
	char *signals;
};

static char *read_file(const char *name)
{
	FILE *f = fopen(name, "re");
	if (!f) {
		fprintf(stderr, "gen: %s: %s\n", name, strerror(errno));
		exit(2);
	}
	char *text = NULL;
	size_t n = 0;
	for (size_t got = 1; got;) {
		text = xrealloc(text, n + 65536 + 1);
		got = fread(text + n, 1, 65536, f);
		n += got;
	}
	fclose(f);
	text[n] = '\0';
	return text;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static void take_input(struct gen *g, struct inputs *in, const char *name)
{
	char *text = read_file(name);
	if (strcmp(base_name(name), "numbers.tsv") == 0)
		in->numbers = text;
	else if (strcmp(base_name(name), "errno.tsv") == 0)
		in->errnos = text;
	else if (strcmp(base_name(name), "signals.tsv") == 0)
		in->signals = text;
	else
		parse(name, text, &g->ast, &g->errors);
}

static void declare(struct gen *g, struct map *in, struct decl *d)
{
	const struct decl *before = map_get(in, hash_name(d->name));
	if (before)
		complain(&g->errors, d->at, "'%s' is declared already: %s:%u", d->name, before->at.file, before->at.line);
	else
		map_put(in, hash_name(d->name), d);
}

static void declare_all(struct gen *g)
{
	for (size_t i = 0; i < g->ast.n; i++) {
		struct decl *d = g->ast.decls[i];
		if (d->kind == DECL_CALL && !d->is_variant)
			declare(g, &g->calls, d);
		else if (d->kind != DECL_CALL)
			declare(g, &g->types, d);
		for (size_t k = 0; d->kind == DECL_SET && k < d->nitems; k++)
			if (d->items[k].name && !map_get(&g->constants, hash_name(d->items[k].name)))
				map_put(&g->constants, hash_name(d->items[k].name), &d->items[k]);
	}
}

/* Index 0 of every table stands for "none". */
static void start_tables(struct gen *g)
{
	APPEND(g->out_types.v, g->out_types.n)->name = "";
	APPEND(g->out_fields.v, g->out_fields.n)->name = "";
	APPEND(g->out_records.v, g->out_records.n)->name = "";
	APPEND(g->out_items.v, g->out_items.n)->name = "";
	APPEND(g->out_sets.v, g->out_sets.n)->name = "";
	(void)APPEND(g->out_arms.v, g->out_arms.n);
	APPEND(g->out_choices.v, g->out_choices.n)->name = "";
	(void)APPEND(g->out_effects.v, g->out_effects.n);
	APPEND(g->out_calls.v, g->out_calls.n)->name = "";
	(void)APPEND(g->out_variants.v, g->out_variants.n);
}

static void stats(const struct gen *g)
{
	unsigned calls = 0;
	unsigned variants = 0;
	unsigned undecoded = 0;
	for (size_t i = 0; i < g->ast.n; i++) {
		const struct decl *d = g->ast.decls[i];
		if (d->kind != DECL_CALL)
			continue;
		calls += !d->is_variant;
		variants += d->is_variant ? (unsigned)d->nitems : 0;
		undecoded += attr_of(d->attrs, d->nattrs, "undecoded") != NULL;
	}
	printf("%u calls in full, %u by prototype; %u variants; %zu structs, %zu sets, %zu constants, %zu types; %zu hooks\n",
	       calls - undecoded, undecoded, variants, g->out_records.n - 1, g->out_sets.n - 1, g->out_items.n - 1, g->out_types.n - 1, g->nhooks);
}

static void check_limits(struct gen *g)
{
	const size_t sizes[] = {g->out_types.n, g->out_fields.n, g->out_items.n, g->out_arms.n, g->out_calls.n, g->out_variants.n};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		if (sizes[i] > UINT16_MAX)
			complain(&g->errors, (struct place){"tables", 0}, "a table outgrew its 16-bit index (%zu entries)", sizes[i]);
}

int main(int argc, char **argv)
{
	struct gen *g = xcalloc(1, sizeof(*g));
	struct inputs in = {0};
	const char *output = NULL;
	bool wants_stats = false;
	bool keeps_going = false;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-o") == 0 && i + 1 < argc)
			output = argv[++i];
		else if (strcmp(argv[i], "--strict") == 0)
			g->is_strict = true;
		else if (strcmp(argv[i], "--stats") == 0)
			wants_stats = true;
		else if (strcmp(argv[i], "--keep-going") == 0)
			keeps_going = true;
		else
			take_input(g, &in, argv[i]);
	}
	if (!in.numbers || !in.errnos || !in.signals) {
		fputs("gen: expected numbers.tsv, errno.tsv and signals.tsv among the files\n", stderr);
		return 2;
	}
	start_tables(g);
	declare_all(g);
	compile_calls(g);
	settle_phases(g);
	check_limits(g);
	FILE *out = output ? fopen(output, "we") : fopen("/dev/null", "we");
	int failed = !out || emit(g, in.numbers, in.errnos, in.signals, out) < 0 || fclose(out) != 0;
	if (failed)
		fprintf(stderr, "gen: %s: %s\n", output ? output : "/dev/null", strerror(errno));
	if (wants_stats)
		stats(g);
	if (g->errors.n)
		fprintf(stderr, "gen: %u errors\n", g->errors.n);
	return failed || (g->errors.n && !keeps_going) ? 2 : 0;
}
