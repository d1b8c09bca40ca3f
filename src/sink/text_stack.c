/* Stacks as strace shows them, and callers, which it does not. */
#include "sink/text.h"
#include "stack/stack.h"

#include <string.h>

/* Names come out of the traced program's files: bounded and escaped like its strings. */
enum { NAME_LIMIT = 4096 };

static void put_name(struct buf *b, const char *name)
{
	text_escape(b, (struct span){(const uint8_t *)name, strnlen(name, NAME_LIMIT)}, HEX_NONE, '\0');
}

static void put_source(struct buf *b, const char *file, int line)
{
	put_name(b, file);
	buf_c(b, ':');
	buf_dec(b, line);
}

static void put_frame(struct buf *b, const struct stack *st, unsigned i, bool has_source)
{
	const struct stack_frame *f = &st->frames[i];
	const struct stack_symbol *symbol = stack_symbol(st, i);
	buf_lit(b, " > ");
	if (!f->module) {
		buf_lit(b, "unexpected_backtracing_error [");
		buf_hex(b, f->offset);
		buf_lit(b, "]\n");
		return;
	}
	put_name(b, f->module->path);
	buf_c(b, '(');
	if (symbol->name) {
		put_name(b, symbol->name);
		buf_c(b, '+');
		buf_puts(b, symbol->offset ? "" : "0x");
		buf_hex(b, symbol->offset);
	}
	buf_lit(b, ") [");
	buf_hex(b, f->offset);
	buf_c(b, ']');
	const struct stack_place place = stack_place(symbol);
	if (has_source && place.file) {
		buf_c(b, ' ');
		put_source(b, place.file, place.line);
	}
	buf_c(b, '\n');
}

static char *lines_of(const struct stack *stack, bool has_source)
{
	struct buf lines = {0};
	struct buf *b = &lines;
	for (unsigned i = 0; i < stack->n; i++)
		put_frame(b, stack, i, has_source);
	if (stack->is_cut)
		buf_lit(b, " > too many stack frames\n");
	buf_c(b, '\0');
	return lines.p;
}

void text_stack(struct buf *b, const struct stack *stack, bool has_source)
{
	char **text = &((struct stack *)stack)->text[has_source]; /* a memo */
	if (!*text)
		*text = lines_of(stack, has_source);
	buf_puts(b, *text);
}

static const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

void text_caller(struct buf *b, const struct stack *stack)
{
	const struct stack_caller *c = stack ? stack_caller(stack) : NULL;
	if (!c)
		return;
	const struct stack_place place = stack_place(c->symbol);
	buf_lit(b, "  ");
	if (c->through)
		put_name(b, c->through);
	buf_puts(b, c->through ? " \u2190 " : "\u2190 ");
	if (place.name)
		put_name(b, place.name);
	else
		buf_hex(b, c->frame->offset);
	buf_lit(b, " (");
	if (place.file)
		put_source(b, file_name(place.file), place.line);
	else
		put_name(b, file_name(c->frame->module->path));
	buf_c(b, ')');
}
