/*
 * act: what a call did, in the verbs of the tables, with descriptors and offsets resolved. state_apply makes them, one
 * for each effect (more where an effect touches several descriptors), also for calls that failed. They live as long as
 * the task's call. Who counts verbs (the profile) reads these and needs no table.
 */
#ifndef STATE_ACT_H
#define STATE_ACT_H

#include "decode/val.h"
#include "desc/desc.h"
#include "state/fd.h"

#include <stdbool.h>
#include <stdint.h>

#define ACT_NOWHERE UINT64_MAX /* an offset: the object has none (pipe, socket), or it is not known */

struct act {
	uint8_t verb;            /* enum verb */
	bool has_bytes;          /* bytes is what was moved */
	bool has_offered;        /* offered is known */
	bool is_implied;         /* close: by dup2 over it, not asked for by close */
	int fd;                  /* descriptor worked on or made; -1 = none */
	int other_fd;            /* dup: the new one; copy, tee: the source; watch: the target; -1 = none */
	struct ofd *ofd;         /* what fd refers to (close: referred to); NULL = not known; held by the call */
	struct ofd *other;       /* what other_fd refers to; pipe, socketpair: the other end */
	const char *path;        /* of the path argument, absolute, without . and ..; NULL = none or not readable */
	const char *path2;       /* rename: the new one */
	uint64_t bytes;          /* moved; submit: operations; 0 where the call failed */
	uint64_t offered;        /* size of the buffer or the length asked for */
	uint64_t address;        /* of the first buffer; 0 = not known */
	uint64_t offset;         /* first byte touched, or the position sought; ACT_NOWHERE */
	uint64_t other_offset;   /* copy: of the source */
	uint64_t number;         /* the verb's last plain argument: flags, protection, whence, timeout, pid … */
	const struct val *what;  /* poll: what is waited for, as decoded */
	struct act *next;
};

struct state;
struct task;
struct call;

/* Reads the arguments of EFFECT as it stands before the state changes. In the task's arena. */
struct act *act_of(struct state *s, struct task *task, const struct call *call, const struct desc_effect *effect);
/* Where the bytes that ACT moved lie, and the positions after it. */
void act_move(struct act *act);

#endif
