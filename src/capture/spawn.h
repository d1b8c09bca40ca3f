/* spawn: a command that waits, untouched, until it may exec. */
#ifndef CAPTURE_SPAWN_H
#define CAPTURE_SPAWN_H

#include "capture/ptrace.h"

/* Forks the command's process, which waits. Returns its pid; *ret_gate is to be closed to let it exec. On error says why and returns -1, *ret_status set. */
pid_t spawn(const struct ptrace_config *config, int *ret_gate, int *ret_status);

#endif
