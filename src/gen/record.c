/* Structs to desc_record entries: offsets and sizes as the C compilers of each ABI model lay them out. */
#include "gen/gen.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

enum { OFFSET_MOST = 0xfffe, ALIGN_MOST = 128, FIELDS_MOST = 255 };

/* Where the layout of one model has got to. */
struct layout {
	uint64_t bits;  /* next free bit */
	uint64_t start; /* byte offset of the member before */
	uint64_t end;   /* bytes in use */
	bool is_packed;
	uint8_t align;
};

/* The fields of a record before they get their place among all. */
struct fields {
	struct desc_field *v;
	size_t n;
};

uint32_t field_flags(const struct member *m)
{
	static const struct { const char *name; uint32_t flag; } names[] = {
	    {"hide", FIELD_HIDE}, {"more", FIELD_MORE}, {"out", FIELD_OUT}, {"count", FIELD_COUNT}, {"result", FIELD_RESULT}, {"late", FIELD_LATE}, {"grows", FIELD_GROWS},
	    {"change", FIELD_CHANGE}, {"named", FIELD_NAMED}, {"bare", FIELD_BARE}, {"both", FIELD_BOTH}, {"union", FIELD_UNION},
	    {"interrupted", FIELD_INTERRUPTED}, {"too_big", FIELD_INTERRUPTED}, {"dots", FIELD_DOTS}, {"apart", FIELD_APART}, {"high_first", FIELD_HIGH_FIRST}, {"part", FIELD_PART}};
	uint32_t flags = 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (attr_of(m->attrs, m->nattrs, names[i].name))
			flags |= names[i].flag;
	return flags;
}

const char *shown_name(const struct member *m)
{
	const struct attr *a = attr_of(m->attrs, m->nattrs, "name");
	return a && a->nargs && a->args[0]->name ? a->args[0]->name : m->name;
}

static bool is_packed(const struct decl *d, enum model m)
{
	const struct attr *a = attr_of(d->attrs, d->nattrs, "packed");
	return a && (!a->nargs || names_model(a, m));
}

static bool is_there(const struct member *m, enum model model)
{
	const struct attr *a = attr_of(m->attrs, m->nattrs, "arch");
	return !a || names_model(a, model);
}

static uint64_t round_up(uint64_t n, uint64_t unit)
{
	return (n + unit - 1) / unit * unit;
}

/* Where a bit-field of the type T starts: at the next free bit, unless it would reach over more units than T has. */
static uint64_t first_bit(const struct layout *l, const struct member *m, uint64_t size, uint64_t align)
{
	bool reaches_over = round_up(l->bits % align + m->bits, align) > round_up(size, align);
	return reaches_over && !l->is_packed ? round_up(l->bits, align) : l->bits;
}

/* The offset is chosen so that the bit's number is the same on all models: the first one's, LP64's. */
static void place_bits(struct gen *g, struct layout *l, const struct member *m, uint64_t size, uint64_t align, struct desc_field *f, enum model model)
{
	uint64_t at = first_bit(l, m, size, align);
	uint64_t from = at % size + m->bits <= size ? at / size * size : at / 8 * 8;
	if (model == 0)
		f->bit = (uint8_t)(at - from);
	else if (at >= f->bit && (at - f->bit) % 8 == 0)
		from = at - f->bit;
	else
		complain(&g->errors, m->at, "%s starts at another bit on other ABIs: declare the struct with @arch", m->name);
	l->start = from / 8;
	f->off[model] = (uint16_t)l->start;
	f->bits = (uint8_t)m->bits;
	l->bits = at + m->bits;
}

static void place(struct gen *g, struct layout *l, const struct decl *d, const struct member *m, struct desc_field *f, enum model model)
{
	const struct desc_type *t = &g->out_types.v[f->type];
	uint8_t align = l->is_packed || !t->align[model] ? 1 : t->align[model];
	const struct attr *own = attr_of(m->attrs, m->nattrs, "align");
	if (own)
		align = (uint8_t)attr_number(g, m->at, own, 0, 1, ALIGN_MOST, align);
	if (align > l->align)
		l->align = align;
	if (attr_of(d->attrs, d->nattrs, "union"))
		l->bits = 0;
	else if (attr_of(m->attrs, m->nattrs, "union"))
		l->bits = l->start * 8;
	if (m->bits && t->size[model]) {
		place_bits(g, l, m, t->size[model] * 8ULL, align * 8ULL, f, model);
	} else {
		l->start = round_up(round_up(l->bits, 8) / 8, align);
		f->off[model] = (uint16_t)l->start;
		l->bits = (l->start + t->size[model]) * 8;
	}
	if (l->start > OFFSET_MOST && model == 0)
		complain(&g->errors, m->at, "%s lies beyond 64 KiB", m->name);
	if (round_up(l->bits, 8) / 8 > l->end)
		l->end = round_up(l->bits, 8) / 8;
}

static void lay_out(struct gen *g, const struct decl *d, struct desc_field *fields, struct desc_record *r, enum model model)
{
	struct layout l = {.align = 1, .is_packed = is_packed(d, model)};
	for (size_t i = 0; i < d->nmembers; i++) {
		fields[i].off[model] = FIELD_ABSENT;
		if (is_on_model(d, model) && is_there(&d->members[i], model))
			place(g, &l, d, &d->members[i], &fields[i], model);
	}
	if (!is_on_model(d, model))
		return;
	const struct attr *align = attr_of(d->attrs, d->nattrs, "align");
	if (align)
		l.align = (uint8_t)attr_number(g, d->at, align, 0, 1, ALIGN_MOST, l.align);
	r->align[model] = l.align;
	r->size[model] = (uint32_t)round_up(l.end, l.align);
	const struct attr *size = attr_of(d->attrs, d->nattrs, "size");
	if (size)
		r->size[model] = attr_number(g, d->at, size, 0, 1, 1U << 30, r->size[model]);
}

static size_t member_of(const struct decl *d, const struct node *n)
{
	for (size_t i = 0; n->kind == NODE_NAME && i < d->nmembers; i++)
		if (strcmp(d->members[i].name, n->name) == 0)
			return i;
	return d->nmembers;
}

/* The order in which members are emitted: as @show says, then the others, which then are never shown. */
static size_t order_members(struct gen *g, const struct decl *d, size_t *order)
{
	const struct attr *show = attr_of(d->attrs, d->nattrs, "show");
	bool *is_done = xcalloc(d->nmembers + 1, sizeof(bool));
	size_t n = 0;
	for (size_t i = 0; show && i < show->nargs; i++) {
		size_t k = member_of(d, show->args[i]);
		if (k == d->nmembers || is_done[k]) {
			complain(&g->errors, d->at, "@show: '%s' is no member, or named twice", show->args[i]->name ? show->args[i]->name : "?");
			continue;
		}
		is_done[k] = true;
		order[n++] = k;
	}
	size_t shown = n;
	for (size_t i = 0; i < d->nmembers; i++)
		if (!is_done[i])
			order[n++] = i;
	free(is_done);
	return show ? shown : n;
}

static void chain_of(struct gen *g, const struct decl *d, struct desc_record *r, const size_t *order)
{
	const struct attr *a = attr_of(d->attrs, d->nattrs, "chain");
	if (!a)
		return;
	size_t member = a->nargs ? member_of(d, a->args[0]) : d->nmembers;
	for (size_t i = 0; i < d->nmembers && !d->first_field; i++)
		if (order[i] == member)
			r->len_field = (uint16_t)(i + 1);
	if (d->first_field)
		return; /* one field states the length, the same on every ABI */
	if (!r->len_field)
		complain(&g->errors, d->at, "@chain names no member of %s", d->name);
	r->chain_align = a->nargs > 1 ? (uint8_t)attr_number(g, d->at, a, 1, 0, ALIGN_MOST, 1) : 1;
	r->chain_excludes_header = a->nargs > 2;
}

static void order_fields(struct gen *g, const struct decl *d, const struct desc_field *fields, struct desc_record *r, struct fields *list)
{
	size_t *order = xcalloc(d->nmembers + 1, sizeof(*order));
	size_t shown = order_members(g, d, order);
	chain_of(g, d, r, order);
	for (size_t i = 0; i < d->nmembers; i++) {
		struct desc_field f = fields[order[i]];
		f.name = shown_name(&d->members[order[i]]);
		if (i >= shown)
			f.cond = compile_never(g);
		*APPEND(list->v, list->n) = f;
	}
	free(order);
}

static void compile_member(struct gen *g, const struct context *c, const struct member *m, struct desc_field *f)
{
	f->name = m->name;
	f->type = compile_type(g, c, m->type);
	f->flags = field_flags(m);
	if (m->cond)
		f->cond = compile_expr(g, c, m->cond);
	const struct attr *at = attr_of(m->attrs, m->nattrs, "at");
	if (at && at->nargs)
		f->at = compile_expr(g, c, at->args[0]);
	const struct desc_type *t = &g->out_types.v[f->type];
	if (m->bits && (t->kind != KIND_INT || m->bits > t->width[MODEL_I386] * 8U))
		complain(&g->errors, m->at, "%s: no bit-field of %u bits in such a type", m->name, m->bits);
}

/* One declaration of a struct, laid out for the models it is for. */
static void compile_body(struct gen *g, const struct decl *d, struct desc_record *r, struct fields *list)
{
	struct desc_field *fields = xcalloc(d->nmembers + 1, sizeof(*fields));
	const struct context c = {.record = d};
	for (size_t i = 0; i < d->nmembers; i++)
		compile_member(g, &c, &d->members[i], &fields[i]);
	for (enum model m = 0; m < MODEL_COUNT; m++)
		lay_out(g, d, fields, r, m);
	order_fields(g, d, fields, r, list);
	free(fields);
}

static uint16_t record_flags(const struct decl *d)
{
	static const struct { const char *name; uint16_t flag; } names[] = {{"dated", RECORD_DATED}, {"loose", RECORD_LOOSE}, {"stepwise", RECORD_STEPWISE}, {"enclosed", RECORD_ENCLOSED}, {"call", RECORD_CALL}, {"plain", RECORD_PLAIN}, {"partial", RECORD_PARTIAL}, {"list", RECORD_LIST}, {"ratio", RECORD_RATIO}, {"open", RECORD_OPEN}, {"zero_last", RECORD_ZERO_LAST}, {"from_start", RECORD_FROM_START},
	    {"clamped", RECORD_CLAMPED}, {"pool", RECORD_POOL}, {"extra", RECORD_EXTRA}};
	unsigned flags = 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (attr_of(d->attrs, d->nattrs, names[i].name))
			flags |= names[i].flag;
	return (uint16_t)flags;
}

uint16_t compile_record(struct gen *g, struct decl *d)
{
	d->is_used = true;
	if (d->index)
		return (uint16_t)d->index;
	*APPEND(g->out_records.v, g->out_records.n) = (struct desc_record){.name = d->name};
	d->index = (int)g->out_records.n - 1;
	d->is_busy = true;
	struct desc_record r = {.name = d->name, .align = {1, 1, 1, 1}};
	r.flags = record_flags(d);
	const struct attr *least = attr_of(d->attrs, d->nattrs, "least");
	r.least = least ? (uint16_t)attr_number(g, d->at, least, 0, 1, UINT16_MAX, 1) : 0;
	struct fields list = {0};
	for (struct decl *body = d; body; body = body->next) {
		body->is_used = true;
		body->index = d->index;
		body->first_field = list.n;
		compile_body(g, body, &r, &list);
	}
	if (list.n > FIELDS_MOST)
		complain(&g->errors, d->at, "more than %d members", FIELDS_MOST);
	r.first = (uint16_t)g->out_fields.n;
	r.n = (uint16_t)list.n;
	for (size_t i = 0; i < list.n; i++)
		*APPEND(g->out_fields.v, g->out_fields.n) = list.v[i];
	free(list.v);
	g->out_records.v[d->index] = r;
	d->is_busy = false;
	return (uint16_t)d->index;
}
