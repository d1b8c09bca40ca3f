/*
 * walk: the interpreter over the generated types, shared by the call level (decode.c), the expression evaluator and
 * the hooks. A region is where something lies; a scope is what names in expressions mean there.
 */
#ifndef DECODE_WALK_H
#define DECODE_WALK_H

#include "decode/decode.h"
#include "decode/mem.h"
#include "desc/desc.h"

/* Bytes of the task: loaded ones, and an address where more can be had. */
struct region {
	uint64_t addr;
	uint64_t size;     /* how many bytes there are, as far as the declaration knows; REGION_OPEN = no end is known */
	struct span bytes; /* those at hand, from the start */
	bool is_local;     /* nothing but `bytes` exists (a register) */
	bool is_padded;    /* `bytes` goes on behind `size`, with zeros that count as there (sized[] with a most) */
};
#define REGION_OPEN ((uint64_t)1 << 62)

/* Which members of an inout struct are wanted. */
enum half { HALF_ALL, HALF_IN, HALF_OUT, HALF_CHANGE };

struct scope {
	const struct scope *up;
	const struct desc_record *record; /* names are its members; NULL: look further up */
	const struct region *at;          /* what rest and peek mean; NULL: look further up */
	uint64_t pos;                     /* offset in `at` of what is being decoded */
	const uint64_t *keys;             /* of the choice that led here; NULL: look further up */
	bool is_chain;                    /* `at` holds a chain's records, `pos` is that of the present one */
};

struct walk {
	struct mem_cache mem;
	struct arena *arena;
	const struct decode_env *env;
	const struct call *call;
	const struct desc_call *decl;  /* whose arguments regs holds */
	enum model model;
	bool is_exit;
	bool has_result;               /* exit, and the call did not fail: out pointers hold something */
	uint8_t nargs;
	const struct desc_field *fields[16]; /* the arguments, base call's and variant's */
	uint64_t regs[16];             /* their register values */
	struct val *vals[16];          /* what was decoded of them so far */
	uint64_t pool;                 /* take(): what is left to draw */
	bool has_pool;
	uint64_t index;                /* of the array element being decoded */
	unsigned depth;
	unsigned budget;               /* values that may still be made */
	enum half half;
	bool is_whole;                 /* … also where the call failed (@grows @both) */
	bool is_late;                  /* an inout struct is shown whole (@late) */
	bool is_count;                 /* the array behind the next pointer is counted only (@count) */
};
enum { WALK_DEPTH = 48, WALK_BUDGET = 40000, WALK_ARGS = 16 };

struct val *val_new(struct walk *w, enum val_kind kind);
struct val *val_int(struct walk *w, enum role role, uint64_t n);          /* hooks: a number with a role */
struct val *val_text(struct walk *w, struct span bytes);                  /* VAL_STR */
struct val *val_raw(struct walk *w, const char *text);                    /* VAL_RAW */
/* Appends V, named NAME, to the chain that *TAIL ends; V NULL is skipped. Returns the new tail. */
struct val **val_add(struct val **tail, const char *name, struct val *v);

/* Up to N bytes at OFF of R. */
struct span region_get(struct walk *w, const struct region *r, uint64_t off, uint64_t n);
struct region region_sub(const struct region *r, uint64_t off, uint64_t n);

/* The value of TYPE that lies at R; NULL where it cannot be read (the caller then shows the address). */
struct val *walk_memory(struct walk *w, const struct scope *s, uint16_t type, const struct region *r);
/* The value of TYPE whose register holds RAW. */
struct val *walk_register(struct walk *w, const struct scope *s, uint16_t type, uint64_t raw);
/* A scalar of type T from its bits. */
struct val *walk_scalar(struct walk *w, uint16_t type, uint64_t bits);
/* The number behind a scalar type: truncated to its width in MODEL, sign-extended, in host order. */
uint64_t walk_number(const struct desc_type *t, enum model model, uint64_t bits);
/* The type a choice comes to, keys evaluated; other types as they are. *ret_keys: room for 3. */
uint16_t walk_choose(struct walk *w, const struct scope *s, uint16_t type, const struct region *r, uint64_t *ret_keys);

/* The value of the expression at desc_code[at]. */
int64_t expr_eval(struct walk *w, const struct scope *s, uint16_t at);
/* As a length: below zero counts as zero, and is told. */
uint64_t expr_length(struct walk *w, const struct scope *s, uint16_t at, bool *ret_is_negative);
/* As a size: below zero counts as zero. */
uint64_t expr_size(struct walk *w, const struct scope *s, uint16_t at);
/* With -v an @count array is shown, empty or not. */
static inline uint32_t shown_attrs(const struct walk *w, uint32_t flags)
{
	return w->env->is_verbose ? flags & ~(uint32_t)FIELD_COUNT : flags;
}
/* Is the expression at AT known only once the call has returned? */
bool expr_needs_result(uint16_t at);
/* The argument an expression names (OP_ARG n OP_END, *ret_is_deref: OP_DEREF), or -1. */
int expr_arg(uint16_t at, bool *ret_is_deref);

#endif
