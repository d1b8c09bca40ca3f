/* Calls and their variants to desc_call entries: arguments to registers, classes, effects. */
#include "gen/gen.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

static const char *const class_names[CLASS_COUNT] = {
#define CLASS(id, name) name,
#include "desc/classes.def"
#undef CLASS
};
static const struct { const char *name; int nargs; } verbs[VERB_COUNT] = {
#define VERB(id, nargs, doc) {#id, nargs},
#include "desc/verbs.def"
#undef VERB
};

static void place_argument(struct gen *g, const struct member *m, struct desc_field *f, unsigned next[3])
{
	const struct desc_type *t = &g->out_types.v[f->type];
	const struct attr *reg = attr_of(m->attrs, m->nattrs, "reg");
	bool is_result = f->flags & FIELD_RESULT;
	bool is_sp = reg && reg->nargs && reg->args[0]->name && strcmp(reg->args[0]->name, "sp") == 0;
	uint32_t reg_number = is_sp ? SLOT_SP : reg ? attr_number(g, m->at, reg, 0, 0, 5, 0) : 0;
	for (int k = 0; k < 3; k++) {
		/* Two registers on 32-bit ABIs for what has 64 bits there; arm starts them at an even one. */
		bool is_pair = k > 0 && t->kind == KIND_INT && t->width[k == 1 ? MODEL_I386 : MODEL_ARM] == 8;
		unsigned at = is_pair && k == 2 ? (next[k] + 1) & ~1U : next[k];
		if (reg)
			at = (unsigned)reg_number;
		f->off[k] = (uint16_t)at;
		if (!is_result && !is_sp && (!reg || at >= next[k]))
			next[k] = at + (is_pair ? 2 : 1);
	}
}

/* The class a tag names; statfs_like is %statfs, which is no name. -1: it names none. */
static int class_named(const char *name)
{
	for (int k = 0; k < CLASS_COUNT; k++)
		if (strcmp(name, class_names[k]) == 0)
			return k;
	return strcmp(name, "statfs_like") == 0 ? CLASS_STATFS_LIKE : -1;
}

static uint32_t tagged_classes(const struct decl *d)
{
	uint32_t classes = 0;
	for (size_t i = 0; i < d->nattrs; i++) {
		int class = class_named(d->attrs[i].name);
		if (class >= 0)
			classes |= 1U << class;
	}
	return classes;
}

static bool is_descriptor(const struct gen *g, uint16_t type)
{
	const struct desc_type *t = &g->out_types.v[type];
	return t->kind == KIND_INT && (t->role == ROLE_FD || t->role == ROLE_FD_AT);
}

/* Takes or gives a descriptor: desc, save for sockets, which are strace's network alone; takes a path: file. */
static uint32_t derived_classes(const struct gen *g, const struct desc_call *out, uint32_t tagged)
{
	uint32_t classes = 0;
	bool is_desc = is_descriptor(g, out->ret);
	for (size_t i = 0; i < out->n; i++) {
		uint16_t type = g->out_fields.v[out->first + i].type;
		is_desc |= is_descriptor(g, type);
		if (g->out_types.v[type].kind == KIND_PATH)
			classes |= 1U << CLASS_FILE;
	}
	if (is_desc && !(tagged & 1U << CLASS_NETWORK))
		classes |= 1U << CLASS_DESC;
	return classes;
}

/* A variant is of its call's classes, and of those it is tagged with itself. */
static uint32_t classes_of(const struct gen *g, const struct decl *base, const struct decl *d, const struct desc_call *out)
{
	uint32_t classes = tagged_classes(d);
	if (base != d)
		classes |= g->out_calls.v[base->index].classes;
	else
		classes |= derived_classes(g, out, classes);
	if (attr_of(d->attrs, d->nattrs, "nodesc"))
		classes &= ~(1U << CLASS_DESC);
	if (attr_of(d->attrs, d->nattrs, "nofile"))
		classes &= ~(1U << CLASS_FILE);
	if (classes & (1U << CLASS_STAT | 1U << CLASS_LSTAT | 1U << CLASS_FSTAT))
		classes |= 1U << CLASS_STAT_LIKE;
	if (classes & (1U << CLASS_STATFS | 1U << CLASS_FSTATFS))
		classes |= 1U << CLASS_STATFS_LIKE;
	return classes;
}

static void compile_effects(struct gen *g, const struct context *c, const struct decl *d, struct desc_call *out)
{
	struct desc_effect *list = NULL;
	size_t n = 0;
	for (size_t i = 0; i < d->neffects; i++) {
		const struct effect *e = &d->effects[i];
		struct desc_effect o = {.verb = VERB_COUNT};
		for (int v = 0; v < VERB_COUNT; v++)
			if (strcmp(verbs[v].name, e->verb) == 0)
				o.verb = (uint8_t)v;
		if (o.verb == VERB_COUNT) {
			complain(&g->errors, e->at, "no verb '%s' (src/desc/verbs.def)", e->verb);
			continue;
		}
		if ((int)e->nargs > verbs[o.verb].nargs)
			complain(&g->errors, e->at, "%s takes at most %d arguments", e->verb, verbs[o.verb].nargs);
		o.nargs = (uint8_t)(e->nargs < EFFECT_ARGS ? e->nargs : EFFECT_ARGS);
		for (size_t k = 0; k < o.nargs; k++)
			o.args[k] = compile_expr(g, c, e->args[k]);
		*APPEND(list, n) = o;
	}
	out->first_effect = (uint16_t)g->out_effects.n;
	out->neffects = (uint16_t)n;
	for (size_t i = 0; i < n; i++)
		*APPEND(g->out_effects.v, g->out_effects.n) = list[i];
}

static void compile_arguments(struct gen *g, const struct context *c, const struct decl *d, struct desc_call *out, unsigned next[3])
{
	struct desc_field *fields = xcalloc(d->nmembers + 1, sizeof(*fields));
	struct context entry = *c;
	for (size_t i = 0; i < d->nmembers; i++) {
		const struct member *m = &d->members[i];
		fields[i].name = shown_name(m);
		fields[i].type = compile_type(g, c, m->type);
		fields[i].flags = field_flags(m);
		entry.is_entry_only = !(fields[i].flags & FIELD_RESULT) && g->out_types.v[fields[i].type].kind != KIND_PTR;
		if (m->cond)
			fields[i].cond = compile_expr(g, &entry, m->cond);
		place_argument(g, m, &fields[i], next);
	}
	out->first = (uint16_t)g->out_fields.n;
	out->n = (uint16_t)d->nmembers;
	for (size_t i = 0; i < d->nmembers; i++)
		*APPEND(g->out_fields.v, g->out_fields.n) = fields[i];
	free(fields);
}

int category_named(const struct attr *a)
{
	return a->nargs && a->args[0]->name ? category_of_name(a->args[0]->name) : -1;
}

static int category_of(const struct decl *d)
{
	const struct attr *a = attr_of(d->attrs, d->nattrs, "category");
	return a ? category_named(a) : d->category;
}

/* The first registers behind a base's arguments that stay in front of its variants'. */
static void skip_registers(const struct gen *g, const struct decl *base, unsigned next[3])
{
	const struct desc_call *b = &g->out_calls.v[base->index];
	for (size_t i = 0; i < b->switch_arg; i++)
		for (int k = 0; k < 3; k++)
			if (g->out_fields.v[b->first + i].off[k] + 1U > next[k])
				next[k] = g->out_fields.v[b->first + i].off[k] + 1U;
}

/* Registers are counted for the ABIs that numbers.tsv leads from; wide ones always. */
static void check_registers(struct gen *g, const struct decl *base, const struct decl *d, const unsigned next[3])
{
	static const unsigned abis[3] = {~0U, 1U << ABI_I386, 1U << ABI_ARM};
	for (int k = 0; k < 3; k++)
		if (next[k] > 6 && (k == 0 || base->abis & abis[k])) {
			complain(&g->errors, d->at, "%s needs %u registers, there are 6", d->name, next[k]);
			return;
		}
}

static uint16_t call_flags(const struct decl *base, const struct decl *d)
{
	unsigned flags = 0;
	if (attr_of(d->attrs, d->nattrs, "noreturn"))
		flags |= CALL_NORETURN;
	if (attr_of(base->attrs, base->nattrs, "unpack"))
		flags |= CALL_UNPACK;
	if (attr_of(base->attrs, base->nattrs, "multiplex"))
		flags |= CALL_MULTIPLEX;
	if (attr_of(d->attrs, d->nattrs, "undecoded"))
		flags |= CALL_UNDECODED;
	return (uint16_t)flags;
}

static struct desc_call compile_call(struct gen *g, const struct decl *base, const struct decl *d)
{
	const struct context c = {.base = base, .call = d};
	bool is_variant = base != d;
	bool is_unpacked = attr_of(base->attrs, base->nattrs, "unpack") != NULL;
	unsigned next[3] = {0, 0, 0};
	if (is_variant && !is_unpacked)
		skip_registers(g, base, next);
	struct desc_call out = {.name = base->name, .doc = d->doc ? d->doc : base->doc ? base->doc : ""};
	compile_arguments(g, &c, d, &out, next);
	check_registers(g, base, d, next);
	/* An @unpack call takes one register: the address of what the others would hold. */
	out.nargs = (uint8_t)(is_unpacked && !attr_of(base->attrs, base->nattrs, "switch") ? 1 : next[0]);
	const struct decl *result = d->type || !is_variant ? d : base;
	if (result->type)
		out.ret = compile_type(g, &c, result->type);
	int category = is_variant && !attr_of(d->attrs, d->nattrs, "category") ? category_of(base) : category_of(d);
	out.category = (uint8_t)(category < 0 ? CATEGORY_INFO : category);
	compile_effects(g, &c, d->neffects || !is_variant ? d : base, &out);
	out.classes = classes_of(g, base, d, &out);
	out.flags = call_flags(base, d);
	return out;
}

static void add_call(struct gen *g, const struct decl *d, const struct desc_call *out)
{
	*APPEND(g->out_calls.v, g->out_calls.n) = *out;
	while (g->ncall_decls < g->out_calls.n)
		*APPEND(g->call_decls, g->ncall_decls) = d;
}

static int by_key(const void *a, const void *b)
{
	const struct desc_variant *x = a;
	const struct desc_variant *y = b;
	if (x->key[0] != y->key[0])
		return x->key[0] < y->key[0] ? -1 : 1;
	return x->call < y->call ? -1 : x->call > y->call;
}

/* As the switch expression yields it: a plain argument has its type's width and sign. */
static uint64_t fit(const struct gen *g, const struct decl *base, enum abi abi, uint64_t v)
{
	const struct attr *sw = attr_of(base->attrs, base->nattrs, "switch");
	size_t n = switch_arguments(base);
	if (!sw || !sw->nargs || sw->args[0]->kind != NODE_NAME || !n)
		return v;
	const struct desc_field *f = &g->out_fields.v[g->out_calls.v[base->index].first + n - 1];
	const struct desc_type *t = &g->out_types.v[f->type];
	unsigned width = t->width[model_of(abi)];
	if (t->kind != KIND_INT || !width || width >= 8)
		return v;
	unsigned shift = 64 - 8 * width;
	return t->flags & TYPE_SIGNED ? (uint64_t)((int64_t)(v << shift) >> shift) : v << shift >> shift;
}

/* The key on one ABI, from the set that names it: that knows the ABIs' own values. */
static bool key_in(struct gen *g, const struct decl *base, const struct item *key, enum abi abi, uint64_t *ret)
{
	const struct item *it = key->name && base->keys ? item_named(g, base->keys, key->name) : NULL;
	const struct attr *arch = it ? attr_of(it->attrs, it->nattrs, "arch") : NULL;
	*ret = DESC_KEY_ABSENT;
	if (arch && !names_model(arch, model_of(abi)))
		return true;
	const struct node name = {.kind = NODE_NAME, .at = key->at, .name = key->name};
	uint64_t v = 0;
	bool is_known = it ? item_value(g, it, base->keys, abi, &v) : constant(g, key->value ? key->value : &name, model_of(abi), base->keys, &v);
	if (is_known)
		*ret = fit(g, base, abi, v);
	return is_known;
}

static bool key_of(struct gen *g, const struct decl *base, const struct item *key, struct desc_variant *v)
{
	for (enum abi abi = 0; abi < ABI_COUNT; abi++)
		if (!key_in(g, base, key, abi, &v->key[abi]))
			return false;
	return true;
}

struct variants {
	struct desc_variant *v;
	size_t n;
	struct desc_family *families;
	size_t nfamilies;
};

/* What @shown lists: an expression, or set[expression]. */
static void compile_shown(struct gen *g, const struct context *c, const struct attr *shown, struct desc_family *f)
{
	for (size_t i = 0; shown && i < shown->nargs && i < FAMILY_SHOWN; i++) {
		const struct node *n = shown->args[i];
		if (n->kind == NODE_NAME && n->has_brackets && n->nargs == 1) {
			struct decl *set = find_type(g, n->name);
			if (set && set->kind == DECL_SET)
				f->set[i] = compile_set(g, set);
			else
				complain(&g->errors, n->at, "no set '%s'", n->name);
			n = n->args[0];
		}
		f->expr[i] = compile_expr(g, c, n);
	}
}

/* A variant whose key has bits that say something else: @free(mask). */
static void add_family(struct gen *g, const struct decl *base, const struct decl *d, uint16_t call, struct variants *list)
{
	const struct attr *attr = attr_of(d->attrs, d->nattrs, "free");
	const struct attr *shown = attr_of(d->attrs, d->nattrs, "shown");
	const struct context c = {.base = base, .call = d};
	uint64_t is_free = 0;
	if (!attr->nargs || !constant(g, attr->args[0], MODEL_LP64, NULL, &is_free))
		complain(&g->errors, d->at, "@free takes a mask of bits");
	for (size_t k = 0; k < d->nitems; k++) {
		struct desc_family f = {.name = d->items[k].name, .mask = ~is_free, .call = call};
		if (!d->items[k].value || !constant(g, d->items[k].value, MODEL_LP64, NULL, &f.key) || f.key & is_free)
			complain(&g->errors, d->items[k].at, "a family's key is a number outside its free bits");
		compile_shown(g, &c, shown, &f);
		*APPEND(list->families, list->nfamilies) = f;
	}
}

static void add_variant(struct gen *g, const struct decl *base, const struct decl *d, struct variants *list)
{
	struct desc_call out = compile_call(g, base, d);
	add_call(g, d, &out);
	if (attr_of(d->attrs, d->nattrs, "free")) {
		add_family(g, base, d, (uint16_t)(g->out_calls.n - 1), list);
		return;
	}
	for (size_t k = 0; k < d->nitems; k++) {
		struct desc_variant v = {.call = (uint16_t)(g->out_calls.n - 1)};
		if (key_of(g, base, &d->items[k], &v))
			*APPEND(list->v, list->n) = v;
		else
			complain(&g->errors, d->items[k].at, "key %s of %s is no constant", d->items[k].name ? d->items[k].name : "?", d->name);
	}
}

static void compile_variants(struct gen *g, struct decl *base)
{
	struct variants list = {0};
	for (size_t i = 0; i < g->ast.n; i++) {
		const struct decl *d = g->ast.decls[i];
		if (d->kind == DECL_CALL && d->is_variant && strcmp(d->name, base->name) == 0)
			add_variant(g, base, d, &list);
	}
	if (list.n)
		qsort(list.v, list.n, sizeof(*list.v), by_key);
	struct desc_call *b = &g->out_calls.v[base->index];
	b->first_variant = (uint16_t)g->out_variants.n;
	b->nvariants = (uint16_t)list.n;
	for (size_t i = 0; i < list.n; i++)
		*APPEND(g->out_variants.v, g->out_variants.n) = list.v[i];
	free(list.v);
	b->first_family = (uint16_t)g->out_families.n;
	b->nfamilies = (uint16_t)list.nfamilies;
	for (size_t i = 0; i < list.nfamilies; i++)
		*APPEND(g->out_families.v, g->out_families.n) = list.families[i];
	free(list.families);
}

static void compile_base(struct gen *g, struct decl *d)
{
	struct desc_call out = compile_call(g, d, d);
	const struct attr *sw = attr_of(d->attrs, d->nattrs, "switch");
	if (sw && sw->nargs) {
		out.switch_arg = (uint8_t)switch_arguments(d);
		out.switch_expr = compile_expr(g, &(struct context){.base = d, .call = d}, sw->args[0]);
	}
	add_call(g, d, &out);
	d->index = (int)g->out_calls.n - 1;
}

static bool is_base(const struct decl *d)
{
	return d->kind == DECL_CALL && !d->is_variant;
}

void compile_calls(struct gen *g)
{
	for (size_t i = 0; i < g->ast.n; i++)
		if (is_base(g->ast.decls[i]) && find_call(g, g->ast.decls[i]->name) == g->ast.decls[i])
			compile_base(g, g->ast.decls[i]);
	for (size_t i = 0; i < g->ast.n; i++)
		if (is_base(g->ast.decls[i]) && g->ast.decls[i]->index && attr_of(g->ast.decls[i]->attrs, g->ast.decls[i]->nattrs, "switch"))
			compile_variants(g, g->ast.decls[i]);
}
