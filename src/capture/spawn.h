/* spawn: a command that waits, as its starter left it, until it is traced. */
#ifndef CAPTURE_SPAWN_H
#define CAPTURE_SPAWN_H

#include "capture/ptrace.h"
#include "capture/seccomp.h"


struct spawned {
	pid_t pid; /* the process that will exec the command */
	int gate;  /* owned; spawn_go closes it */
};

/*
 * Starts the process that will run config->argv, under the seccomp filter FILTER if there is one. With a daemon, it is
 * the caller's process that becomes the command, and this returns in a grandchild. 0, or -1 after saying why, with
 * *ret_status what to exit with.
 */
int spawn(const struct ptrace_config *config, const struct seccomp_programs *filter, struct spawned *ret, int *ret_status);
/* Lets it exec. */
void spawn_go(struct spawned *s);
/* Ends it before it execed. */
void spawn_cancel(struct spawned *s);

#endif
