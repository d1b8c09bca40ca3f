/* Expressions to postfix code. Equal code is stored once. */
#include "gen/gen.h"

#include "base/xalloc.h"

#include <string.h>

struct code {
	uint8_t bytes[512];
	size_t n;
	int depth;   /* values on the stack here */
	int deepest;
	bool is_bad;
};

enum { STACK = 16 }; /* of decode/expr.c */

static void put(struct code *k, uint8_t b)
{
	if (k->n < sizeof(k->bytes))
		k->bytes[k->n++] = b;
	else
		k->is_bad = true;
}

/* By how much an operation makes the stack higher. */
static int growth(enum op op)
{
	switch (op) {
	case OP_CONST:
	case OP_FIELD:
	case OP_ARG:
	case OP_RET:
	case OP_REST:
	case OP_DEREF:
	case OP_KEY:
	case OP_VERBOSE:
	case OP_FAILED:
	case OP_INDEX:
	case OP_EXITING:
	case OP_ABI_WORD: return 1;
	case OP_END:
	case OP_PEEK:
	case OP_BEHIND:
	case OP_PROTO:
	case OP_SIBLING:
	case OP_NOT: return 0;
	default: return -1;
	}
}

static void put_op(struct code *k, enum op op)
{
	put(k, (uint8_t)op);
	k->depth += growth(op);
	if (k->depth > k->deepest)
		k->deepest = k->depth;
}

static void put_const(struct code *k, uint64_t v)
{
	put_op(k, OP_CONST);
	for (int i = 0; i < 8; i++)
		put(k, (uint8_t)(v >> (8 * i)));
}

static int member_index(const struct member *m, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(m[i].name, name) == 0)
			return (int)i;
	return -1;
}

static const char *named_argument(const struct node *n, const struct decl *base)
{
	if (n->kind == NODE_NAME && member_index(base->members, base->nmembers, n->name) >= 0)
		return n->name;
	for (size_t i = 0; i < n->nargs; i++) {
		const char *name = named_argument(n->args[i], base);
		if (name)
			return name;
	}
	return NULL;
}

size_t switch_arguments(const struct decl *base)
{
	const struct attr *a = attr_of(base->attrs, base->nattrs, "switch");
	const char *name = a && a->nargs ? named_argument(a->args[0], base) : NULL;
	int at = name ? member_index(base->members, base->nmembers, name) : -1;
	return at < 0 ? 0 : (size_t)at + 1;
}

/* Its variants take none of its arguments. */
static bool has_own_arguments(const struct decl *base)
{
	return attr_of(base->attrs, base->nattrs, "unpack") || attr_of(base->attrs, base->nattrs, "multiplex");
}

int argument_index(const struct context *c, const char *name)
{
	if (!c->call)
		return -1;
	size_t before = c->base && c->base != c->call ? switch_arguments(c->base) : 0;
	if (c->base && has_own_arguments(c->base) && c->base != c->call)
		before = 0;
	int at = member_index(c->call->members, c->call->nmembers, name);
	if (at >= 0)
		return at + (int)before;
	return before ? member_index(c->base->members, before, name) : -1;
}

/* The place of a member among the fields that are emitted: @show order, then what is only computed with. */
static int shown_index(const struct decl *record, const char *name)
{
	const struct attr *show = attr_of(record->attrs, record->nattrs, "show");
	if (!show)
		return member_index(record->members, record->nmembers, name);
	for (size_t i = 0; i < show->nargs; i++)
		if (strcmp(show->args[i]->name ? show->args[i]->name : "", name) == 0)
			return (int)i;
	int hidden = 0;
	for (size_t i = 0; i < record->nmembers; i++) {
		bool is_shown = false;
		for (size_t k = 0; k < show->nargs; k++)
			is_shown |= show->args[k]->name && strcmp(show->args[k]->name, record->members[i].name) == 0;
		if (is_shown)
			continue;
		if (strcmp(record->members[i].name, name) == 0)
			return (int)show->nargs + hidden;
		hidden++;
	}
	return -1;
}

static void put_node(struct gen *g, const struct context *c, const struct node *n, struct code *k);

/* What a name can be besides a constant. */
static bool is_run_time(const struct context *c, const char *name)
{
	static const char *const words[] = {"ret", "rest", "word", "verbose", "failed", "exiting", "index", "null"};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], name) == 0)
			return true;
	return (c->record && member_index(c->record->members, c->record->nmembers, name) >= 0) || (!c->record && argument_index(c, name) >= 0) ||
	       (c->choice && member_index(c->choice->members, c->choice->nmembers, name) >= 0);
}

bool uses_names(const struct context *c, const struct node *n)
{
	if ((n->kind == NODE_NAME && is_run_time(c, n->name)) || (n->kind == NODE_CALL && n->name[0] != '_'))
		return true;
	for (size_t i = 0; n->kind == NODE_OP && i < n->nargs; i++)
		if (uses_names(c, n->args[i]))
			return true;
	return false;
}

static void compile_name(struct gen *g, const struct context *c, const struct node *n, struct code *k)
{
	int at = c->record ? shown_index(c->record, n->name) : -1;
	if (at >= 0) {
		put_op(k, OP_FIELD);
		put(k, (uint8_t)((size_t)at + c->record->first_field));
	} else if (!c->record && (at = argument_index(c, n->name)) >= 0) {
		put_op(k, OP_ARG);
		put(k, (uint8_t)at);
	} else if (c->choice && (at = member_index(c->choice->members, c->choice->nmembers, n->name)) >= 0) {
		put_op(k, OP_KEY);
		put(k, (uint8_t)at);
	} else if (strcmp(n->name, "ret") == 0) {
		if (c->is_entry_only)
			complain(&g->errors, n->at, "'ret' in what is read on entry");
		put_op(k, OP_RET);
	} else if (strcmp(n->name, "rest") == 0) {
		put_op(k, OP_REST);
	} else if (strcmp(n->name, "exiting") == 0) {
		put_op(k, OP_EXITING);
	} else if (strcmp(n->name, "failed") == 0) {
		put_op(k, OP_FAILED);
	} else if (strcmp(n->name, "verbose") == 0) {
		put_op(k, OP_VERBOSE);
	} else if (strcmp(n->name, "index") == 0) {
		put_op(k, OP_INDEX);
	} else if (strcmp(n->name, "word") == 0) {
		put_op(k, OP_ABI_WORD);
	} else {
		complain(&g->errors, n->at, "'%s' is no %s or constant", n->name, c->record ? "member" : c->choice ? "key" : "argument");
		k->is_bad = true;
	}
}

static void compile_function(struct gen *g, const struct context *c, const struct node *n, struct code *k)
{
	static const struct { const char *name; enum op op; size_t nargs; } functions[] = {
	    {"min", OP_MIN, 2}, {"take", OP_TAKE, 2}, {"peek", OP_PEEK, 1}, {"proto", OP_PROTO, 1}, {"sibling", OP_SIBLING, 1}, {"word", OP_ABI_WORD, 0}};
	if (strcmp(n->name, "peek") == 0 && (n->nargs == 1 || n->nargs == 2)) {
		uint64_t width = 2;
		if (n->nargs == 2 && !constant(g, n->args[1], MODEL_LP64, NULL, &width))
			complain(&g->errors, n->at, "the width of peek() must be a constant");
		put_node(g, c, n->args[0], k);
		put_op(k, OP_PEEK);
		put(k, (uint8_t)width);
		return;
	}
	if (strcmp(n->name, "behind") == 0 && n->nargs == 2) {
		uint64_t width = 0;
		if (!constant(g, n->args[1], MODEL_LP64, NULL, &width) || width > 8)
			complain(&g->errors, n->at, "the width of behind() must be a constant");
		put_node(g, c, n->args[0], k);
		put_op(k, OP_BEHIND);
		put(k, (uint8_t)width);
		return;
	}
	if (strcmp(n->name, "key") == 0 && n->nargs == 1) {
		uint64_t key = 0;
		if (!constant(g, n->args[0], MODEL_LP64, NULL, &key) || key > 2)
			complain(&g->errors, n->at, "key() takes 0, 1 or 2: a key of the choice that led here");
		put_op(k, OP_KEY);
		put(k, (uint8_t)key);
		return;
	}
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		if (strcmp(functions[i].name, n->name) != 0 || functions[i].nargs != n->nargs)
			continue;
		for (size_t a = 0; a < n->nargs; a++)
			put_node(g, c, n->args[a], k);
		put_op(k, functions[i].op);
		return;
	}
	complain(&g->errors, n->at, "no function '%s' with %zu arguments: min(a, b) take(a, b) peek(off[, width]) behind(address, width) proto(fd)", n->name, n->nargs);
	k->is_bad = true;
}

static bool is_out_only(const struct context *c, const char *name)
{
	int at = member_index(c->call->members, c->call->nmembers, name);
	const struct node *type = at < 0 ? NULL : c->call->members[at].type;
	return type && (strcmp(type->name, "out") == 0 || strcmp(type->name, "out64") == 0);
}

static void compile_prefix(struct gen *g, const struct context *c, const struct node *n, struct code *k)
{
	if (strcmp(n->name, "*") == 0) {
		int at = n->args[0]->kind == NODE_NAME ? argument_index(c, n->args[0]->name) : -1;
		if (at < 0)
			complain(&g->errors, n->at, "* must stand before the name of a pointer argument");
		else if (c->is_entry_only && is_out_only(c, n->args[0]->name))
			complain(&g->errors, n->at, "*%s in what is read on entry, when nothing is there yet", n->args[0]->name);
		put_op(k, OP_DEREF);
		put(k, (uint8_t)at);
		return;
	}
	if (strcmp(n->name, "!") != 0)
		put_const(k, 0);
	put_node(g, c, n->args[0], k);
	if (strcmp(n->name, "~") == 0) { /* ~x is 0 - (x + 1) */
		put_const(k, 1);
		put_op(k, OP_ADD);
	}
	put_op(k, strcmp(n->name, "!") == 0 ? OP_NOT : OP_SUB);
}

static void put_node(struct gen *g, const struct context *c, const struct node *n, struct code *k)
{
	static const struct { const char *name; enum op op; } ops[] = {
	    {"|", OP_OR}, {"&", OP_AND}, {"+", OP_ADD}, {"-", OP_SUB}, {"*", OP_MUL}, {"/", OP_DIV}, {"<<", OP_SHL}, {">>", OP_SHR},
	    {"==", OP_EQ}, {"!=", OP_NE}, {"<", OP_LT}, {">", OP_GT}, {"&&", OP_ANDAND}, {"||", OP_OROR}};
	uint64_t v = 0;
	if (!uses_names(c, n) && constant(g, n, MODEL_LP64, NULL, &v))
		put_const(k, v);
	else if (n->kind == NODE_NAME)
		compile_name(g, c, n, k);
	else if (n->kind == NODE_CALL)
		compile_function(g, c, n, k);
	else if (n->nargs == 1)
		compile_prefix(g, c, n, k);
	else {
		put_node(g, c, n->args[0], k);
		put_node(g, c, n->args[1], k);
		for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
			if (strcmp(ops[i].name, n->name) == 0)
				put_op(k, ops[i].op);
	}
}

static uint16_t store(struct gen *g, struct code *k)
{
	put_op(k, OP_END);
	if (!g->ncode) {
		g->code = xcalloc(1, 1 << 16);
		g->ncode = 1;
	}
	uint64_t h = hash_bytes(k->bytes, k->n);
	size_t at = (size_t)(uintptr_t)map_get(&g->code_cache, h);
	if (at)
		return (uint16_t)at;
	at = g->ncode;
	if (at + k->n >= 1 << 16) {
		complain(&g->errors, (struct place){"expressions", 0}, "more than 64 KiB of code");
		return 0;
	}
	memcpy(g->code + at, k->bytes, k->n);
	g->ncode += k->n;
	map_put(&g->code_cache, h, (void *)(uintptr_t)at);
	return (uint16_t)at;
}

uint16_t compile_expr(struct gen *g, const struct context *c, const struct node *n)
{
	struct code k = {.n = 0};
	put_node(g, c, n, &k);
	if (!k.is_bad && k.deepest > STACK)
		complain(&g->errors, n->at, "an expression that needs more than %d values at once", STACK);
	return store(g, &k);
}

uint16_t compile_never(struct gen *g)
{
	struct code k = {.n = 0};
	put_const(&k, 0);
	return store(g, &k);
}
