/* aarch64: its own ABI, and that of 32-bit arm programs where the processor still runs them. */
#include "capture/arch.h"
#include "desc/desc.h"
#include "event.h"

#include <linux/audit.h>
#include <seccomp.h>
#include <elf.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>

const struct arch_abi arch_abis[] = {
    {.abi = ABI_AARCH64, .audit_arch = AUDIT_ARCH_AARCH64, .library = SCMP_ARCH_AARCH64, .clone_nr = 220},
    {.abi = ABI_ARM, .audit_arch = AUDIT_ARCH_ARM, .library = SCMP_ARCH_ARM, .clone_nr = 120},
};
const size_t arch_abi_count = sizeof(arch_abis) / sizeof(*arch_abis);
const int arch_native = ABI_AARCH64;
const bool arch_keeps_arguments = false;
const uint64_t arch_execve = SYS_execve;

/* x0 holds the first argument at entry, the result at exit. */
static void set_x0(pid_t tid, uint64_t value)
{
	struct user_regs_struct regs;
	struct iovec v = {&regs, sizeof(regs)};
	if (ptrace(PTRACE_GETREGSET, tid, (void *)NT_PRSTATUS, &v) < 0)
		return;
	regs.regs[0] = value;
	ptrace(PTRACE_SETREGSET, tid, (void *)NT_PRSTATUS, &v);
}

/* Numbers: DWARF for the Arm 64-bit Architecture; the program counter follows, as libunwind has it. */
bool arch_registers(pid_t tid, struct registers *ret)
{
	enum { FP = 29, GENERAL = 31, SP = 31, PC = 32, COUNT = 33 };
	struct user_regs_struct r;
	struct iovec v = {&r, sizeof(r)};
	if (ptrace(PTRACE_GETREGSET, tid, (void *)NT_PRSTATUS, &v) < 0 || v.iov_len != sizeof(r))
		return false;
	*ret = (struct registers){.n = COUNT, .ip = PC, .sp = SP, .fp = FP};
	for (int i = 0; i < GENERAL; i++)
		ret->v[i] = r.regs[i];
	ret->v[SP] = r.sp;
	ret->v[PC] = r.pc;
	return true;
}

void arch_set_first_arg(pid_t tid, const struct arch_abi *abi, uint64_t value)
{
	(void)abi;
	set_x0(tid, value);
}

void arch_set_number(pid_t tid, int abi, int64_t nr)
{
	(void)abi;
	int number = (int)nr;
	struct iovec v = {&number, sizeof(number)};
	ptrace(PTRACE_SETREGSET, tid, (void *)NT_ARM_SYSTEM_CALL, &v);
}

void arch_set_result(pid_t tid, int abi, int64_t result)
{
	(void)abi;
	set_x0(tid, (uint64_t)result);
}
