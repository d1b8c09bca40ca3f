/*
 * stack: who made a call. A stack is taken while the task stands still, stored once however often it comes again, and
 * known by its id; names are found when somebody asks for them, once for each place.
 *
 * Frames: innermost first. Unwinding goes by the tables of .eh_frame (libunwind), by Go's own in Go code, else by frame
 * pointers; where none of it leads on the stack ends, without an error. x86_64 and aarch64 tasks only: of others there is
 * the innermost frame alone.
 */
#ifndef STACK_STACK_H
#define STACK_STACK_H

#include "stack/symbol.h"
#include "state/task.h"

struct stacks;
struct event;

struct stack_frame {
	struct module *module; /* NULL: code in no file */
	uint64_t offset;       /* in the module's file; without module the address */
	bool is_exact;         /* the instruction that was running, not one to return to */
};

struct stack {
	uint64_t id;           /* from 1, in order of first appearance */
	uint64_t hash;
	struct stack *next;    /* of the same hash */
	char *text[2];         /* the text sink's: the lines of -k and -kk; NULL until it made them; owned */
	struct stack_caller *caller; /* caller.c's; NULL until asked */
	unsigned n;
	bool is_cut;           /* the limit of frames was reached */
	struct stack_frame frames[];
};

/* At most FRAMES a stack. To be freed with stacks_free. */
struct stacks *stacks_new(unsigned frames);
void stacks_free(struct stacks *s);
/* The stack of TASK, which stands still in EV. Lives as long as S; NULL where nothing could be read. */
const struct stack *stacks_take(struct stacks *s, const struct task *task, const struct event *ev);
/* A call has returned: follows what it did to the map of its process. */
void stacks_apply(struct stacks *s, const struct task *task, const struct call *call);
/* Does the verb change such a map? */
bool stacks_follow(enum verb verb);
/* Another program runs in PROCESS; or its last task has gone. */
void stacks_exec(struct stacks *s, const struct process *process);
void stacks_forget(struct stacks *s, const struct process *process);
/* What is known of the Ith frame. NULL: it lies in no file. */
const struct stack_symbol *stack_symbol(const struct stack *st, unsigned i);

/* The nearest frame outside the C library and the language's runtime, and the function through which it went in there. */
struct stack_caller {
	const struct stack_frame *frame;
	const struct stack_symbol *symbol;  /* of the frame; its name may be NULL */
	const char *through;                /* NULL: the frame made the call itself */
};
/* NULL: there is none. Lives as long as the stack. */
const struct stack_caller *stack_caller(const struct stack *st);

struct stacks_figures {
	uint64_t taken, unwound, distinct, map_reads, modules;
};
struct stacks_figures stacks_figures(const struct stacks *s);

#endif
