/* Calls and their variants to desc_call entries: arguments to registers, classes, effects. */
#include "gen/gen.h"

#include "base/xalloc.h"

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

static void place_argument(const struct gen *g, const struct member *m, struct desc_field *f, unsigned next[3])
{
	const struct desc_type *t = &g->out_types.v[f->type];
	const struct attr *reg = attr_of(m->attrs, m->nattrs, "reg");
	bool is_result = f->flags & FIELD_RESULT;
	for (int k = 0; k < 3; k++) {
		/* Two registers on 32-bit ABIs for what has 64 bits there; arm starts them at an even one. */
		bool is_pair = k > 0 && t->kind == KIND_INT && t->width[k == 1 ? MODEL_I386 : MODEL_ARM] == 8;
		unsigned at = is_pair && k == 2 ? (next[k] + 1) & ~1U : next[k];
		if (reg && reg->nargs)
			at = (unsigned)reg->args[0]->number;
		f->off[k] = (uint16_t)at;
		if (!is_result && (!reg || at >= next[k]))
			next[k] = at + (is_pair ? 2 : 1);
	}
}

static uint32_t classes_of(const struct gen *g, const struct decl *d, const struct desc_call *out)
{
	uint32_t classes = 0;
	for (size_t i = 0; i < d->nattrs; i++)
		for (int k = 0; k < CLASS_COUNT; k++) {
			const char *name = class_names[k][0] == '%' ? class_names[k] + 1 : class_names[k];
			bool is_like = class_names[k][0] == '%';
			if (strcmp(d->attrs[i].name, name) == 0 && !is_like)
				classes |= 1U << k;
		}
	for (size_t i = 0; i < out->n; i++) {
		const struct desc_type *t = &g->out_types.v[g->out_fields.v[out->first + i].type];
		if (t->kind == KIND_INT && (t->role == ROLE_FD || t->role == ROLE_FD_AT))
			classes |= 1U << CLASS_DESC;
		if (t->kind == KIND_PATH)
			classes |= 1U << CLASS_FILE;
	}
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
		o.nargs = (uint8_t)(e->nargs < 4 ? e->nargs : 4);
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
	struct desc_field *fields = xcalloc(d->nmembers, sizeof(*fields));
	for (size_t i = 0; i < d->nmembers; i++) {
		const struct member *m = &d->members[i];
		fields[i].name = shown_name(m);
		fields[i].type = compile_type(g, c, m->type);
		fields[i].flags = (uint16_t)field_flags(m);
		if (m->cond)
			fields[i].cond = compile_expr(g, c, m->cond);
		place_argument(g, m, &fields[i], next);
	}
	out->first = (uint16_t)g->out_fields.n;
	out->n = (uint16_t)d->nmembers;
	for (size_t i = 0; i < d->nmembers; i++)
		*APPEND(g->out_fields.v, g->out_fields.n) = fields[i];
}

static int category_of(const struct decl *d)
{
	static const char *const names[] = {"process", "file", "device", "info", "comm"};
	const struct attr *a = attr_of(d->attrs, d->nattrs, "category");
	for (int i = 0; a && a->nargs && i < CATEGORY_COUNT; i++)
		if (a->args[0]->name && strcmp(a->args[0]->name, names[i]) == 0)
			return i;
	return d->category;
}

static struct desc_call compile_call(struct gen *g, const struct decl *base, const struct decl *d)
{
	const struct context c = {.base = base, .call = d};
	bool is_variant = base != d;
	unsigned next[3] = {0, 0, 0};
	if (is_variant && !attr_of(base->attrs, base->nattrs, "unpack")) {
		const struct desc_call *b = &g->out_calls.v[base->index];
		for (size_t i = 0; i < b->switch_arg; i++)
			for (int k = 0; k < 3; k++)
				if (g->out_fields.v[b->first + i].off[k] + 1U > next[k])
					next[k] = g->out_fields.v[b->first + i].off[k] + 1U;
	}
	struct desc_call out = {.name = base->name};
	compile_arguments(g, &c, d, &out, next);
	for (int k = 0; k < 3; k++)
		if (next[k] > 6)
			complain(&g->errors, d->at, "%s needs %u registers, there are 6", d->name, next[k]);
	out.nargs = (uint8_t)next[0];
	const struct decl *result = d->type || !is_variant ? d : base;
	if (result->type)
		out.ret = compile_type(g, &(struct context){.base = base, .call = d}, result->type);
	out.doc = d->doc ? d->doc : base->doc ? base->doc : "";
	if (!d->doc && !is_variant && g->is_strict)
		complain(&g->errors, d->at, "%s has no ## line", d->name);
	int category = is_variant && !attr_of(d->attrs, d->nattrs, "category") ? category_of(base) : category_of(d);
	out.category = (uint8_t)(category < 0 ? CATEGORY_INFO : category);
	const struct decl *e = d->neffects || !is_variant ? d : base;
	compile_effects(g, &c, e == d ? d : base, &out);
	out.classes = classes_of(g, d, &out) | (is_variant ? g->out_calls.v[base->index].classes : 0);
	out.flags = (uint16_t)((attr_of(d->attrs, d->nattrs, "noreturn") ? CALL_NORETURN : 0) |
			       (attr_of(base->attrs, base->nattrs, "unpack") ? CALL_UNPACK : 0) |
			       (attr_of(d->attrs, d->nattrs, "undecoded") ? CALL_UNDECODED : 0));
	return out;
}

/* The set whose names the switch argument has: declared, or made of the variants' keys alone. */
static struct decl *switch_set(struct gen *g, struct decl *base)
{
	size_t n = switch_arguments(base);
	if (!n)
		return NULL;
	const char *type = base->members[n - 1].type->name;
	struct decl *set = find_type(g, type);
	if (!set && strcmp(type, "ioctl_nr") == 0)
		set = find_type(g, "ioctl_cmd");
	if (set && set->kind == DECL_TYPE)
		set = find_type(g, set->type->name);
	return set && set->kind == DECL_SET ? set : NULL;
}

/* Before any set is compiled: the variants' keys become items of the switch argument's set. */
static void merge_keys(struct gen *g, struct decl *d)
{
	struct decl *base = map_get(&g->calls, hash_name(d->name));
	if (!base) {
		complain(&g->errors, d->at, "variant of '%s', which is not declared", d->name);
		return;
	}
	struct decl *set = switch_set(g, base);
	size_t n = switch_arguments(base);
	if (!n)
		complain(&g->errors, d->at, "'%s' has variants but no @switch(argument)", d->name);
	static const char *const scalars[] = {"int", "uint", "long", "ulong", "u32", "i32", "u64"};
	bool is_plain = false;
	for (size_t i = 0; n && i < sizeof(scalars) / sizeof(scalars[0]); i++)
		is_plain |= strcmp(base->members[n - 1].type->name, scalars[i]) == 0;
	if (!set && n && !is_plain) {
		set = xcalloc(1, sizeof(*set));
		set->kind = DECL_SET;
		set->at = base->at;
		set->name = strcmp(base->members[n - 1].type->name, "ioctl_nr") == 0 ? "ioctl_cmd" : base->members[n - 1].type->name;
		map_put(&g->types, hash_name(set->name), set);
	}
	for (size_t i = 0; i < d->nitems; i++) {
		struct item *key = &d->items[i];
		if (!key->name || !key->value)
			continue;
		if (!map_get(&g->constants, hash_name(key->name)))
			map_put(&g->constants, hash_name(key->name), key);
		bool is_known = false;
		for (size_t k = 0; set && k < set->nitems; k++)
			is_known |= set->items[k].name && strcmp(set->items[k].name, key->name) == 0;
		if (set && !is_known)
			*APPEND(set->items, set->nitems) = *key;
	}
}

static int by_key(const struct desc_variant *a, const struct desc_variant *b)
{
	return a->key[0] < b->key[0] ? -1 : a->key[0] > b->key[0];
}

static void compile_variants(struct gen *g, struct decl *base)
{
	struct desc_variant *list = NULL;
	size_t n = 0;
	struct decl *set = switch_set(g, base);
	for (size_t i = 0; i < g->ast.n; i++) {
		struct decl *d = g->ast.decls[i];
		if (d->kind != DECL_CALL || !d->is_variant || strcmp(d->name, base->name) != 0)
			continue;
		struct desc_call out = compile_call(g, base, d);
		*APPEND(g->out_calls.v, g->out_calls.n) = out;
		for (size_t k = 0; k < d->nitems; k++) {
			struct desc_variant v = {.call = (uint16_t)(g->out_calls.n - 1)};
			struct node name = {.kind = NODE_NAME, .name = d->items[k].name};
			const struct node *value = d->items[k].value ? d->items[k].value : &name;
			bool is_known = true;
			for (enum abi abi = 0; abi < ABI_COUNT; abi++)
				is_known &= constant(g, value, model_of(abi), set, &v.key[abi]);
			if (!is_known)
				complain(&g->errors, d->items[k].at, "key %s of %s is no constant", d->items[k].name ? d->items[k].name : "?", d->name);
			*APPEND(list, n) = v;
		}
	}
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k && by_key(&list[k - 1], &list[k]) > 0; k--) {
			struct desc_variant t = list[k];
			list[k] = list[k - 1];
			list[k - 1] = t;
		}
	struct desc_call *b = &g->out_calls.v[base->index];
	b->first_variant = (uint16_t)g->out_variants.n;
	b->nvariants = (uint16_t)n;
	for (size_t i = 0; i < n; i++)
		*APPEND(g->out_variants.v, g->out_variants.n) = list[i];
}

static void compile_base(struct gen *g, struct decl *d)
{
	struct desc_call out = compile_call(g, d, d);
	const struct attr *sw = attr_of(d->attrs, d->nattrs, "switch");
	if (sw && sw->nargs) {
		out.switch_arg = (uint8_t)switch_arguments(d);
		out.switch_expr = compile_expr(g, &(struct context){.base = d, .call = d}, sw->args[0]);
	}
	*APPEND(g->out_calls.v, g->out_calls.n) = out;
	d->index = (int)g->out_calls.n - 1;
}

uint16_t call_index(struct gen *g, const char *name)
{
	const struct decl *d = map_get(&g->calls, hash_name(name));
	return d ? (uint16_t)d->index : 0;
}

void compile_calls(struct gen *g)
{
	for (size_t i = 0; i < g->ast.n; i++)
		if (g->ast.decls[i]->kind == DECL_CALL && g->ast.decls[i]->is_variant)
			merge_keys(g, g->ast.decls[i]);
	for (size_t i = 0; i < g->ast.n; i++)
		if (g->ast.decls[i]->kind == DECL_CALL && !g->ast.decls[i]->is_variant)
			compile_base(g, g->ast.decls[i]);
	for (size_t i = 0; i < g->ast.n; i++)
		if (g->ast.decls[i]->kind == DECL_CALL && !g->ast.decls[i]->is_variant && attr_of(g->ast.decls[i]->attrs, g->ast.decls[i]->nattrs, "switch"))
			compile_variants(g, g->ast.decls[i]);
}
