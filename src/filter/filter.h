/* filter: which calls and signals the sinks get to see. Sets are compiled once to a bit a number and ABI. */
#ifndef FILTER_FILTER_H
#define FILTER_FILTER_H

#include "call.h"
#include "opts.h"

struct filter;

/* Compiles the qualifiers. Faults are told and end the program with EXIT_USAGE. */
struct filter *filter_new(const struct options *options);
void filter_free(struct filter *f);

/* By number alone: is there any use in decoding this call for the sinks? */
bool filter_call_wanted(const struct filter *f, enum abi abi, uint64_t nr);
/* Must values be looked at (paths, descriptors, categories)? Then filter_call_matches says. */
bool filter_needs_values(const struct filter *f);
bool filter_call_matches(const struct filter *f, const struct call *call);
/* Must the result be known (-z, -Z, -e status)? Then filter_result_matches says, after exit. */
bool filter_needs_result(const struct filter *f);
bool filter_result_matches(const struct filter *f, const struct call *call);
/* A call can match only if an argument (0 to 5) has a value in its lower 32 bits. */
struct filter_condition {
	unsigned arg;
	uint32_t value;
};
enum { FILTER_CONDITIONS = 32 };
/* The conditions on a wanted call, one of which must hold; 0: it can never match. -1: it may match whatever its arguments are. */
int filter_conditions(const struct filter *f, enum abi abi, uint64_t nr, struct filter_condition ret[static FILTER_CONDITIONS]);
bool filter_signal_wanted(const struct filter *f, int signo);
/* Do descriptors have to be followed for it? */
bool filter_needs_fds(const struct filter *f);

#endif
