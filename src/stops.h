/* stops: which calls the engine has to stop at, and why: the filter wants them, or the state follows what they do. */
#ifndef STOPS_H
#define STOPS_H

#include "capture/ptrace.h"
#include "filter/filter.h"
#include "state/task.h"
#include "tamper/tamper.h"

#include <stdbool.h>
#include <stdint.h>

struct stops;

/* FILTER, TAMPER (may be NULL) and STATE are as they will be during the trace, and outlive it. To be freed with stops_free. */
struct stops *stops_new(const struct filter *filter, const struct tamper *tamper, const struct state *state, bool has_stacks);
void stops_free(struct stops *s);

/* Does the state, or the engine, have to see this call although no sink asked for it? */
bool stops_are_needed(const struct stops *s, enum abi abi, uint64_t nr);
/*
 * What a seccomp filter has to catch, by enum abi; lives as long as S. NULL: every call, so that a filter would save
 * nothing; but not if it is needed anyway.
 */
const struct ptrace_calls *stops_for_filter(const struct stops *s, bool is_needed_anyway);

#endif
