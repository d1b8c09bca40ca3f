/* hook[split_sigset, n]: a signal mask in two parts, its low word here and its high one N bytes further (i386's sigframe). */
#include "decode/hooks/list.h"

#include <string.h>

struct val *hook_split_sigset(const struct hook_in *in)
{
	enum { HALF = 4 };
	struct walk *w = in->w;
	struct span low = region_get(w, in->at, 0, HALF);
	struct span high = mem_get(&w->mem, in->at->addr + hook_param(in, 0, HALF), HALF);
	if (low.n < HALF || high.n < HALF)
		return NULL;
	uint8_t *bytes = arena_alloc_raw(w->arena, 2 * HALF);
	memcpy(bytes, low.p, HALF);
	memcpy(bytes + HALF, high.p, HALF);
	struct val *v = val_new(w, VAL_SIGSET);
	v->role = ROLE_SIGSET;
	v->n = 2 * HALF;
	v->bytes = (struct span){bytes, 2 * HALF};
	return v;
}
