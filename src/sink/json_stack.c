/* Frames with all that is known of them; a frame in no file has its address only. */
#include "sink/json_stack.h"

#include "sink/json_write.h"
#include "stack/stack.h"

static void text(struct buf *b, const char *key, const char *s)
{
	if (!s)
		return;
	json_key(b, key);
	json_text(b, s);
}

static void place(struct buf *b, const char *file, int line)
{
	if (!file)
		return;
	text(b, "file", file);
	json_key(b, "line");
	json_int(b, line);
}

static void build_id(struct buf *b, const struct module *m)
{
	static const char digits[] = "0123456789abcdef";
	char hex[2 * BUILD_ID_MAX + 1];
	for (unsigned i = 0; i < m->build_id_size; i++) {
		hex[2 * i] = digits[m->build_id[i] >> 4];
		hex[2 * i + 1] = digits[m->build_id[i] & 15];
	}
	hex[2 * m->build_id_size] = '\0';
	text(b, "build_id", m->build_id_size ? hex : NULL);
}

static void symbol(struct buf *b, const struct stack_symbol *s)
{
	text(b, "symbol", s->name);
	if (s->name) {
		json_key(b, "symbol_offset");
		json_uint(b, s->offset);
	}
	place(b, s->file, s->line);
	if (!s->ninlines)
		return;
	json_key(b, "inlined");
	json_open_array(b);
	for (unsigned i = 0; i < s->ninlines; i++) {
		json_open_object(b);
		text(b, "symbol", s->inlines[i].name);
		place(b, s->inlines[i].file, s->inlines[i].line);
		json_close_object(b);
	}
	json_close_array(b);
}

static void frame(struct buf *b, const struct stack_frame *f, const struct stack_symbol *s)
{
	json_open_object(b);
	if (f->module) {
		text(b, "module", f->module->path);
		build_id(b, f->module);
	}
	json_key(b, f->module ? "offset" : "address");
	json_hex(b, f->offset);
	if (s)
		symbol(b, s);
	json_close_object(b);
}

void json_stack(struct buf *b, const struct stack *stack)
{
	json_key(b, "stack_id");
	json_uint(b, stack->id);
	json_key(b, "stack");
	json_open_array(b);
	for (unsigned i = 0; i < stack->n; i++)
		frame(b, &stack->frames[i], stack_symbol(stack, i));
	json_close_array(b);
	const struct stack_caller *c = stack_caller(stack);
	if (!c)
		return;
	const struct stack_place p = stack_place(c->symbol);
	json_key(b, "caller");
	json_open_object(b);
	text(b, "symbol", p.name);
	text(b, "module", c->frame->module->path);
	place(b, p.file, p.line);
	text(b, "through", c->through);
	json_close_object(b);
}
