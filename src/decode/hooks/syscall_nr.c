/*
 * hook[syscall_nr, arch]: the number of a system call, 64 bits wide, in an architecture as audit has it. As strace does: the caller's
 * own calls by the macro's name, those of another ABI of the same machine as a number with the call's name.
 */
#include "decode/hooks/list.h"

enum { X32_BIT = 0x40000000 };

static int abi_of(uint64_t arch, uint64_t nr)
{
	switch (arch) { /* linux/audit.h */
	case 0xc000003e: return nr & X32_BIT ? ABI_X32 : ABI_X86_64;
	case 0x40000003: return ABI_I386;
	case 0xc00000b7: return ABI_AARCH64;
	case 0x40000028: return ABI_ARM;
	default: return -1;
	}
}

static bool is_arm(int abi)
{
	return abi == ABI_AARCH64 || abi == ABI_ARM;
}

struct val *hook_call_number(struct walk *w, uint64_t arch, uint64_t nr)
{
	struct val *v = val_int(w, ROLE_INT, nr);
	int abi = abi_of(arch, nr);
	int own = w->call ? (int)w->call->abi : is_arm(abi) ? ABI_AARCH64 : ABI_X86_64;
	if (abi < 0 || nr > UINT32_MAX || is_arm(abi) != is_arm(own))
		return v;
	const struct desc_number *number = desc_by_number((enum abi)abi, abi == ABI_X32 ? nr & (X32_BIT - 1) : nr);
	if (!number)
		return v;
	if (abi != own) {
		v->comment = number->name;
		v->state = VAL_NAME;
		return v;
	}
	struct val *named = val_raw(w, arena_printf(w->arena, "__NR_%s", number->name));
	named->n = nr;
	named->child = v;
	named->state = VAL_NAME;
	return named;
}

struct val *hook_syscall_nr(const struct hook_in *in)
{
	uint64_t nr = 0;
	if (!span_load(region_get(in->w, in->at, 0, sizeof(nr)), 0, sizeof(nr), &nr))
		return val_new(in->w, VAL_VOID);
	return hook_call_number(in->w, hook_param(in, 0, 0), nr);
}
