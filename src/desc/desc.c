/* Look-ups in the generated tables. */
#include "desc/desc.h"

#include <stdio.h>

const struct desc_abi desc_abis[ABI_COUNT] = {
    [ABI_X86_64] = {"x86_64", MODEL_LP64, true, false},      [ABI_I386] = {"i386", MODEL_I386, false, false},
    [ABI_X32] = {"x32", MODEL_ARM, true, false},             [ABI_AARCH64] = {"aarch64", MODEL_AARCH64, true, false},
    [ABI_ARM] = {"arm", MODEL_ARM, false, true},
};

const char *const desc_category_names[CATEGORY_COUNT] = {"process", "file", "device", "info", "comm"};

const char *const desc_class_names[CLASS_COUNT] = {
#define CLASS(id, name) name,
#include "desc/classes.def"
#undef CLASS
};

const struct desc_number *desc_by_number(enum abi abi, uint64_t nr)
{
	if (nr >= desc_number_count[abi] || !desc_numbers[abi][nr].name)
		return NULL;
	return &desc_numbers[abi][nr];
}

const struct desc_family *desc_family_of(const struct desc_call *call, uint64_t key)
{
	const struct desc_family *f = desc_families + call->first_family;
	for (size_t i = 0; i < call->nfamilies; i++)
		if ((key & f[i].mask) == f[i].key)
			return &f[i];
	return NULL;
}

unsigned desc_registers(const struct desc_call *call, enum abi abi)
{
	unsigned n = call->nargs;
	enum model model = desc_abis[abi].model;
	for (unsigned i = 0; i < call->n && !desc_abis[abi].is_wide; i++) {
		const struct desc_field *f = &desc_fields[call->first + i];
		const struct desc_type *t = &desc_types[f->type];
		bool is_pair = t->kind == KIND_INT && t->width[model] == 8;
		unsigned slot = desc_abis[abi].aligns_pairs ? f->off[2] : f->off[1];
		unsigned end = slot + (is_pair ? 2 : 1);
		if (!(f->flags & FIELD_RESULT) && end > n)
			n = end;
	}
	return n;
}

const struct desc_call *desc_variant_of(const struct desc_call *call, enum abi abi, uint64_t key)
{
	const struct desc_variant *v = desc_variants + call->first_variant;
	size_t n = call->nvariants;
	/* Sorted by the first ABI's key; the others differ in few places, so they are searched where that fails. */
	for (size_t low = 0, high = n; low < high;) {
		size_t middle = (low + high) / 2;
		if (v[middle].key[0] == key && v[middle].key[abi] == key && (middle == low || v[middle - 1].key[0] != key))
			return &desc_calls[v[middle].call];
		if (v[middle].key[0] < key)
			low = middle + 1;
		else
			high = middle;
	}
	for (size_t i = 0; abi != ABI_X86_64 && i < n; i++)
		if (v[i].key[abi] == key)
			return &desc_calls[v[i].call];
	const struct desc_family *family = desc_family_of(call, key);
	return family ? &desc_calls[family->call] : call;
}

size_t desc_items_of(const struct desc_set *set, uint64_t value, const struct desc_item **ret_first)
{
	const struct desc_item *items = desc_items + set->first;
	size_t low = 0;
	for (size_t high = set->n; low < high;) {
		size_t middle = (low + high) / 2;
		if (items[middle].value < value)
			low = middle + 1;
		else
			high = middle;
	}
	size_t n = 0;
	while (low + n < set->n && items[low + n].value == value)
		n++;
	if (!n)
		return set->rest ? desc_items_of(&desc_sets[set->rest], value, ret_first) : 0;
	if (set->rest && !items[low].name)
		return 0;
	*ret_first = items + low;
	return n;
}

const struct desc_item *desc_item_below(const struct desc_set *set, uint64_t value)
{
	for (size_t i = set->n; i--;) {
		const struct desc_item *it = &desc_items[set->first + i];
		if (it->span && it->value <= value && value - it->value <= it->span)
			return it;
	}
	return NULL;
}

const struct desc_item *desc_item_of(const struct desc_set *set, uint64_t value)
{
	const struct desc_item *first = NULL;
	desc_items_of(set, value, &first);
	return first;
}

static const struct desc_name *find(const struct desc_name *names, int number)
{
	for (; names->name; names++)
		if (names->number == number)
			return names;
	return NULL;
}

const char *desc_errno_name(int err)
{
	const struct desc_name *n = find(desc_errnos, err);
	return n ? n->name : NULL;
}

const char *desc_errno_message(int err)
{
	const struct desc_name *n = find(desc_errnos, err);
	return n ? n->message : NULL;
}

const char *desc_signal_name(int signo)
{
	const struct desc_name *n = find(desc_signals, signo);
	return n ? n->name : NULL;
}
