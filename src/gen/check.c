/* What the grammar allows and the language does not. What only --strict asks for is checked last, on whole tables. */
#include "gen/gen.h"

#include <string.h>

static const char *const class_names[] = {
#define CLASS(id, name) name,
#include "desc/classes.def"
#undef CLASS
    NULL};
static const char *const struct_attrs[] = {"packed", "align", "chain", "show", "union", "size", "arch", "dated", "list", "ratio", "open", "zero_last", "from_start", "least", "loose", "stepwise", "enclosed", "plain", "call", "partial", "clamped", "pool", "extra", "as_of", NULL};
static const char *const member_attrs[] = {"hide", "more", "out", "both", "change", "bare", "name", "arch", "align", "union", "named", "count", "dots", "part", "at", NULL};
static const char *const argument_attrs[] = {"count", "result", "reg", "named", "late", "arch", "name", "hide", "more", "bare", "interrupted", "too_big", "apart", "high_first", "both", "grows", NULL};
static const char *const set_attrs[] = {"unknown", "dec", "word", "parts", "pieces", "split", "tailed", "commented", "wrap", "as_of", "by_hook", NULL};
static const char *const item_attrs[] = {"arch", "shift", "upto", "number", "shifted", "last", "x86_64", "i386", "x32", "aarch64", "arm", NULL};
static const char *const call_attrs[] = {"switch", "multiplex", "unpack", "noreturn", "undecoded", "category", "nodesc", "nofile", "statfs_like", "free", "shown", NULL};
static const char *const choice_attrs[] = {"fits", NULL};
static const char *const no_attrs[] = {NULL};

static bool is_listed(const char *const *list, const char *name)
{
	for (; *list; list++)
		if (strcmp(*list, name) == 0)
			return true;
	return false;
}

static void check_attrs(struct gen *g, struct place at, const struct attr *attrs, size_t n, const char *const *known, const char *const *more)
{
	for (size_t i = 0; i < n; i++)
		if (!is_listed(known, attrs[i].name) && !is_listed(more, attrs[i].name))
			complain(&g->errors, at, "no attribute @%s here", attrs[i].name);
}

static void check_members(struct gen *g, const struct decl *d)
{
	const char *const *known = d->kind == DECL_STRUCT ? member_attrs : d->kind == DECL_CALL ? argument_attrs : no_attrs;
	for (size_t i = 0; i < d->nmembers; i++) {
		const struct member *m = &d->members[i];
		check_attrs(g, m->at, m->attrs, m->nattrs, known, no_attrs);
		if (m->bits && d->kind != DECL_STRUCT)
			complain(&g->errors, m->at, "a bit-field outside a struct");
		for (size_t k = 0; k < i; k++)
			if (strcmp(d->members[k].name, m->name) == 0)
				complain(&g->errors, m->at, "a second '%s'", m->name);
	}
}

static bool value_of(struct gen *g, const struct decl *d, const struct item *it, uint64_t *ret)
{
	return it->value && constant(g, it->value, MODEL_LP64, d, ret);
}

static void check_item(struct gen *g, const struct decl *d, size_t i)
{
	const struct item *it = &d->items[i];
	check_attrs(g, it->at, it->attrs, it->nattrs, item_attrs, no_attrs);
	if (!it->name)
		return;
	const struct item *first = item_named(g, d, it->name);
	if (first && first != it)
		complain(&g->errors, it->at, "a second '%s' in %s", it->name, d->name);
	const struct item *elsewhere = constant_named(g, it->name);
	uint64_t here = 0;
	uint64_t there = 0;
	if (first == it && elsewhere && elsewhere != it && value_of(g, d, it, &here) && value_of(g, d, elsewhere, &there) && here != there)
		complain(&g->errors, it->at, "%s has another value at %s:%u", it->name, elsewhere->at.file, elsewhere->at.line);
}

/* Flags are tried in order: a composite after its parts, or a bit of a field mask, is never reached. */
static void check_flags(struct gen *g, const struct decl *d)
{
	uint64_t masks = 0;
	uint64_t seen = 0;
	for (size_t i = 0; i < d->nitems; i++) {
		uint64_t v = 0;
		const struct item *it = &d->items[i];
		if (!value_of(g, d, it, &v) || attr_of(it->attrs, it->nattrs, "arch"))
			continue;
		if (it->subset) {
			masks |= v;
			continue;
		}
		bool is_composite = v & (v - 1);
		if (v & masks)
			complain(&g->errors, it->at, "%s overlaps a field mask of %s", it->name, d->name);
		else if (is_composite && (seen & v) == v)
			complain(&g->errors, it->at, "%s stands after its parts and is never reached", it->name);
		if (!is_composite)
			seen |= v;
	}
}

static void check_set(struct gen *g, const struct decl *d)
{
	check_attrs(g, d->at, d->attrs, d->nattrs, set_attrs, no_attrs);
	for (size_t i = 0; i < d->nitems; i++)
		check_item(g, d, i);
	if (d->is_flags)
		check_flags(g, d);
}

/* The direction in a request's number is the kernel's word on the argument's. */
static void check_direction(struct gen *g, const struct decl *d)
{
	const struct node *type = d->nmembers ? d->members[0].type : NULL;
	for (size_t i = 0; type && i < d->nitems; i++) {
		const struct node *v = d->items[i].value;
		if (!v || v->kind != NODE_CALL)
			continue;
		if (strcmp(v->name, "_IOR") == 0 && (strcmp(type->name, "in") == 0 || strcmp(type->name, "in64") == 0))
			complain(&g->errors, d->items[i].at, "_IOR, but the argument is read: in");
		if (strcmp(v->name, "_IOW") == 0 && (strcmp(type->name, "out") == 0 || strcmp(type->name, "out64") == 0))
			complain(&g->errors, d->items[i].at, "_IOW, but the argument is written: out");
	}
}

static void check_call(struct gen *g, const struct decl *d)
{
	check_attrs(g, d->at, d->attrs, d->nattrs, call_attrs, class_names);
	const struct attr *sw = attr_of(d->attrs, d->nattrs, "switch");
	if (sw && (!sw->nargs || !switch_arguments(d)))
		complain(&g->errors, d->at, "@switch takes an expression with one of the arguments");
	const struct attr *category = attr_of(d->attrs, d->nattrs, "category");
	if (category && category_named(category) < 0)
		complain(&g->errors, d->at, "@category takes process, file, device, info or comm");
	if (d->is_variant)
		check_direction(g, d);
}

void check_names(struct gen *g)
{
	for (size_t i = 0; i < g->ast.n; i++) {
		const struct decl *d = g->ast.decls[i];
		check_members(g, d);
		if (d->kind == DECL_SET)
			check_set(g, d);
		else if (d->kind == DECL_CALL)
			check_call(g, d);
		else if (d->kind == DECL_STRUCT)
			check_attrs(g, d->at, d->attrs, d->nattrs, struct_attrs, no_attrs);
		else
			check_attrs(g, d->at, d->attrs, d->nattrs, d->kind == DECL_CHOICE ? choice_attrs : no_attrs, no_attrs);
	}
}

/* Declarations that nothing led to are compiled too, so that their faults are told. */
static void compile_unused(struct gen *g, struct decl *d)
{
	if (d->kind == DECL_SET)
		compile_set(g, d);
	else if (d->kind == DECL_STRUCT)
		compile_record(g, d);
	else if (d->kind == DECL_CHOICE)
		compile_choice(g, d);
	else if (d->kind == DECL_TYPE)
		compile_type(g, &(struct context){0}, d->type);
}

static void check_use(struct gen *g, struct decl *d)
{
	if (g->is_strict && d->kind == DECL_CALL && !d->is_variant && !d->doc)
		complain(&g->errors, d->at, "%s has no ## line", d->name);
	if (d->is_used || d->is_replaced || (d->kind == DECL_CALL && d->is_variant))
		return;
	bool is_draft = attr_of(d->attrs, d->nattrs, "undecoded") || attr_of(d->attrs, d->nattrs, "by_hook");
	if (g->is_strict && !is_draft)
		complain(&g->errors, d->at, "'%s' is used nowhere%s", d->name, d->kind == DECL_CALL ? ": it has no number" : "");
	compile_unused(g, d);
}

static void check_variants(struct gen *g)
{
	for (size_t i = 1; i < g->out_calls.n; i++) {
		const struct desc_call *c = &g->out_calls.v[i];
		for (size_t k = 1; k < c->nvariants; k++) {
			const struct desc_variant *v = &g->out_variants.v[c->first_variant + k];
			if (v[-1].key[0] == v->key[0] && v[-1].call != v->call && v->key[0] != DESC_KEY_ABSENT)
				complain(&g->errors, g->call_decls[v->call]->at, "a second variant of %s for %#llx", c->name, (unsigned long long)v->key[0]);
		}
	}
}

static void check_numbers(struct gen *g)
{
	for (size_t i = 0; i < g->nnumbers; i++) {
		const struct number *row = &g->numbers[i];
		for (int abi = 0; abi < ABI_COUNT; abi++) {
			if (!row->decl[abi] || find_call(g, row->decl[abi]))
				continue;
			complain(&g->errors, row->at, "%s (%s) has no declaration", row->decl[abi], abi_name((enum abi)abi));
			break;
		}
	}
}

static void check_limits(struct gen *g)
{
	const struct { const char *name; size_t n; } tables[] = {
	    {"types", g->out_types.n}, {"fields", g->out_fields.n}, {"records", g->out_records.n}, {"items", g->out_items.n}, {"sets", g->out_sets.n},
	    {"arms", g->out_arms.n}, {"calls", g->out_calls.n}, {"variants", g->out_variants.n}, {"effects", g->out_effects.n}};
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (tables[i].n > UINT16_MAX)
			complain(&g->errors, (struct place){"tables", 0}, "%zu %s outgrow a 16-bit index", tables[i].n, tables[i].name);
}

static void check_hooks(struct gen *g)
{
	static const char *const names[] = {
#define HOOK(name) #name,
#include "decode/hooks/hooks.def"
#undef HOOK
	    NULL};
	for (size_t i = 0; i < g->nhooks; i++)
		if (!is_listed(names, g->hooks[i]))
			complain(&g->errors, (struct place){"tables", 0}, "no hook '%s' in src/decode/hooks/hooks.def", g->hooks[i]);
}

void check_tables(struct gen *g)
{
	for (size_t i = 0; i < g->ast.n; i++)
		check_use(g, g->ast.decls[i]);
	check_variants(g);
	check_limits(g);
	if (!g->is_strict)
		return;
	check_numbers(g);
	check_hooks(g);
}
