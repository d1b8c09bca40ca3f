/* refusal: ptrace says EPERM for half a dozen different reasons; this finds out which, and says so. */
#ifndef CAPTURE_REFUSAL_H
#define CAPTURE_REFUSAL_H

#include <sys/types.h>

/* Tells the user through diag why TID could not be seized, ERR (positive) being what ptrace answered. */
void refusal_explain(pid_t tid, int err);

#endif
