/*
 * hook[xattr_value, n]: an extended attribute's value. All N bytes have to be there; a NUL at their end is not shown.
 * hook[xattr_value, n, room]: a list of names, which has its NULs; without room the call wrote nothing.
 */
#include "decode/hooks/list.h"

enum { XATTR_SIZE_MAX = 65536 };

struct val *hook_xattr_value(const struct hook_in *in)
{
	struct walk *w = in->w;
	uint64_t n = hook_param(in, 0, 0);
	bool is_list = in->type->keys[1];
	struct span s = region_get(w, in->at, 0, n);
	if (n > XATTR_SIZE_MAX || s.n < n || (is_list && hook_param(in, 1, 0) == 0))
		return NULL;
	if (!is_list && n && s.p[n - 1] == 0)
		n--;
	size_t shown = n < w->env->string_limit ? (size_t)n : w->env->string_limit;
	struct val *v = val_text(w, span_sub(s, 0, shown));
	v->n = n;
	v->state = n > shown ? VAL_CUT : 0;
	return v;
}
