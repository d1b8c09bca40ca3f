/* call: one system call of one task, as sinks see it: the event's facts and the decoded values. */
#ifndef CALL_H
#define CALL_H

#include "decode/val.h"
#include "desc/desc.h"

#include <stdbool.h>
#include <stdint.h>

/* What -e inject= did to a call. */
enum { TAMPERED_RESULT = 1, TAMPERED_ARGS = 2, TAMPERED_TIME = 4 };

struct call {
	const struct desc_call *decl;  /* the declaration or variant; NULL = undeclared number */
	const char *previous;          /* name of the task's call before this one; NULL = not known */
	const char *name;              /* as shown; "syscall_0x…" where undeclared */
	enum abi abi;
	uint64_t nr;
	uint64_t raw[6];      /* registers at entry */
	uint64_t ip, sp;
	uint64_t seq;         /* number of this record in the trace, from 0 */
	struct val *args;     /* chain by next, in the order shown; PENDING where only known at exit */
	struct val **arg_vals; /* the decoder's: value of each declared argument by its index, NULL = absent */
	uint64_t *arg_regs;    /* the decoder's: their register values, unpacked where the call says so */
	uint8_t narg_vals;
	bool has_late_args;    /* the decoder's: some argument has more to show at exit */
	struct val *ret;      /* exit: decoded result; NULL = unknown */
	struct val *aux;      /* exit: FIELD_RESULT values chain, shown after the result */
	int64_t result;       /* raw; -errno where failed */
	bool has_exited;      /* false: entry only */
	bool has_failed;      /* result is -errno */
	bool is_ret_known;    /* false: the result wasn't captured ("= ?") */
	bool is_entry_only;   /* nobody waited for the result (--entry-only) */
	uint8_t tampered;     /* exit: TAMPERED_* */
	bool is_raw;          /* its arguments and result are to be shown as in registers (-e raw=) */
	bool is_opaque;       /* what is behind pointers is not to be shown (-e verbose=) */
	bool is_filtered;     /* true: not for the sinks */
	struct val *dump;     /* exit: the data it moved, whole, where asked for (decode/dump.h); NULL */
	uint8_t category;     /* resolved by what the fd is */
	uint64_t entry_stime, cpu; /* CPU time of the process at entry; spent since, at exit; ns, 0 where not asked for */
	uint64_t entry_mono, entry_wall, exit_mono, exit_wall;
};

#endif
