/*
 * gen, the table compiler: reads tables/, writes the const tables of desc/desc.h as C.
 *
 *   gen [-o FILE] [--strict] [--stats] [--keep-going] [--check-headers] [--list] [--dump NAME]… NUMBERS.tsv … TABLE.tbl …
 *
 *   -o FILE          write there, not to the standard output
 *   --strict         also ask that everything is used, documented and has a number (make check-tables)
 *   --stats          print how much is declared
 *   --keep-going     write what could be compiled although there were errors
 *   --check-headers  write asserts of constants and layouts against the installed headers instead
 *   --list           write constants and layouts as TSV instead (contrib/check-facts)
 *   --dump NAME      print a call with its variants, a struct with its layouts, a set or a choice instead
 *
 * Build: cc -std=c17 -D_GNU_SOURCE -Isrc -o build/gen src/gen/?*.c src/base/?*.c
 *
 * lex and parse make an ast of all files; names says what each name stands for; call, type, set, record, choice, expr
 * and constant resolve it on demand into output tables; phases and check look at these as a whole; emit writes them.
 * All faults are told (file:line: reason), then exit status 2. The map is gen.h.
 */
#include "gen/gen.h"

#include "base/xalloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { DUMPS_MOST = 16 };

struct inputs {
	const char *numbers_file;
	char *numbers;
	char *errnos;
	char *signals;
};

struct wishes {
	const char *output;
	bool wants_stats;
	bool keeps_going;
	bool wants_headers;
	bool wants_list;
	const char *dumps[DUMPS_MOST];
	size_t ndumps;
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
	if (strcmp(base_name(name), "numbers.tsv") == 0) {
		in->numbers = text;
		in->numbers_file = name;
	}
	else if (strcmp(base_name(name), "errno.tsv") == 0)
		in->errnos = text;
	else if (strcmp(base_name(name), "signals.tsv") == 0)
		in->signals = text;
	else
		parse(name, text, &g->ast, &g->errors);
}

static void read_arguments(struct gen *g, int argc, char **argv, struct wishes *w, struct inputs *in)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-o") == 0 && i + 1 < argc)
			w->output = argv[++i];
		else if (strcmp(argv[i], "--dump") == 0 && i + 1 < argc && w->ndumps < DUMPS_MOST)
			w->dumps[w->ndumps++] = argv[++i];
		else if (strcmp(argv[i], "--strict") == 0)
			g->is_strict = true;
		else if (strcmp(argv[i], "--stats") == 0)
			w->wants_stats = true;
		else if (strcmp(argv[i], "--keep-going") == 0)
			w->keeps_going = true;
		else if (strcmp(argv[i], "--check-headers") == 0)
			w->wants_headers = true;
		else if (strcmp(argv[i], "--list") == 0)
			w->wants_list = true;
		else
			take_input(g, in, argv[i]);
	}
}

/* Returns 0 or an exit status. */
static int write_output(struct gen *g, const struct wishes *w, const struct inputs *in)
{
	if (!w->output && w->wants_stats && !w->ndumps && !w->wants_headers && !w->wants_list)
		return 0;
	FILE *out = w->output ? fopen(w->output, "we") : stdout;
	if (!out) {
		fprintf(stderr, "gen: %s: %s\n", w->output, strerror(errno));
		return 2;
	}
	int status = 0;
	for (size_t i = 0; i < w->ndumps; i++)
		if (!dump(g, w->dumps[i], out)) {
			fprintf(stderr, "gen: nothing is named '%s'\n", w->dumps[i]);
			status = 2;
		}
	if (w->wants_list)
		list_facts(g, out);
	else if (w->wants_headers)
		check_headers(g, out);
	else if (!w->ndumps)
		emit(g, in->errnos, in->signals, out);
	if (ferror(out) || fclose(out) != 0) {
		fprintf(stderr, "gen: %s: %s\n", w->output ? w->output : "standard output", strerror(errno));
		status = 2;
	}
	return status;
}

int main(int argc, char **argv)
{
	struct gen *g = xcalloc(1, sizeof(*g));
	struct inputs in = {0};
	struct wishes w = {0};
	read_arguments(g, argc, argv, &w, &in);
	if (!in.numbers || !in.errnos || !in.signals) {
		fputs("gen: expected numbers.tsv, errno.tsv and signals.tsv among the files\n", stderr);
		return 2;
	}
	compile(g, in.numbers_file, in.numbers);
	if (w.wants_stats)
		stats(g, stdout);
	if (g->errors.n)
		fprintf(stderr, "gen: %u errors\n", g->errors.n);
	if (g->errors.n && !w.keeps_going && !w.ndumps)
		return 2;
	return write_output(g, &w, &in);
}
