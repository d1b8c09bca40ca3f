/* What ptrace shows of calls on aarch64: its own ABI and that of 32-bit arm. */
#include "capture/ptrace.h"
#include "desc/desc.h"

#include <linux/audit.h>

int ptrace_abi(uint32_t audit_arch, uint64_t *nr)
{
	(void)nr;
	return audit_arch == AUDIT_ARCH_ARM ? ABI_ARM : ABI_AARCH64;
}
