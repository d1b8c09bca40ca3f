/*
 * Types to values. One function per kind of type; each takes the region a value lies in and returns NULL where that
 * cannot be read, so that whoever holds the address shows it instead. Everything is bounded: depth, number of values,
 * bytes fetched.
 */
#include "decode/walk.h"

#include "decode/hooks/hooks.h"

#include <string.h>

enum {
	PATH_LIMIT = 4095,      /* bytes of a path shown, PATH_MAX without its NUL */
	SIZED_PREFETCH = 256,   /* most structs of stated size are smaller */
	ARRAY_PREFETCH = 65536,
	FDSET_MAX = 1024 * 1024,
	SIGSET_MAX = 8,         /* bytes of the kernel's sigset_t */
	COUNT_MAX = 1 << 20,    /* strings counted in argv and envp */
	FIXED_BYTES_MAX = 256,  /* buffers of fixed size up to this are shown whole, whatever -s says */
	TAIL_MAX = 4096,        /* bytes behind a struct that are looked at */
};

static const struct span no_bytes = {NULL, 0};

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

static uint64_t at_most(uint64_t n, uint64_t limit)
{
	return n < limit ? n : limit;
}

struct span region_get(struct walk *w, const struct region *r, uint64_t off, uint64_t n)
{
	uint64_t size = r->is_padded ? r->bytes.n : r->size;
	if (off >= size)
		return no_bytes;
	n = at_most(n, size - off);
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
		.size = at_most(n, left),
		.bytes = span_sub(r->bytes, (size_t)off, r->is_padded ? r->bytes.n : (size_t)at_most(n, left)),
		.is_local = r->is_local,
		.is_padded = r->is_padded,
	};
}

static bool is_endless(const struct region *r)
{
	return r->size > REGION_OPEN / 2;
}

/* ---- scalars ---- */

static uint64_t swap_bytes(uint64_t bits, unsigned width)
{
	return __builtin_bswap64(bits) >> (64 - 8 * width);
}

uint64_t walk_number(const struct desc_type *t, enum model model, uint64_t bits)
{
	unsigned width = t->width[model];
	if (width == 0 || width >= 8)
		return t->flags & TYPE_BIG_ENDIAN ? __builtin_bswap64(bits) : bits;
	unsigned shift = 64 - 8 * width;
	bits = bits << shift >> shift;
	if (t->flags & TYPE_BIG_ENDIAN)
		bits = swap_bytes(bits, width);
	if (t->flags & TYPE_SIGNED)
		bits = (uint64_t)((int64_t)(bits << shift) >> shift);
	return bits;
}

/* A request that is one of a family: "EVIOCGBIT(EV_KEY, 96)". The text is the value's bytes. */
static void ioctl_request(struct walk *w, struct val *v)
{
	const struct desc_number *number = desc_by_number(w->call->abi, w->call->nr);
	const struct desc_family *f = number ? desc_family_of(&desc_calls[number->call], v->n) : NULL;
	if (!f)
		return;
	const char *text = arena_printf(w->arena, "%s(", f->name);
	for (unsigned i = 0; i < FAMILY_SHOWN && f->expr[i]; i++) {
		unsigned long long n = (unsigned long long)expr_eval(w, NULL, f->expr[i]);
		const struct desc_set *set = f->set[i] ? &desc_sets[f->set[i]] : NULL;
		const struct desc_item *item = set ? desc_item_of(set, n) : NULL;
		text = arena_printf(w->arena, "%s%s", text, i ? ", " : "");
		if (item)
			text = arena_printf(w->arena, "%s%s", text, item->name);
		else if (set)
			text = arena_printf(w->arena, "%s%#llx /* %s */", text, n, set->unknown ? set->unknown : "???");
		else
			text = arena_printf(w->arena, "%s%llu", text, n);
	}
	text = arena_printf(w->arena, "%s)", text);
	v->bytes = (struct span){(const uint8_t *)text, strlen(text)};
}

static struct span text_span(const char *text)
{
	return (struct span){(const uint8_t *)text, text ? strlen(text) : 0};
}

struct val *walk_scalar(struct walk *w, uint16_t type, uint64_t bits)
{
	const struct desc_type *t = &desc_types[type];
	struct val *v = val_new(w, VAL_INT);
	v->type = type;
	v->role = t->role;
	v->set = t->set ? desc_set_of(t->set, w->call->abi) : 0;
	v->width = t->width[w->model];
	v->number_format = (uint8_t)((t->flags & (TYPE_HEX | TYPE_OCT)) | (t->flags & TYPE_HEX2 ? VAL_HEX2 : 0) | (t->flags & TYPE_HEX8 ? VAL_HEX8 : 0)
				     | (t->flags & TYPE_HEX_WORD ? VAL_HEX_WORD : 0));
	v->n = walk_number(t, w->model, bits);
	if (t->role == ROLE_IFINDEX && v->n && w->env->interface)
		v->comment = w->env->interface(w->arena, (unsigned)v->n);
	if ((t->role == ROLE_FD || t->role == ROLE_FD_AT || t->role == ROLE_RESFD) && (int64_t)v->n >= 0 && w->env->fd)
		v->ofd = w->env->fd(w->env->ctx, (int)v->n);
	if (t->role == ROLE_GENL_FAMILY && w->env->genl_family)
		v->bytes = text_span(w->env->genl_family(w->env->ctx, (unsigned)v->n));
	if (t->role == ROLE_IOCTL)
		ioctl_request(w, v);
	return v;
}

static struct val *walk_int(struct walk *w, uint16_t type, const struct region *r)
{
	const struct desc_type *t = &desc_types[type];
	unsigned width = t->width[w->model];
	if (t->flags & TYPE_VARIED)
		width = (unsigned)at_most(r->size, width);
	struct span s = region_get(w, r, 0, width);
	if (s.n < width || width == 0)
		return NULL;
	if (t->role != ROLE_MAC && t->role != ROLE_AX25 && width <= 8) {
		uint64_t bits = 0;
		span_load(s, 0, width, &bits);
		return walk_scalar(w, type, bits);
	}
	struct val *v = val_new(w, VAL_BYTES16);
	v->type = type;
	v->role = t->role;
	v->width = (uint8_t)width;
	v->bytes = s;
	return v;
}

/* ---- text and bytes ---- */

static struct val *string_at(struct walk *w, uint64_t addr, bool is_path)
{
	uint64_t limit = is_path ? PATH_LIMIT : w->env->string_limit;
	struct span text;
	bool has_nul = false;
	/* One byte more is looked at: a NUL right behind the limit means that nothing is cut. */
	if (!mem_string(&w->mem, addr, limit + 1, &text, &has_nul))
		return NULL;
	struct val *v = val_text(w, text);
	v->state = (uint16_t)((is_path ? VAL_PATH : 0) | (has_nul ? VAL_NUL_ENDED : VAL_CUT | VAL_NO_TERM));
	if (!has_nul)
		v->n = v->bytes.n = (size_t)limit;
	return v;
}

static struct val *string_pointer(struct walk *w, uint16_t type, uint64_t addr)
{
	struct val *v = val_new(w, VAL_PTR);
	v->type = type;
	v->n = addr;
	if (addr == 0)
		return v;
	v->child = string_at(w, addr, desc_types[type].kind == KIND_PATH);
	if (v->child)
		v->child->type = type;
	else
		v->state = VAL_FAULT;
	return v;
}

static uint64_t length_of(struct walk *w, const struct scope *s, const struct desc_type *t)
{
	return t->len ? expr_size(w, s, t->len) : t->size[w->model];
}

static struct val *walk_text(struct walk *w, const struct scope *s, uint16_t type, const struct region *r)
{
	const struct desc_type *t = &desc_types[type];
	uint64_t n = at_most(length_of(w, s, t), r->size);
	struct span text = no_bytes;
	bool has_nul = false;
	n = at_most(n, PATH_LIMIT + 1);
	if (r->is_local || r->bytes.n >= n) {
		text = span_sub(r->bytes, 0, (size_t)n);
		const uint8_t *nul = text.n ? memchr(text.p, 0, text.n) : NULL;
		has_nul = nul;
		if (nul)
			text.n = (size_t)(nul - text.p);
	} else if (n && !mem_string(&w->mem, r->addr, n, &text, &has_nul)) {
		return NULL;
	}
	struct val *v = val_text(w, text);
	v->type = type;
	/* An array of characters that lacks its NUL is shown as one that goes on, without its last. */
	bool is_cut = !has_nul && n && (t->flags & TYPE_CSTRING || (t->size[w->model] && r->size >= t->size[w->model]));
	v->state = has_nul ? VAL_NUL_ENDED : is_cut ? VAL_NO_TERM : 0;
	if (is_cut && v->bytes.n && (t->flags & TYPE_CSTRING || (s && s->record)))
		v->n = --v->bytes.n;
	return v;
}

static struct val *walk_bytes(struct walk *w, const struct scope *s, uint16_t type, const struct region *r)
{
	const struct desc_type *t = &desc_types[type];
	uint64_t n = at_most(length_of(w, s, t), r->size);
	bool is_fixed = t->flags & TYPE_WHOLE || (t->size[w->model] && t->size[w->model] <= FIXED_BYTES_MAX);
	/* As strace does, one byte more than is shown has to be there. */
	uint64_t shown = is_fixed ? n : at_most(n, w->env->string_limit);
	uint64_t needed = shown < n ? shown + 1 : n;
	struct span bytes = region_get(w, r, 0, needed);
	if (bytes.n < needed)
		return NULL;
	struct val *v = val_text(w, span_sub(bytes, 0, (size_t)shown));
	v->type = type;
	v->n = n;
	v->state = (uint16_t)((n > shown ? VAL_CUT : 0) | (t->flags & TYPE_HEX_STRING ? VAL_HEX_STRING : 0));
	if (t->flags & TYPE_HWADDR) {
		v->kind = VAL_BYTES16;
		v->role = ROLE_MAC;
	}
	if (t->flags & TYPE_CSTRING && n == shown) {
		bool has_nul = n && bytes.p[n - 1] == 0;
		v->state |= has_nul ? VAL_NUL_ENDED : VAL_NO_TERM;
		v->bytes.n -= has_nul;
		v->n = v->bytes.n;
	}
	return v;
}

static struct val *walk_strlist(struct walk *w, const struct scope *s, uint16_t type, const struct region *r)
{
	uint64_t n = at_most(length_of(w, s, &desc_types[type]), r->size);
	uint64_t shown = at_most(n, ARRAY_PREFETCH);
	struct span all = region_get(w, r, 0, shown);
	if (all.n < shown)
		return NULL;
	struct val *v = val_new(w, VAL_ARRAY);
	v->type = type;
	v->state = n > shown ? VAL_CUT : 0;
	struct val **tail = &v->child;
	for (size_t off = 0; off < all.n && w->budget; v->n++) {
		struct span left = span_sub(all, off, all.n);
		const uint8_t *nul = memchr(left.p, 0, left.n);
		struct val *e = val_text(w, span_sub(left, 0, nul ? (size_t)(nul - left.p) : left.n));
		e->state = nul ? VAL_NUL_ENDED : 0;
		tail = val_add(tail, NULL, e);
		off += e->bytes.n + 1;
	}
	return v;
}

/* ---- bit maps ---- */

/* The descriptors in a set, for those who look at descriptors wherever they are. */
static struct val *members(struct walk *w, const struct val *set)
{
	struct val *first = NULL;
	struct val **tail = &first;
	for (uint64_t i = 0; i < set->n && w->budget; i++) {
		if (!(set->bytes.p[i / 8] >> i % 8 & 1))
			continue;
		struct val *m = val_int(w, ROLE_FD, i);
		m->ofd = w->env->fd ? w->env->fd(w->env->ctx, (int)i) : NULL;
		tail = val_add(tail, NULL, m);
	}
	return first;
}

static struct val *walk_fdset(struct walk *w, const struct scope *s, uint16_t type, const struct region *r)
{
	uint16_t len = desc_types[type].len;
	if (len && (int32_t)expr_eval(w, s, len) <= 0)
		return NULL; /* no set: the address is shown */
	uint64_t n = at_most(length_of(w, s, &desc_types[type]), FDSET_MAX);
	uint64_t word = desc_is_lp64(w->model) ? 8 : 4;
	uint64_t size = ((n + 7) / 8 + word - 1) / word * word;
	struct span bits = region_get(w, r, 0, size);
	if (bits.n < size)
		return NULL;
	struct val *v = val_new(w, VAL_FDSET);
	v->type = type;
	v->n = n;
	v->bytes = bits;
	v->child = members(w, v);
	return v;
}

/* Bits with names: ICMP types that a filter drops. Those for which there are no bytes count as set. */
static struct val *walk_bitset(struct walk *w, uint16_t type, const struct region *r, uint64_t n)
{
	unsigned width = desc_types[desc_types[type].elem].width[w->model];
	n = at_most(n, r->size);
	struct span bits = region_get(w, r, 0, at_most(n, width));
	if (n == 0 || bits.n < at_most(n, width))
		return NULL;
	uint8_t *bytes = arena_alloc_raw(w->arena, width);
	memset(bytes, 0xff, width);
	memcpy(bytes, bits.p, bits.n);
	struct val *v = val_new(w, VAL_SIGSET);
	v->type = type;
	v->set = desc_types[desc_types[type].elem].set;
	v->n = width;
	v->bytes = (struct span){bytes, width};
	return v;
}

static struct val *walk_sigset(struct walk *w, const struct scope *s, uint16_t type, const struct region *r)
{
	uint64_t n = length_of(w, s, &desc_types[type]);
	if (desc_types[type].elem)
		return walk_bitset(w, type, r, n);
	uint16_t given = desc_types[type].keys[0];
	uint64_t least = given ? expr_size(w, s, given) : desc_is_lp64(w->model) ? 8 : 4;
	if (n < least || n > SIGSET_MAX)
		return NULL; /* the kernel refuses any other size */
	struct span bits = region_get(w, r, 0, n);
	if (bits.n < n)
		return NULL;
	struct val *v = val_new(w, VAL_SIGSET);
	v->type = type;
	v->role = ROLE_SIGSET;
	v->n = n;
	v->bytes = bits;
	return v;
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
static uint64_t size_behind(const struct walk *w, uint16_t type)
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
	struct region r = {.addr = addr, .size = size_behind(w, t->elem)};
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
	return t->kind == KIND_PTR ? pointer(w, s, type, addr) : string_pointer(w, type, addr);
}

/* ---- arrays ---- */

static uint64_t element_size(const struct walk *w, uint16_t elem)
{
	const struct desc_type *t = &desc_types[elem];
	if (t->size[w->model])
		return t->size[w->model];
	if (t->kind == KIND_STR || t->kind == KIND_PATH || t->kind == KIND_PTR)
		return pointer_width(w, t);
	return t->kind == KIND_INT ? t->width[w->model] : 0;
}

/* Elements shown: without -v as many as -s says. */
static uint64_t element_limit(const struct walk *w)
{
	return w->env->is_verbose ? w->budget : at_most(w->env->string_limit, w->budget);
}

static struct val *count_of(struct walk *w, uint64_t n, const char *what, const char *end)
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
				return n ? count_of(w, n, n == 1 ? "var" : "vars", ", unterminated") : NULL;
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
	uint64_t size = element_size(w, t->elem);
	uint64_t few = t->ref && !w->env->is_verbose ? t->ref : UINT64_MAX;
	/* A socket's address is shown whole, whatever -s says. */
	uint64_t limit = at_most(at_most(n, few), r->is_padded ? w->budget : element_limit(w));
	bool is_null_ended = t->flags & TYPE_NULL_ENDED;
	/* Where the end is not known, no more is fetched ahead than is likely to exist. */
	uint64_t ahead = is_null_ended ? 32 * size : ARRAY_PREFETCH;
	struct span head = region_get(w, r, 0, at_most(at_most(limit, ARRAY_PREFETCH) * size, ahead));
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
	uint64_t size = element_size(w, t->elem);
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
	n = at_most(n, r->size / size);
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
static uint64_t fixed_part(const struct walk *w, const struct desc_record *rec, bool *ret_is_open)
{
	uint64_t whole = rec->size[w->model];
	uint64_t size = whole;
	*ret_is_open = false;
	uint64_t end = 0; /* of the members before parts */
	for (unsigned i = 0; i < rec->n; i++) {
		const struct desc_field *f = &desc_fields[rec->first + i];
		uint64_t off = f->off[w->model];
		uint64_t room = element_size(w, f->type);
		if (f->flags & FIELD_PART) {
			*ret_is_open = true;
			size = at_most(size, end);
			continue;
		}
		if (off != FIELD_ABSENT && off + room > end)
			end = off + room;
		if (off == FIELD_ABSENT || (room && has_behind(w, rec, off)) || !is_open(w, f->type))
			continue;
		*ret_is_open = true;
		size = at_most(size, off);
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
	case KIND_STRUCT: fixed_part(w, &desc_records[t->ref], &is_record_open); return is_record_open;
	default: return element_size(w, type) == 0;
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

static bool is_zero(struct span s)
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
	return is_zero(region_get(w, r, 0, size ? size : at_most(r->size, TAIL_MAX)));
}

/* A member; VOID where it is not shown, NULL where it cannot be read. */
static struct val *member(struct walk *w, const struct scope *s, const struct desc_field *f, const struct region *whole,
			  const struct val *nothing)
{
	const struct desc_record *rec = s->record;
	uint64_t off = s->pos;
	uint64_t size = element_size(w, f->type);
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
	uint64_t size = is_whole ? 0 : element_size(w, f->type);
	if (r->is_padded)
		return off + size > r->bytes.n;
	return size ? off > r->size || r->size - off < size : off >= r->size;
}

/* Something that cannot be read: its address. */
static struct val *address_of(struct walk *w, uint64_t addr)
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
	uint64_t size = element_size(w, f->type);
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
		struct val *others = address_of(w, r->addr + size);
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
	uint64_t size = fixed_part(w, rec, &is_open_ended);
	uint64_t there = at_most(size, r.size);
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
		bool is_apart = f->flags & FIELD_PART || (is_open_ended && s.pos >= size && element_size(w, f->type) == 0);
		if (!m && is_apart)
			m = address_of(w, r.addr + s.pos);
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
	case KIND_ARRAY: return t->size[w->model] ? t->size[w->model] : element_size(w, t->elem);
	case KIND_STRUCT:
		if (desc_records[t->ref].flags & RECORD_STEPWISE)
			return 0;
		return fixed_part(w, &desc_records[t->ref], &is_open_ended);
	default: return 0;
	}
}

/* In a region of stated size, a family of structs falls back to its general form where the special one has no room. */
static uint16_t that_fits(const struct walk *w, uint16_t type, uint16_t chosen, const struct region *r)
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
	uint64_t least = rec->least ? rec->least : fixed_part(w, rec, &is_open_ended) + is_open_ended;
	return r->size < least ? c->otherwise : chosen;
}

static struct val *walk_choice(struct walk *w, const struct scope *s, uint16_t type, const struct region *r)
{
	uint64_t keys[3] = {0, 0, 0};
	uint16_t chosen = walk_choose(w, s, type, r, keys);
	chosen = that_fits(w, type, chosen, r);
	struct scope inside = {.up = s, .at = r, .keys = keys};
	uint64_t size = size_behind(w, chosen);
	struct region part = region_sub(r, 0, size < REGION_OPEN && is_endless(r) ? size : r->size);
	return walk_memory(w, &inside, chosen, &part);
}

/* ---- regions that state their size ---- */

static const char *hex_text(struct walk *w, uint64_t from, struct span s)
{
	static const char digits[] = "0123456789abcdef";
	const char *head = arena_printf(w->arena, "/* bytes %u..%u */ \"", (unsigned)from, (unsigned)(from + s.n - 1));
	size_t n = strlen(head);
	bool is_cut = s.n > w->env->string_limit;
	s.n = (size_t)at_most(s.n, w->env->string_limit);
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
	struct region tail = region_sub(r, from, TAIL_MAX - at_most(from, TAIL_MAX));
	struct span bytes = region_get(w, &tail, 0, tail.size);
	struct val *v = NULL;
	if (bytes.n < tail.size) {
		v = val_raw(w, "???");
		v->attrs = FIELD_BARE;
		return v;
	}
	if (is_zero(bytes))
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
	uint64_t n = at_most(r->size, w->env->string_limit);
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
	most = at_most(most, TAIL_MAX);
	r->size = at_most(r->size, most);
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
	if (is_zero(tail))
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

static struct val *walk_sized(struct walk *w, const struct scope *s, uint16_t type, const struct region *where)
{
	const struct desc_type *t = &desc_types[type];
	/* What lies there may state its own size: peek(). */
	const struct scope here = {.up = s, .at = where};
	bool is_negative = false;
	uint64_t n = at_most(expr_length(w, &here, t->len, &is_negative), where->size);
	if (n == 0)
		return is_negative ? NULL : nothing_at(w, s, t->elem);
	struct region r = region_sub(where, 0, n);
	if (t->most && !pad(w, &r, expr_size(w, s, t->most)))
		return NULL;
	if (!r.is_local && !r.is_padded)
		r.bytes = region_get(w, &r, 0, at_most(n, SIZED_PREFETCH));
	uint64_t keys[3] = {0, 0, 0};
	struct scope inside = {.up = s, .at = &r};
	uint16_t chosen = walk_choose(w, &inside, t->elem, &r, keys);
	if (chosen != t->elem) {
		chosen = that_fits(w, t->elem, chosen, &r);
		inside.keys = keys;
	}
	const struct desc_type *target = &desc_types[chosen];
	if (target->kind == KIND_STRUCT && n < desc_records[target->ref].least)
		return NULL;
	uint64_t size = element_size(w, chosen);
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
	if (is_whole && n > size && chosen == t->elem && size_behind(w, chosen) != REGION_OPEN) {
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
	uint64_t head = fixed_part(w, rec, &is_open_ended);
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
	uint64_t shown = at_most(r->size, w->env->string_limit);
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
	uint64_t n = at_most(r->size, w->env->string_limit);
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
	uint64_t head = fixed_part(w, rec, &is_open_ended);
	span_load(region_get(w, r, f->off[w->model], width), 0, width, &bits);
	uint64_t n = at_most(walk_number(&desc_types[f->type], w->model, bits), r->size);
	*ret_is_last = n < head;
	return n < head ? head : n;
}

/* As strace takes netlink's messages and attributes: too short a rest is shown as bytes. */
static struct val *walk_loose_chain(struct walk *w, const struct scope *s, struct val *v, const struct region *all)
{
	const struct desc_type *t = &desc_types[v->type];
	const struct desc_record *rec = &desc_records[desc_types[t->elem].ref];
	bool is_open_ended = false;
	uint64_t head = fixed_part(w, rec, &is_open_ended);
	struct val **tail = &v->child;
	bool is_last = false;
	for (uint64_t off = 0; off < all->size && !is_last && w->budget; v->n++) {
		struct region rest = region_sub(all, off, all->size);
		if (v->n >= element_limit(w)) {
			v->state |= VAL_CUT;
			break;
		}
		struct val *child = NULL;
		uint64_t n = rest.size;
		if (rest.size < head) {
			child = hex_bytes(w, &rest);
			if (!child && v->n)
				child = address_of(w, rest.addr);
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
	uint64_t head = fixed_part(w, rec, &is_open_ended);
	r->size = at_most(r->size, CONTROL_MAX);
	r->bytes = region_get(w, r, 0, r->size);
	if (r->bytes.n < r->size || r->size < head)
		return NULL;
	struct val **tail = &v->child;
	uint64_t off = 0;
	while (r->size - off >= head && w->budget) {
		uint64_t left = r->size - off;
		uint64_t n = 0;
		span_load(r->bytes, (size_t)(off + length->off[w->model]), width, &n);
		struct region one = region_sub(r, off, n < head ? head : at_most(n, left));
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

static struct val *walk_chain(struct walk *w, const struct scope *s, uint16_t type, const struct region *where)
{
	const struct desc_type *t = &desc_types[type];
	const struct desc_type *elem = &desc_types[t->elem];
	struct region r = region_sub(where, 0, t->len ? expr_size(w, s, t->len) : where->size);
	bool is_count = w->is_count;
	w->is_count = false;
	struct val *v = val_new(w, VAL_ARRAY);
	v->type = type;
	if (elem->kind != KIND_STRUCT || (!t->len && is_endless(&r)))
		return v;
	const struct desc_record *rec = &desc_records[elem->ref];
	if (rec->len_field == 0)
		return v;
	if (rec->flags & RECORD_CLAMPED)
		return walk_clamped(w, s, v, &r, rec);
	if (!r.is_local && r.bytes.n < r.size)
		r.bytes = region_get(w, &r, 0, at_most(r.size, ARRAY_PREFETCH));
	if (r.bytes.n == 0 && r.size)
		return NULL;
	if (rec->flags & RECORD_LOOSE)
		return walk_loose_chain(w, s, v, &r);
	struct val **tail = &v->child;
	uint64_t limit = is_count ? COUNT_MAX : element_limit(w);
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
	return is_count ? count_of(w, v->n, "entries", "") : v;
}

/* ---- the interpreter ---- */

/* A list, and its names' commas are spaces: the sink knows by the type. */
static struct val *walk_bit_names(struct walk *w, const struct scope *s, uint16_t type, const struct region *r)
{
	const struct desc_type *t = &desc_types[type];
	uint64_t bits = at_most(expr_size(w, s, t->len), ARRAY_PREFETCH);
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
	case KIND_PATH: return string_pointer(w, type, raw);
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
