/* What ptrace shows of calls on x86_64: three ABIs, told apart by audit architecture and a bit of the number. */
#include "capture/ptrace.h"
#include "desc/desc.h"

#include <linux/audit.h>

/* __X32_SYSCALL_BIT, arch/x86/include/uapi/asm/unistd.h */
enum { X32_BIT = 0x40000000 };

int ptrace_abi(uint32_t audit_arch, uint64_t *nr)
{
	if (audit_arch == AUDIT_ARCH_I386)
		return ABI_I386;
	if (*nr == (uint32_t)*nr && *nr & X32_BIT) {
		*nr &= ~(uint64_t)X32_BIT;
		return ABI_X32;
	}
	return ABI_X86_64;
}
