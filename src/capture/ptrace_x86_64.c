/* x86_64: three ABIs. A 64-bit program may use each of them from one instruction to the next (int 0x80, bit 30). */
#include "capture/arch.h"
#include "desc/desc.h"
#include "event.h"

#include <elf.h>
#include <linux/audit.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
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

/* Numbers: System V ABI, AMD64 supplement, figure 3.36. */
bool arch_registers(pid_t tid, struct registers *ret)
{
	enum { RBP = 6, RSP = 7, RIP = 16, COUNT = 17 };
	struct user_regs_struct r;
	struct iovec v = {&r, sizeof(r)};
	if (ptrace(PTRACE_GETREGSET, tid, (void *)NT_PRSTATUS, &v) < 0 || v.iov_len != sizeof(r))
		return false;
	*ret = (struct registers){.v = {r.rax, r.rdx, r.rcx, r.rbx, r.rsi, r.rdi, r.rbp, r.rsp, r.r8, r.r9, r.r10, r.r11, r.r12,
				       r.r13, r.r14, r.r15, r.rip}, .n = COUNT, .ip = RIP, .sp = RSP, .fp = RBP};
	return true;
}

void arch_set_number(pid_t tid, int abi, int64_t nr)
{
	uint64_t word = nr >= 0 && abi == ABI_X32 ? (uint64_t)nr | X32_BIT : (uint64_t)nr;
	ptrace(PTRACE_POKEUSER, tid, (void *)offsetof(struct user, regs.orig_rax), (void *)(uintptr_t)word);
}

void arch_set_result(pid_t tid, int abi, int64_t result)
{
	(void)abi;
	ptrace(PTRACE_POKEUSER, tid, (void *)offsetof(struct user, regs.rax), (void *)(uintptr_t)result);
}
