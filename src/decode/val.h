/*
 * val: a decoded value. The decoder fills trees of these in the task's arena; text, JSON, profile and filters read
 * them. A value never owns memory: bytes and children live as long as the call.
 */
#ifndef DECODE_VAL_H
#define DECODE_VAL_H

#include "base/span.h"

#include <stdint.h>

enum val_kind {
	VAL_INT,    /* n, sign-extended to 64 bits where the type is signed; role and set come from the type */
	VAL_STR,    /* bytes; n = full length if known */
	VAL_STRUCT, /* children are named members */
	VAL_ARRAY,  /* children are elements; n = full count */
	VAL_PTR,    /* n = address; child = what is behind it, NULL where it was not followed or could not be read;
		     * str and path too: child is the STR */
	VAL_FDSET,  /* bytes = the bit map, n = number of descriptors asked about; children: those in it */
	VAL_SIGSET, /* bytes = the bit map */
	VAL_BYTES16,/* bytes of a fixed-size role: ipv6, uuid, mac (role says which) */
	VAL_VOID,   /* nothing there */
	VAL_RAW,    /* hooks only: bytes = ready text for the text sink, not escaped; JSON gets it as a string, or the child
		     * where there is one: the same as data */
};

enum { VAL_CUT = 1,      /* STR: more bytes exist than are here. ARRAY: more elements exist than were decoded */
	VAL_FAULT = 2,       /* PTR: could not be read. ARRAY: reading stopped at address `n2` */
	VAL_NOT_READ = 4,    /* PTR: not followed (the call failed, or not written yet) */
	VAL_NUL_ENDED = 8,   /* STR: ended by a NUL that is not part of bytes */
	VAL_PATH = 16,       /* STR: a path, never cut by -s */
	VAL_PENDING = 32,    /* not yet known at entry: filled at exit. Until then a PTR with the register's value */
	VAL_SHORT = 64,      /* STRUCT: the region ended before the struct did; children are those that exist */
	VAL_NO_TERM = 128,   /* STR: a NUL-terminated string whose end was not reached within the limit */
	VAL_HEX_STRING = 256,/* STR: shown as \x escapes always */
	VAL_OUT_HALF = 512,  /* STRUCT behind a pointer: only what the kernel wrote, shown behind " => " */
	VAL_ABSTRACT = 2048, /* STR: a socket's name in the abstract name space, without its leading NUL: @"name" */
	VAL_AGAIN = 4096,    /* PTR at entry: inout, will be read again; at exit `before` is this value, or it stayed as it was */
	VAL_NAME = 8192,     /* RAW: the name of the number `n`, of `width` bytes, or of the child. INT: `comment` is its name */
	VAL_OMIT_NUL = 16384, /* STR: a NUL at its end is not shown, unless all is shown in hex */
	VAL_ABBREV = 1024,   /* STRUCT: members were left out (without -v), ends with "..." */
};

struct ofd;

enum { VAL_HEX2 = 1, VAL_HEX8 = 2, VAL_HEX_WORD = 4 }; /* number_format: at least 2, 8 or two characters a byte wide */

struct val {
	uint8_t kind;       /* enum val_kind */
	uint8_t role;       /* enum role of a scalar */
	uint16_t type;      /* desc_types index, 0 where a hook made the value */
	uint16_t state;     /* VAL_* */
	uint32_t attrs;     /* FIELD_* of the member or argument it fills */
	uint16_t set;       /* desc_sets index of its names, 0 = none */
	uint8_t width;      /* bytes of a scalar */
	uint8_t number_format; /* 0, TYPE_HEX or TYPE_OCT, VAL_HEX2, VAL_HEX8, VAL_HEX_WORD */
	const char *name;   /* of the member or argument; NULL for elements */
	uint64_t n;
	uint64_t n2;
	struct span bytes;
	struct val *child;  /* first child */
	struct val *next;   /* next sibling */
	struct val *before; /* inout: the value at entry, where this is the one at exit */
	const struct ofd *ofd; /* role fd: what it refers to, if state knows; see state/fd.h */
	const char *comment;/* hooks: shown as / * comment * / in text; NULL */
};

/* The number without what its width cuts off: not sign-extended. */
static inline uint64_t val_masked(const struct val *v)
{
	return v->width && v->width < 8 ? v->n & (((uint64_t)1 << (8 * v->width)) - 1) : v->n;
}

#endif
