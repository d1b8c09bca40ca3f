/*
 * hooks: the decoders the table language cannot express, one file each. A hook is a table type like any other: it is
 * handed the region (or register) its value lies in and returns a value, NULL where that cannot be read.
 */
#ifndef DECODE_HOOKS_HOOKS_H
#define DECODE_HOOKS_HOOKS_H

#include "decode/walk.h"

struct hook_in {
	struct walk *w;
	const struct scope *scope;
	const struct desc_type *type; /* its keys are the hook's parameters */
	const struct region *at;      /* behind a pointer: open-ended; in a register: local, addr = the register */
};

/* The Nth parameter, FALLBACK where the table gives none. */
uint64_t hook_param(const struct hook_in *in, unsigned n, uint64_t fallback);
/* The number of a system call of ARCH, as audit has it: by its name where the caller has it. */
struct val *hook_call_number(struct walk *w, uint64_t arch, uint64_t nr);
/* Runs the hook that the type names; a name without code is shown as an address. */
struct val *hook_run(const struct hook_in *in);

#endif
