/* The order of the compiler's work on what was parsed. */
#include "gen/gen.h"

#include "base/xalloc.h"

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
	APPEND(g->out_families.v, g->out_families.n)->name = "";
}

void compile(struct gen *g, const char *numbers_file, char *numbers)
{
	start_tables(g);
	declare_all(g);
	read_numbers(g, numbers_file, numbers);
	check_names(g);
	compile_calls(g);
	check_tables(g);
	settle_phases(g);
}
