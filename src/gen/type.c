/* Types to desc_type entries, with the layout of what lies in memory computed per ABI model. */
#include "gen/gen.h"

#include "base/xalloc.h"

#include <string.h>

static const struct scalar scalars[] = {
#define SCALAR(n, w, s, r) {#n, w, s, r},
#define ALIAS(n, w, s, r) {#n, w, s, r},
#include "desc/builtin.def"
#undef SCALAR
#undef ALIAS
};

/* Types that take arguments in brackets. */
static const struct { const char *name; uint16_t flags; } pointers[] = {
    {"in", TYPE_IN}, {"out", TYPE_OUT}, {"inout", TYPE_IN | TYPE_OUT}, {"in64", TYPE_IN | TYPE_PTR64},
    {"out64", TYPE_OUT | TYPE_PTR64}, {"inout64", TYPE_IN | TYPE_OUT | TYPE_PTR64}};
static const struct { const char *name; uint8_t kind; bool has_elem; } regions[] = {
    {"text", KIND_TEXT, false}, {"bytes", KIND_BYTES, false}, {"hexbytes", KIND_BYTES, false}, {"allbytes", KIND_BYTES, false}, {"nulbytes", KIND_BYTES, false},
    {"cstring", KIND_TEXT, false}, {"array", KIND_ARRAY, true},
    {"sized", KIND_SIZED, true}, {"chain", KIND_CHAIN, true}, {"fdset", KIND_FDSET, false}, {"sigset", KIND_SIGSET, false},
    {"strlist", KIND_STRLIST, false}, {"bitset", KIND_SIGSET, true}, {"hwaddr", KIND_BYTES, false}};
static const char *const others[] = {"bitnames", "str", "path", "str64", "path64", "hook", "unused"};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { FIXED_MOST = 1 << 24 }; /* bytes of an array in place */

uint8_t word_of(enum model m)
{
	return desc_is_lp64(m) ? 8 : 4;
}

/* Numbers are aligned as numbers; addresses longer than these as the arrays they are: in6_addr of words, others of bytes. */
static uint8_t alignment(enum model m, uint32_t width, enum role role)
{
	if (role == ROLE_MAC || role == ROLE_AX25 || width > 8 || !width)
		return role == ROLE_IPV6 ? 4 : 1;
	return m == MODEL_I386 && width > 4 ? 4 : (uint8_t)width;
}

bool is_builtin_type(const char *name)
{
	for (size_t i = 0; i < COUNT(pointers); i++)
		if (strcmp(pointers[i].name, name) == 0)
			return true;
	for (size_t i = 0; i < COUNT(regions); i++)
		if (strcmp(regions[i].name, name) == 0)
			return true;
	for (size_t i = 0; i < COUNT(others); i++)
		if (strcmp(others[i], name) == 0)
			return true;
	return scalar_of(name) != NULL;
}

static uint16_t store(struct gen *g, const struct desc_type *t)
{
	/* Names are pointers: types that differ in these alone are kept apart only where the text differs. */
	struct desc_type key = *t;
	key.name = NULL;
	uint64_t h = hash_bytes(&key, sizeof(key)) ^ (t->name ? hash_name(t->name) : 0);
	size_t at = (size_t)(uintptr_t)map_get(&g->type_cache, h);
	if (at)
		return (uint16_t)at;
	*APPEND(g->out_types.v, g->out_types.n) = *t;
	map_put(&g->type_cache, h, (void *)(uintptr_t)(g->out_types.n - 1));
	return (uint16_t)(g->out_types.n - 1);
}

static struct desc_type blank(uint8_t kind)
{
	struct desc_type t;
	memset(&t, 0, sizeof(t)); /* padding too: it is hashed */
	t.kind = kind;
	t.name = "";
	return t;
}

const struct scalar *scalar_of(const char *name)
{
	for (size_t i = 0; i < COUNT(scalars); i++)
		if (scalars[i].role != ROLE_NONE && strcmp(scalars[i].name, name) == 0)
			return &scalars[i];
	return NULL;
}

static void scalar_layout(struct desc_type *t, const struct scalar *s)
{
	bool is_big = strcmp(s->name, "be16") == 0 || strcmp(s->name, "be32") == 0 || strcmp(s->name, "be64") == 0 ||
		      s->role == ROLE_PORT || s->role == ROLE_HTONL;
	t->flags = (t->flags & (TYPE_NARROW | TYPE_VARIED | TYPE_HEX | TYPE_OCT | TYPE_DEC | TYPE_HEX2 | TYPE_HEX8 | TYPE_HEX_WORD)) | (s->is_signed ? TYPE_SIGNED : 0U) | (is_big ? TYPE_BIG_ENDIAN : 0U);
	for (enum model m = 0; m < MODEL_COUNT; m++) {
		t->width[m] = s->width == 'W' ? word_of(m) : (uint8_t)s->width;
		t->size[m] = t->width[m];
		t->align[m] = alignment(m, t->width[m], s->role);
	}
}

/* [hex] [oct] [dec], or for a set another integer type (port: in network order, shown as such). */
static void format_args(struct gen *g, struct desc_type *t, const struct node *n)
{
	for (size_t i = 0; i < n->nargs; i++) {
		const char *a = n->args[i]->name ? n->args[i]->name : "";
		const struct scalar *s = scalar_of(a);
		if (strcmp(a, "hex") == 0)
			t->flags |= TYPE_HEX;
		else if (strcmp(a, "hex2") == 0 || strcmp(a, "hex8") == 0)
			t->flags |= TYPE_HEX | (a[3] == '2' ? TYPE_HEX2 : TYPE_HEX8);
		else if (strcmp(a, "hexword") == 0)
			t->flags |= TYPE_HEX | TYPE_HEX_WORD;
		else if (strcmp(a, "oct") == 0)
			t->flags |= TYPE_OCT;
		else if (strcmp(a, "dec") == 0)
			t->flags |= TYPE_DEC;
		else if (strcmp(a, "narrow") == 0)
			t->flags |= TYPE_NARROW;
		else if (strcmp(a, "varied") == 0)
			t->flags |= TYPE_NARROW | TYPE_VARIED;
		else if (s) {
			scalar_layout(t, s);
			t->role = s->role == ROLE_PORT ? (uint8_t)s->role : t->role;
		}
		else
			complain(&g->errors, n->at, "'%s' cannot be in the brackets of an integer: hex, oct, dec or an integer type", a);
	}
}

/* The set that gives a role its names, where the tables declare one. */
static uint16_t set_of_role(struct gen *g, enum role role)
{
	static const struct { enum role role; const char *set; } sets[] = {{ROLE_IOCTL, "ioctl_cmd"}, {ROLE_FOURCC, "v4l2_pixel_format"}, {ROLE_CLOCKID, "clock_name"}, {ROLE_KEYSERIAL, "key_serial"}, {ROLE_IOPRIO, "ioprio_class"}};
	for (size_t i = 0; i < COUNT(sets); i++) {
		struct decl *d = sets[i].role == role ? find_type(g, sets[i].set) : NULL;
		if (d && d->kind == DECL_SET)
			return compile_set(g, d);
	}
	return 0;
}

static uint16_t compile_scalar(struct gen *g, const struct node *n, const struct scalar *s)
{
	struct desc_type t = blank(KIND_INT);
	t.role = (uint8_t)s->role;
	scalar_layout(&t, s);
	format_args(g, &t, n);
	t.set = set_of_role(g, s->role);
	t.phases = PHASE_ENTRY;
	return store(g, &t);
}

static uint16_t compile_set_type(struct gen *g, const struct node *n, struct decl *d)
{
	struct desc_type t = blank(KIND_INT);
	const struct scalar *base = d->type ? scalar_of(d->type->name) : scalar_of("u32");
	if (base)
		scalar_layout(&t, base);
	t.role = ROLE_INT;
	if (base && base->role != ROLE_INT)
		t.role = (uint8_t)base->role;
	t.name = d->name;
	t.set = compile_set(g, d);
	t.phases = PHASE_ENTRY;
	format_args(g, &t, n);
	return store(g, &t);
}

static uint16_t choice_type(struct gen *g, const struct context *c, const struct node *n, struct decl *d)
{
	struct desc_type t = blank(KIND_CHOICE);
	t.name = d->name;
	if (n->nargs > 3) /* what is more than the keys is handed on: key(n) */
		complain(&g->errors, n->at, "choice %s is handed %zu values, at most 3", d->name, n->nargs);
	for (size_t i = 0; i < n->nargs && i < 3; i++)
		t.keys[i] = compile_expr(g, c, n->args[i]);
	for (size_t i = n->nargs; i < d->nmembers; i++)
		if (!d->members[i].cond)
			complain(&g->errors, n->at, "choice %s: key '%s' has no default and is not given", d->name, d->members[i].name);
	bool is_recursive = d->is_busy;
	t.ref = compile_choice(g, d);
	const struct desc_choice *choice = &g->out_choices.v[t.ref];
	for (enum model m = 0; m < MODEL_COUNT && !is_recursive; m++) {
		for (size_t i = 0; i <= choice->n; i++) {
			const struct desc_type *arm = &g->out_types.v[i < choice->n ? g->out_arms.v[choice->first + i].to : choice->otherwise];
			t.size[m] = arm->size[m] > t.size[m] ? arm->size[m] : t.size[m];
			t.align[m] = arm->align[m] > t.align[m] ? arm->align[m] : t.align[m];
			if (arm->kind == KIND_INT && arm->width[m] > t.width[m])
				t.width[m] = arm->width[m];
		}
	}
	return store(g, &t);
}

static uint16_t struct_type(struct gen *g, struct decl *d)
{
	struct desc_type t = blank(KIND_STRUCT);
	t.name = d->name;
	t.ref = compile_record(g, d);
	const struct desc_record *r = &g->out_records.v[t.ref];
	for (enum model m = 0; m < MODEL_COUNT; m++) {
		t.size[m] = r->size[m];
		t.align[m] = r->align[m];
	}
	return store(g, &t);
}

static uint16_t pointer(struct gen *g, const struct context *c, const struct node *n, uint16_t flags)
{
	struct desc_type t = blank(KIND_PTR);
	t.flags = flags;
	if (n->nargs != 1)
		complain(&g->errors, n->at, "%s[] takes one type", n->name);
	struct context inside = *c;
	inside.is_entry_only = flags == TYPE_IN || flags == (TYPE_IN | TYPE_PTR64);
	t.elem = n->nargs ? compile_type(g, &inside, n->args[0]) : 0;
	t.phases = (uint8_t)((flags & TYPE_IN ? PHASE_ENTRY : 0) | (flags & TYPE_OUT ? PHASE_EXIT : 0));
	for (enum model m = 0; m < MODEL_COUNT; m++) {
		t.width[m] = flags & TYPE_PTR64 ? 8 : word_of(m);
		t.size[m] = t.width[m];
		t.align[m] = alignment(m, t.width[m], ROLE_ADDR);
	}
	return store(g, &t);
}

static uint16_t text_pointer(struct gen *g, const struct context *c, const struct node *n)
{
	struct desc_type t = blank(n->name[0] == 'p' ? KIND_PATH : KIND_STR);
	bool is_wide = strstr(n->name, "64") != NULL;
	int dir = n->nargs && n->args[0]->name ? argument_index(c, n->args[0]->name) : -1;
	if (n->has_brackets && dir < 0)
		complain(&g->errors, n->at, "%s[] takes the argument that holds the directory", n->name);
	t.ref = (uint16_t)(dir + 1);
	t.phases = PHASE_ENTRY;
	t.flags = (uint16_t)(TYPE_IN | (is_wide ? TYPE_PTR64 : 0));
	for (enum model m = 0; m < MODEL_COUNT; m++) {
		t.width[m] = is_wide ? 8 : word_of(m);
		t.size[m] = t.width[m];
		t.align[m] = alignment(m, t.width[m], ROLE_ADDR);
	}
	return store(g, &t);
}

/* Only what has parts can be there in part, a number wholly or not at all; only what says how long it is can be chained. */
static void check_elem(struct gen *g, const struct node *n, const struct desc_type *elem, uint8_t kind)
{
	bool is_sized = kind == KIND_SIZED && (elem->kind == KIND_CHOICE || elem->kind == KIND_HOOK || elem->kind == KIND_INT);
	if (elem->kind != KIND_STRUCT && !is_sized && elem->kind != KIND_NONE)
		complain(&g->errors, n->at, "%s[] takes a struct%s", n->name, kind == KIND_SIZED ? ", choice or number" : "");
	struct decl *d = elem->kind == KIND_STRUCT ? find_type(g, elem->name) : NULL;
	if (kind == KIND_CHAIN && d && !attr_of(d->attrs, d->nattrs, "chain"))
		complain(&g->errors, n->at, "chain[] of %s, which has no @chain(length, align)", elem->name);
}

static uint16_t index_names(struct gen *g, const struct node *n)
{
	struct decl *d = n->kind == NODE_NAME ? find_type(g, n->name) : NULL;
	if (d && d->kind == DECL_SET)
		return compile_set(g, d);
	complain(&g->errors, n->at, "the third argument of array[] is the set that names the indexes");
	return 0;
}

/* few(n): so many elements are shown without -v. */
static uint16_t few(struct gen *g, const struct node *n)
{
	uint64_t v = 0;
	if (strcmp(n->name, "few") == 0 && n->nargs == 1 && constant(g, n->args[0], MODEL_LP64, NULL, &v) && v && v < UINT16_MAX)
		return (uint16_t)v;
	complain(&g->errors, n->at, "the third argument of array[] is a set, a number or few(number)");
	return 0;
}

/* Kinds with a length as their last argument, of elements or of bytes. */
static uint16_t counted(struct gen *g, const struct context *c, const struct node *n, uint8_t kind, bool has_elem)
{
	struct desc_type t = blank(kind);
	size_t at = has_elem ? 1 : 0;
	uint64_t count = 0;
	bool has_most = kind == KIND_SIZED && n->nargs == at + 2;
	bool has_room = kind != KIND_SIGSET && kind != KIND_CHAIN && !has_most && n->nargs == at + 2 && constant(g, n->args[at + 1], MODEL_LP64, NULL, &count);
	if (kind == KIND_CHAIN && n->nargs == 3)
		t.keys[0] = compile_expr(g, c, n->args[2]);
	else if (kind == KIND_ARRAY && n->nargs == 3 && n->args[2]->kind == NODE_CALL)
		t.ref = few(g, n->args[2]);
	else if (kind == KIND_ARRAY && n->nargs == 3 && !has_room)
		t.set = index_names(g, n->args[2]);
	else if (kind == KIND_SIGSET && !has_elem && n->nargs == 2)
		t.keys[0] = compile_expr(g, c, n->args[1]);
	else if (n->nargs != at + 1 && !has_room && !has_most) {
		complain(&g->errors, n->at, "%s[] takes %s", n->name, has_elem ? "a type and a length" : "a length");
		return 0;
	}
	if (has_elem)
		t.elem = compile_type(g, c, n->args[0]);
	static const struct { const char *name; uint16_t flag; } kinds[] = {
	    {"hexbytes", TYPE_HEX_STRING}, {"allbytes", TYPE_WHOLE}, {"cstring", TYPE_CSTRING}, {"nulbytes", TYPE_CSTRING}, {"hwaddr", TYPE_HWADDR | TYPE_WHOLE}};
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (strcmp(n->name, kinds[i].name) == 0)
			t.flags |= kinds[i].flag;
	const struct node *len = n->args[at];
	if (len->kind == NODE_NAME && strcmp(len->name, "null") == 0) {
		t.flags |= TYPE_NULL_ENDED;
		return store(g, &t);
	}
	t.len = compile_expr(g, c, len);
	t.most = has_most ? compile_expr(g, c, n->args[at + 1]) : 0;
	bool is_fixed = kind != KIND_SIZED && kind != KIND_CHAIN
			&& (has_room || (!uses_names(c, len) && constant(g, len, MODEL_LP64, NULL, &count)));
	if (count > FIXED_MOST) {
		complain(&g->errors, n->at, "%s[] of %llu elements", n->name, (unsigned long long)count);
		return 0;
	}
	if (kind == KIND_SIZED || kind == KIND_CHAIN)
		check_elem(g, n, &g->out_types.v[t.elem], kind);
	for (enum model m = 0; m < MODEL_COUNT; m++) {
		t.align[m] = has_elem && t.elem ? g->out_types.v[t.elem].align[m] : 1;
		if (!is_fixed)
			continue;
		if (kind == KIND_ARRAY)
			t.size[m] = (uint32_t)count * g->out_types.v[t.elem].size[m];
		else if (kind == KIND_FDSET)
			t.size[m] = (uint32_t)((count + 7) / 8);
		else
			t.size[m] = (uint32_t)count;
	}
	return store(g, &t);
}

static uint16_t hook(struct gen *g, const struct context *c, const struct node *n)
{
	struct desc_type t = blank(KIND_HOOK);
	if (!n->nargs || !n->args[0]->name) {
		complain(&g->errors, n->at, "hook[] takes the name of a hook");
		return 0;
	}
	const char *name = n->args[0]->name;
	size_t i = 0;
	while (i < g->nhooks && strcmp(g->hooks[i], name) != 0)
		i++;
	if (i == g->nhooks)
		*APPEND(g->hooks, g->nhooks) = name;
	t.name = name;
	t.ref = (uint16_t)i;
	for (size_t k = 1; k < n->nargs && k <= 3; k++)
		t.keys[k - 1] = compile_expr(g, c, n->args[k]);
	for (enum model m = 0; m < MODEL_COUNT; m++)
		t.align[m] = 1;
	return store(g, &t);
}

/* bitnames[set, bits, few(n)] */
static uint16_t bit_names(struct gen *g, const struct context *c, const struct node *n)
{
	struct desc_type t = blank(KIND_BITNAMES);
	if (n->nargs != 3) {
		complain(&g->errors, n->at, "bitnames[] takes a set, a number of bits and few(number)");
		return 0;
	}
	t.set = index_names(g, n->args[0]);
	t.len = compile_expr(g, c, n->args[1]);
	t.ref = few(g, n->args[2]);
	for (enum model m = 0; m < MODEL_COUNT; m++)
		t.align[m] = 1;
	return store(g, &t);
}

static uint16_t declared(struct gen *g, const struct context *c, const struct node *n, struct decl *d)
{
	d->is_used = true;
	if (d->kind != DECL_SET && d->kind != DECL_CHOICE && n->has_brackets)
		complain(&g->errors, n->at, "%s takes nothing in brackets", d->name);
	switch (d->kind) {
	case DECL_TYPE: return compile_type(g, c, d->type);
	case DECL_SET: return compile_set_type(g, n, d);
	case DECL_STRUCT: return struct_type(g, d);
	default: return choice_type(g, c, n, d);
	}
}

static uint16_t unknown_type(struct gen *g, const struct node *n)
{
	if (!map_get(&g->bad, hash_name(n->name)))
		complain(&g->errors, n->at, "no type '%s'", n->name);
	map_put(&g->bad, hash_name(n->name), (void *)(uintptr_t)n);
	return compile_scalar(g, &(struct node){.at = n->at}, scalar_of("ulong"));
}

static uint16_t named_type(struct gen *g, const struct context *c, const struct node *n)
{
	for (size_t i = 0; i < COUNT(pointers); i++)
		if (strcmp(pointers[i].name, n->name) == 0)
			return pointer(g, c, n, pointers[i].flags);
	for (size_t i = 0; i < COUNT(regions); i++)
		if (strcmp(regions[i].name, n->name) == 0)
			return counted(g, c, n, regions[i].kind, regions[i].has_elem);
	if (strcmp(n->name, "str") == 0 || strcmp(n->name, "path") == 0 || strcmp(n->name, "str64") == 0 || strcmp(n->name, "path64") == 0)
		return text_pointer(g, c, n);
	if (strcmp(n->name, "hook") == 0)
		return hook(g, c, n);
	if (strcmp(n->name, "bitnames") == 0)
		return bit_names(g, c, n);
	if (strcmp(n->name, "unused") == 0) {
		struct desc_type t = blank(KIND_NONE);
		return store(g, &t);
	}
	struct decl *d = find_type(g, n->name);
	if (d)
		return declared(g, c, n, d);
	const struct scalar *s = scalar_of(n->name);
	return s ? compile_scalar(g, n, s) : unknown_type(g, n);
}

uint16_t compile_type(struct gen *g, const struct context *c, const struct node *n)
{
	if (n->kind != NODE_NAME || g->depth > RESOLVE_DEPTH) {
		complain(&g->errors, n->at, n->kind == NODE_NAME ? "type '%s' is nested too deeply" : "expected a type", n->name);
		return 0;
	}
	g->depth++;
	uint16_t type = named_type(g, c, n);
	g->depth--;
	return type;
}
