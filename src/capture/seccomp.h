/* seccomp: the filter that lets calls nobody asked for run without a stop. */
#ifndef CAPTURE_SECCOMP_H
#define CAPTURE_SECCOMP_H

#include "capture/ptrace.h"

#include <linux/filter.h>
#include <linux/seccomp.h>

enum { SECCOMP_BY_NUMBER, SECCOMP_BY_NAME, SECCOMP_PROGRAMS };

/* To be installed in this order; those of length 0 are left out. */
struct seccomp_programs {
	struct sock_fprog v[SECCOMP_PROGRAMS];
};

/*
 * Programs that trace CALLS (by enum abi, ABI_COUNT of them) in every ABI of this architecture, and execve of the
 * native one; all else is allowed. To be freed with seccomp_free. False: no filter can be made of the sets.
 */
bool seccomp_build(const struct ptrace_calls *calls, struct seccomp_programs *ret);
void seccomp_free(struct seccomp_programs *programs);
/* Would the kernel stop at this call? For tests: the kernel's part in C. */
bool seccomp_stops(const struct seccomp_programs *programs, const struct seccomp_data *data);

#endif
