/* hook[cpu_mask, n]: N bytes (default: as many as the result says) of CPU bits, shown as the numbers set: [0 1 2]. */
#include "decode/hooks/list.h"

#include <string.h>

enum { MASK_MAX = 128 }; /* bytes: the 1024 CPUs of cpu_set_t; of more is said that there are more */

struct val *hook_cpu_mask(const struct hook_in *in)
{
	struct walk *w = in->w;
	uint64_t n = hook_param(in, 0, w->has_result && w->call->result > 0 ? (uint64_t)w->call->result : 0);
	bool is_cut = n > MASK_MAX;
	n = is_cut ? MASK_MAX : n;
	struct span s = region_get(w, in->at, 0, n);
	if (s.n < n)
		return NULL;
	struct val *list = val_new(w, VAL_ARRAY);
	struct val **tail = &list->child;
	char *text = arena_alloc_raw(w->arena, s.n * 8 * 6 + sizeof("[ ...]"));
	char *p = text;
	*p++ = '[';
	for (unsigned i = 0; i < s.n * 8; i++) {
		if (!(s.p[i / 8] & 1u << i % 8))
			continue;
		if (list->n++)
			*p++ = ' ';
		char digits[8];
		int k = 0;
		for (unsigned left = i; k == 0 || left; left /= 10)
			digits[k++] = (char)('0' + left % 10);
		while (k)
			*p++ = digits[--k];
		if (w->budget)
			tail = val_add(tail, NULL, val_int(w, ROLE_INT, i));
	}
	const char *end = !is_cut ? "]" : list->n ? " ...]" : "...]";
	memcpy(p, end, strlen(end) + 1);
	list->state |= is_cut ? VAL_CUT : 0;
	struct val *v = val_raw(w, text);
	v->child = list;
	return v;
}
