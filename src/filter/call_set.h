/* call_set: a set of calls, a bit for each number of each ABI, and strace's language for writing one down. */
#ifndef FILTER_CALL_SET_H
#define FILTER_CALL_SET_H

#include "desc/desc.h"

enum { CALL_SET_NUMBERS = 1024 }; /* no ABI has numbers beyond, save a few of arm's own */

struct call_set {
	uint64_t bits[ABI_COUNT][CALL_SET_NUMBERS / 64];
};

void call_set_fill(struct call_set *s, bool value);
bool call_set_has(const struct call_set *s, enum abi abi, uint64_t nr); /* false for numbers beyond the set */
/*
 * Replaces S by what TEXT says: [!]all, none, or names, ?names, numbers, %classes and /regular expressions behind
 * commas, each with an optional @64, @32 or @x32. Faults are told and end the program with EXIT_USAGE.
 */
void call_set_parse(struct call_set *s, const char *text);

#endif
