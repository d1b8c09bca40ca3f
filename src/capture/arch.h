/* arch: what the ptrace engine has to know of an architecture; one ptrace_<arch>.c defines it. */
#ifndef CAPTURE_ARCH_H
#define CAPTURE_ARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* An ABI by which tasks of this architecture can call. */
struct arch_abi {
	int abi;             /* enum abi */
	uint32_t audit_arch; /* AUDIT_ARCH_*, as ptrace and seccomp name it */
	uint32_t library;    /* SCMP_ARCH_* */
	uint32_t clone_nr;   /* its number of clone, whose first argument holds the flags */
	uint32_t nr_bit;     /* set in every number of this ABI, no part of the number; 0 = none */
};

/* Of two with the same audit_arch, the one with an nr_bit comes first. */
extern const struct arch_abi arch_abis[];
extern const size_t arch_abi_count;
/* The ABI this program is built for, and its number of execve. */
extern const int arch_native;
extern const uint64_t arch_execve;

/* Do the registers of arguments hold them still when the call has returned? */
extern const bool arch_keeps_arguments;
/* Changes the first argument of the call that TID is about to make, or the register it was in. */
void arch_set_first_arg(pid_t tid, const struct arch_abi *abi, uint64_t value);
struct registers;
/* The registers of a stopped task; false where it has not those of the native ABI. */
bool arch_registers(pid_t tid, struct registers *ret);
/* Changes the call that TID is about to make, in its entry stop; NR as in numbers.tsv, -1 = none. ABI: enum abi. */
void arch_set_number(pid_t tid, int abi, int64_t nr);
/* Changes what the call that TID is in returns, in its exit stop. */
void arch_set_result(pid_t tid, int abi, int64_t result);
/* The ABI of a call; *nr loses the ABI's bit. -1 where the architecture is unknown. */
int arch_abi_of(uint32_t audit_arch, uint64_t *nr);

#endif
