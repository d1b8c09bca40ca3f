/* What every name stands for: declarations, the items of sets, and the keys that variants add to sets. */
#include "gen/gen.h"

#include "base/xalloc.h"

#include <string.h>

static uint64_t hash_in(const struct decl *set, const char *name)
{
	uint64_t h = hash_name(name) ^ (uint64_t)(uintptr_t)set * 0x9e3779b97f4a7c15ULL;
	return h ? h : 1;
}

static const struct item *item_of(const struct named *n)
{
	return n ? &n->decl->items[n->i] : NULL;
}

const struct item *item_named(const struct gen *g, const struct decl *set, const char *name)
{
	return item_of(map_get(&g->items, hash_in(set, name)));
}

const struct item *constant_named(const struct gen *g, const char *name)
{
	return item_of(map_get(&g->constants, hash_name(name)));
}

struct decl *find_type(const struct gen *g, const char *name)
{
	return map_get(&g->types, hash_name(name));
}

struct decl *find_call(const struct gen *g, const char *name)
{
	return map_get(&g->calls, hash_name(name));
}

/* Prototypes drafted from the kernel's (@undecoded) give way to a declaration in full. */
static bool is_draft(const struct decl *d)
{
	return d->kind == DECL_CALL && attr_of(d->attrs, d->nattrs, "undecoded");
}

static bool is_of_arch(const struct decl *d)
{
	return d->kind == DECL_STRUCT && attr_of(d->attrs, d->nattrs, "arch");
}

/* The same struct as other ABIs have it. */
static void add_alternative(struct gen *g, struct decl *first, struct decl *d)
{
	struct decl *last = first;
	for (;; last = last->next) {
		for (enum model m = 0; m < MODEL_COUNT; m++)
			if (is_on_model(last, m) && is_on_model(d, m)) {
				complain(&g->errors, d->at, "'%s' is declared already for one of these: %s:%u", d->name, last->at.file, last->at.line);
				return;
			}
		if (!last->next)
			break;
	}
	last->next = d;
}

static void declare(struct gen *g, struct map *in, struct decl *d)
{
	struct decl *before = map_get(in, hash_name(d->name));
	if (before && is_draft(before) && !is_draft(d)) {
		before->is_replaced = true;
		map_put(in, hash_name(d->name), d);
	} else if (before && is_draft(d) && !is_draft(before))
		d->is_replaced = true;
	else if (before && is_of_arch(before) && is_of_arch(d))
		add_alternative(g, before, d);
	else if (before)
		complain(&g->errors, d->at, "'%s' is declared already: %s:%u", d->name, before->at.file, before->at.line);
	else
		map_put(in, hash_name(d->name), d);
	if (d->kind != DECL_CALL && is_builtin_type(d->name))
		complain(&g->errors, d->at, "'%s' is a type of the language itself", d->name);
}

static void index_item(struct gen *g, struct decl *d, size_t i)
{
	const char *name = d->items[i].name;
	if (!name || !d->items[i].value)
		return;
	struct named *n = xmalloc(sizeof(*n));
	*n = (struct named){d, i};
	if (!map_get(&g->items, hash_in(d, name)))
		map_put(&g->items, hash_in(d, name), n);
	if (!map_get(&g->constants, hash_name(name)))
		map_put(&g->constants, hash_name(name), n);
}

static struct decl *set_new(struct gen *g, const struct decl *base, const char *name)
{
	struct decl *set = xcalloc(1, sizeof(*set));
	set->kind = DECL_SET;
	set->at = base->at;
	set->name = name;
	set->is_used = true;
	map_put(&g->types, hash_name(name), set);
	return set;
}

/* The set that names a call's variants: the switch argument's type. Where nothing declares it, the variants do. */
static struct decl *switch_set(struct gen *g, const struct decl *base)
{
	size_t n = switch_arguments(base);
	if (!n || base->members[n - 1].type->kind != NODE_NAME)
		return NULL;
	const char *type = base->members[n - 1].type->name;
	if (strcmp(type, "ioctl_nr") == 0)
		type = "ioctl_cmd";
	struct decl *set = find_type(g, type);
	for (int depth = 0; set && set->kind == DECL_TYPE && depth < RESOLVE_DEPTH; depth++)
		set = find_type(g, set->type->name);
	if (!set && !is_builtin_type(type))
		return set_new(g, base, type);
	return set && set->kind == DECL_SET ? set : NULL;
}

static void merge_keys(struct gen *g, struct decl *d)
{
	struct decl *base = find_call(g, d->name);
	if (!base) {
		complain(&g->errors, d->at, "variant of '%s', which is not declared", d->name);
		return;
	}
	if (!switch_arguments(base)) {
		complain(&g->errors, d->at, "'%s' has variants but no @switch(argument)", d->name);
		return;
	}
	if (!base->keys)
		base->keys = switch_set(g, base);
	if (attr_of(d->attrs, d->nattrs, "free"))
		return; /* no number is a family's own */
	struct decl *set = base->keys;
	for (size_t i = 0; i < d->nitems; i++) {
		const struct item *key = &d->items[i];
		if (!key->name || !key->value)
			continue;
		if (!set) {
			index_item(g, d, i);
		} else if (!item_named(g, set, key->name)) {
			*APPEND(set->items, set->nitems) = *key;
			index_item(g, set, set->nitems - 1);
		}
	}
}

void declare_all(struct gen *g)
{
	for (size_t i = 0; i < g->ast.n; i++) {
		struct decl *d = g->ast.decls[i];
		if (d->kind != DECL_CALL || !d->is_variant)
			declare(g, d->kind == DECL_CALL ? &g->calls : &g->types, d);
		d->nown = d->nitems;
		for (size_t k = 0; d->kind == DECL_SET && k < d->nitems; k++)
			index_item(g, d, k);
	}
	for (size_t i = 0; i < g->ast.n; i++)
		if (g->ast.decls[i]->kind == DECL_CALL && g->ast.decls[i]->is_variant)
			merge_keys(g, g->ast.decls[i]);
}
