/* hook[handle_bytes, n]: the N bytes of a file handle, all of them whatever -s says, up to the 128 that the kernel takes. */
#include "decode/hooks/list.h"

enum { MAX_HANDLE_SZ = 128 };

struct val *hook_handle_bytes(const struct hook_in *in)
{
	uint64_t all = hook_param(in, 0, 0);
	uint64_t n = all < MAX_HANDLE_SZ ? all : MAX_HANDLE_SZ;
	struct span s = region_get(in->w, in->at, 0, n);
	if (s.n < n)
		return val_raw(in->w, "???");
	struct val *v = val_text(in->w, s);
	v->n = all;
	v->state = (uint16_t)(VAL_HEX_STRING | (all > n ? VAL_CUT : 0));
	return v;
}
