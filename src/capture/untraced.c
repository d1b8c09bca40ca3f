/*
 * A child made with CLONE_UNTRACED is not attached to. Under our seccomp filter, which it inherits, its calls would
 * then fail with ENOSYS (kernel/seccomp.c, __seccomp_filter). So the flag is taken out of the call for as long as the
 * call lasts: out of the first register of clone, out of the first word of clone3's struct.
 */
#include "base/xalloc.h"
#include "capture/arch.h"
#include "capture/tracer.h"

#include <sched.h>
#include <stdlib.h>
#include <sys/ptrace.h>

enum { CLONE3_NR = 435 }; /* the same in every ABI */

/* Where the flag was taken out of. */
struct borrowed {
	uint64_t addr; /* of the struct; 0 = the register */
	uint64_t value;
};

static const struct arch_abi *abi_of(const struct tracee *t)
{
	for (size_t i = 0; i < arch_abi_count; i++)
		if (arch_abis[i].abi == t->abi)
			return &arch_abis[i];
	return NULL;
}

static void put(const struct tracee *t, const struct arch_abi *abi, uint64_t addr, uint64_t value)
{
	if (addr)
		ptrace(PTRACE_POKEDATA, t->tid, (void *)(uintptr_t)addr, (void *)(uintptr_t)value);
	else
		arch_set_first_arg(t->tid, abi, value);
}

void untraced_prevent(struct tracee *t)
{
	const struct arch_abi *abi = abi_of(t);
	struct borrowed b = {.addr = 0, .value = t->args[0]};
	if (!abi || (t->nr != abi->clone_nr && t->nr != CLONE3_NR))
		return;
	if (t->nr == CLONE3_NR) {
		b.addr = t->args[0];
		if (memory_read(&t->mem, b.addr, &b.value, sizeof(b.value)) < sizeof(b.value))
			return;
	}
	if (!(b.value & CLONE_UNTRACED))
		return;
	put(t, abi, b.addr, b.value & ~(uint64_t)CLONE_UNTRACED);
	t->borrowed = xcalloc(1, sizeof(b));
	*t->borrowed = b;
}

void untraced_restore(struct tracee *t)
{
	if (t->borrowed->addr || arch_keeps_arguments)
		put(t, abi_of(t), t->borrowed->addr, t->borrowed->value);
	free(t->borrowed);
	t->borrowed = NULL;
}
