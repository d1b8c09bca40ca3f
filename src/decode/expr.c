/*
 * The expressions of the tables: postfix code over a small stack. The compiler made the code, so its shape is
 * trusted; the values are the tracee's, so arithmetic wraps and nothing traps.
 */
#include "decode/walk.h"

#include <assert.h>

enum { STACK = 16 };

struct number {
	uint64_t v;
	bool is_unsigned; /* a size of the tracee: the top bit is no sign */
};

struct machine {
	struct walk *w;
	const struct scope *scope;
	const uint8_t *pc;
	struct number stack[STACK];
	unsigned top;
};

static void push(struct machine *m, uint64_t v, bool is_unsigned)
{
	assert(m->top < STACK);
	m->stack[m->top++] = (struct number){v, is_unsigned};
}

static struct number pop(struct machine *m)
{
	assert(m->top > 0);
	return m->stack[--m->top];
}

static uint64_t operand(struct machine *m, unsigned width)
{
	uint64_t v = 0;
	for (unsigned i = 0; i < width; i++)
		v |= (uint64_t)*m->pc++ << (8 * i);
	return v;
}

static const struct scope *with_record(const struct scope *s)
{
	while (s && !s->record)
		s = s->up;
	return s;
}

static const struct scope *with_region(const struct scope *s)
{
	while (s && !s->at)
		s = s->up;
	return s;
}

static void push_typed(struct machine *m, uint16_t type, uint64_t bits)
{
	const struct desc_type *t = &desc_types[type];
	uint64_t v = t->kind == KIND_INT ? walk_number(t, m->w->model, bits) : bits;
	push(m, v, !(t->flags & TYPE_SIGNED));
}

static void push_field(struct machine *m, unsigned index)
{
	const struct scope *s = with_record(m->scope);
	if (!s || index >= s->record->n) {
		push(m, 0, false);
		return;
	}
	const struct desc_field *f = &desc_fields[s->record->first + index];
	const struct desc_type *t = &desc_types[f->type];
	unsigned width = t->width[m->w->model];
	if (width == 0 || width > 8)
		width = 1;
	uint64_t bits = 0;
	span_load(region_get(m->w, s->at, f->off[m->w->model], width), 0, width, &bits);
	if (f->bits && f->bits < 64)
		bits = bits >> f->bit & (((uint64_t)1 << f->bits) - 1);
	push_typed(m, f->type, bits);
}

static void push_arg(struct machine *m, unsigned index)
{
	if (index >= m->w->nargs)
		push(m, 0, false);
	else
		push_typed(m, m->w->fields[index]->type, m->w->regs[index]);
}

/* The scalar an argument's pointer leads to, from the tree: what was there on entry. */
static bool behind(const struct val *v, uint64_t *ret_n)
{
	if (!v || v->kind != VAL_PTR || !v->child || v->child->kind != VAL_INT)
		return false;
	*ret_n = v->child->n;
	return true;
}

static void push_deref(struct machine *m, unsigned index)
{
	struct walk *w = m->w;
	if (index >= w->nargs) {
		push(m, 0, false);
		return;
	}
	const struct val *v = w->vals[index];
	uint16_t elem = desc_types[w->fields[index]->type].elem;
	const struct desc_type *t = &desc_types[elem];
	unsigned width = t->width[w->model];
	if (width == 0 || width > 8)
		width = 8;
	uint64_t before = 0;
	bool has_before = v && behind(v->before ? v->before : v, &before);
	uint64_t bits = 0;
	uint64_t now = 0;
	bool has_now = false;
	if (w->mem.mem)
		has_now = span_load(mem_get(&w->mem, w->regs[index], width), 0, width, &bits);
	else
		has_now = v && behind(v, &now);
	if (has_now && w->mem.mem)
		now = walk_number(t, w->model, bits);
	if (has_now && has_before && w->is_exit)
		now = (int64_t)before < (int64_t)now ? before : now;
	push(m, has_now ? now : before, false);
}

static void push_result(struct machine *m)
{
	const struct walk *w = m->w;
	push(m, w->has_result ? (uint64_t)w->call->result : 0, false);
}

static void push_rest(struct machine *m)
{
	const struct scope *s = with_region(m->scope);
	push(m, s && s->at->size > s->pos ? s->at->size - s->pos : 0, false);
}

static void do_peek(struct machine *m, unsigned width)
{
	const struct scope *s = with_region(m->scope);
	uint64_t off = pop(m).v;
	uint64_t v = 0;
	if (s && off < s->at->size)
		span_load(region_get(m->w, s->at, off, width), 0, width, &v);
	push(m, v, true);
}

static void do_behind(struct machine *m, unsigned width)
{
	uint64_t addr = pop(m).v;
	uint64_t v = 0;
	bool is_there = span_load(mem_get(&m->w->mem, addr, width), 0, width, &v);
	push(m, is_there ? v : UINT64_MAX, true);
}

static void do_take(struct machine *m)
{
	uint64_t want = pop(m).v;
	struct number all = pop(m);
	if (!m->w->has_pool)
		m->w->pool = (int64_t)all.v < 0 && !all.is_unsigned ? 0 : all.v;
	m->w->has_pool = true;
	uint64_t n = want < m->w->pool ? want : m->w->pool;
	m->w->pool -= n;
	push(m, n, true);
}

static void push_key(struct machine *m, unsigned index)
{
	const struct scope *s = m->scope;
	while (s && !s->keys)
		s = s->up;
	push(m, s && index < 3 ? s->keys[index] : 0, false);
}

static void do_protocol(struct machine *m)
{
	const struct decode_env *env = m->w->env;
	int fd = (int)pop(m).v;
	int proto = env && env->socket_protocol ? env->socket_protocol(env->ctx, fd) : -1;
	push(m, (uint64_t)(int64_t)proto, false);
}

/* Netlink attributes: length and type, 16 bits each, then the value, aligned to 4. Of equal types the last one counts. */
static uint64_t sibling_text(struct walk *w, const struct scope *chain, uint64_t type)
{
	enum { HEADER = 4, TYPE_MASK = 0x3fff, TEXT_MOST = 8 };
	uint64_t text = 0;
	for (uint64_t off = 0; off < chain->pos;) {
		struct span head = region_get(w, chain->at, off, HEADER);
		uint64_t n = 0;
		uint64_t its = 0;
		if (!span_load(head, 0, 2, &n) || !span_load(head, 2, 2, &its) || n < HEADER)
			break;
		if ((its & TYPE_MASK) == type) {
			struct span value = region_get(w, chain->at, off + HEADER, n - HEADER < TEXT_MOST ? n - HEADER : TEXT_MOST);
			text = 0;
			for (size_t i = 0; i < value.n && value.p[i]; i++)
				text |= (uint64_t)value.p[i] << (8 * i);
		}
		off += (n + 3) & ~(uint64_t)3;
	}
	return text;
}

static void do_sibling(struct machine *m)
{
	const struct scope *s = m->scope;
	uint64_t type = pop(m).v;
	while (s && !s->is_chain)
		s = s->up;
	push(m, s ? sibling_text(m->w, s, type) : 0, true);
}

static bool less(struct number a, struct number b)
{
	if (!a.is_unsigned && (int64_t)a.v < 0)
		return b.is_unsigned || (int64_t)a.v < (int64_t)b.v;
	return b.is_unsigned || (int64_t)b.v >= 0 ? a.v < b.v : false;
}

static uint64_t shifted(enum op op, uint64_t v, uint64_t by)
{
	if (by > 63)
		return 0;
	return op == OP_SHL ? v << by : v >> by;
}

static void do_binary(struct machine *m, enum op op)
{
	struct number b = pop(m);
	struct number a = pop(m);
	bool is_unsigned = a.is_unsigned || b.is_unsigned;
	switch (op) {
	case OP_AND: push(m, a.v & b.v, is_unsigned); break;
	case OP_OR: push(m, a.v | b.v, is_unsigned); break;
	case OP_ADD: push(m, a.v + b.v, is_unsigned); break;
	case OP_SUB: push(m, a.v - b.v, false); break; /* a length below what it must be counts as zero */
	case OP_MUL: push(m, a.v * b.v, is_unsigned); break;
	case OP_DIV: push(m, b.v ? a.v / b.v : 0, is_unsigned); break;
	case OP_SHL:
	case OP_SHR: push(m, shifted(op, a.v, b.v), is_unsigned); break;
	case OP_EQ: push(m, a.v == b.v, false); break;
	case OP_NE: push(m, a.v != b.v, false); break;
	case OP_LT: push(m, less(a, b), false); break;
	case OP_GT: push(m, less(b, a), false); break;
	case OP_ANDAND: push(m, a.v && b.v, false); break;
	case OP_OROR: push(m, a.v || b.v, false); break;
	case OP_MIN: push(m, less(a, b) ? a.v : b.v, less(a, b) ? a.is_unsigned : b.is_unsigned); break;
	default: push(m, 0, false); break;
	}
}

static void step(struct machine *m, enum op op)
{
	switch (op) {
	case OP_CONST: push(m, operand(m, 8), false); break;
	case OP_FIELD: push_field(m, (unsigned)operand(m, 1)); break;
	case OP_ARG: push_arg(m, (unsigned)operand(m, 1)); break;
	case OP_DEREF: push_deref(m, (unsigned)operand(m, 1)); break;
	case OP_RET: push_result(m); break;
	case OP_REST: push_rest(m); break;
	case OP_PEEK: do_peek(m, (unsigned)operand(m, 1) & 15); break;
	case OP_TAKE: do_take(m); break;
	case OP_PROTO: do_protocol(m); break;
	case OP_SIBLING: do_sibling(m); break;
	case OP_KEY: push_key(m, (unsigned)operand(m, 1)); break;
	case OP_NOT: push(m, !pop(m).v, false); break;
	case OP_INDEX: push(m, m->w->index, true); break;
	case OP_BEHIND: do_behind(m, (unsigned)operand(m, 1) & 15); break;
	case OP_FAILED: push(m, m->w->is_exit && !m->w->has_result, false); break;
	case OP_VERBOSE: push(m, m->w->env && m->w->env->is_verbose, false); break;
	case OP_EXITING: push(m, m->w->is_exit, false); break;
	case OP_ABI_WORD: push(m, desc_is_lp64(m->w->model) ? 8 : 4, false); break;
	default: do_binary(m, op); break;
	}
}

static struct number run(struct walk *w, const struct scope *s, uint16_t at)
{
	struct machine m;
	m.w = w;
	m.scope = s;
	m.pc = desc_code + at;
	m.top = 0;
	for (;;) {
		enum op op = (enum op)*m.pc++;
		if (op == OP_END)
			break;
		step(&m, op);
	}
	return m.top ? m.stack[m.top - 1] : (struct number){0, false};
}

int64_t expr_eval(struct walk *w, const struct scope *s, uint16_t at)
{
	return (int64_t)run(w, s, at).v;
}

uint64_t expr_length(struct walk *w, const struct scope *s, uint16_t at, bool *ret_is_negative)
{
	struct number n = run(w, s, at);
	*ret_is_negative = !n.is_unsigned && (int64_t)n.v < 0;
	return *ret_is_negative ? 0 : n.v;
}

uint64_t expr_size(struct walk *w, const struct scope *s, uint16_t at)
{
	bool is_negative = false;
	return expr_length(w, s, at, &is_negative);
}

bool expr_needs_result(uint16_t at)
{
	for (const uint8_t *pc = desc_code + at;; pc++) {
		switch ((enum op)*pc) {
		case OP_END: return false;
		case OP_RET:
		case OP_DEREF:
		case OP_TAKE: return true;
		case OP_CONST: pc += 8; break;
		case OP_FIELD:
		case OP_ARG:
		case OP_PEEK:
		case OP_KEY:
		case OP_BEHIND: pc++; break;
		default: break;
		}
	}
}

int expr_arg(uint16_t at, bool *ret_is_deref)
{
	const uint8_t *pc = desc_code + at;
	if ((pc[0] != OP_ARG && pc[0] != OP_DEREF) || pc[2] != OP_END)
		return -1;
	*ret_is_deref = pc[0] == OP_DEREF;
	return pc[1];
}
