/* Values without parts that others see: numbers, text, bytes, and bit maps of descriptors and signals. */
#include "decode/walk_parts.h"

#include <string.h>

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

struct val *walk_int(struct walk *w, uint16_t type, const struct region *r)
{
	const struct desc_type *t = &desc_types[type];
	unsigned width = t->width[w->model];
	if (t->flags & TYPE_VARIED)
		width = (unsigned)walk_least(r->size, width);
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

struct val *walk_string_pointer(struct walk *w, uint16_t type, uint64_t addr)
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

struct val *walk_text(struct walk *w, const struct scope *s, uint16_t type, const struct region *r)
{
	const struct desc_type *t = &desc_types[type];
	uint64_t n = walk_least(length_of(w, s, t), r->size);
	struct span text = no_bytes;
	bool has_nul = false;
	n = walk_least(n, PATH_LIMIT + 1);
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

struct val *walk_bytes(struct walk *w, const struct scope *s, uint16_t type, const struct region *r)
{
	const struct desc_type *t = &desc_types[type];
	uint64_t n = walk_least(length_of(w, s, t), r->size);
	bool is_fixed = t->flags & TYPE_WHOLE || (t->size[w->model] && t->size[w->model] <= FIXED_BYTES_MAX);
	/* As strace does, one byte more than is shown has to be there. */
	uint64_t shown = is_fixed ? n : walk_least(n, w->env->string_limit);
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

struct val *walk_strlist(struct walk *w, const struct scope *s, uint16_t type, const struct region *r)
{
	uint64_t n = walk_least(length_of(w, s, &desc_types[type]), r->size);
	uint64_t shown = walk_least(n, ARRAY_PREFETCH);
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

struct val *walk_fdset(struct walk *w, const struct scope *s, uint16_t type, const struct region *r)
{
	uint16_t len = desc_types[type].len;
	if (len && (int32_t)expr_eval(w, s, len) <= 0)
		return NULL; /* no set: the address is shown */
	uint64_t n = walk_least(length_of(w, s, &desc_types[type]), FDSET_MAX);
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
	n = walk_least(n, r->size);
	struct span bits = region_get(w, r, 0, walk_least(n, width));
	if (n == 0 || bits.n < walk_least(n, width))
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

struct val *walk_sigset(struct walk *w, const struct scope *s, uint16_t type, const struct region *r)
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
