/* attach: PTRACE_SEIZE of tasks that run already, and the words for why one can't be. */
#ifndef CAPTURE_ATTACH_H
#define CAPTURE_ATTACH_H

#include <sys/types.h>

/* Says why task TID could not be seized, ERR being ptrace's errno: which of the possible causes applies. */
void attach_explain(pid_t tid, int err);
/* The thread group of TID from /proc, or 0. */
pid_t attach_tgid(pid_t tid);

#endif
