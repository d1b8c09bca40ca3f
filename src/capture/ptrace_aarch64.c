/* aarch64: its own ABI, and that of 32-bit arm programs where the processor still runs them. */
#include "capture/arch.h"
#include "desc/desc.h"

#include <linux/audit.h>
#include <sys/syscall.h>

const struct arch_abi arch_abis[] = {
    {.abi = ABI_AARCH64, .audit_arch = AUDIT_ARCH_AARCH64},
    {.abi = ABI_ARM, .audit_arch = AUDIT_ARCH_ARM},
};
const size_t arch_abi_count = sizeof(arch_abis) / sizeof(*arch_abis);
const int arch_native = ABI_AARCH64;
const uint64_t arch_execve = SYS_execve;
