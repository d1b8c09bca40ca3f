/*
 * memo: unwindings remembered. What an unwinding finds depends on nothing but the registers and words of the stack that it
 * reads, one after the other; so the reads of all unwindings of a process make a tree: a node says what is read next, its
 * edges the values met there, a leaf the stack that came of it. Following the tree is a few dozen look-ups, and exact.
 */
#ifndef STACK_MEMO_H
#define STACK_MEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stack;
struct memo;

/* One read: of a register (its number, below MEMO_REGISTERS) or of the word at an address. */
struct memo_read {
	uint64_t where;
	uint64_t value;
};
enum { MEMO_REGISTERS = 64, MEMO_READS = 1024 };

struct memo *memo_new(void);
void memo_free(struct memo *m);
/* Forgets all: code was unmapped. */
void memo_clear(struct memo *m);
/* The stack to which the values lead that READ gives; NULL: not known, or READ failed. */
const struct stack *memo_find(const struct memo *m, bool (*read)(void *ctx, uint64_t where, uint64_t *ret_value), void *ctx);
void memo_add(struct memo *m, const struct memo_read *reads, size_t n, const struct stack *stack);

#endif
