/*
 * Sets to desc_set entries. Where an ABI gives constants other values it gets a set of its own, so that who holds a
 * set's index never has to ask for the ABI again; a long enum's holds the differences alone.
 */
#include "gen/gen.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

/* An item with its place among the declared ones: sorting by value must be stable, the first name wins. */
struct ranked {
	struct desc_item item;
	size_t rank;
};

static uint64_t fit(uint64_t v, const struct scalar *base, enum model m)
{
	unsigned width = !base ? 8 : base->width == 'W' ? word_of(m) : (unsigned)base->width;
	if (!width || width >= 8)
		return v;
	unsigned shift = 64 - 8 * width;
	return base->is_signed ? (uint64_t)((int64_t)(v << shift) >> shift) : v << shift >> shift;
}

bool item_value(struct gen *g, const struct item *it, const struct decl *d, enum abi abi, uint64_t *ret)
{
	const struct node *n = it->value;
	for (size_t i = 0; i < it->nattrs; i++)
		if (abi_of(it->attrs[i].name) == (int)abi && it->attrs[i].nargs)
			n = it->attrs[i].args[0];
	if (!n || !constant(g, n, model_of(abi), d, ret))
		return false;
	*ret = fit(*ret, d->type ? scalar_of(d->type->name) : scalar_of("u32"), model_of(abi));
	return true;
}

static int by_value(const void *a, const void *b)
{
	const struct ranked *x = a;
	const struct ranked *y = b;
	if (x->item.value != y->item.value)
		return x->item.value < y->item.value ? -1 : 1;
	return x->rank < y->rank ? -1 : x->rank > y->rank;
}

static uint16_t subset_of(struct gen *g, const struct item *it, enum abi abi)
{
	struct decl *sub = find_type(g, it->subset);
	if (!sub || sub->kind != DECL_SET) {
		if (abi == 0)
			complain(&g->errors, it->at, "no set '%s'", it->subset);
		return 0;
	}
	uint16_t index = compile_set(g, sub);
	return g->out_sets.v[index].by_abi[abi];
}

/* The bits of a field are looked up in its set as they are, or shifted down: @shift(bits, "name"). */
static void put_subset(struct gen *g, const struct item *it, enum abi abi, struct desc_item *ret)
{
	const struct attr *shift = attr_of(it->attrs, it->nattrs, "shift");
	ret->subset = subset_of(g, it, abi);
	if (!shift)
		return;
	ret->shift = (uint8_t)attr_number(g, it->at, shift, 0, 1, 63, 1);
	ret->name = shift->nargs > 1 && shift->args[1]->name ? shift->args[1]->name : "";
}

static unsigned number_look(const struct attr *number)
{
	if (!number->nargs)
		return 0;
	const char *look = number->args[0]->name;
	return look && strcmp(look, "oct") == 0 ? ITEM_OCT : ITEM_HEX;
}

/* What a mask shows: the names of a set, or a number (@shifted, @number). */
static void settle_mask(struct gen *g, const struct item *it, enum abi abi, struct desc_item *out)
{
	const struct attr *shifted = attr_of(it->attrs, it->nattrs, "shifted");
	const struct attr *number = shifted ? shifted : attr_of(it->attrs, it->nattrs, "number");
	if (number)
		out->look = (uint8_t)(ITEM_SHIFTED | number_look(number));
	else
		put_subset(g, it, abi, out);
	if (shifted)
		out->name = it->subset;
	if (attr_of(it->attrs, it->nattrs, "last"))
		out->look |= ITEM_LAST;
}

static struct ranked *items_in(struct gen *g, const struct decl *d, enum abi abi, size_t *ret_n)
{
	struct ranked *v = xcalloc(d->nitems + 1, sizeof(*v));
	size_t n = 0;
	for (size_t i = 0; i < d->nitems; i++) {
		const struct item *it = &d->items[i];
		const struct attr *arch = attr_of(it->attrs, it->nattrs, "arch");
		if (arch && !names_model(arch, model_of(abi)))
			continue;
		v[n] = (struct ranked){.item = {.name = it->subset ? NULL : it->name}, .rank = i};
		const struct attr *upto = attr_of(it->attrs, it->nattrs, "upto");
		uint64_t last = 0;
		if (!item_value(g, it, d, abi, &v[n].item.value)) {
			if (abi == 0)
				complain(&g->errors, it->at, "the value of %s is no constant", it->name ? it->name : "a mask");
			continue;
		}
		if (upto && upto->nargs && constant(g, upto->args[0], model_of(abi), d, &last))
			v[n].item.span = (uint32_t)(last - v[n].item.value);
		if (it->subset)
			settle_mask(g, it, abi, &v[n].item);
		n++;
	}
	if (!d->is_flags)
		qsort(v, n, sizeof(*v), by_value);
	*ret_n = n;
	return v;
}

/* What V has otherwise than BASE, value by value: all names of such a value, or one item without a name where it has none. */
static size_t difference(const struct gen *g, const struct desc_set *base, const struct ranked *v, size_t n, struct ranked *ret)
{
	const struct desc_item *b = g->out_items.v + base->first;
	size_t nb = base->n;
	size_t made = 0;
	for (size_t i = 0, k = 0; i < n || k < nb;) {
		uint64_t value = k == nb || (i < n && v[i].item.value < b[k].value) ? v[i].item.value : b[k].value;
		size_t from = i;
		size_t base_from = k;
		while (i < n && v[i].item.value == value)
			i++;
		while (k < nb && b[k].value == value)
			k++;
		bool is_equal = i - from == k - base_from;
		for (size_t j = 0; is_equal && j < i - from; j++)
			is_equal = v[from + j].item.name == b[base_from + j].name;
		if (is_equal)
			continue;
		if (from == i)
			ret[made++] = (struct ranked){.item = {.value = value}};
		for (size_t j = from; j < i; j++)
			ret[made++] = v[j];
	}
	return made;
}

static bool is_same(const struct gen *g, const struct desc_set *s, const struct ranked *v, size_t n, uint16_t rest)
{
	if (s->n != n || s->rest != rest)
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct desc_item *it = &g->out_items.v[s->first + i];
		if (it->value != v[i].item.value || it->name != v[i].item.name || it->subset != v[i].item.subset || it->look != v[i].item.look)
			return false;
	}
	return true;
}

static uint16_t add_set(struct gen *g, const struct decl *d, const struct ranked *v, size_t n, uint16_t rest)
{
	const struct attr *unknown = attr_of(d->attrs, d->nattrs, "unknown");
	const struct attr *word = attr_of(d->attrs, d->nattrs, "word");
	const struct attr *wrap = attr_of(d->attrs, d->nattrs, "wrap");
	struct desc_set s = {
	    .name = d->name,
	    .first = (uint16_t)g->out_items.n,
	    .n = (uint16_t)n,
	    .rest = rest,
	    .is_flags = d->is_flags,
	    .is_signed = d->type && scalar_of(d->type->name) && scalar_of(d->type->name)->is_signed,
	    .is_decimal = attr_of(d->attrs, d->nattrs, "dec") != NULL,
	    .is_tailed = attr_of(d->attrs, d->nattrs, "tailed") != NULL,
	    .is_split = attr_of(d->attrs, d->nattrs, "split") != NULL,
	    .is_commented = attr_of(d->attrs, d->nattrs, "commented") != NULL,
	    .wrap = wrap && wrap->nargs ? wrap->args[0]->name : NULL,
	    .word = word && word->nargs ? word->args[0]->name : NULL,
	    .is_in_pieces = attr_of(d->attrs, d->nattrs, "pieces") != NULL,
	    .is_in_parts = attr_of(d->attrs, d->nattrs, "parts") != NULL,
	    .unknown = unknown && unknown->nargs ? unknown->args[0]->name : NULL,
	};
	for (size_t i = 0; i < n; i++)
		*APPEND(g->out_items.v, g->out_items.n) = v[i].item;
	*APPEND(g->out_sets.v, g->out_sets.n) = s;
	return (uint16_t)(g->out_sets.n - 1);
}

/* An ABI that differs from the first in few values of a long enum keeps these alone and refers to the first's for the rest. */
static uint16_t set_in(struct gen *g, const struct decl *d, enum abi abi, const uint16_t *before)
{
	enum { LONG = 64 };
	size_t n = 0;
	struct ranked *v = items_in(g, d, abi, &n);
	uint16_t rest = 0;
	if (abi && !d->is_flags && n > LONG && !is_same(g, &g->out_sets.v[before[0]], v, n, 0)) {
		struct ranked *own = xcalloc(n + g->out_sets.v[before[0]].n + 1, sizeof(*own));
		size_t nown = difference(g, &g->out_sets.v[before[0]], v, n, own);
		bool is_short = nown < n / 2;
		rest = is_short ? before[0] : 0;
		n = is_short ? nown : n;
		free(is_short ? v : own);
		v = is_short ? own : v;
	}
	uint16_t found = 0;
	for (enum abi a = 0; a < abi && !found; a++)
		if (is_same(g, &g->out_sets.v[before[a]], v, n, rest))
			found = before[a];
	if (!found)
		found = add_set(g, d, v, n, rest);
	free(v);
	return found;
}

uint16_t compile_set(struct gen *g, struct decl *d)
{
	if (d->is_busy) {
		if (!map_get(&g->bad, hash_name(d->name)))
			complain(&g->errors, d->at, "set '%s' is part of itself", d->name);
		map_put(&g->bad, hash_name(d->name), d);
		return 0;
	}
	d->is_used = true;
	if (d->index)
		return (uint16_t)d->index;
	if (d->type && !scalar_of(d->type->name))
		complain(&g->errors, d->at, "'%s' is no integer type", d->type->name);
	d->is_busy = true;
	uint16_t by_abi[ABI_COUNT] = {0};
	for (enum abi abi = 0; abi < ABI_COUNT; abi++)
		by_abi[abi] = set_in(g, d, abi, by_abi);
	for (enum abi abi = 0; abi < ABI_COUNT; abi++)
		memcpy(g->out_sets.v[by_abi[abi]].by_abi, by_abi, sizeof(by_abi));
	d->is_busy = false;
	d->index = by_abi[ABI_X86_64];
	return (uint16_t)d->index;
}
