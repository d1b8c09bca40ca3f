/* Types to desc_type entries, with the layout of what lies in memory computed per ABI model. */
#include "gen/gen.h"

#include "base/xalloc.h"

#include <string.h>

struct scalar {
	const char *name;
	int width; /* 'W' = the model's word */
	bool is_signed;
	enum role role;
};
static const struct scalar scalars[] = {
#define SCALAR(n, w, s, r) {#n, w, s, r},
#define ALIAS(n, w, s, r) {#n, w, s, r},
#include "desc/builtin.def"
#undef SCALAR
#undef ALIAS
};

static uint8_t word(enum model m)
{
	return m == MODEL_LP64 || m == MODEL_AARCH64 ? 8 : 4;
}

static uint8_t alignment(enum model m, uint32_t width)
{
	if (m == MODEL_I386 && width > 4)
		return 4;
	return (uint8_t)(width > 8 ? 1 : width ? width : 1);
}

struct decl *find_type(const struct gen *g, const char *name)
{
	return map_get(&g->types, hash_name(name));
}

static uint16_t store(struct gen *g, const struct desc_type *t)
{
	/* Names are pointers: types that differ in these alone are kept apart only where the text differs. */
	struct desc_type key = *t;
	key.name = NULL;
	uint64_t h = hash_bytes(&key, sizeof(key)) ^ (t->name ? hash_name(t->name) : 0);
	size_t at = (size_t)(uintptr_t)map_get(&g->type_cache, h);
	if (at)
		return (uint16_t)at;
	*APPEND(g->out_types.v, g->out_types.n) = *t;
	map_put(&g->type_cache, h, (void *)(uintptr_t)(g->out_types.n - 1));
	return (uint16_t)(g->out_types.n - 1);
}

static struct desc_type blank(uint8_t kind)
{
	struct desc_type t;
	memset(&t, 0, sizeof(t)); /* padding too: it is hashed */
	t.kind = kind;
	t.name = "";
	return t;
}

static const struct scalar *scalar_of(const char *name)
{
	for (size_t i = 0; i < sizeof(scalars) / sizeof(scalars[0]); i++)
		if (strcmp(scalars[i].name, name) == 0)
			return &scalars[i];
	return NULL;
}

static void scalar_layout(struct desc_type *t, const struct scalar *s)
{
	bool is_big = strcmp(s->name, "be16") == 0 || strcmp(s->name, "be32") == 0 || strcmp(s->name, "be64") == 0 ||
		      s->role == ROLE_PORT || s->role == ROLE_HTONL;
	t->flags = (uint16_t)((t->flags & (TYPE_HEX | TYPE_OCT | TYPE_DEC)) | (s->is_signed ? TYPE_SIGNED : 0) | (is_big ? TYPE_BIG_ENDIAN : 0));
	for (enum model m = 0; m < MODEL_COUNT; m++) {
		t->width[m] = s->width == 'W' ? word(m) : (uint8_t)s->width;
		t->size[m] = t->width[m];
		t->align[m] = alignment(m, t->width[m]);
	}
}

/* [hex] [oct] [dec], or for a set another integer type. */
static void format_args(struct gen *g, struct desc_type *t, const struct node *n)
{
	for (size_t i = 0; i < n->nargs; i++) {
		const char *a = n->args[i]->name ? n->args[i]->name : "";
		const struct scalar *s = scalar_of(a);
		if (strcmp(a, "hex") == 0)
			t->flags |= TYPE_HEX;
		else if (strcmp(a, "oct") == 0)
			t->flags |= TYPE_OCT;
		else if (strcmp(a, "dec") == 0)
			t->flags |= TYPE_DEC;
		else if (s && s->role != ROLE_NONE)
			scalar_layout(t, s);
		else
			complain(&g->errors, n->at, "'%s' cannot be in the brackets of an integer: hex, oct, dec or an integer type", a);
	}
}

/* The set that gives a role its names, where the tables declare one. */
static uint16_t set_of_role(struct gen *g, enum role role)
{
	static const struct { enum role role; const char *set; } sets[] = {{ROLE_IOCTL, "ioctl_cmd"}, {ROLE_CLOCKID, "clock_name"}, {ROLE_KEYSERIAL, "key_serial"}};
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		struct decl *d = sets[i].role == role ? find_type(g, sets[i].set) : NULL;
		if (d && d->kind == DECL_SET)
			return compile_set(g, d);
	}
	return 0;
}

static uint16_t compile_scalar(struct gen *g, const struct node *n, const struct scalar *s)
{
	struct desc_type t = blank(KIND_INT);
	t.role = (uint8_t)s->role;
	scalar_layout(&t, s);
	format_args(g, &t, n);
	t.set = set_of_role(g, s->role);
	t.phases = PHASE_ENTRY;
	return store(g, &t);
}

static const char *unknown_comment(const struct decl *d)
{
	const struct attr *a = attr_of(d->attrs, d->nattrs, "unknown");
	return a && a->nargs ? a->args[0]->name : NULL;
}

static const uint64_t *per_abi(struct gen *g, const struct item *it, const struct decl *d, uint64_t value)
{
	uint64_t v[ABI_COUNT];
	bool differs = false;
	for (enum abi abi = 0; abi < ABI_COUNT; abi++) {
		v[abi] = value;
		constant(g, it->value, model_of(abi), d, &v[abi]);
	}
	for (size_t i = 0; i < it->nattrs; i++) {
		int abi = abi_of(it->attrs[i].name);
		if (abi >= 0 && it->attrs[i].nargs)
			constant(g, it->attrs[i].args[0], model_of((enum abi)abi), d, &v[abi]);
	}
	for (int i = 0; i < ABI_COUNT; i++)
		differs |= v[i] != value;
	return differs ? memcpy(xmalloc(sizeof(v)), v, sizeof(v)) : NULL;
}

static int by_value(const void *a, const void *b)
{
	const struct desc_item *x = a;
	const struct desc_item *y = b;
	return x->value < y->value ? -1 : x->value > y->value;
}

/* A stable sort: where a value has two names the first declared wins. */
static void sort_items(struct desc_item *v, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k && by_value(&v[k - 1], &v[k]) > 0; k--) {
			struct desc_item t = v[k];
			v[k] = v[k - 1];
			v[k - 1] = t;
		}
}

uint16_t compile_set(struct gen *g, struct decl *d)
{
	if (d->index)
		return (uint16_t)d->index;
	*APPEND(g->out_sets.v, g->out_sets.n) = (struct desc_set){.name = d->name, .is_flags = d->is_flags};
	d->index = (int)g->out_sets.n - 1;
	struct desc_item *items = NULL;
	size_t n = 0;
	for (size_t i = 0; i < d->nitems; i++) {
		const struct item *it = &d->items[i];
		struct desc_item out = {.name = it->subset ? NULL : it->name};
		if (!it->value || !constant(g, it->value, MODEL_LP64, d, &out.value)) {
			complain(&g->errors, it->at, "the value of %s is no constant", it->name ? it->name : "a mask");
			continue;
		}
		out.per_abi = per_abi(g, it, d, out.value);
		struct decl *sub = it->subset ? find_type(g, it->subset) : NULL;
		if (it->subset && (!sub || sub->kind != DECL_SET))
			complain(&g->errors, it->at, "no set '%s'", it->subset);
		else if (sub)
			out.subset = compile_set(g, sub);
		*APPEND(items, n) = out;
	}
	if (!d->is_flags)
		sort_items(items, n);
	struct desc_set *s = &g->out_sets.v[d->index];
	s->first = (uint16_t)g->out_items.n;
	s->n = (uint16_t)n;
	s->is_decimal = attr_of(d->attrs, d->nattrs, "dec") != NULL;
	s->unknown = unknown_comment(d);
	for (size_t i = 0; i < n; i++)
		*APPEND(g->out_items.v, g->out_items.n) = items[i];
	return (uint16_t)d->index;
}

static uint16_t compile_set_type(struct gen *g, const struct node *n, struct decl *d)
{
	struct desc_type t = blank(KIND_INT);
	const struct scalar *base = d->type ? scalar_of(d->type->name) : scalar_of("u32");
	if (!base)
		complain(&g->errors, d->at, "'%s' is no integer type", d->type->name);
	else
		scalar_layout(&t, base);
	t.role = ROLE_INT;
	if (base && base->role != ROLE_INT)
		t.role = (uint8_t)base->role;
	t.name = d->name;
	t.set = compile_set(g, d);
	t.phases = PHASE_ENTRY;
	format_args(g, &t, n);
	return store(g, &t);
}

uint32_t field_flags(const struct member *m)
{
	static const struct { const char *name; uint32_t flag; } names[] = {
	    {"hide", FIELD_HIDE}, {"more", FIELD_MORE}, {"out", FIELD_OUT}, {"count", FIELD_COUNT}, {"result", FIELD_RESULT}, {"late", FIELD_LATE},
	    {"change", FIELD_CHANGE}, {"named", FIELD_NAMED}, {"bare", FIELD_BARE}, {"both", FIELD_BOTH},
	    {"interrupted", FIELD_INTERRUPTED}};
	uint32_t flags = 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (attr_of(m->attrs, m->nattrs, names[i].name))
			flags |= names[i].flag;
	return flags;
}

const char *shown_name(const struct member *m)
{
	const struct attr *a = attr_of(m->attrs, m->nattrs, "name");
	return a && a->nargs ? a->args[0]->name : m->name;
}

static bool is_packed(const struct decl *d, enum model m)
{
	const struct attr *a = attr_of(d->attrs, d->nattrs, "packed");
	if (!a || !a->nargs)
		return a != NULL;
	for (size_t i = 0; i < a->nargs; i++) {
		int abi = a->args[i]->name ? abi_of(a->args[i]->name) : -1;
		if (abi >= 0 && model_of((enum abi)abi) == m)
			return true;
	}
	return false;
}

static bool is_there(const struct member *m, enum model model)
{
	const struct attr *a = attr_of(m->attrs, m->nattrs, "arch");
	for (size_t i = 0; a && i < a->nargs; i++) {
		int abi = a->args[i]->name ? abi_of(a->args[i]->name) : -1;
		if (abi >= 0 && model_of((enum abi)abi) == model)
			return true;
		if (a->args[i]->kind == NODE_OP) {
			for (size_t k = 0; k < 2 && k < a->args[i]->nargs; k++) {
				abi = a->args[i]->args[k]->name ? abi_of(a->args[i]->args[k]->name) : -1;
				if (abi >= 0 && model_of((enum abi)abi) == model)
					return true;
			}
		}
	}
	return !a;
}

struct layout {
	uint32_t off;        /* next free byte */
	uint32_t unit;       /* start of the bit-field unit in use */
	uint32_t unit_size;  /* 0 = none */
	uint32_t bit;        /* next free bit of it */
	uint32_t end;
	uint8_t align;
};

static void place_bits(struct layout *l, const struct member *m, uint32_t size, uint8_t align, struct desc_field *f, enum model model)
{
	if (l->unit_size != size || l->bit + m->bits > size * 8) {
		l->unit = (l->off + align - 1) / align * align;
		l->unit_size = size;
		l->bit = 0;
		l->off = l->unit + size;
	}
	f->off[model] = (uint16_t)l->unit;
	f->bit = (uint8_t)l->bit;
	f->bits = (uint8_t)m->bits;
	l->bit += m->bits;
}

static void place(struct layout *l, const struct decl *d, const struct member *m, const struct desc_type *t, struct desc_field *f, enum model model)
{
	uint8_t align = is_packed(d, model) || !t->align[model] ? 1 : t->align[model];
	const struct attr *own = attr_of(m->attrs, m->nattrs, "align");
	if (own && own->nargs)
		align = (uint8_t)own->args[0]->number;
	if (align > l->align)
		l->align = align;
	if (attr_of(d->attrs, d->nattrs, "union") || attr_of(m->attrs, m->nattrs, "union"))
		l->off = attr_of(d->attrs, d->nattrs, "union") ? 0 : l->unit;
	if (m->bits) {
		place_bits(l, m, t->size[model], align, f, model);
	} else {
		l->unit_size = 0;
		l->off = (l->off + align - 1U) / align * align;
		f->off[model] = (uint16_t)l->off;
		l->unit = l->off;
		l->off += t->size[model];
	}
	if (l->off > l->end)
		l->end = l->off;
}

static void lay_out(struct gen *g, const struct decl *d, struct desc_field *fields, struct desc_record *r, enum model model)
{
	struct layout l = {.align = 1};
	for (size_t i = 0; i < d->nmembers; i++)
		if (is_there(&d->members[i], model))
			place(&l, d, &d->members[i], &g->out_types.v[fields[i].type], &fields[i], model);
	const struct attr *align = attr_of(d->attrs, d->nattrs, "align");
	if (align && align->nargs)
		l.align = (uint8_t)align->args[0]->number;
	r->align[model] = l.align;
	r->size[model] = (l.end + l.align - 1U) / l.align * l.align;
	const struct attr *size = attr_of(d->attrs, d->nattrs, "size");
	if (size && size->nargs)
		r->size[model] = (uint32_t)size->args[0]->number;
}

static void chain_of(struct gen *g, const struct decl *d, struct desc_record *r, const struct desc_field *out, size_t n)
{
	const struct attr *a = attr_of(d->attrs, d->nattrs, "chain");
	if (!a || !a->nargs)
		return;
	for (size_t i = 0; i < n; i++)
		if (a->args[0]->name && strcmp(out[i].name, a->args[0]->name) == 0)
			r->len_field = (uint16_t)(i + 1);
	if (!r->len_field)
		complain(&g->errors, d->at, "@chain names no member of %s", d->name);
	r->chain_align = (uint8_t)(a->nargs > 1 ? a->args[1]->number : 1);
	r->chain_excludes_header = a->nargs > 2;
}

/* Writes the fields in the order shown; members that are not shown come last, under a condition that never holds. */
static void emit_fields(struct gen *g, const struct decl *d, const struct desc_field *fields, struct desc_record *r)
{
	const struct attr *show = attr_of(d->attrs, d->nattrs, "show");
	struct desc_field *out = NULL;
	size_t n = 0;
	bool *is_done = xcalloc(d->nmembers, sizeof(bool));
	for (size_t i = 0; show && i < show->nargs; i++) {
		size_t k = 0;
		while (k < d->nmembers && strcmp(d->members[k].name, show->args[i]->name ? show->args[i]->name : "") != 0)
			k++;
		if (k == d->nmembers) {
			complain(&g->errors, d->at, "@show names '%s', which is no member", show->args[i]->name ? show->args[i]->name : "?");
			continue;
		}
		is_done[k] = true;
		*APPEND(out, n) = fields[k];
	}
	for (size_t i = 0; i < d->nmembers; i++) {
		if (is_done[i])
			continue;
		struct desc_field f = fields[i];
		if (show)
			f.cond = compile_true_never(g);
		*APPEND(out, n) = f;
	}
	r->first = (uint16_t)g->out_fields.n;
	r->n = (uint16_t)n;
	chain_of(g, d, r, out, n);
	for (size_t i = 0; i < n; i++) {
		*APPEND(g->out_fields.v, g->out_fields.n) = out[i];
		g->out_fields.v[g->out_fields.n - 1].name = out[i].name;
	}
}

static uint16_t compile_record(struct gen *g, struct decl *d)
{
	if (d->index)
		return (uint16_t)d->index;
	*APPEND(g->out_records.v, g->out_records.n) = (struct desc_record){.name = d->name};
	d->index = (int)g->out_records.n - 1;
	struct desc_field *fields = xcalloc(d->nmembers, sizeof(*fields));
	const struct context c = {.record = d};
	for (size_t i = 0; i < d->nmembers; i++) {
		const struct member *m = &d->members[i];
		fields[i].name = m->name;
		fields[i].type = compile_type(g, &c, m->type);
		fields[i].flags = (uint16_t)field_flags(m);
		if (m->cond)
			fields[i].cond = compile_expr(g, &c, m->cond);
	}
	struct desc_record r = {.name = d->name};
	for (enum model m = 0; m < MODEL_COUNT; m++)
		lay_out(g, d, fields, &r, m);
	emit_fields(g, d, fields, &r);
	/* Shown names differ from the ones that expressions use only now, after @chain and @show were resolved. */
	for (size_t i = 0; i < r.n; i++)
		for (size_t k = 0; k < d->nmembers; k++)
			if (strcmp(g->out_fields.v[r.first + i].name, d->members[k].name) == 0) {
				g->out_fields.v[r.first + i].name = shown_name(&d->members[k]);
				break;
			}
	g->out_records.v[d->index] = r;
	return (uint16_t)d->index;
}

static int by_keys(const struct desc_arm *a, const struct desc_arm *b)
{
	for (int i = 0; i < 3; i++)
		if (a->key[i] != b->key[i])
			return a->key[i] < b->key[i] ? -1 : 1;
	return 0;
}

static void add_arms(struct gen *g, const struct decl *d, const struct context *c, struct desc_arm **arms, size_t *n)
{
	for (size_t i = 0; i < d->narms; i++) {
		uint16_t to = compile_type(g, c, d->arms[i].type);
		for (size_t k = 0; k < d->arms[i].nalternatives; k++) {
			struct desc_arm a = {.to = to};
			if (d->arms[i].nkeys[k] != d->nmembers)
				complain(&g->errors, d->arms[i].at, "%zu keys, the choice has %zu", d->arms[i].nkeys[k], d->nmembers);
			for (size_t j = 0; j < d->arms[i].nkeys[k] && j < 3 && j < d->nmembers; j++) {
				struct decl *set = find_type(g, d->members[j].type->name);
				const struct node *key = d->arms[i].keys[k][j];
				if (!constant(g, key, MODEL_LP64, set && set->kind == DECL_SET ? set : NULL, &a.key[j]))
					complain(&g->errors, d->arms[i].at, "key '%s' is no constant", key->name ? key->name : "?");
			}
			*APPEND(*arms, *n) = a;
		}
	}
}

static uint16_t compile_choice(struct gen *g, struct decl *d)
{
	if (d->index)
		return (uint16_t)d->index;
	*APPEND(g->out_choices.v, g->out_choices.n) = (struct desc_choice){.name = d->name};
	d->index = (int)g->out_choices.n - 1;
	const struct context c = {.choice = d};
	struct desc_choice out = {.name = d->name, .nkeys = (uint8_t)d->nmembers};
	for (size_t i = 0; i < d->nmembers && i < 3; i++)
		if (d->members[i].cond)
			out.key_expr[i] = compile_expr(g, &(struct context){0}, d->members[i].cond);
	struct desc_arm *arms = NULL;
	size_t n = 0;
	add_arms(g, d, &c, &arms, &n);
	if (!d->otherwise)
		complain(&g->errors, d->at, "choice %s has no else", d->name);
	else
		out.otherwise = compile_type(g, &c, d->otherwise);
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k && by_keys(&arms[k - 1], &arms[k]) > 0; k--) {
			struct desc_arm t = arms[k];
			arms[k] = arms[k - 1];
			arms[k - 1] = t;
		}
	out.first = (uint16_t)g->out_arms.n;
	out.n = (uint16_t)n;
	for (size_t i = 0; i < n; i++)
		*APPEND(g->out_arms.v, g->out_arms.n) = arms[i];
	g->out_choices.v[d->index] = out;
	return (uint16_t)d->index;
}

static uint16_t choice_type(struct gen *g, const struct context *c, const struct node *n, struct decl *d)
{
	struct desc_type t = blank(KIND_CHOICE);
	t.name = d->name;
	for (size_t i = 0; i < n->nargs && i < 3; i++)
		t.keys[i] = compile_expr(g, c, n->args[i]);
	bool is_recursive = d->index != 0 && g->out_choices.v[d->index].n == 0 && d->narms;
	t.ref = compile_choice(g, d);
	const struct desc_choice *choice = &g->out_choices.v[t.ref];
	for (enum model m = 0; m < MODEL_COUNT && !is_recursive; m++) {
		for (size_t i = 0; i <= choice->n; i++) {
			const struct desc_type *arm = &g->out_types.v[i < choice->n ? g->out_arms.v[choice->first + i].to : choice->otherwise];
			t.size[m] = arm->size[m] > t.size[m] ? arm->size[m] : t.size[m];
			t.align[m] = arm->align[m] > t.align[m] ? arm->align[m] : t.align[m];
			if (arm->kind == KIND_INT && arm->width[m] > t.width[m])
				t.width[m] = arm->width[m];
		}
	}
	return store(g, &t);
}

static uint16_t struct_type(struct gen *g, struct decl *d)
{
	struct desc_type t = blank(KIND_STRUCT);
	t.name = d->name;
	t.ref = compile_record(g, d);
	const struct desc_record *r = &g->out_records.v[t.ref];
	for (enum model m = 0; m < MODEL_COUNT; m++) {
		t.size[m] = r->size[m];
		t.align[m] = r->align[m];
	}
	return store(g, &t);
}

static uint16_t pointer(struct gen *g, const struct context *c, const struct node *n, uint16_t flags)
{
	struct desc_type t = blank(KIND_PTR);
	t.flags = flags;
	t.elem = n->nargs ? compile_type(g, c, n->args[0]) : 0;
	t.phases = (uint8_t)((flags & TYPE_IN ? PHASE_ENTRY : 0) | (flags & TYPE_OUT ? PHASE_EXIT : 0));
	for (enum model m = 0; m < MODEL_COUNT; m++) {
		t.width[m] = flags & TYPE_PTR64 ? 8 : word(m);
		t.size[m] = t.width[m];
		t.align[m] = alignment(m, t.width[m]);
	}
	return store(g, &t);
}

static uint16_t text_pointer(struct gen *g, const struct context *c, const struct node *n)
{
	(void)g;
	struct desc_type t = blank(strcmp(n->name, "path") == 0 ? KIND_PATH : KIND_STR);
	int dir = n->nargs && n->args[0]->name ? argument_index(c, n->args[0]->name) : -1;
	t.ref = (uint16_t)(dir + 1);
	t.phases = PHASE_ENTRY;
	t.flags = TYPE_IN;
	for (enum model m = 0; m < MODEL_COUNT; m++) {
		t.width[m] = word(m);
		t.size[m] = word(m);
		t.align[m] = word(m);
	}
	return store(g, &t);
}

/* Kinds with a length as their last argument, of elements or of bytes. */
static uint16_t counted(struct gen *g, const struct context *c, const struct node *n, uint8_t kind, bool has_elem)
{
	struct desc_type t = blank(kind);
	size_t at = has_elem ? 1 : 0;
	uint64_t count = 0;
	if (n->nargs != at + 1) {
		complain(&g->errors, n->at, "%s[] takes %s", n->name, has_elem ? "a type and a length" : "a length");
		return 0;
	}
	if (has_elem)
		t.elem = compile_type(g, c, n->args[0]);
	if (strcmp(n->name, "hexbytes") == 0)
		t.flags |= TYPE_HEX_STRING;
	const struct node *len = n->args[at];
	if (len->kind == NODE_NAME && strcmp(len->name, "null") == 0) {
		t.flags |= TYPE_NULL_ENDED;
		return store(g, &t);
	}
	t.len = compile_expr(g, c, len);
	bool is_fixed = kind != KIND_SIZED && kind != KIND_CHAIN && constant(g, len, MODEL_LP64, NULL, &count);
	for (enum model m = 0; m < MODEL_COUNT; m++) {
		t.align[m] = has_elem && t.elem ? g->out_types.v[t.elem].align[m] : 1;
		if (!is_fixed)
			continue;
		if (kind == KIND_ARRAY)
			t.size[m] = (uint32_t)count * g->out_types.v[t.elem].size[m];
		else if (kind == KIND_FDSET)
			t.size[m] = (uint32_t)((count + 7) / 8);
		else
			t.size[m] = (uint32_t)count;
	}
	return store(g, &t);
}

static uint16_t hook(struct gen *g, const struct context *c, const struct node *n)
{
	struct desc_type t = blank(KIND_HOOK);
	if (!n->nargs || !n->args[0]->name) {
		complain(&g->errors, n->at, "hook[] takes the name of a hook");
		return 0;
	}
	const char *name = n->args[0]->name;
	size_t i = 0;
	while (i < g->nhooks && strcmp(g->hooks[i], name) != 0)
		i++;
	if (i == g->nhooks)
		*APPEND(g->hooks, g->nhooks) = name;
	t.name = name;
	t.ref = (uint16_t)i;
	for (size_t k = 1; k < n->nargs && k <= 3; k++)
		t.keys[k - 1] = compile_expr(g, c, n->args[k]);
	for (enum model m = 0; m < MODEL_COUNT; m++)
		t.align[m] = 1;
	return store(g, &t);
}

uint16_t compile_type(struct gen *g, const struct context *c, const struct node *n)
{
	static const struct { const char *name; uint16_t flags; } pointers[] = {
	    {"in", TYPE_IN}, {"out", TYPE_OUT}, {"inout", TYPE_IN | TYPE_OUT}, {"in64", TYPE_IN | TYPE_PTR64},
	    {"out64", TYPE_OUT | TYPE_PTR64}, {"inout64", TYPE_IN | TYPE_OUT | TYPE_PTR64}};
	static const struct { const char *name; uint8_t kind; bool has_elem; } sized[] = {
	    {"text", KIND_TEXT, false}, {"bytes", KIND_BYTES, false}, {"hexbytes", KIND_BYTES, false}, {"array", KIND_ARRAY, true},
	    {"sized", KIND_SIZED, true}, {"chain", KIND_CHAIN, true}, {"fdset", KIND_FDSET, false}, {"sigset", KIND_SIGSET, false},
	    {"strlist", KIND_STRLIST, false}};
	if (n->kind != NODE_NAME) {
		complain(&g->errors, n->at, "a type starts with a name");
		return 0;
	}
	for (size_t i = 0; i < sizeof(pointers) / sizeof(pointers[0]); i++)
		if (strcmp(pointers[i].name, n->name) == 0)
			return pointer(g, c, n, pointers[i].flags);
	for (size_t i = 0; i < sizeof(sized) / sizeof(sized[0]); i++)
		if (strcmp(sized[i].name, n->name) == 0)
			return counted(g, c, n, sized[i].kind, sized[i].has_elem);
	if (strcmp(n->name, "str") == 0 || strcmp(n->name, "path") == 0)
		return text_pointer(g, c, n);
	if (strcmp(n->name, "hook") == 0)
		return hook(g, c, n);
	if (strcmp(n->name, "unused") == 0) {
		struct desc_type t = blank(KIND_NONE);
		return store(g, &t);
	}
	struct decl *d = find_type(g, n->name);
	if (d && d->kind == DECL_TYPE)
		return compile_type(g, c, d->type);
	if (d && d->kind == DECL_SET)
		return compile_set_type(g, n, d);
	if (d && d->kind == DECL_STRUCT)
		return struct_type(g, d);
	if (d)
		return choice_type(g, c, n, d);
	const struct scalar *s = scalar_of(n->name);
	if (s)
		return compile_scalar(g, n, s);
	if (!map_get(&g->bad, hash_name(n->name)))
		complain(&g->errors, n->at, "no type '%s'", n->name);
	map_put(&g->bad, hash_name(n->name), (void *)n);
	return compile_scalar(g, &(struct node){.at = n->at}, scalar_of("ulong"));
}

uint32_t type_size(struct gen *g, uint16_t type, enum model m)
{
	return g->out_types.v[type].size[m];
}
