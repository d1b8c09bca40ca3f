/* seccomp: the filter that lets calls nobody asked for run without a stop. */
#ifndef CAPTURE_SECCOMP_H
#define CAPTURE_SECCOMP_H

#include "capture/ptrace.h"

#include <linux/filter.h>

/*
 * A program that traces CALLS (by enum abi, ABI_COUNT of them) in every ABI of this architecture, and execve of the
 * native one; all else is allowed. ret_program->filter is to be freed. False: the sets are too ragged for a filter.
 */
bool seccomp_build(const struct ptrace_calls *calls, struct sock_fprog *ret_program);
/* What the program answers to a call; for tests. */
uint32_t seccomp_run(const struct sock_fprog *program, uint32_t audit_arch, uint32_t nr);

#endif
