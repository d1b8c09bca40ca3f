/*
 * ptrace: the engine that stops tasks at each call by ptrace(2). Needs Linux 5.3 (PTRACE_GET_SYSCALL_INFO).
 * What differs between architectures is in ptrace_<arch>.c.
 */
#ifndef CAPTURE_PTRACE_H
#define CAPTURE_PTRACE_H

#include "capture/engine.h"

#include <stdint.h>
#include <stdbool.h>
#include <stddef.h>

struct ptrace_config {
	char **argv;         /* command to start, NULL-terminated; NULL = only attach */
	const char *argv0;   /* its argv[0], if not argv[0] */
	char **env;          /* NULL-terminated "VAR=value" and "VAR" (removed), applied in order; may be NULL */
	const char *user;    /* to run it as; may be NULL */
	const pid_t *pids;   /* processes to attach to, all threads of each */
	size_t npids;
	bool follow;         /* children and threads too */
	bool kill_on_exit;   /* the tracer's death is the tracees' */
	bool attaches_thread_only; /* -p without -f: that task alone */
};

/*
 * Starts the command, attaches to the processes. Errors are told through diag: then NULL, *ret_status is what to exit
 * with (EXIT_USAGE, EXIT_NOT_FOUND, EXIT_CANNOT_RUN, 1) and nothing was started or stays attached.
 */
struct engine *ptrace_open(const struct ptrace_config *config, int *ret_status);
/* The command's process, 0 where there is none. */
pid_t ptrace_command(const struct engine *e);

/* ptrace_<arch>.c: the ABI (enum abi) of a call from its audit architecture and number; *nr is made plain. */
int ptrace_abi(uint32_t audit_arch, uint64_t *nr);

#endif
