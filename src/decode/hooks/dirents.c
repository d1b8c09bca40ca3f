/*
 * hook[dirents, n]: what getdents64 filled in, N bytes (default: the result). Without -v it is counted only: the address
 * and how many entries; with it each record is shown.
 */
#include "decode/hooks/list.h"

/* struct linux_dirent64, include/linux/dirent.h */
enum { OFF_INO = 0, OFF_OFF = 8, OFF_RECLEN = 16, OFF_TYPE = 18, OFF_NAME = 19, BYTES_MAX = 1 << 20 };

static const char *type_name(uint64_t type)
{
	static const char *const names[] = {[0] = "DT_UNKNOWN", [1] = "DT_FIFO", [2] = "DT_CHR",  [4] = "DT_DIR",  [6] = "DT_BLK",
					    [8] = "DT_REG",     [10] = "DT_LNK", [12] = "DT_SOCK", [14] = "DT_WHT"};
	return type < sizeof(names) / sizeof(names[0]) ? names[type] : NULL;
}

static struct val *entry(struct walk *w, struct span rec)
{
	uint64_t ino = 0;
	uint64_t off = 0;
	uint64_t type = 0;
	span_load(rec, OFF_INO, 8, &ino);
	span_load(rec, OFF_OFF, 8, &off);
	span_load(rec, OFF_TYPE, 1, &type);
	struct span name = span_sub(rec, OFF_NAME, rec.n);
	name.n = strnlen((const char *)name.p, name.n);
	struct val *v = val_new(w, VAL_STRUCT);
	struct val **tail = val_add(&v->child, "d_ino", val_int(w, ROLE_INT, ino));
	tail = val_add(tail, "d_off", val_int(w, ROLE_INT, off));
	tail = val_add(tail, "d_reclen", val_int(w, ROLE_INT, rec.n));
	struct val *kind = type_name(type) ? val_raw(w, type_name(type)) : val_int(w, ROLE_INT, type);
	tail = val_add(tail, "d_type", kind);
	val_add(tail, "d_name", val_text(w, name));
	return v;
}

struct val *hook_dirents(const struct hook_in *in)
{
	struct walk *w = in->w;
	uint64_t n = hook_param(in, 0, w->has_result && w->call->result > 0 ? (uint64_t)w->call->result : 0);
	struct span s = region_get(w, in->at, 0, n < BYTES_MAX ? n : BYTES_MAX);
	struct val *list = val_new(w, VAL_ARRAY);
	struct val **tail = &list->child;
	uint64_t len = 0;
	for (; span_load(s, OFF_RECLEN, 2, &len) && len > OFF_NAME && len <= s.n; s = span_sub(s, len, s.n)) {
		list->n++;
		if (w->env->is_verbose && w->budget)
			tail = val_add(tail, NULL, entry(w, span_sub(s, 0, len)));
	}
	if (w->env->is_verbose)
		return list;
	struct val *v = val_raw(w, arena_printf(w->arena, "%#llx /* %llu entries */", (unsigned long long)in->at->addr, (unsigned long long)list->n));
	v->child = val_int(w, ROLE_INT, list->n);
	return v;
}
