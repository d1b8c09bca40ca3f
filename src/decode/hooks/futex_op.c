/* hook[futex_op]: val3 of FUTEX_WAKE_OP, an instruction packed into a register (linux/futex.h, FUTEX_OP). */
#include "decode/hooks/list.h"

static const char *field(struct walk *w, const char *const *names, unsigned n, unsigned i, unsigned shift, const char *unknown)
{
	if (i < n)
		return arena_printf(w->arena, "%s<<%u", names[i], shift);
	return arena_printf(w->arena, "%#x<<%u /* %s */", i, shift, unknown);
}

struct val *hook_futex_op(const struct hook_in *in)
{
	static const char *const ops[] = {"FUTEX_OP_SET", "FUTEX_OP_ADD", "FUTEX_OP_OR", "FUTEX_OP_ANDN", "FUTEX_OP_XOR"};
	static const char *const tests[] = {"FUTEX_OP_CMP_EQ", "FUTEX_OP_CMP_NE", "FUTEX_OP_CMP_LT", "FUTEX_OP_CMP_LE",
		"FUTEX_OP_CMP_GT", "FUTEX_OP_CMP_GE"};
	struct walk *w = in->w;
	uint32_t v = (uint32_t)in->at->addr;
	const char *shift = v >> 28 & 8 ? "FUTEX_OP_OPARG_SHIFT<<28|" : "";
	const char *op = field(w, ops, 5, v >> 28 & 7, 28, "FUTEX_OP_???");
	const char *test = field(w, tests, 6, v >> 24 & 15, 24, "FUTEX_OP_CMP_???");
	struct val *out = val_raw(w, arena_printf(w->arena, "%s%s|%#x<<12|%s|%#x", shift, op, v >> 12 & 0xfff, test, v & 0xfff));
	out->n = v;
	return out;
}
