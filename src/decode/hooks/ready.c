/*
 * hook[select_ready, time] and hook[poll_ready, time]: which descriptors became ready, shown after the result. They
 * read the sets that the call's own arguments point to, up to as many as the result says. TIME says what the timeout
 * is: 0 no pointer or timeval, 1 timespec, 2 timespec with 64-bit members on every ABI.
 */
#include "decode/hooks/list.h"

#include <string.h>

enum { TIME_VAL, TIME_SPEC, TIME_SPEC64, NFDS_MAX = 1024 * 1024, REVENTS_OFFSET = 6 };

/* "left {tv_sec=4, tv_usec=999}": what remained of the timeout. */
static struct val *time_left(struct walk *w, uint64_t addr, uint64_t kind)
{
	size_t width = kind == TIME_SPEC64 || desc_is_lp64(w->model) ? 8 : 4;
	struct span s = mem_get(&w->mem, addr, 2 * width);
	uint64_t sec = 0;
	uint64_t part = 0;
	if (addr == 0 || !span_load(s, 0, width, &sec) || !span_load(s, width, width, &part))
		return NULL;
	if (width == 4)
		sec = (uint64_t)(int32_t)sec;
	const char *unit = kind == TIME_VAL ? "tv_usec" : "tv_nsec";
	struct val *v = val_raw(w, arena_printf(w->arena, "left {tv_sec=%lld, %s=%llu}", (long long)sec, unit, (unsigned long long)part));
	v->name = "left";
	v->child = val_new(w, VAL_STRUCT);
	struct val **tail = val_add(&v->child->child, "tv_sec", val_int(w, ROLE_INT, sec));
	val_add(tail, unit, val_int(w, ROLE_INT, part));
	return v;
}

static struct val *timed_out(struct walk *w)
{
	struct val *v = val_raw(w, "Timeout");
	v->name = "timeout";
	return v;
}

/* What is left of the time-out, or where it should be. */
static struct val *time_left_at(struct walk *w, uint64_t addr, uint64_t kind)
{
	struct val *v = time_left(w, addr, kind);
	if (v || !addr)
		return v;
	v = val_raw(w, arena_printf(w->arena, "left %#llx", (unsigned long long)addr));
	v->name = "left";
	return v;
}

/* hook[message_left, time]: a recvmmsg that brought nothing ran out of time. */
struct val *hook_message_left(const struct hook_in *in)
{
	enum { ARG_TIMEOUT = 4 };
	struct walk *w = in->w;
	if (w->call->result == 0)
		return timed_out(w);
	struct val *v = time_left_at(w, w->regs[ARG_TIMEOUT], hook_param(in, 0, TIME_SPEC));
	return v ? v : val_new(w, VAL_VOID);
}

/* One set: at most *LEFT descriptors of it are shown. NULL where none is set. */
static struct val *ready_set(struct walk *w, const char *name, uint64_t addr, uint64_t nfds, uint64_t *left)
{
	uint64_t word = desc_is_lp64(w->model) ? 8 : 4;
	uint64_t size = (nfds + word * 8 - 1) / (word * 8) * word;
	struct span s = addr ? mem_get(&w->mem, addr, size) : (struct span){NULL, 0};
	if (s.n < size)
		return NULL;
	struct val *list = val_new(w, VAL_ARRAY);
	struct val **tail = &list->child;
	const char *text = arena_printf(w->arena, "%s [", name);
	for (uint64_t i = 0; i < nfds && i / 8 < s.n && *left && w->budget; i++) {
		if (!(s.p[i / 8] & 1u << i % 8))
			continue;
		text = arena_printf(w->arena, "%s%s%llu", text, list->n++ ? " " : "", (unsigned long long)i);
		tail = val_add(tail, NULL, val_int(w, ROLE_INT, i));
		(*left)--;
		if (list->n > 256) /* strace's line holds about as many */
			break;
	}
	if (list->n == 0)
		return NULL;
	struct val *v = val_raw(w, arena_printf(w->arena, "%s]", text));
	v->child = list;
	v->name = name;
	return v;
}

static struct val **put(struct val **tail, struct val *v)
{
	if (!v)
		return tail;
	*tail = v;
	return &v->next;
}

struct val *hook_select_ready(const struct hook_in *in)
{
	static const char *const names[] = {"in", "out", "except"};
	enum { ARG_SETS = 1, SETS = 3, ARG_TIMEOUT = 4 };
	struct walk *w = in->w;
	if (w->call->result == 0)
		return timed_out(w);
	int64_t nfds = (int32_t)w->regs[0];
	uint64_t n = nfds < 0 ? 0 : nfds > NFDS_MAX ? NFDS_MAX : (uint64_t)nfds;
	uint64_t left = (uint64_t)w->call->result;
	struct val *first = NULL;
	struct val **tail = &first;
	for (unsigned i = 0; i < SETS; i++)
		tail = put(tail, ready_set(w, names[i], w->regs[ARG_SETS + i], n, &left));
	put(tail, time_left_at(w, w->regs[ARG_TIMEOUT], hook_param(in, 0, TIME_VAL)));
	return first ? first : val_new(w, VAL_VOID);
}

static uint16_t member_type(const struct desc_record *rec, const char *name, uint16_t *ret_off, enum model model)
{
	for (unsigned i = 0; i < rec->n; i++) {
		const struct desc_field *f = &desc_fields[rec->first + i];
		*ret_off = f->off[model];
		if (strcmp(f->name, name) == 0)
			return f->type;
	}
	return 0;
}

/* The record of the first argument's elements: struct pollfd. */
static const struct desc_record *element_record(const struct walk *w)
{
	uint16_t type = w->fields[0]->type;
	for (int depth = 0; depth < 4 && desc_types[type].elem; depth++)
		type = desc_types[type].elem;
	return desc_types[type].kind == KIND_STRUCT ? &desc_records[desc_types[type].ref] : NULL;
}

static struct val *ready_element(struct walk *w, const struct desc_record *rec, const struct region *at)
{
	static const char *const names[] = {"fd", "revents"};
	struct val *v = val_new(w, VAL_STRUCT);
	struct val **tail = &v->child;
	for (unsigned i = 0; i < 2; i++) {
		uint16_t off = 0;
		uint16_t type = member_type(rec, names[i], &off, w->model);
		if (!type && i == 1) {
			/* The table may leave out what is not there on entry; it looks as events does and stands behind it. */
			type = member_type(rec, "events", &off, w->model);
			off = REVENTS_OFFSET;
		}
		struct region r = region_sub(at, off, at->size);
		struct val *m = type ? walk_memory(w, NULL, type, &r) : NULL;
		/* What it refers to stands with the argument; strace does not repeat it. */
		if (m && i == 0)
			m->role = ROLE_INT;
		tail = val_add(tail, names[i], m);
		if (m && i == 1 && m->n == 0)
			return NULL;
	}
	return v;
}

/* The elements with something to tell; where one cannot be read its address ends the list. */
static struct val *ready_list(struct walk *w, uint64_t addr, uint64_t n)
{
	const struct desc_record *rec = element_record(w);
	if (!rec || !addr)
		return NULL;
	uint64_t size = rec->size[w->model];
	uint64_t limit = w->env->is_verbose ? WALK_BUDGET : w->env->string_limit;
	struct span all = mem_get(&w->mem, addr, n * size);
	struct val *v = val_new(w, VAL_ARRAY);
	v->name = "ready";
	struct val **tail = &v->child;
	for (uint64_t i = 0; i < n && w->budget; i++) {
		struct region r = {.addr = addr + i * size, .size = size, .bytes = span_sub(all, (size_t)(i * size), (size_t)size)};
		bool is_there = (i + 1) * size <= all.n;
		struct val *e = is_there ? ready_element(w, rec, &r) : val_int(w, ROLE_ADDR, r.addr);
		if (!e)
			continue;
		if (v->n >= limit) {
			v->state |= VAL_CUT;
			break;
		}
		tail = val_add(tail, NULL, e);
		v->n++;
		if (!is_there)
			break;
	}
	return v->n || v->state ? v : NULL;
}

struct val *hook_poll_ready(const struct hook_in *in)
{
	enum { ARG_TIMEOUT = 2 };
	struct walk *w = in->w;
	if (w->call->result == 0)
		return timed_out(w);
	if (w->regs[0] == 0)
		return val_new(w, VAL_VOID);
	uint64_t n = (uint32_t)w->regs[1];
	struct val *first = NULL;
	struct val **tail = put(&first, ready_list(w, w->regs[0], n < NFDS_MAX ? n : NFDS_MAX));
	uint64_t kind = hook_param(in, 0, TIME_VAL);
	if (kind != TIME_VAL)
		put(tail, time_left_at(w, w->regs[ARG_TIMEOUT], kind));
	return first ? first : val_new(w, VAL_VOID);
}
