/*
 * Types to values. One function per kind of type; each takes the region a value lies in and returns NULL where that
 * cannot be read, so that whoever holds the address shows it instead. Everything is bounded: depth, number of values,
 * bytes fetched.
 */
#include "decode/walk_parts.h"

#include "decode/hooks/hooks.h"

#include <string.h>

struct val *val_new(struct walk *w, enum val_kind kind)
{
	if (w->budget)
		w->budget--;
	struct val *v = arena_alloc(w->arena, sizeof(*v));
	v->kind = (uint8_t)kind;
	return v;
}

struct val *val_int(struct walk *w, enum role role, uint64_t n)
{
	struct val *v = val_new(w, VAL_INT);
	v->role = (uint8_t)role;
	v->width = 8;
	v->n = n;
	return v;
}

struct val *val_text(struct walk *w, struct span bytes)
{
	struct val *v = val_new(w, VAL_STR);
	v->bytes = bytes;
	v->n = bytes.n;
	return v;
}

struct val *val_raw(struct walk *w, const char *text)
{
	struct val *v = val_text(w, (struct span){(const uint8_t *)text, strlen(text)});
	v->kind = VAL_RAW;
	return v;
}

struct val **val_add(struct val **tail, const char *name, struct val *v)
{
	if (!v)
		return tail;
	v->name = name;
	*tail = v;
	return &v->next;
}

struct span region_get(struct walk *w, const struct region *r, uint64_t off, uint64_t n)
{
	uint64_t size = r->is_padded ? r->bytes.n : r->size;
	if (off >= size)
		return no_bytes;
	n = walk_least(n, size - off);
	if (r->is_local || (off <= r->bytes.n && r->bytes.n - off >= n))
		return span_sub(r->bytes, (size_t)off, (size_t)n);
	return mem_get(&w->mem, r->addr + off, n);
}

struct region region_sub(const struct region *r, uint64_t off, uint64_t n)
{
	uint64_t left = off < r->size ? r->size - off : 0;
	/* What has a size of its own has it in the zeros too. */
	if (r->is_padded && n < REGION_OPEN && off < r->bytes.n)
		left = r->bytes.n - off;
	return (struct region){
		.addr = r->addr + off,
		.size = walk_least(n, left),
		.bytes = span_sub(r->bytes, (size_t)off, r->is_padded ? r->bytes.n : (size_t)walk_least(n, left)),
		.is_local = r->is_local,
		.is_padded = r->is_padded,
	};
}

/* ---- pointers ---- */

static bool is_followed(const struct walk *w, const struct desc_type *t)
{
	if (t->flags & TYPE_IN)
		return true;
	/* What is looked at early is looked at for what it was before the call. */
	return t->flags & TYPE_OUT && (w->has_result || (w->half == HALF_CHANGE && !w->is_exit));
}

static enum half half_of(const struct walk *w, const struct desc_type *t)
{
	if (w->half == HALF_CHANGE)
		return HALF_CHANGE;
	if (w->is_late)
		return w->has_result || w->is_whole ? HALF_ALL : HALF_IN;
	if (t->flags & TYPE_IN && t->flags & TYPE_OUT)
		return w->is_exit ? HALF_OUT : HALF_IN;
	return t->flags & TYPE_IN ? HALF_IN : HALF_ALL;
}

static bool is_open(const struct walk *w, uint16_t type);

/* How much may lie behind a pointer to TYPE: open where the struct ends in something that tells its own length. */
uint64_t walk_size_behind(const struct walk *w, uint16_t type)
{
	const struct desc_type *t = &desc_types[type];
	return is_open(w, type) || t->size[w->model] == 0 ? REGION_OPEN : t->size[w->model];
}

/* An argument's array that the call was asked to write no element of: that it is empty is known also where the call failed. */
static struct val *no_elements(struct walk *w, const struct scope *s, uint16_t type)
{
	const struct desc_type *t = &desc_types[type];
	bool is_asked = w->is_exit && !s && t->kind == KIND_ARRAY && t->len && !(t->flags & TYPE_NULL_ENDED) && !expr_needs_result(t->len);
	if (!is_asked || expr_eval(w, s, t->len) != 0)
		return NULL;
	struct val *v = val_new(w, VAL_ARRAY);
	v->type = type;
	return v;
}

static struct val *pointer(struct walk *w, const struct scope *s, uint16_t type, uint64_t addr)
{
	const struct desc_type *t = &desc_types[type];
	struct val *v = val_new(w, VAL_PTR);
	v->type = type;
	v->n = addr;
	v->number_format = TYPE_HEX;
	if (addr == 0)
		return v;
	if (!is_followed(w, t)) {
		v->child = no_elements(w, s, t->elem);
		v->state = VAL_NOT_READ;
		return v;
	}
	struct region r = {.addr = addr, .size = walk_size_behind(w, t->elem)};
	enum half outer = w->half;
	w->half = half_of(w, t);
	v->child = walk_memory(w, s, t->elem, &r);
	w->half = outer;
	if (!v->child) {
		v->state = VAL_FAULT;
	} else if (v->child->kind == VAL_VOID) {
		v->child = NULL;
		v->state = VAL_NOT_READ;
	} else if (v->child->kind == VAL_INT && v->child->comment && !v->child->type) {
		/* A count with words of its own (count_of): the address is shown with these. */
		v->comment = v->child->comment;
		v->n2 = v->child->n;
		v->child = NULL;
		v->state = VAL_NOT_READ;
	}
	return v;
}

static unsigned pointer_width(const struct walk *w, const struct desc_type *t)
{
	if (t->flags & TYPE_PTR64)
		return 8;
	return t->width[w->model] ? t->width[w->model] : desc_is_lp64(w->model) ? 8 : 4;
}

static struct val *walk_pointer(struct walk *w, const struct scope *s, uint16_t type, const struct region *r)
{
	const struct desc_type *t = &desc_types[type];
	unsigned width = pointer_width(w, t);
	uint64_t addr = 0;
	if (!span_load(region_get(w, r, 0, width), 0, width, &addr))
		return NULL;
	return t->kind == KIND_PTR ? pointer(w, s, type, addr) : walk_string_pointer(w, type, addr);
}

/* ---- arrays ---- */

uint64_t walk_element_size(const struct walk *w, uint16_t elem)
{
	const struct desc_type *t = &desc_types[elem];
	if (t->size[w->model])
		return t->size[w->model];
	if (t->kind == KIND_STR || t->kind == KIND_PATH || t->kind == KIND_PTR)
		return pointer_width(w, t);
	return t->kind == KIND_INT ? t->width[w->model] : 0;
}

/* Elements shown: without -v as many as -s says. */
uint64_t walk_element_limit(const struct walk *w)
{
	return w->env->is_verbose ? w->budget : walk_least(w->env->string_limit, w->budget);
}

struct val *walk_count(struct walk *w, uint64_t n, const char *what, const char *end)
{
	struct val *v = val_int(w, ROLE_INT, n);
	v->comment = arena_printf(w->arena, "%llu %s%s", (unsigned long long)n, what, end);
	return v;
}

/* Counts the words before a zero one, page by page. */
static struct val *counted(struct walk *w, struct val *array, const struct region *r, uint64_t size)
{
	uint64_t n = 0;
	while (n < COUNT_MAX) {
		uint64_t addr = r->addr + n * size;
		uint64_t per_read = (MEM_PAGE - (addr & (MEM_PAGE - 1))) / size;
		per_read = per_read ? per_read : 1;
		struct span words = region_get(w, r, n * size, per_read * size);
		uint64_t value = 1;
		for (uint64_t k = 0; k < per_read; k++, n++) {
			if (!span_load(words, (size_t)(k * size), (size_t)size, &value))
				return n ? walk_count(w, n, n == 1 ? "var" : "vars", ", unterminated") : NULL;
			if (value == 0) {
				array->n = n;
				return array;
			}
		}
	}
	array->n = n;
	return array;
}

static bool is_null(const struct region *e, struct walk *w, uint64_t size)
{
	struct span bytes = region_get(w, e, 0, size);
	for (size_t i = 0; i < bytes.n; i++)
		if (bytes.p[i])
			return false;
	return bytes.n == size;
}

static const char *index_name(struct walk *w, uint16_t set, uint64_t i)
{
	const struct desc_set *names = &desc_sets[desc_set_of(set, w->call->abi)];
	const struct desc_item *item = desc_item_of(names, i);
	if (!item && names->unknown && names->is_decimal)
		return arena_printf(w->arena, "%llu /* %s */", (unsigned long long)i, names->unknown);
	return item ? item->name : arena_printf(w->arena, "%llu", (unsigned long long)i);
}

/* Fills V with up to N elements. False where the very first cannot be read. */
static bool elements(struct walk *w, const struct scope *s, struct val *v, const struct region *r, uint64_t n)
{
	const struct desc_type *t = &desc_types[v->type];
	uint64_t size = walk_element_size(w, t->elem);
	uint64_t few = t->ref && !w->env->is_verbose ? t->ref : UINT64_MAX;
	/* A socket's address is shown whole, whatever -s says. */
	uint64_t limit = walk_least(walk_least(n, few), r->is_padded ? w->budget : walk_element_limit(w));
	bool is_null_ended = t->flags & TYPE_NULL_ENDED;
	/* Where the end is not known, no more is fetched ahead than is likely to exist. */
	uint64_t ahead = is_null_ended ? 32 * size : ARRAY_PREFETCH;
	struct span head = region_get(w, r, 0, walk_least(walk_least(limit, ARRAY_PREFETCH) * size, ahead));
	struct region all = *r;
	if (!all.is_local && !all.is_padded)
		all.bytes = head;
	struct val **tail = &v->child;
	for (uint64_t i = 0; i < n; i++) {
		struct region e = region_sub(&all, i * size, size);
		if (is_null_ended && is_null(&e, w, size)) {
			v->n = i;
			return true;
		}
		if (is_null_ended && region_get(w, &e, 0, size).n < size) {
			v->state |= VAL_FAULT;
			v->n2 = e.addr;
			return i > 0;
		}
		if (i >= limit) {
			/* As strace does: what is not shown has to be there all the same. */
			bool is_there = region_get(w, &e, 0, size).n == size;
			v->state |= is_there ? VAL_CUT : VAL_FAULT;
			v->n2 = is_there ? 0 : e.addr;
			return is_there || i > 0;
		}
		w->index = i;
		struct val *child = walk_memory(w, s, t->elem, &e);
		if (!child) {
			v->state |= VAL_FAULT;
			v->n2 = e.addr;
			return i > 0;
		}
		tail = val_add(tail, t->set ? index_name(w, t->set, i) : NULL, child);
	}
	return true;
}

static struct val *walk_array(struct walk *w, const struct scope *s, uint16_t type, const struct region *r)
{
	const struct desc_type *t = &desc_types[type];
	uint64_t size = walk_element_size(w, t->elem);
	bool is_null_ended = t->flags & TYPE_NULL_ENDED;
	bool is_count = w->is_count;
	w->is_count = false;
	struct val *v = val_new(w, VAL_ARRAY);
	v->type = type;
	if (size == 0)
		return v;
	uint64_t n = is_null_ended ? REGION_OPEN : t->len ? (uint64_t)expr_eval(w, s, t->len) : t->size[w->model] / size;
	if (!is_null_ended && !r->is_local && n > (UINT64_MAX - r->addr) / size)
		return NULL; /* reaches beyond the end of all addresses, as a count below zero does */
	bool is_cut = r->is_padded && n > r->size / size;
	n = walk_least(n, r->size / size);
	v->n = n;
	v->state = is_cut ? VAL_CUT : 0;
	if (is_null_ended && is_count)
		return counted(w, v, r, size);
	/* One of a fixed number of elements is read as one thing. */
	bool is_fixed = t->size[w->model] && t->size[w->model] <= FIXED_BYTES_MAX && !is_cut && r->size >= t->size[w->model];
	if (is_fixed && region_get(w, r, 0, t->size[w->model]).n < t->size[w->model])
		return NULL;
	return elements(w, s, v, r, n) ? v : NULL;
}

/* ---- structs ---- */

/* Does a member of REC lie behind OFF? */
static bool has_behind(const struct walk *w, const struct desc_record *rec, uint64_t off)
{
	for (unsigned i = 0; i < rec->n; i++) {
		uint64_t other = desc_fields[rec->first + i].off[w->model];
		if (other != FIELD_ABSENT && other > off)
			return true;
	}
	return false;
}

/*
 * The bytes of a record that are always there: up to a last member whose size depends on what it holds. Such a member
 * in the middle is a union: it has the room of its largest arm.
 */
uint64_t walk_fixed_part(const struct walk *w, const struct desc_record *rec, bool *ret_is_open)
{
	uint64_t whole = rec->size[w->model];
	uint64_t size = whole;
	*ret_is_open = false;
	uint64_t end = 0; /* of the members before parts */
	for (unsigned i = 0; i < rec->n; i++) {
		const struct desc_field *f = &desc_fields[rec->first + i];
		uint64_t off = f->off[w->model];
		uint64_t room = walk_element_size(w, f->type);
		if (f->flags & FIELD_PART) {
			*ret_is_open = true;
			size = walk_least(size, end);
			continue;
		}
		if (off != FIELD_ABSENT && off + room > end)
			end = off + room;
		if (off == FIELD_ABSENT || (room && has_behind(w, rec, off)) || !is_open(w, f->type))
			continue;
		*ret_is_open = true;
		size = walk_least(size, off);
	}
	return size;
}

/* Does it reach as far as its region does? */
static bool is_open(const struct walk *w, uint16_t type)
{
	const struct desc_type *t = &desc_types[type];
	bool is_record_open = false;
	switch ((enum desc_kind)t->kind) {
	case KIND_NONE: return false;
	case KIND_CHOICE: return true;
	case KIND_STRUCT: walk_fixed_part(w, &desc_records[t->ref], &is_record_open); return is_record_open;
	default: return walk_element_size(w, type) == 0;
	}
}

static bool is_wanted(const struct walk *w, const struct desc_record *rec, uint32_t flags)
{
	switch (w->half) {
	case HALF_ALL: return true;
	case HALF_IN: return !(flags & FIELD_OUT);
	case HALF_CHANGE: return flags & FIELD_CHANGE;
	case HALF_OUT: break;
	}
	if (flags & (FIELD_OUT | FIELD_BOTH))
		return true;
	for (unsigned i = 0; i < rec->n; i++)
		if (desc_fields[rec->first + i].flags & (FIELD_OUT | FIELD_BOTH))
			return false;
	return true;
}

bool walk_is_zero(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i])
			return false;
	return true;
}

static struct val *bit_field(struct walk *w, const struct desc_field *f, const struct region *r)
{
	const struct desc_type *t = &desc_types[f->type];
	unsigned width = t->width[w->model];
	uint64_t bits = 0;
	if (width == 0 || width > 8 || !span_load(region_get(w, r, 0, width), 0, width, &bits))
		return NULL;
	bits >>= f->bit & 63;
	if (f->bits < 64)
		bits &= ((uint64_t)1 << f->bits) - 1;
	return walk_scalar(w, f->type, bits);
}

static bool is_hidden(struct walk *w, const struct desc_field *f, const struct region *r, uint64_t size)
{
	if (!(f->flags & FIELD_HIDE))
		return false;
	if (f->bits) {
		const struct val *v = bit_field(w, f, r);
		return v && v->n == 0;
	}
	return walk_is_zero(region_get(w, r, 0, size ? size : walk_least(r->size, TAIL_MAX)));
}

/* A member; VOID where it is not shown, NULL where it cannot be read. */
static struct val *member(struct walk *w, const struct scope *s, const struct desc_field *f, const struct region *whole,
			  const struct val *nothing)
{
	const struct desc_record *rec = s->record;
	uint64_t off = s->pos;
	uint64_t size = walk_element_size(w, f->type);
	/* A union's choice inside a struct has the union's room; one at the end all that is left. */
	bool is_last = off + size >= rec->size[w->model];
	bool takes_rest = size == 0 || f->flags & FIELD_PART || f->at || (is_open(w, f->type) && is_last);
	struct region r = region_sub(whole, off, takes_rest ? REGION_OPEN : size);
	if (is_hidden(w, f, &r, size))
		return (struct val *)nothing;
	if (f->bits)
		return bit_field(w, f, &r);
	bool outer_count = w->is_count;
	enum half outer = w->half;
	if (w->half == HALF_OUT && f->flags & FIELD_OUT) /* what is in both halves may have halves itself */
		w->half = HALF_ALL;
	w->is_count = f->flags & FIELD_COUNT && !w->env->is_verbose;
	struct val *v = walk_memory(w, s, f->type, &r);
	w->is_count = outer_count;
	w->half = outer;
	return v;
}

static bool is_beyond(const struct walk *w, const struct desc_field *f, uint64_t off, const struct region *r)
{
	bool is_whole = is_open(w, f->type) || f->flags & FIELD_PART || f->at;
	uint64_t size = is_whole ? 0 : walk_element_size(w, f->type);
	if (r->is_padded)
		return off + size > r->bytes.n;
	return size ? off > r->size || r->size - off < size : off >= r->size;
}

/* Something that cannot be read: its address. */
struct val *walk_address(struct walk *w, uint64_t addr)
{
	struct val *v = val_new(w, VAL_PTR);
	v->n = addr;
	v->state = VAL_FAULT;
	return v;
}

/* What there is of a member that its region cuts. */
static struct val *partial_bytes(struct walk *w, const struct region *r, uint64_t off)
{
	struct val *v = val_text(w, region_get(w, r, off, r->size - off));
	v->state = VAL_HEX_STRING;
	return v;
}

/* A record of which only the first member is there: "..." stands for what does not exist, an address for what cannot be read. */
static struct val *first_step(struct walk *w, const struct scope *up, const struct desc_record *rec, const struct region *r, uint64_t there)
{
	const struct desc_field *f = &desc_fields[rec->first];
	uint64_t size = walk_element_size(w, f->type);
	struct scope s = {.up = up, .record = rec, .at = r};
	struct region first = region_sub(r, 0, size);
	struct val *m = walk_memory(w, &s, f->type, &first);
	if (!m)
		return NULL;
	struct val *v = val_new(w, VAL_STRUCT);
	struct val **tail = val_add(&v->child, f->name, m);
	if (there < rec->size[w->model] && r->size < rec->size[w->model]) {
		v->state |= VAL_ABBREV;
	} else {
		struct val *others = walk_address(w, r->addr + size);
		others->attrs = FIELD_BARE;
		val_add(tail, "rest", others);
	}
	return v;
}

static struct val *walk_record(struct walk *w, const struct scope *up, const struct desc_record *rec, const struct region *where)
{
	static const struct val nothing = {.kind = VAL_VOID};
	struct region r = *where;
	if (rec->flags & RECORD_POOL)
		w->has_pool = false;
	bool is_open_ended = false;
	uint64_t size = walk_fixed_part(w, rec, &is_open_ended);
	uint64_t there = walk_least(size, r.size);
	struct span bytes = region_get(w, &r, 0, there);
	if (rec->flags & RECORD_STEPWISE && bytes.n < size)
		return first_step(w, up, rec, &r, there);
	if (bytes.n < there)
		return NULL;
	if (!r.is_local && r.bytes.n < bytes.n)
		r.bytes = bytes;
	struct scope s = {.up = up, .record = rec, .at = &r};
	uint32_t gap = 0; /* FIELD_DOTS: something is left out before the next member, or at the end */
	struct val *v = val_new(w, VAL_STRUCT);
	v->state = (uint16_t)((w->half == HALF_OUT ? VAL_OUT_HALF : 0) | (rec->flags & RECORD_OPEN && w->half == HALF_ALL ? VAL_ABBREV : 0));
	struct val **tail = &v->child;
	for (unsigned i = 0; i < rec->n && w->budget; i++) {
		const struct desc_field *f = &desc_fields[rec->first + i];
		s.pos = f->off[w->model];
		if (s.pos == FIELD_ABSENT)
			continue;
		if (f->at)
			s.pos = expr_size(w, &(struct scope){.up = up, .record = rec, .at = &r}, f->at);
		if (!is_wanted(w, rec, f->flags) || (f->cond && !expr_eval(w, &s, f->cond)))
			continue;
		if (is_beyond(w, f, s.pos, &r)) {
			if (rec->flags & RECORD_PARTIAL && s.pos < r.size)
				tail = val_add(tail, f->name, partial_bytes(w, &r, s.pos));
			v->state |= f->flags & FIELD_PART || f->at ? 0 : VAL_SHORT;
			continue;
		}
		if (f->flags & FIELD_DOTS || (f->flags & FIELD_MORE && !w->env->is_verbose)) {
			v->state |= f->flags & FIELD_DOTS ? 0 : VAL_ABBREV;
			gap |= f->flags & FIELD_DOTS;
			continue;
		}
		struct val *m = member(w, &s, f, &r, &nothing);
		bool is_apart = f->flags & FIELD_PART || (is_open_ended && s.pos >= size && walk_element_size(w, f->type) == 0);
		if (!m && is_apart)
			m = walk_address(w, r.addr + s.pos);
		if (!m)
			return NULL;
		if (m->kind == VAL_VOID)
			continue;
		m->attrs = shown_attrs(w, f->flags) | gap;
		gap = 0;
		tail = val_add(tail, f->name, m);
	}
	v->state |= gap ? VAL_ABBREV : 0;
	/* A region too short for the first member holds nothing worth a name. */
	return v->child || !(v->state & VAL_SHORT) ? v : NULL;
}

static struct val *walk_struct(struct walk *w, const struct scope *s, uint16_t type, const struct region *r)
{
	const struct desc_record *rec = &desc_records[desc_types[type].ref];
	struct val *v = walk_record(w, s, rec, r);
	if (v)
		v->type = type;
	if (v && rec->flags & RECORD_CALL) /* the whole of it as a number too */
		span_load(region_get(w, r, 0, rec->size[w->model]), 0, rec->size[w->model] & 15, &v->n);
	return v;
}

/* ---- choices ---- */

static int compare_keys(const uint64_t *a, const uint64_t *b, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return 0;
}

static uint16_t arm_of(const struct desc_choice *c, const uint64_t *keys)
{
	unsigned lo = 0;
	unsigned hi = c->n;
	while (lo < hi) {
		unsigned mid = (lo + hi) / 2;
		const struct desc_arm *arm = &desc_arms[c->first + mid];
		int order = compare_keys(arm->key, keys, c->nkeys);
		if (order == 0)
			return arm->to;
		if (order < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return c->otherwise;
}

uint16_t walk_choose(struct walk *w, const struct scope *s, uint16_t type, const struct region *r, uint64_t *ret_keys)
{
	const struct desc_type *t = &desc_types[type];
	if (t->kind != KIND_CHOICE)
		return type;
	const struct desc_choice *c = &desc_choices[t->ref];
	struct scope inside = {.up = s, .at = r};
	for (unsigned i = 0; i < c->nkeys && i < 3; i++) {
		if (t->keys[i])
			ret_keys[i] = (uint64_t)expr_eval(w, s, t->keys[i]);
		else
			ret_keys[i] = c->key_expr[i] ? (uint64_t)expr_eval(w, &inside, c->key_expr[i]) : 0;
	}
	for (unsigned i = c->nkeys; i < 3; i++)
		ret_keys[i] = t->keys[i] ? (uint64_t)expr_eval(w, s, t->keys[i]) : 0;
	return arm_of(c, ret_keys);
}

/* The bytes without which there is no value of TYPE: of an array one element, of a @stepwise struct any. */
static uint64_t least_size(const struct walk *w, uint16_t type)
{
	const struct desc_type *t = &desc_types[type];
	bool is_open_ended = false;
	switch ((enum desc_kind)t->kind) {
	case KIND_INT: return t->flags & TYPE_VARIED ? 1 : t->width[w->model];
	case KIND_ARRAY: return t->size[w->model] ? t->size[w->model] : walk_element_size(w, t->elem);
	case KIND_STRUCT:
		if (desc_records[t->ref].flags & RECORD_STEPWISE)
			return 0;
		return walk_fixed_part(w, &desc_records[t->ref], &is_open_ended);
	default: return 0;
	}
}

/* In a region of stated size, a family of structs falls back to its general form where the special one has no room. */
uint16_t walk_that_fits(const struct walk *w, uint16_t type, uint16_t chosen, const struct region *r)
{
	const struct desc_choice *c = &desc_choices[desc_types[type].ref];
	if (c->must_fit) {
		enum { NARROW = 8 };
		bool is_too_wide = desc_types[chosen].kind == KIND_INT && desc_types[chosen].flags & TYPE_NARROW && r->size > NARROW;
		return is_too_wide || r->size < least_size(w, chosen) ? c->otherwise : chosen;
	}
	if (desc_types[chosen].kind != KIND_STRUCT || desc_types[c->otherwise].kind != KIND_STRUCT)
		return chosen;
	if (desc_records[desc_types[chosen].ref].flags & RECORD_STEPWISE)
		return chosen;
	bool is_open_ended = false;
	const struct desc_record *rec = &desc_records[desc_types[chosen].ref];
	uint64_t least = rec->least ? rec->least : walk_fixed_part(w, rec, &is_open_ended) + is_open_ended;
	return r->size < least ? c->otherwise : chosen;
}

static struct val *walk_choice(struct walk *w, const struct scope *s, uint16_t type, const struct region *r)
{
	uint64_t keys[3] = {0, 0, 0};
	uint16_t chosen = walk_choose(w, s, type, r, keys);
	chosen = walk_that_fits(w, type, chosen, r);
	struct scope inside = {.up = s, .at = r, .keys = keys};
	uint64_t size = walk_size_behind(w, chosen);
	struct region part = region_sub(r, 0, size < REGION_OPEN && region_is_endless(r) ? size : r->size);
	return walk_memory(w, &inside, chosen, &part);
}

/* ---- the interpreter ---- */

/* A list, and its names' commas are spaces: the sink knows by the type. */
static struct val *walk_bit_names(struct walk *w, const struct scope *s, uint16_t type, const struct region *r)
{
	const struct desc_type *t = &desc_types[type];
	uint64_t bits = walk_least(expr_size(w, s, t->len), ARRAY_PREFETCH);
	struct span bytes = region_get(w, r, 0, (bits + 7) / 8);
	if (!bits || bytes.n < (bits + 7) / 8)
		return NULL;
	struct val *v = val_new(w, VAL_ARRAY);
	struct val **tail = &v->child;
	v->type = type;
	for (uint64_t i = 0; i < bits; i++) {
		if (!(bytes.p[i / 8] >> i % 8 & 1))
			continue;
		if (v->n++ >= t->ref && !w->env->is_verbose) {
			v->state |= VAL_CUT;
			break;
		}
		struct val *bit = val_int(w, ROLE_INT, i);
		bit->set = desc_set_of(t->set, w->call->abi);
		bit->width = 4;
		tail = val_add(tail, NULL, bit);
	}
	return v;
}

static struct val *walk_hook(struct walk *w, const struct scope *s, uint16_t type, const struct region *r)
{
	struct hook_in in = {.w = w, .scope = s, .type = &desc_types[type], .at = r};
	return hook_run(&in);
}

static struct val *walk_kind(struct walk *w, const struct scope *s, uint16_t type, const struct region *r)
{
	switch ((enum desc_kind)desc_types[type].kind) {
	case KIND_NONE: return val_new(w, VAL_VOID);
	case KIND_INT: return walk_int(w, type, r);
	case KIND_STR:
	case KIND_PATH:
	case KIND_PTR: return walk_pointer(w, s, type, r);
	case KIND_TEXT: return walk_text(w, s, type, r);
	case KIND_BYTES: return walk_bytes(w, s, type, r);
	case KIND_ARRAY: return walk_array(w, s, type, r);
	case KIND_SIZED: return walk_sized(w, s, type, r);
	case KIND_CHAIN: return walk_chain(w, s, type, r);
	case KIND_STRUCT: return walk_struct(w, s, type, r);
	case KIND_CHOICE: return walk_choice(w, s, type, r);
	case KIND_FDSET: return walk_fdset(w, s, type, r);
	case KIND_SIGSET: return walk_sigset(w, s, type, r);
	case KIND_STRLIST: return walk_strlist(w, s, type, r);
	case KIND_BITNAMES: return walk_bit_names(w, s, type, r);
	case KIND_HOOK: return walk_hook(w, s, type, r);
	}
	return NULL;
}

struct val *walk_memory(struct walk *w, const struct scope *s, uint16_t type, const struct region *r)
{
	if (w->depth >= WALK_DEPTH || w->budget == 0)
		return val_raw(w, "...");
	w->depth++;
	struct val *v = walk_kind(w, s, type, r);
	w->depth--;
	return v;
}

/* A register taken as a region of its bytes: choices, hooks and structs that fit. */
static struct region register_region(struct walk *w, uint64_t raw)
{
	uint8_t *bytes = arena_alloc_raw(w->arena, sizeof(raw));
	memcpy(bytes, &raw, sizeof(raw));
	return (struct region){.addr = raw, .size = sizeof(raw), .bytes = {bytes, sizeof(raw)}, .is_local = true};
}

struct val *walk_register(struct walk *w, const struct scope *s, uint16_t type, uint64_t raw)
{
	const struct desc_type *t = &desc_types[type];
	switch ((enum desc_kind)t->kind) {
	case KIND_INT: return walk_scalar(w, type, raw);
	case KIND_PTR: return pointer(w, s, type, raw);
	case KIND_STR:
	case KIND_PATH: return walk_string_pointer(w, type, raw);
	default: break;
	}
	struct region r = register_region(w, raw);
	uint64_t keys[3] = {0, 0, 0};
	uint16_t chosen = walk_choose(w, s, type, &r, keys);
	if (chosen == type || w->depth >= WALK_DEPTH)
		return walk_memory(w, s, type, &r);
	struct scope inside = {.up = s, .at = &r, .keys = keys};
	w->depth++;
	struct val *v = walk_register(w, &inside, chosen, raw);
	w->depth--;
	return v;
}
