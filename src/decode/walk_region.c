/* Regions whose size is stated, by somebody else or by what lies in them: sized[] and chains of records. */
#include "decode/walk_parts.h"

#include <string.h>

static const char *hex_text(struct walk *w, uint64_t from, struct span s)
{
	static const char digits[] = "0123456789abcdef";
	const char *head = arena_printf(w->arena, "/* bytes %u..%u */ \"", (unsigned)from, (unsigned)(from + s.n - 1));
	size_t n = strlen(head);
	bool is_cut = s.n > w->env->string_limit;
	s.n = (size_t)walk_least(s.n, w->env->string_limit);
	char *text = arena_alloc_raw(w->arena, n + s.n * 4 + sizeof("\"..."));
	memcpy(text, head, n);
	char *p = text + n;
	for (size_t i = 0; i < s.n; i++) {
		*p++ = '\\';
		*p++ = 'x';
		*p++ = digits[s.p[i] >> 4];
		*p++ = digits[s.p[i] & 15];
	}
	memcpy(p, is_cut ? "\"..." : "\"", is_cut ? sizeof("\"...") : sizeof("\""));
	return text;
}

/* What lies behind the struct the tracer knows, shown if it is not all zero. */
static struct val *tail_bytes(struct walk *w, const struct region *r, uint64_t from)
{
	struct region tail = region_sub(r, from, TAIL_MAX - walk_least(from, TAIL_MAX));
	struct span bytes = region_get(w, &tail, 0, tail.size);
	struct val *v = NULL;
	if (bytes.n < tail.size) {
		v = val_raw(w, "???");
		v->attrs = FIELD_BARE;
		return v;
	}
	if (walk_is_zero(bytes))
		return NULL;
	v = val_raw(w, hex_text(w, from, bytes));
	v->attrs = FIELD_BARE;
	v->child = val_text(w, bytes);
	v->child->state = VAL_HEX_STRING;
	return v;
}

static void append(struct val *parent, struct val *v)
{
	struct val **tail = &parent->child;
	while (*tail)
		tail = &(*tail)->next;
	val_add(tail, "more", v);
}

/* A number for which the region is too small is shown as the bytes there are. */
static struct val *short_number(struct walk *w, const struct region *r)
{
	uint64_t n = walk_least(r->size, w->env->string_limit);
	struct span bytes = region_get(w, r, 0, n);
	if (bytes.n < n)
		return NULL;
	struct val *v = val_text(w, bytes);
	v->n = r->size;
	v->state = r->size > n ? VAL_CUT : 0;
	return v;
}

/* A region of no bytes: a buffer is the empty string; a struct cannot be there, so its address is shown. */
static struct val *nothing_at(struct walk *w, const struct scope *s, uint16_t type)
{
	const struct region none = {.is_local = true};
	struct scope inside = {.up = s, .at = &none};
	uint64_t keys[3] = {0, 0, 0};
	for (int depth = 0; depth < 4 && desc_types[type].kind == KIND_CHOICE; depth++) {
		uint64_t outer[3] = {keys[0], keys[1], keys[2]};
		inside.keys = depth ? outer : NULL;
		type = walk_choose(w, &inside, type, &none, keys);
	}
	const struct desc_type *t = &desc_types[type];
	bool is_buffer = t->kind == KIND_BYTES || t->kind == KIND_TEXT || t->kind == KIND_CHAIN;
	return is_buffer ? val_text(w, no_bytes) : NULL;
}

/* No more than MOST bytes of R, all of which have to be there; zeros behind them. */
static bool pad(struct walk *w, struct region *r, uint64_t most)
{
	most = walk_least(most, TAIL_MAX);
	r->size = walk_least(r->size, most);
	struct span s = region_get(w, r, 0, r->size);
	if (s.n < r->size)
		return false;
	uint8_t *bytes = arena_alloc(w->arena, (size_t)most + 1);
	memcpy(bytes, s.p, s.n);
	r->bytes = (struct span){bytes, (size_t)most + 1};
	r->is_padded = true;
	return true;
}

/* The bytes behind the struct in a region of N bytes, where they are not all zero: dots, with -v what they are (@extra). */
static void put_extra(struct walk *w, struct val *v, const struct region *r, uint64_t size)
{
	struct span tail = region_get(w, r, size, r->size);
	if (walk_is_zero(tail))
		return;
	if (!w->env->is_verbose) {
		v->state |= VAL_ABBREV;
		return;
	}
	struct val *extra = val_text(w, tail);
	extra->state = VAL_HEX_STRING;
	extra->comment = arena_printf(w->arena, "bytes %u..%u", (unsigned)size, (unsigned)(r->size - 1));
	append(v, extra);
	extra->name = "extra_data";
}

/* Zeros behind what there is of a struct. False where not all bytes of the region can be read. */
static bool complete(struct walk *w, struct region *r, uint64_t size)
{
	return r->size <= TAIL_MAX && region_get(w, r, 0, r->size).n == r->size && pad(w, r, size);
}

struct val *walk_sized(struct walk *w, const struct scope *s, uint16_t type, const struct region *where)
{
	const struct desc_type *t = &desc_types[type];
	/* What lies there may state its own size: peek(). */
	const struct scope here = {.up = s, .at = where};
	bool is_negative = false;
	uint64_t n = walk_least(expr_length(w, &here, t->len, &is_negative), where->size);
	if (n == 0)
		return is_negative ? NULL : nothing_at(w, s, t->elem);
	struct region r = region_sub(where, 0, n);
	if (t->most && !pad(w, &r, expr_size(w, s, t->most)))
		return NULL;
	if (!r.is_local && !r.is_padded)
		r.bytes = region_get(w, &r, 0, walk_least(n, SIZED_PREFETCH));
	uint64_t keys[3] = {0, 0, 0};
	struct scope inside = {.up = s, .at = &r};
	uint16_t chosen = walk_choose(w, &inside, t->elem, &r, keys);
	if (chosen != t->elem) {
		chosen = walk_that_fits(w, t->elem, chosen, &r);
		inside.keys = keys;
	}
	const struct desc_type *target = &desc_types[chosen];
	if (target->kind == KIND_STRUCT && n < desc_records[target->ref].least)
		return NULL;
	uint64_t size = walk_element_size(w, chosen);
	if (target->kind == KIND_INT && n < size)
		return short_number(w, &r);
	const struct region all = r;
	bool has_extra = target->kind == KIND_STRUCT && desc_records[target->ref].flags & RECORD_EXTRA;
	if (has_extra && !complete(w, &r, size))
		return NULL;
	struct val *v = walk_memory(w, &inside, chosen, &r);
	if (has_extra && v && all.size > size)
		put_extra(w, v, &all, size);
	bool is_whole = v && v->kind == VAL_STRUCT && target->kind == KIND_STRUCT && !has_extra && size && w->half != HALF_OUT;
	if (is_whole && n > size && chosen == t->elem && walk_size_behind(w, chosen) != REGION_OPEN) {
		struct val *tail = tail_bytes(w, &r, size);
		if (tail)
			append(v, tail);
	}
	return v;
}

static uint64_t align_up(uint64_t n, unsigned align)
{
	return align > 1 ? (n + align - 1) / align * align : n;
}

/* The length a record at OFF of the chain states for itself, 0 where it states nonsense. */
static uint64_t stated_length(struct walk *w, const struct desc_record *rec, const struct region *r, uint64_t off)
{
	const struct desc_field *f = &desc_fields[rec->first + rec->len_field - 1];
	unsigned width = desc_types[f->type].width[w->model];
	uint64_t bits = 0;
	if (width == 0 || width > 8 || !span_load(region_get(w, r, f->off[w->model], width), 0, width, &bits))
		return 0;
	bool is_open_ended = false;
	uint64_t head = walk_fixed_part(w, rec, &is_open_ended);
	uint64_t n = walk_number(&desc_types[f->type], w->model, bits);
	if (n == 0 && rec->flags & RECORD_ZERO_LAST)
		return r->size < head ? 0 : r->size;
	if (n > REGION_OPEN)
		return 0;
	if (rec->flags & RECORD_FROM_START)
		n = n < off ? 0 : n - off;
	if (rec->chain_excludes_header)
		n += head;
	return n < head || n > r->size ? 0 : n;
}

/* All of R as a string of escapes; NULL where it cannot be read. */
static struct val *hex_bytes(struct walk *w, const struct region *r)
{
	uint64_t shown = walk_least(r->size, w->env->string_limit);
	uint64_t needed = shown < r->size ? shown + 1 : shown;
	struct span bytes = region_get(w, r, 0, needed);
	if (bytes.n < needed)
		return NULL;
	struct val *v = val_text(w, span_sub(bytes, 0, (size_t)shown));
	v->n = r->size;
	v->state = (uint16_t)(VAL_HEX_STRING | (r->size > shown ? VAL_CUT : 0));
	return v;
}

static struct val *left_over(struct walk *w, const struct region *r)
{
	uint64_t n = walk_least(r->size, w->env->string_limit);
	struct val *v = val_text(w, region_get(w, r, 0, n));
	v->n = r->size;
	v->state = r->size > v->bytes.n ? VAL_CUT : 0;
	return v;
}

/* The length of a record that may state more than there is, or less than its fixed part has. *ret_is_last: nothing follows it. */
static uint64_t loose_length(struct walk *w, const struct desc_record *rec, const struct region *r, bool *ret_is_last)
{
	const struct desc_field *f = &desc_fields[rec->first + rec->len_field - 1];
	unsigned width = desc_types[f->type].width[w->model];
	uint64_t bits = 0;
	bool is_open_ended = false;
	uint64_t head = walk_fixed_part(w, rec, &is_open_ended);
	span_load(region_get(w, r, f->off[w->model], width), 0, width, &bits);
	uint64_t n = walk_least(walk_number(&desc_types[f->type], w->model, bits), r->size);
	*ret_is_last = n < head;
	return n < head ? head : n;
}

/* As strace takes netlink's messages and attributes: too short a rest is shown as bytes. */
static struct val *walk_loose_chain(struct walk *w, const struct scope *s, struct val *v, const struct region *all)
{
	const struct desc_type *t = &desc_types[v->type];
	const struct desc_record *rec = &desc_records[desc_types[t->elem].ref];
	bool is_open_ended = false;
	uint64_t head = walk_fixed_part(w, rec, &is_open_ended);
	struct val **tail = &v->child;
	bool is_last = false;
	for (uint64_t off = 0; off < all->size && !is_last && w->budget; v->n++) {
		struct region rest = region_sub(all, off, all->size);
		if (v->n >= walk_element_limit(w)) {
			v->state |= VAL_CUT;
			break;
		}
		struct val *child = NULL;
		uint64_t n = rest.size;
		if (rest.size < head) {
			child = hex_bytes(w, &rest);
			if (!child && v->n)
				child = walk_address(w, rest.addr);
		} else {
			n = loose_length(w, rec, &rest, &is_last);
			struct region one = region_sub(&rest, 0, n);
			const struct scope here = {.up = s, .at = all, .pos = off, .is_chain = true};
			child = walk_memory(w, &here, t->elem, &one);
		}
		if (!child) {
			v->state |= VAL_FAULT;
			v->n2 = rest.addr;
			return v->n ? v : NULL;
		}
		tail = val_add(tail, NULL, child);
		off += align_up(n, rec->chain_align);
	}
	return v;
}

/* To a multiple of what the chain is aligned to; 0: of the word. */
static uint64_t chain_step(const struct walk *w, const struct desc_record *rec, uint64_t n)
{
	return align_up(n, rec->chain_align ? rec->chain_align : desc_is_lp64(w->model) ? 8 : 4);
}

/* @clamped, control messages: all bytes have to be there, and the header is enough to be shown. */
static struct val *walk_clamped(struct walk *w, const struct scope *s, struct val *v, struct region *r, const struct desc_record *rec)
{
	enum { CONTROL_MAX = 131072 }; /* the kernel takes no more: sysctl net.core.optmem_max */
	const struct desc_field *length = &desc_fields[rec->first + rec->len_field - 1];
	unsigned width = desc_types[length->type].width[w->model];
	bool is_open_ended = false;
	uint64_t head = walk_fixed_part(w, rec, &is_open_ended);
	r->size = walk_least(r->size, CONTROL_MAX);
	r->bytes = region_get(w, r, 0, r->size);
	if (r->bytes.n < r->size || r->size < head)
		return NULL;
	struct val **tail = &v->child;
	uint64_t off = 0;
	while (r->size - off >= head && w->budget) {
		uint64_t left = r->size - off;
		uint64_t n = 0;
		span_load(r->bytes, (size_t)(off + length->off[w->model]), width, &n);
		struct region one = region_sub(r, off, n < head ? head : walk_least(n, left));
		tail = val_add(tail, NULL, walk_memory(w, s, desc_types[v->type].elem, &one));
		v->n++;
		bool is_last = n < head || n >= left || chain_step(w, rec, n) >= left;
		off += n < head ? head : is_last ? left : chain_step(w, rec, n);
		if (is_last)
			break;
	}
	if (off < r->size) {
		v->state |= VAL_FAULT;
		v->n2 = r->addr + off;
	}
	return v;
}

struct val *walk_chain(struct walk *w, const struct scope *s, uint16_t type, const struct region *where)
{
	const struct desc_type *t = &desc_types[type];
	const struct desc_type *elem = &desc_types[t->elem];
	struct region r = region_sub(where, 0, t->len ? expr_size(w, s, t->len) : where->size);
	bool is_count = w->is_count;
	w->is_count = false;
	struct val *v = val_new(w, VAL_ARRAY);
	v->type = type;
	if (elem->kind != KIND_STRUCT || (!t->len && region_is_endless(&r)))
		return v;
	const struct desc_record *rec = &desc_records[elem->ref];
	if (rec->len_field == 0)
		return v;
	if (rec->flags & RECORD_CLAMPED)
		return walk_clamped(w, s, v, &r, rec);
	if (!r.is_local && r.bytes.n < r.size)
		r.bytes = region_get(w, &r, 0, walk_least(r.size, ARRAY_PREFETCH));
	if (r.bytes.n == 0 && r.size)
		return NULL;
	if (rec->flags & RECORD_LOOSE)
		return walk_loose_chain(w, s, v, &r);
	struct val **tail = &v->child;
	uint64_t limit = is_count ? COUNT_MAX : walk_element_limit(w);
	uint64_t off = 0;
	uint64_t most = t->keys[0] ? expr_size(w, s, t->keys[0]) : UINT64_MAX;
	while (off < r.size && v->n < most) {
		struct region rest = region_sub(&r, off, r.size);
		uint64_t n = stated_length(w, rec, &rest, off);
		if (v->n >= limit) {
			v->state |= VAL_CUT;
			break;
		}
		if (n == 0) {
			if (!is_count)
				val_add(tail, NULL, left_over(w, &rest));
			break;
		}
		struct region one = region_sub(&rest, 0, n);
		struct val *child = is_count ? NULL : walk_memory(w, s, t->elem, &one);
		if (!child && !is_count) {
			v->state |= VAL_FAULT;
			v->n2 = one.addr;
			return v->n ? v : NULL;
		}
		tail = val_add(tail, NULL, child);
		v->n++;
		off += chain_step(w, rec, n);
	}
	return is_count ? walk_count(w, v->n, "entries", "") : v;
}
