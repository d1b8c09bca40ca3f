/* symbol: names, files and lines of code, from symbol tables and DWARF by libdw, or Go's tables. Asked once for each place. */
#ifndef STACK_SYMBOL_H
#define STACK_SYMBOL_H

#include "stack/module.h"

/* A function that was inlined at a place, innermost first. */
struct stack_inline {
	char *name;       /* demangled; owned, as the file */
	char *file;       /* where in it; NULL = not known */
	int line;
};

struct stack_symbol {
	char *name;      /* demangled; NULL = none is known */
	uint64_t offset; /* from the start of it */
	char *file;      /* NULL = not known */
	int line;
	struct stack_inline *inlines; /* functions around the place, inside `name`; file and line are the innermost's */
	unsigned ninlines;
};

/* The innermost function at a place, inlined or not. */
struct stack_place {
	const char *name, *file; /* NULL = not known */
	int line;
};
static inline struct stack_place stack_place(const struct stack_symbol *s)
{
	if (s->ninlines)
		return (struct stack_place){s->inlines[0].name, s->inlines[0].file, s->inlines[0].line};
	return (struct stack_place){s->name, s->file, s->line};
}

/*
 * What lies at OFFSET of the module's file. IS_CALLER: it is a return address, so that line and inlined functions are
 * those of the instruction before. Never NULL; lives as long as the module.
 */
const struct stack_symbol *symbol_at(struct module *m, uint64_t offset, bool is_caller);
void symbols_free(struct module *m);

#endif
