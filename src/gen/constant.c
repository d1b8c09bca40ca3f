/* Arithmetic that the compiler does itself: constants, keys of variants, the sizes in request numbers. */
#include "gen/gen.h"

#include <string.h>

uint64_t hash_bytes(const void *p, size_t n)
{
	const unsigned char *b = p;
	uint64_t h = 0xcbf29ce484222325ULL;
	for (size_t i = 0; i < n; i++)
		h = (h ^ b[i]) * 0x100000001b3ULL;
	return h ? h : 1;
}

uint64_t hash_name(const char *name)
{
	return hash_bytes(name, strlen(name));
}

static const char *const abi_names[ABI_COUNT] = {
    [ABI_X86_64] = "x86_64", [ABI_I386] = "i386", [ABI_X32] = "x32", [ABI_AARCH64] = "aarch64", [ABI_ARM] = "arm"};

const char *abi_name(enum abi abi)
{
	return abi_names[abi];
}

int abi_of(const char *name)
{
	for (int i = 0; i < ABI_COUNT; i++)
		if (strcmp(abi_names[i], name) == 0)
			return i;
	return -1;
}

enum model model_of(enum abi abi)
{
	static const enum model models[ABI_COUNT] = {
	    [ABI_X86_64] = MODEL_LP64, [ABI_I386] = MODEL_I386, [ABI_X32] = MODEL_ARM, [ABI_AARCH64] = MODEL_AARCH64, [ABI_ARM] = MODEL_ARM};
	return models[abi];
}

/* _IO(type, nr) and its kin: include/uapi/asm-generic/ioctl.h; direction in bits 30 and 31, size from 16, type from 8. */
static bool request(struct gen *g, const struct node *n, enum model m, const struct decl *set, uint64_t *ret)
{
	static const struct { const char *name; uint64_t dir; size_t nargs; } kinds[] = {
	    {"_IO", 0, 2}, {"_IOW", 1, 3}, {"_IOR", 2, 3}, {"_IOWR", 3, 3}};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		uint64_t type = 0;
		uint64_t nr = 0;
		if (strcmp(n->name, kinds[i].name) != 0)
			continue;
		if (n->nargs != kinds[i].nargs || !constant(g, n->args[0], m, set, &type) || !constant(g, n->args[1], m, set, &nr))
			return false;
		uint64_t size = 0;
		if (n->nargs == 3 && !constant(g, n->args[2], m, set, &size)) {
			uint16_t t = compile_type(g, &(struct context){0}, n->args[2]);
			size = g->out_types.v[t].size[m];
		}
		*ret = kinds[i].dir << 30 | size << 16 | type << 8 | nr;
		return true;
	}
	return false;
}

static bool binary(const char *op, uint64_t a, uint64_t b, uint64_t *ret)
{
	if (strcmp(op, "|") == 0)
		*ret = a | b;
	else if (strcmp(op, "&") == 0)
		*ret = a & b;
	else if (strcmp(op, "+") == 0)
		*ret = a + b;
	else if (strcmp(op, "-") == 0)
		*ret = a - b;
	else if (strcmp(op, "*") == 0)
		*ret = a * b;
	else if (strcmp(op, "/") == 0)
		*ret = b ? a / b : 0;
	else if (strcmp(op, "<<") == 0)
		*ret = b < 64 ? a << b : 0;
	else if (strcmp(op, ">>") == 0)
		*ret = b < 64 ? a >> b : 0;
	else
		return false;
	return true;
}

static bool named(struct gen *g, const struct node *n, enum model m, const struct decl *set, uint64_t *ret)
{
	const struct item *it = set ? item_named(g, set, n->name) : NULL;
	if (!it)
		it = constant_named(g, n->name);
	return it && it->value && constant(g, it->value, m, set, ret);
}

static bool operation(struct gen *g, const struct node *n, enum model m, const struct decl *set, uint64_t *ret)
{
	uint64_t a = 0;
	uint64_t b = 0;
	if (!constant(g, n->args[0], m, set, &a) || (n->nargs == 2 && !constant(g, n->args[1], m, set, &b)))
		return false;
	if (n->nargs == 2)
		return binary(n->name, a, b, ret);
	if (strcmp(n->name, "*") == 0)
		return false;
	*ret = strcmp(n->name, "-") == 0 ? 0 - a : strcmp(n->name, "~") == 0 ? ~a : !a;
	return true;
}

bool constant(struct gen *g, const struct node *n, enum model m, const struct decl *set, uint64_t *ret)
{
	if (g->depth > RESOLVE_DEPTH)
		return false; /* a constant that is defined by itself */
	g->depth++;
	bool is_known = false;
	switch (n->kind) {
	case NODE_NUMBER:
		*ret = n->number;
		is_known = true;
		break;
	case NODE_NAME: is_known = !n->has_brackets && named(g, n, m, set, ret); break;
	case NODE_CALL: is_known = request(g, n, m, set, ret); break;
	case NODE_OP: is_known = operation(g, n, m, set, ret); break;
	}
	g->depth--;
	return is_known;
}

static bool node_names_model(const struct node *n, enum model m)
{
	int abi = n->kind == NODE_NAME ? abi_of(n->name) : -1;
	if (abi >= 0 && model_of((enum abi)abi) == m)
		return true;
	for (size_t i = 0; n->kind == NODE_OP && i < n->nargs; i++)
		if (node_names_model(n->args[i], m))
			return true;
	return false;
}

bool names_model(const struct attr *a, enum model m)
{
	for (size_t i = 0; i < a->nargs; i++)
		if (node_names_model(a->args[i], m))
			return true;
	return false;
}

bool is_on_model(const struct decl *d, enum model m)
{
	const struct attr *a = attr_of(d->attrs, d->nattrs, "arch");
	return !a || names_model(a, m);
}

uint32_t attr_number(struct gen *g, struct place at, const struct attr *a, size_t n, uint32_t least, uint32_t most, uint32_t fallback)
{
	uint64_t v = 0;
	if (n < a->nargs && constant(g, a->args[n], MODEL_LP64, NULL, &v) && v >= least && v <= most)
		return (uint32_t)v;
	complain(&g->errors, at, "@%s takes a number from %u to %u", a->name, least, most);
	return fallback;
}
