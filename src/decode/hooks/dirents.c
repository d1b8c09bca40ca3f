/*
 * hook[dirents, kind]: directory entries as getdents64 (2) and getdents (1) filled them in, the result many bytes, and
 * readdir (0), which gives one. Without -v a list is counted only: the address and how many entries.
 */
#include "decode/hooks/list.h"

/* include/linux/dirent.h and fs/readdir.c; the two older kinds have an inode number and an offset of a word each. */
enum { OFF_TYPE = 18, OFF_NAME = 19, BYTES_MAX = 1 << 20, NAME_MAX_READDIR = 256 };
enum { KIND_ONE = 0, KIND_OLD = 1, KIND_64 = 2 };

static const char *type_name(uint64_t type)
{
	static const char *const names[] = {[0] = "DT_UNKNOWN", [1] = "DT_FIFO", [2] = "DT_CHR",  [4] = "DT_DIR",  [6] = "DT_BLK",
					    [8] = "DT_REG",     [10] = "DT_LNK", [12] = "DT_SOCK", [14] = "DT_WHT"};
	return type < sizeof(names) / sizeof(names[0]) ? names[type] : NULL;
}

static struct val *type_of(struct walk *w, uint64_t type)
{
	const char *name = type_name(type);
	struct val *v = val_raw(w, name ? name : arena_printf(w->arena, "%#llx /* DT_??? */", (unsigned long long)type));
	v->state = name ? VAL_NAME : 0;
	v->n = type;
	v->width = 1;
	return v;
}

static struct val *name_of(struct walk *w, struct span rec, size_t from)
{
	struct span name = span_sub(rec, from, rec.n);
	name.n = name.n ? strnlen((const char *)name.p, name.n) : 0;
	return val_text(w, name);
}

static unsigned word_of(const struct walk *w, uint64_t kind)
{
	return kind == KIND_64 || desc_is_lp64(w->model) ? 8 : 4;
}

/* What stands before the name. */
static size_t least_of(const struct walk *w, uint64_t kind)
{
	return kind == KIND_64 ? OFF_NAME : 2 * word_of(w, kind) + 2;
}

static struct val *entry(struct walk *w, struct span rec, uint64_t kind, uint64_t len)
{
	unsigned word = word_of(w, kind);
	uint64_t ino = 0;
	uint64_t off = 0;
	uint64_t type = 0;
	span_load(rec, 0, word, &ino);
	span_load(rec, word, word, &off);
	struct val *v = val_new(w, VAL_STRUCT);
	struct val **tail = val_add(&v->child, "d_ino", val_int(w, ROLE_INT, ino));
	tail = val_add(tail, "d_off", val_int(w, ROLE_INT, off));
	struct val *reclen = val_int(w, ROLE_INT, len);
	tail = val_add(tail, "d_reclen", reclen);
	size_t least = least_of(w, kind);
	bool is_short = kind != KIND_ONE && len < least;
	if (is_short)
		reclen->comment = arena_printf(w->arena, "%u bytes underflow", (unsigned)(least - len));
	else if (kind != KIND_ONE && len > rec.n)
		reclen->comment = arena_printf(w->arena, "%u bytes overflow", (unsigned)(len - rec.n));
	if (kind == KIND_64) {
		span_load(rec, OFF_TYPE, 1, &type);
		tail = val_add(tail, "d_type", type_of(w, type));
		if (is_short)
			return v;
		val_add(tail, "d_name", name_of(w, rec, OFF_NAME));
		return v;
	}
	if (is_short)
		return v;
	size_t head = 2 * word + 2;
	struct span named = kind == KIND_OLD ? span_sub(rec, 0, rec.n - 1) : span_sub(rec, 0, head + (size_t)len);
	tail = val_add(tail, "d_name", name_of(w, named, head));
	if (kind == KIND_OLD && span_load(rec, rec.n - 1, 1, &type))
		val_add(tail, "d_type", type_of(w, type));
	return v;
}

static struct val *one_entry(const struct hook_in *in)
{
	struct walk *w = in->w;
	unsigned word = word_of(w, KIND_ONE);
	uint64_t len = 0;
	if (!span_load(region_get(w, in->at, 0, 2 * word + 2), 2 * word, 2, &len))
		return NULL;
	len = len < NAME_MAX_READDIR ? len : NAME_MAX_READDIR;
	struct span rec = region_get(w, in->at, 0, 2 * word + 2 + len);
	return rec.n < 2 * word + 2 + len ? NULL : entry(w, rec, KIND_ONE, len);
}

struct val *hook_dirents(const struct hook_in *in)
{
	struct walk *w = in->w;
	uint64_t kind = hook_param(in, 0, KIND_64);
	if (kind == KIND_ONE)
		return one_entry(in);
	uint64_t n = w->has_result && w->call->result > 0 ? (uint64_t)w->call->result : 0;
	struct span s = region_get(w, in->at, 0, n < BYTES_MAX ? n : BYTES_MAX);
	if (s.n < n && n < BYTES_MAX)
		return NULL;
	size_t least = least_of(w, kind);
	struct val *list = val_new(w, VAL_ARRAY);
	struct val **tail = &list->child;
	uint64_t len = least;
	/* One that says less than it needs, or more than there is, is the last. */
	for (; s.n >= least && len >= least && span_load(s, 2 * word_of(w, kind), 2, &len); s = span_sub(s, (size_t)len, s.n)) {
		list->n++;
		if (w->env->is_verbose && w->budget)
			tail = val_add(tail, NULL, entry(w, span_sub(s, 0, len < least ? least : (size_t)len), kind, len));
	}
	if (w->env->is_verbose)
		return list;
	struct val *v = val_raw(w, arena_printf(w->arena, "%#llx /* %llu entries */", (unsigned long long)in->at->addr, (unsigned long long)list->n));
	v->child = val_int(w, ROLE_INT, list->n);
	return v;
}
