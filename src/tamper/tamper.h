/*
 * tamper: -e inject= and -e fault=: what is to be done to which calls, and when. Which call of a task is its Nth is
 * counted in the task; what the engine has to do is written into the event.
 */
#ifndef TAMPER_TAMPER_H
#define TAMPER_TAMPER_H

#include "call.h"
#include "event.h"
#include "opts.h"
#include "state/task.h"

struct tamper;

/* Compiles the qualifiers; NULL: there are none. Faults are told and end the program with EXIT_USAGE. */
struct tamper *tamper_new(const struct options *options);
void tamper_free(struct tamper *t);
/* Does any rule concern calls of this number? */
bool tamper_concerns(const struct tamper *t, enum abi abi, uint64_t nr);
/* A call is about to run: writes to its memory what is to be there, and the rest into the event. Before it is decoded.
 */
void tamper_entry(const struct tamper *t, struct task *task, struct event *ev);
/* It returned: the same, and the event's result becomes what was asked for. Returns TAMPERED_*, for the call. */
uint8_t tamper_exit(struct task *task, struct event *ev);

#endif
