/*
 * hook[xattr_value, n]: an extended attribute's value of N bytes; a NUL at its end is not shown.
 * hook[xattr_value, n, room]: a list of names, which has its NULs; without room the call wrote nothing.
 */
#include "decode/hooks/list.h"

enum { XATTR_SIZE_MAX = 65536 };

struct val *hook_xattr_value(const struct hook_in *in)
{
	struct walk *w = in->w;
	uint64_t n = hook_param(in, 0, 0);
	bool is_list = in->type->keys[1];
	if (n > XATTR_SIZE_MAX || (is_list && hook_param(in, 1, 0) == 0))
		return NULL;
	/* One byte more than is shown has to be there. */
	uint64_t shown = n < w->env->string_limit ? n : w->env->string_limit;
	uint64_t needed = shown < n ? shown + 1 : n;
	struct span s = region_get(w, in->at, 0, needed);
	if (s.n < needed)
		return NULL;
	struct val *v = val_text(w, span_sub(s, 0, (size_t)shown));
	v->n = n;
	v->state = (uint16_t)((n > shown ? VAL_CUT : 0) | (is_list ? 0 : VAL_OMIT_NUL));
	return v;
}
