/*
 * ptrace: the engine that stops tasks at each call by ptrace(2). Needs Linux 5.3 (PTRACE_GET_SYSCALL_INFO).
 * What differs between architectures is in ptrace_<arch>.c.
 */
#ifndef CAPTURE_PTRACE_H
#define CAPTURE_PTRACE_H

#include "capture/engine.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What ends the trace from outside: SIGHUP, SIGINT, SIGQUIT, SIGTERM sent to the tracer (option -I). */
enum ptrace_interrupt {
	PTRACE_INTR_DEFAULT,    /* as WAITING; but SIGINT and SIGQUIT are left to the command, if there is one */
	PTRACE_INTR_ANYWHERE,   /* the tracer dies of them at once; the kernel detaches */
	PTRACE_INTR_WAITING,    /* seen while waiting: next returns -EINTR */
	PTRACE_INTR_NEVER,      /* ignored */
	PTRACE_INTR_NEVER_TSTP, /* ignored, and SIGTSTP too */
};

/* Where the tracer stands among processes (options -D, -DD, -DDD). */
enum ptrace_daemon {
	PTRACE_DAEMON_NONE,       /* parent of the command */
	PTRACE_DAEMON_GRANDCHILD, /* ptrace_open returns in a grandchild of the process that becomes the command */
	PTRACE_DAEMON_PGROUP,     /* the same, in a process group of its own */
	PTRACE_DAEMON_SESSION,    /* the same, in a session of its own */
};

/* A call whose argument has a value. */
struct ptrace_condition {
	uint32_t nr;
	unsigned arg;   /* 0 to 5 */
	uint32_t value; /* of the lower 32 bits */
};

/* Call numbers of one ABI, as in numbers.tsv (x32 without bit 30). */
struct ptrace_calls {
	const uint64_t *bits; /* bit nr % 64 of bits[nr / 64]; borrowed until ptrace_open returns; may be NULL */
	size_t n;             /* numbers from n on are not in the set */
	const struct ptrace_condition *conditions; /* calls that are in it under a condition; any of several will do */
	size_t nconditions;
};

struct ptrace_config {
	char **argv;       /* command to start, NULL-terminated; NULL = only attach */
	const char *argv0; /* its argv[0], if not argv[0] */
	char **env;        /* NULL-terminated "VAR=value" and "VAR" (removed), applied in order; may be NULL */
	const char *user;  /* name or UID:GID to run it as; may be NULL */
	const pid_t *pids; /* tasks to attach to; with `follow` and a process, all its threads */
	size_t npids;
	bool wants_times;    /* events tell CPU times */
	bool follow;         /* children and threads too */
	bool kill_on_exit;   /* the tracer's death is the tracees'; detach leaves them to it */
	bool detach_on_exec; /* let go of a task that execs; not of the command at its first exec */
	enum ptrace_interrupt interruptible;
	enum ptrace_daemon daemon;
	/*
	 * Calls to stop at, by enum abi (ABI_COUNT of them); NULL = all. A seccomp filter lets all others run without a
	 * stop. Needs argv and follow, and no pids: the filter outlives the trace, and without a tracer such calls
	 * fail. So it goes with kill_on_exit, and detach then serves the tasks until the last has ended. execve of the
	 * native ABI is always in. Where no filter can be installed all calls stop, and that is told.
	 */
	const struct ptrace_calls *filter;
};

/*
 * Starts the command, attaches to the tasks. Errors are told through diag. NULL: *ret_status is what to exit with
 * (EXIT_USAGE, EXIT_NOT_FOUND, EXIT_CANNOT_RUN, 1) and nothing was started or stays attached. One of several tasks
 * that can't be attached is told, and no error. Sets the tracer's signal dispositions, after the command inherited
 * the former ones.
 */
struct engine *ptrace_open(const struct ptrace_config *config, int *ret_status);
/* The command's process, 0 where there is none. */
pid_t ptrace_command(const struct engine *e);
/* Is a seccomp filter in force? */
bool ptrace_has_filter(const struct engine *e);
/*
 * The process of TID has installed a seccomp filter of its own: what that denies would not stop by ours. From here on
 * every call of the process, and of its children, stops.
 */
void ptrace_see_all(struct engine *e, pid_t tid);
/* The signal that made next return -EINTR (the caller detaches, ends its outputs and dies of it), or 0. */
int ptrace_interrupted(const struct engine *e);

#endif
