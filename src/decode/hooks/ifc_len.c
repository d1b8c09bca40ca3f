/* hook[ifc_len]: the bytes of an ifconf, and as a comment how many interfaces these are. */
#include "decode/hooks/list.h"

struct val *hook_ifc_len(const struct hook_in *in)
{
	struct walk *w = in->w;
	int64_t ifreq = desc_is_lp64(w->model) ? 40 : 32;
	uint64_t bits = 0;
	if (!span_load(region_get(w, in->at, 0, 4), 0, 4, &bits))
		return NULL;
	int64_t n = (int32_t)bits;
	struct val *v = val_int(w, ROLE_INT, (uint64_t)n);
	if (n > 0 && n % ifreq == 0)
		v->comment = arena_printf(w->arena, "%lld * sizeof(struct ifreq)", (long long)(n / ifreq));
	return v;
}
