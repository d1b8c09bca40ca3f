/*
 * hook[sun_path]: the rest of a sockaddr_un. A path up to its NUL, or behind a leading NUL a name in the abstract name
 * space, every byte of which counts (net/unix/af_unix.c, unix_find_bsd).
 */
#include "decode/hooks/list.h"

enum { SUN_PATH_SIZE = 108 }; /* linux/un.h */

struct val *hook_sun_path(const struct hook_in *in)
{
	struct walk *w = in->w;
	uint64_t n = in->at->size < SUN_PATH_SIZE ? in->at->size : SUN_PATH_SIZE;
	struct span s = region_get(w, in->at, 0, n);
	if (s.n < n)
		return NULL;
	bool is_abstract = s.n && s.p[0] == 0;
	if (is_abstract)
		s = span_sub(s, 1, s.n);
	const uint8_t *nul = s.n && !is_abstract ? memchr(s.p, 0, s.n) : NULL;
	if (nul)
		s.n = (size_t)(nul - s.p);
	struct val *v = val_text(w, s);
	v->state = is_abstract ? VAL_ABSTRACT : VAL_NUL_ENDED;
	return v;
}
