/*
 * session: all that one trace consists of, and what an event does to it: decode, annotate, filter, tell the sinks, apply
 * effects. Nothing else sees all stages but main.c, which opens and ends it.
 */
#ifndef SESSION_H
#define SESSION_H

#include "capture/engine.h"
#include "filter/filter.h"
#include "opts.h"
#include "sink/sinks.h"
#include "stack/stack.h"
#include "state/genl.h"
#include "state/netlink.h"
#include "state/task.h"
#include "stops.h"
#include "tamper/tamper.h"

struct session {
	const struct options *options;
	struct filter *filter;
	struct tamper *tamper; /* NULL = nothing is tampered with */
	struct stops *stops;
	struct engine *engine;
	struct sinks *sinks;
	struct state state;
	struct stacks *stacks; /* NULL: nobody asks for them */
	struct netlink_memory netlink;
	struct genl_families genl;
	struct task *task;     /* of the event at hand, for the decoder's questions */
	uint64_t next_seq;
	bool is_over;          /* --syscall-limit is reached */
	bool has_started;      /* the command has execed */
	bool is_released;      /* the task of the event at hand runs again */
	char comm[COMM_SIZE + 1]; /* of a process that is not traced */
	pid_t first;           /* the command's process, 0 when only attached */
	int status;            /* its wait status */
};

/* Handles EV; its task may run again already when this returns, but has to be released all the same. */
void session_handle(struct session *s, struct event *ev);
/* Lets the task of EV go on, unless it does already. */
void session_release(struct session *s, const struct event *ev);
/* What the text sink may ask of pids: names of programs, numbers in our pid namespace. */
struct text_names_of session_names(struct session *s);

#endif
