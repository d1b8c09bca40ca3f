/*
 * The caller of interest. A program's own code calls the kernel through the C library, or through its language's runtime;
 * the frames of these are skipped from the innermost on.
 */
#include "stack/stack.h"

#include "base/xalloc.h"

#include <string.h>

/* Packages of Go's standard library through which calls go. */
static bool is_go_runtime(const char *name)
{
	static const char *const packages[] = {"runtime.", "runtime/", "syscall.", "internal/", "os.", "io.", "io/", "net.", "net/", "bufio.", "fmt.", "time.", "sync.", "log."};
	for (size_t i = 0; i < sizeof(packages) / sizeof(packages[0]); i++)
		if (strncmp(name, packages[i], strlen(packages[i])) == 0)
			return true;
	return false;
}

static bool is_runtime(const struct stack_frame *f, const struct stack_symbol *symbol)
{
	if (!f->module)
		return true;
	return f->module->is_runtime || (f->module->go && symbol->name && is_go_runtime(symbol->name));
}

static struct stack_caller find(const struct stack *st)
{
	struct stack_caller c = {0};
	const struct stack_symbol *below = NULL;
	for (unsigned i = 0; i < st->n; i++) {
		const struct stack_symbol *symbol = stack_symbol(st, i);
		if (!is_runtime(&st->frames[i], symbol)) {
			c.frame = &st->frames[i];
			c.symbol = symbol;
			c.through = below ? below->name : NULL;
			return c;
		}
		if (symbol && symbol->name)
			below = symbol;
	}
	return c;
}

const struct stack_caller *stack_caller(const struct stack *st)
{
	if (!st->caller) {
		struct stack_caller *c = xcalloc(1, sizeof(*c));
		*c = find(st);
		((struct stack *)st)->caller = c; /* a memo */
	}
	return st->caller->frame ? st->caller : NULL;
}
