/* pidns: pids of other pid namespaces, from /proc. */
#ifndef STATE_PIDNS_H
#define STATE_PIDNS_H

#include <sys/types.h>

/* The number that we know the process by which task TID calls PID; PID itself where both see the same; 0 = not known.
 */
pid_t pidns_ours(pid_t tid, pid_t pid);

#endif
