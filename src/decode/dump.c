/* Buffers are found by type: bytes behind a pointer, alone or as members of the structures of an array. */
#include "decode/dump.h"

#include "decode/mem.h"
#include "decode/walk.h"

#include <string.h>

enum { DUMP_MOST = 1 << 26, DUMP_DEPTH = 6, VECTOR_MOST = 1024 /* UIO_MAXIOV, include/uapi/linux/uio.h */ };

struct dumper {
	struct mem_cache mem;
	struct arena *arena;
};

static struct val *collect(struct dumper *d, const struct val *v, int depth);

static struct val *new_val(struct dumper *d, enum val_kind kind)
{
	struct val *v = arena_alloc(d->arena, sizeof(*v));
	v->kind = (uint8_t)kind;
	return v;
}

static struct val *buffer(struct dumper *d, uint64_t addr, uint64_t n)
{
	struct span bytes = n <= DUMP_MOST ? mem_get(&d->mem, addr, n) : (struct span){0};
	if (!n || bytes.n < n)
		return NULL;
	struct val *v = new_val(d, VAL_STR);
	v->bytes = bytes;
	v->n = n;
	return v;
}

static struct val *elements(struct dumper *d, const struct val *array, int depth)
{
	struct val *v = new_val(d, VAL_ARRAY);
	struct val **tail = &v->child;
	for (const struct val *e = array->child; e; e = e->next) {
		struct val *one = collect(d, e, depth);
		if (!one)
			break;
		tail = val_add(tail, NULL, one);
		v->n++;
	}
	return v->child ? v : NULL;
}

static struct val *collect(struct dumper *d, const struct val *v, int depth)
{
	struct val *found = NULL;
	if (!depth)
		return NULL;
	if (v->kind == VAL_PTR && v->child && v->child->kind == VAL_STR && desc_types[v->type].kind == KIND_PTR)
		return buffer(d, v->n, v->child->n);
	if (v->kind == VAL_PTR && v->child && v->child->kind == VAL_ARRAY)
		return elements(d, v->child, depth - 1);
	if (v->kind == VAL_PTR && v->child && v->child->kind == VAL_STRUCT)
		return collect(d, v->child, depth - 1);
	for (const struct val *m = v->kind == VAL_STRUCT ? v->child : NULL; m && !found; m = m->next)
		found = collect(d, m, depth - 1);
	return found;
}

/* The call decoded once more, with every element of its arrays, however few -s shows. */
static struct val *arguments_in_full(const struct call *call, const struct event *ev, struct arena *arena)
{
	const struct decode_env env = {.string_limit = VECTOR_MOST};
	struct event entry = *ev;
	memcpy(entry.args, call->raw, sizeof(entry.args));
	struct call whole = {.seq = call->seq};
	decode_entry(&whole, &entry, arena, &env);
	decode_exit(&whole, ev, arena, &env);
	return whole.args;
}

struct val *decode_dump(const struct call *call, const struct event *ev, struct arena *arena)
{
	struct dumper d = {.mem = {.mem = ev->mem, .arena = arena}, .arena = arena};
	struct val *first = NULL;
	struct val **tail = &first;
	for (const struct val *v = arguments_in_full(call, ev, arena); v; v = v->next) {
		struct val *one = collect(&d, v, DUMP_DEPTH);
		if (one)
			tail = val_add(tail, NULL, one);
	}
	return first;
}
