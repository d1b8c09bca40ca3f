/*
 * When each type has something to read: on entry, at exit or both. A pointer says it by its direction; what holds
 * pointers inherits it from them, through any nesting, so it is settled for all types at once when all are known.
 */
#include "gen/gen.h"

static uint8_t of_fields(const struct gen *g, const struct desc_record *r)
{
	uint8_t phases = 0;
	for (size_t i = 0; i < r->n; i++)
		phases |= g->out_types.v[g->out_fields.v[r->first + i].type].phases;
	return phases;
}

static uint8_t of_arms(const struct gen *g, const struct desc_choice *c)
{
	uint8_t phases = g->out_types.v[c->otherwise].phases;
	for (size_t i = 0; i < c->n; i++)
		phases |= g->out_types.v[g->out_arms.v[c->first + i].to].phases;
	return phases;
}

static uint8_t phases_of(const struct gen *g, const struct desc_type *t)
{
	uint8_t inner = g->out_types.v[t->elem].phases;
	switch ((enum desc_kind)t->kind) {
	case KIND_STR:
	case KIND_PATH: return PHASE_ENTRY;
	case KIND_PTR:
		/* What only the kernel writes is read at exit, whatever it points to. */
		if (!(t->flags & TYPE_IN))
			return PHASE_EXIT;
		return (uint8_t)(PHASE_ENTRY | (t->flags & TYPE_OUT ? PHASE_EXIT : inner));
	case KIND_ARRAY:
	case KIND_SIZED:
	case KIND_CHAIN: return inner;
	case KIND_STRUCT: return of_fields(g, &g->out_records.v[t->ref]);
	case KIND_CHOICE: return of_arms(g, &g->out_choices.v[t->ref]);
	default: return 0;
	}
}

/* A struct that is referred to while it is being compiled had no size yet. */
static void settle_size(const struct gen *g, struct desc_type *t)
{
	const struct desc_record *r = &g->out_records.v[t->ref];
	for (enum model m = 0; m < MODEL_COUNT; m++) {
		t->size[m] = r->size[m];
		t->align[m] = r->align[m];
	}
}

void settle_phases(struct gen *g)
{
	for (size_t i = 0; i < g->out_types.n; i++) {
		g->out_types.v[i].phases = 0;
		if (g->out_types.v[i].kind == KIND_STRUCT)
			settle_size(g, &g->out_types.v[i]);
	}
	bool has_changed = true;
	while (has_changed) {
		has_changed = false;
		for (size_t i = 0; i < g->out_types.n; i++) {
			uint8_t phases = phases_of(g, &g->out_types.v[i]);
			has_changed |= phases != g->out_types.v[i].phases;
			g->out_types.v[i].phases = phases;
		}
	}
}
