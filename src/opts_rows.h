/* opts_rows: the table of options, between the files that make opts. Nothing else includes this. */
#ifndef OPTS_ROWS_H
#define OPTS_ROWS_H

#include "opts.h"

struct option_row;

/* One use of an option. */
struct option_use {
	const struct option_row *row;
	const char *value; /* NULL = none */
	bool is_long;      /* spelled with two dashes */
};

struct option_row {
	char letter;          /* 0 = long only */
	const char *word;     /* long name; NULL = letter only */
	const char *also;     /* other long names, behind spaces; NULL */
	const char *argument; /* its name in help; NULL = none; "[X]" = optional, behind = */
	const char *group;
	const char *help;
	const char *values; /* for completions: the words its argument can be, or "<file>"; NULL */
	size_t flag;        /* where there is no `set`: the bool in struct options that it sets */
	void (*set)(struct options *o, const struct option_use *use);
};

extern const struct option_row option_rows[];
extern const size_t option_row_count;

bool option_is_optional(const struct option_row *row);

/* opts_doc.c: what is made of the rows; each prints and ends the program. */
_Noreturn void opts_print_help(void);
_Noreturn void opts_print_version(void);
_Noreturn void opts_print_man(void);
_Noreturn void opts_print_completion(const char *shell);

#endif
