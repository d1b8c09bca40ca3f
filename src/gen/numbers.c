/*
 * numbers.tsv: a row a name, a column an ABI. A cell `nr=decl` says that the entry point has the arguments of another
 * declaration. errno.tsv and signals.tsv: number, name, message or note.
 */
#include "gen/gen.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

enum { NUMBER_MOST = 4095 }; /* arm's private calls lie at 0xf0000: declared, but not indexed by number */

/* The next field of a tab-separated line, cut off in place; NULL behind the last. */
static char *field(char **line)
{
	char *start = *line;
	if (!start)
		return NULL;
	char *tab = strchr(start, '\t');
	*line = tab ? tab + 1 : NULL;
	if (tab)
		*tab = '\0';
	return start;
}

/* The next line, cut off in place; NULL behind the last. */
static char *next_line(char **text)
{
	char *start = *text;
	if (!start || !*start)
		return NULL;
	char *end = strchr(start, '\n');
	*text = end ? end + 1 : NULL;
	if (end)
		*end = '\0';
	return start;
}

static void read_cell(struct gen *g, struct number *row, int abi, char *cell)
{
	if (strcmp(cell, "-") == 0 || !*cell)
		return;
	char *end = NULL;
	unsigned long nr = strtoul(cell, &end, 0);
	if (end == cell || (*end && *end != '=') || nr > 1UL << 24) {
		complain(&g->errors, row->at, "%s: '%s' is no number, number=declaration or -", row->name, cell);
		return;
	}
	row->nr[abi] = (int)nr;
	row->decl[abi] = *end == '=' ? end + 1 : row->name;
}

static void read_row(struct gen *g, struct place at, char *line, const int *columns, size_t n)
{
	struct number *row = APPEND(g->numbers, g->nnumbers);
	row->at = at;
	row->name = field(&line);
	for (int abi = 0; abi < ABI_COUNT; abi++)
		row->nr[abi] = -1;
	for (size_t i = 0; i < n; i++) {
		char *cell = field(&line);
		if (cell && columns[i] >= 0)
			read_cell(g, row, columns[i], cell);
	}
}

/* Leads each number to its declaration; which then knows the ABIs it is for. */
static void link_numbers(struct gen *g)
{
	for (size_t i = 0; i < g->nnumbers; i++)
		for (int abi = 0; abi < ABI_COUNT; abi++) {
			struct number *row = &g->numbers[i];
			struct decl *d = row->decl[abi] ? find_call(g, row->decl[abi]) : NULL;
			if (d) {
				d->abis |= 1U << abi;
				d->is_used = true;
				continue;
			}
			/* While tables are being written the plain declaration serves for the special one. */
			d = row->decl[abi] && !g->is_strict ? find_call(g, row->name) : NULL;
			if (d)
				row->decl[abi] = d->name;
		}
}

void read_numbers(struct gen *g, const char *file, char *text)
{
	int columns[16];
	size_t n = 0;
	char *header = next_line(&text);
	char *rest = header;
	field(&rest);
	for (char *name; n < 16 && (name = field(&rest));)
		columns[n++] = abi_of(name);
	struct place at = {file, 1};
	for (char *line; (line = next_line(&text));) {
		at.line++;
		if (*line && *line != '#')
			read_row(g, at, line, columns, n);
	}
	link_numbers(g);
}

static void put_abi(const struct gen *g, int abi, FILE *out)
{
	struct desc_number v[NUMBER_MOST + 1] = {{0}};
	int most = -1;
	for (size_t i = 0; i < g->nnumbers; i++) {
		const struct number *row = &g->numbers[i];
		int nr = row->nr[abi];
		if (nr < 0 || nr > NUMBER_MOST)
			continue;
		const struct decl *d = find_call(g, row->decl[abi]);
		v[nr] = (struct desc_number){row->name, (uint16_t)(d ? d->index : 0)};
		most = nr > most ? nr : most;
	}
	fprintf(out, "static const struct desc_number numbers_%d[] = {\n", abi);
	for (int nr = 0; nr <= most; nr++) {
		fputs("\t{", out);
		put_string(out, v[nr].name);
		fprintf(out, ", %u},\n", v[nr].call);
	}
	fprintf(out, "\t{NULL, 0},\n};\nenum { NUMBERS_%d = %d };\n", abi, most + 1);
}

void put_numbers(const struct gen *g, FILE *out)
{
	for (int abi = 0; abi < ABI_COUNT; abi++)
		put_abi(g, abi, out);
	fputs("const struct desc_number *const desc_numbers[ABI_COUNT] = {", out);
	for (int abi = 0; abi < ABI_COUNT; abi++)
		fprintf(out, "numbers_%d, ", abi);
	fputs("};\nconst uint32_t desc_number_count[ABI_COUNT] = {", out);
	for (int abi = 0; abi < ABI_COUNT; abi++)
		fprintf(out, "NUMBERS_%d, ", abi);
	fputs("};\n", out);
}

/* HAS_MESSAGE: the third column is a text; else it marks aliases, which are left out. */
static void put_list(char *text, bool has_message, FILE *out)
{
	next_line(&text);
	for (char *line; (line = next_line(&text));) {
		const char *number = field(&line);
		const char *name = field(&line);
		const char *third = field(&line);
		bool is_blank = !third || strcmp(third, "-") == 0;
		if (!name || (!has_message && !is_blank))
			continue;
		fprintf(out, "\t{%ld, ", strtol(number, NULL, 0));
		put_string(out, name);
		fputs(", ", out);
		put_string(out, is_blank ? NULL : third);
		fputs("},\n", out);
	}
	fputs("\t{0, NULL, NULL},\n};\n", out);
}

void put_names(char *errnos, char *signals, FILE *out)
{
	fputs("const struct desc_name desc_errnos[] = {\n", out);
	put_list(errnos, true, out);
	fputs("const struct desc_name desc_signals[] = {\n", out);
	put_list(signals, false, out);
}
