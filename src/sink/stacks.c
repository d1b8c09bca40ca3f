/*
 * The format that flame-graph tools read. Counts are kept by stack and name of the call; names of functions are found
 * at the end, once.
 */
#include "sink/stacks.h"

#include "base/map.h"
#include "base/xalloc.h"
#include "decode/decode.h"
#include "stack/stack.h"
#include "state/task.h"

#include <stdlib.h>
#include <string.h>

enum { NS_PER_US = 1000 };

struct row {
	const struct stack *stack;
	const char *comm; /* owned */
	const char *call; /* the tables' */
	uint64_t weight;
	struct row *next; /* of the same hash */
};

struct stacks_sink {
	struct sink sink;
	struct out *out;
	enum stacks_weight weight;
	struct map rows;
};

/* What the verbs of the call say was moved: their first argument is a descriptor, the second the bytes. */
static uint64_t bytes_of(const struct call *call)
{
	for (unsigned i = 0; call->decl && !call->has_failed && i < call->decl->neffects; i++) {
		const struct desc_effect *e = &desc_effects[call->decl->first_effect + i];
		if (e->nargs >= 2 && (e->verb == VERB_read || e->verb == VERB_write || e->verb == VERB_pread || e->verb == VERB_pwrite))
			return decode_effect_value(call, e->args[1]);
	}
	return 0;
}

static uint64_t weight_of(enum stacks_weight weight, const struct call *call)
{
	switch (weight) {
	case STACKS_BYTES:
		return bytes_of(call);
	case STACKS_TIME:
		return (call->exit_mono - call->entry_mono) / NS_PER_US;
	default:
		return 1;
	}
}

static struct row *row_of(struct stacks_sink *s, const struct task *task, const struct call *call)
{
	uint64_t hash = task->stack->id * UINT64_C(1099511628211) ^ (uintptr_t)call->name;
	struct row *first = map_get(&s->rows, hash ? hash : 1);
	for (struct row *r = first; r; r = r->next)
		if (r->stack == task->stack && r->call == call->name && strcmp(r->comm, task->comm) == 0)
			return r;
	struct row *r = xcalloc(1, sizeof(*r));
	*r = (struct row){.stack = task->stack, .comm = xstrdup(task_comm((struct task *)task)), .call = call->name, .next = first};
	map_put(&s->rows, hash ? hash : 1, r);
	return r;
}

static void on_exit_(struct sink *sink, const struct task *task, const struct call *call)
{
	struct stacks_sink *s = (struct stacks_sink *)sink;
	if (task->stack && call->decl)
		row_of(s, task, call)->weight += weight_of(s->weight, call);
}

/* Semicolons and line ends are the format's own. */
static void put_name(struct buf *b, const char *name)
{
	for (const char *p = name; *p; p++)
		buf_c(b, *p == ';' ? ':' : (unsigned char)*p < ' ' ? '?' : *p);
}

static void put_frame(struct buf *b, const struct stack *st, unsigned i)
{
	const struct stack_symbol *s = stack_symbol(st, i);
	const char *path = st->frames[i].module ? st->frames[i].module->path : NULL;
	const char *slash = path ? strrchr(path, '/') : NULL;
	buf_c(b, ';');
	if (s && s->name) {
		put_name(b, s->name);
	} else if (path) {
		buf_c(b, '[');
		put_name(b, slash ? slash + 1 : path);
		buf_c(b, ']');
	} else {
		buf_lit(b, "[unknown]");
	}
	for (unsigned k = s ? s->ninlines : 0; k-- > 0;) {
		buf_c(b, ';');
		put_name(b, s->inlines[k].name);
	}
}

static void put_row(struct buf *b, const struct row *r)
{
	put_name(b, r->comm);
	for (unsigned i = r->stack->n; i-- > 0;)
		put_frame(b, r->stack, i);
	buf_c(b, ';');
	buf_puts(b, r->call);
	buf_c(b, ' ');
	buf_udec(b, r->weight);
	buf_c(b, '\n');
}

static int end(struct sink *sink)
{
	struct stacks_sink *s = (struct stacks_sink *)sink;
	size_t at = 0;
	for (struct row *r; (r = map_next(&s->rows, &at));)
		for (struct row *next; r; r = next) {
			next = r->next;
			if (r->weight)
				put_row(&s->out->buf, r);
			out_commit(s->out);
			free((void *)(uintptr_t)r->comm);
			free(r);
		}
	map_free(&s->rows);
	int err = out_close(s->out);
	free(s);
	return err;
}

static const struct sink_ops stacks_ops = {.name = "stacks", .exit = on_exit_, .end = end};

struct sink *stacks_open(const struct options *options, struct out *out)
{
	struct stacks_sink *s = xcalloc(1, sizeof(*s));
	s->sink.ops = &stacks_ops;
	s->out = out;
	s->weight = options->stacks_weight;
	return &s->sink;
}
