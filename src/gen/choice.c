/* Choices to desc_choice entries: arms sorted by key. */
#include "gen/gen.h"

#include "base/xalloc.h"

#include <stdlib.h>

enum { KEYS_MOST = 3 };

struct arms {
	struct desc_arm *v;
	size_t n;
};

static int by_keys(const void *a, const void *b)
{
	const struct desc_arm *x = a;
	const struct desc_arm *y = b;
	for (int i = 0; i < KEYS_MOST; i++)
		if (x->key[i] != y->key[i])
			return x->key[i] < y->key[i] ? -1 : 1;
	return 0;
}

static void add_arm(struct gen *g, const struct decl *d, const struct arm *arm, size_t alternative, uint16_t to, struct arms *arms)
{
	struct desc_arm a = {.to = to};
	if (arm->nkeys[alternative] != d->nmembers) {
		complain(&g->errors, arm->at, "%zu keys where choice %s has %zu", arm->nkeys[alternative], d->name, d->nmembers);
		return;
	}
	for (size_t j = 0; j < d->nmembers && j < KEYS_MOST; j++) {
		const struct node *key = arm->keys[alternative][j];
		struct decl *set = find_type(g, d->members[j].type->name);
		if (!constant(g, key, MODEL_LP64, set && set->kind == DECL_SET ? set : NULL, &a.key[j])) {
			complain(&g->errors, arm->at, "key '%s' is no constant", key->name ? key->name : "?");
			return;
		}
	}
	*APPEND(arms->v, arms->n) = a;
}

static void sort_arms(struct gen *g, const struct decl *d, struct arms *arms)
{
	if (arms->n)
		qsort(arms->v, arms->n, sizeof(*arms->v), by_keys);
	for (size_t i = 1; i < arms->n; i++)
		if (by_keys(&arms->v[i - 1], &arms->v[i]) == 0)
			complain(&g->errors, d->at, "choice %s has two arms for key %llu", d->name, (unsigned long long)arms->v[i].key[0]);
}

/* A key without a default must be passed wherever the choice is used; its type only lends the arms their names. */
static void compile_keys(struct gen *g, const struct decl *d, struct desc_choice *out)
{
	if (d->nmembers > KEYS_MOST)
		complain(&g->errors, d->at, "choice %s has more than %d keys", d->name, KEYS_MOST);
	for (size_t i = 0; i < d->nmembers && i < KEYS_MOST; i++) {
		const struct member *key = &d->members[i];
		struct decl *set = find_type(g, key->type->name);
		if (set)
			set->is_used = true;
		compile_type(g, &(struct context){.choice = d}, key->type);
		if (key->cond)
			out->key_expr[i] = compile_expr(g, &(struct context){.choice = d}, key->cond);
	}
}

uint16_t compile_choice(struct gen *g, struct decl *d)
{
	d->is_used = true;
	if (d->index)
		return (uint16_t)d->index;
	*APPEND(g->out_choices.v, g->out_choices.n) = (struct desc_choice){.name = d->name};
	d->index = (int)g->out_choices.n - 1;
	d->is_busy = true;
	const struct context c = {.choice = d};
	struct desc_choice out = {.name = d->name, .nkeys = (uint8_t)d->nmembers, .must_fit = attr_of(d->attrs, d->nattrs, "fits")};
	compile_keys(g, d, &out);
	struct arms arms = {0};
	for (size_t i = 0; i < d->narms; i++) {
		uint16_t to = compile_type(g, &c, d->arms[i].type);
		for (size_t k = 0; k < d->arms[i].nalternatives; k++)
			add_arm(g, d, &d->arms[i], k, to, &arms);
	}
	if (!d->otherwise)
		complain(&g->errors, d->at, "choice %s has no else", d->name);
	else
		out.otherwise = compile_type(g, &c, d->otherwise);
	sort_arms(g, d, &arms);
	out.first = (uint16_t)g->out_arms.n;
	out.n = (uint16_t)arms.n;
	for (size_t i = 0; i < arms.n; i++)
		*APPEND(g->out_arms.v, g->out_arms.n) = arms.v[i];
	free(arms.v);
	g->out_choices.v[d->index] = out;
	d->is_busy = false;
	return (uint16_t)d->index;
}
