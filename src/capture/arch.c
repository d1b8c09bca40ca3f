/* Telling ABIs apart by the tables of ptrace_<arch>.c. */
#include "capture/arch.h"

/* A number is of the ABI with the bit only if nothing above is set: syscall(-1) is a call number -1, not one of x32. */
static int has_bit(uint64_t nr, uint32_t bit)
{
	return nr < 2 * (uint64_t)bit && nr & bit;
}

int arch_abi_of(uint32_t audit_arch, uint64_t *nr)
{
	for (size_t i = 0; i < arch_abi_count; i++) {
		const struct arch_abi *a = &arch_abis[i];
		if (a->audit_arch != audit_arch || (a->nr_bit && !has_bit(*nr, a->nr_bit)))
			continue;
		*nr &= ~(uint64_t)a->nr_bit;
		return a->abi;
	}
	return -1;
}
