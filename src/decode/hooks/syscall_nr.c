/*
 * hook[syscall_nr, arch]: the number of a system call, 64 bits wide, in an architecture as audit has it. As strace does: the caller's
 * own calls by the macro's name, those of other architectures as a number with the call's name.
 */
#include "decode/hooks/list.h"

enum { X32_BIT = 0x40000000 };

int hook_abi_of(uint64_t arch, uint64_t nr)
{
	switch (arch) { /* linux/audit.h */
	case 0xc000003e: return nr & X32_BIT ? ABI_X32 : ABI_X86_64;
	case 0x40000003: return ABI_I386;
	case 0xc00000b7: return ABI_AARCH64;
	case 0x40000028: return ABI_ARM;
	default: return -1;
	}
}

struct val *hook_syscall_nr(const struct hook_in *in)
{
	struct walk *w = in->w;
	uint64_t nr = 0;
	if (!span_load(region_get(w, in->at, 0, sizeof(nr)), 0, sizeof(nr), &nr))
		return val_new(w, VAL_VOID);
	int abi = hook_abi_of(hook_param(in, 0, 0), nr);
	const struct desc_number *number = abi < 0 || nr > UINT32_MAX ? NULL : desc_by_number((enum abi)abi, nr & (X32_BIT - 1));
	struct val *v = val_int(w, ROLE_INT, nr);
	if (!number)
		return v;
	if (abi != (int)w->call->abi) {
		v->comment = number->name;
		return v;
	}
	struct val *named = val_raw(w, arena_printf(w->arena, "__NR_%s", number->name));
	named->n = nr;
	named->child = v;
	return named;
}
