/* rule: one -e inject= or -e fault=, parsed. Between the files of tamper/. */
#ifndef TAMPER_RULE_H
#define TAMPER_RULE_H

#include "desc/desc.h"
#include "filter/call_set.h"

#include <stdbool.h>
#include <stdint.h>

enum { RULE_ARGS = 7 };

/* Bytes to write where an argument points. */
struct poke {
	uint8_t *bytes; /* owned; NULL = none */
	size_t n;
};

enum rule_has {
	RULE_ERROR = 1,
	RULE_RETVAL = 2,
	RULE_SIGNAL = 4,
	RULE_SYSCALL = 8,
	RULE_DELAY_ENTER = 16,
	RULE_DELAY_EXIT = 32,
	RULE_POKE_ENTER = 64,
	RULE_POKE_EXIT = 128,
	RULE_WHEN = 256,
	RULE_ACTIONS = 255,
};

struct tamper_rule {
	struct call_set calls;
	unsigned has;   /* RULE_* */
	int64_t result; /* of error, retval: as the kernel returns it */
	int signo;
	int64_t nr[ABI_COUNT];                                   /* of syscall=; -1 where the ABI has no such call */
	uint64_t delay_enter, delay_exit;                        /* ns */
	struct poke poke_enter[RULE_ARGS], poke_exit[RULE_ARGS]; /* by argument, from 1 */
	unsigned first, last, step; /* of when=: the Nth calls; step 0: none after `first` */
};

/* Parses TEXT; WHAT is "inject" or "fault". Faults are told and end the program with EXIT_USAGE. */
void rule_parse(struct tamper_rule *rule, const char *what, const char *text);
void rule_free(struct tamper_rule *rule);

#endif
