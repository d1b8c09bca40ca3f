/* x86_64: three ABIs. A 64-bit program may use each of them from one instruction to the next (int 0x80, bit 30). */
#include "capture/arch.h"
#include "desc/desc.h"

#include <linux/audit.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>

enum { X32_BIT = 0x40000000 }; /* __X32_SYSCALL_BIT, arch/x86/include/uapi/asm/unistd.h */

const struct arch_abi arch_abis[] = {
    {.abi = ABI_X32, .audit_arch = AUDIT_ARCH_X86_64, .library = SCMP_ARCH_X32, .clone_nr = 56, .nr_bit = X32_BIT},
    {.abi = ABI_X86_64, .audit_arch = AUDIT_ARCH_X86_64, .library = SCMP_ARCH_X86_64, .clone_nr = 56},
    {.abi = ABI_I386, .audit_arch = AUDIT_ARCH_I386, .library = SCMP_ARCH_X86, .clone_nr = 120},
};
const size_t arch_abi_count = sizeof(arch_abis) / sizeof(*arch_abis);
const int arch_native = ABI_X86_64;
const bool arch_keeps_arguments = true;
const uint64_t arch_execve = SYS_execve;

void arch_set_first_arg(pid_t tid, const struct arch_abi *abi, uint64_t value)
{
	size_t at = abi->abi == ABI_I386 ? offsetof(struct user, regs.rbx) : offsetof(struct user, regs.rdi);
	ptrace(PTRACE_POKEUSER, tid, (void *)at, (void *)(uintptr_t)value);
}
