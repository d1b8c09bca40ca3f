/* filter: which calls and signals the sinks get to see, and how. Sets are compiled once to a bit a number and ABI. */
#ifndef FILTER_FILTER_H
#define FILTER_FILTER_H

#include "call.h"
#include "opts.h"

struct filter;

/* Compiles the qualifiers. Faults are told and end the program with EXIT_USAGE. */
struct filter *filter_new(const struct options *options);
void filter_free(struct filter *f);

/* By number alone: is there any use in decoding this call for the sinks? Numbers without a name always are. */
bool filter_call_wanted(const struct filter *f, enum abi abi, uint64_t nr);
/* How a call is shown: abbreviated; with what is behind pointers; as registers only. */
enum filter_look { FILTER_ABBREV, FILTER_VERBOSE, FILTER_RAW, FILTER_LOOKS };
bool filter_look(const struct filter *f, enum filter_look look, enum abi abi, uint64_t nr);
/* Must values be looked at (paths, descriptors, categories)? Then filter_call_matches says. */
bool filter_needs_values(const struct filter *f);
bool filter_call_matches(const struct filter *f, const struct call *call);
/* How a call ends: with a result, with an error, by the death of its task, with a result that can't be had, let go of.
 */
enum filter_result {
	FILTER_SUCCESSFUL,
	FILTER_FAILED,
	FILTER_UNFINISHED,
	FILTER_UNAVAILABLE,
	FILTER_DETACHED,
	FILTER_RESULTS
};
/* Must the end be known (-z, -Z, -e status, -e errno) before anything is shown? Then filter_result_matches says. */
bool filter_needs_result(const struct filter *f);
bool filter_result_matches(const struct filter *f, const struct call *call, enum filter_result result);
/* Is what is read from, or written to, this descriptor to be dumped (-e read=, -e write=)? */
enum filter_direction { FILTER_READ, FILTER_WRITTEN };
bool filter_dumps(const struct filter *f, enum filter_direction direction, int fd);
/* A call can match only if an argument (0 to 5) has a value in its lower 32 bits. */
struct filter_condition {
	unsigned arg;
	uint32_t value;
};
enum { FILTER_CONDITIONS = 32 };
/* The conditions on a wanted call, one of which must hold; 0: it can never match. -1: it may match whatever its
 * arguments are. */
int filter_conditions(const struct filter *f, enum abi abi, uint64_t nr,
		      struct filter_condition ret[static FILTER_CONDITIONS]);
/* Does it ask who made the call (-e caller)? Then filter_caller_matches says; STACK NULL: nobody knows. */
bool filter_needs_stacks(const struct filter *f);
bool filter_caller_matches(const struct filter *f, const struct stack *stack);
bool filter_signal_wanted(const struct filter *f, int signo);
/* Do descriptors have to be followed for it? */
bool filter_needs_fds(const struct filter *f);

#endif
