/*
 * task: what is being traced now: processes, their threads, what these share (descriptors, cwd) and the call each
 * thread is in.
 */
#ifndef STATE_TASK_H
#define STATE_TASK_H

#include "base/arena.h"
#include "base/map.h"
#include "call.h"
#include "state/act.h"
#include "state/fd.h"
#include "state/usage.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { COMM_SIZE = 16 }; /* TASK_COMM_LEN, include/linux/sched.h */

/* What threads under CLONE_FS share. */
struct fs_context {
	unsigned refs;
	char *cwd; /* NULL = to be read from /proc when asked; owned */
};
struct fs_context *fs_context_new(void); /* with one reference */

/* A process instance: a pid can be used twice, an id cannot. */
struct process {
	unsigned refs; /* its tasks */
	uint64_t id;   /* from 1 */
	pid_t pid;
	struct usage usage; /* as it was when last read: before its exit, if acts are wanted */
};

/* An open file description that the values of a call refer to: it must outlive a close in the meantime. */
struct held_ofd {
	struct ofd *ofd;
	struct held_ofd *next; /* in the task's arena */
};

struct stack; /* stack/stack.h */

struct task {
	pid_t tid;
	struct process *process;
	struct fd_table *fds;
	struct fs_context *fs;
	char comm[COMM_SIZE + 1]; /* name of the program as the kernel keeps it; "" = to be read */
	struct arena arena;       /* lives as long as the call */
	struct call call;         /* the call it is in, or the last one */
	const struct stack *stack; /* of the present call or signal, where stacks are taken; NULL = none */
	struct held_ofd *held;    /* referred to by the call's values */
	struct act *acts;         /* what the last call did (state_apply); NULL where nobody wants to know */
	struct act **next_act;    /* where the next one goes */
	uint64_t cpu_ns;          /* CPU time when its process, or itself, was about to exit; 0 = not read */
	bool is_in_call;
	enum abi abi;             /* of its last call */
	bool is_silent;           /* the present call is not for the sinks */
	bool is_decoded;          /* its values are there */
	const struct tamper_rule *tampering; /* of -e inject= (tamper/), for the call it is in; NULL = none */
	bool has_poked;           /* tamper/: into the arguments of that call */
	unsigned *counts;         /* tamper/: how often each call was made; owned, NULL where nobody counts */
	bool hides_death;         /* the signal that killed it is one that nobody asked for */
	void *sink_data;          /* the text sink's per-task notes; it frees them with the death event */
};

enum { FLIGHT_MAX = 256 };

struct state {
	struct map tasks;       /* by tid */
	uint64_t last_process;  /* ids given out */
	uint64_t last_ofd;
	bool wants_names;       /* somebody shows the names of programs: changes of them are seen */
	bool is_following_fds;  /* somebody needs descriptors: effects are applied, fds resolved */
	bool wants_details;     /* -yy, JSON: addresses of sockets are asked of the kernel */
	bool wants_anon;        /* -yy: what pidfds, eventfds and signalfds are about */
	uint64_t names;         /* how often names changed in sight: renamed, removed */
	bool wants_acts;        /* the profile: state_apply makes acts, positions are followed */
	struct map inodes;      /* of open files, by number */
	struct ofd *flight[FLIGHT_MAX]; /* sent over sockets and not yet seen to arrive, a ring; references */
	unsigned next_flight;
};

struct task *task_get(const struct state *s, pid_t tid); /* NULL if unknown */
/* A task nobody forked in sight: first child, or attached. Its descriptors are read from /proc if they are followed. */
struct task *task_add(struct state *s, pid_t tid, pid_t tgid);
/* CHILD was made by PARENT with clone FLAGS; a thread of the same process where is_thread. */
struct task *task_fork(struct state *s, struct task *parent, pid_t child, uint64_t flags, bool is_thread);
/* A new program runs in TASK; OLD_TID is where the caller came from, 0 if the same. Siblings are gone. */
void task_exec(struct state *s, struct task *task);
void task_remove(struct state *s, struct task *task);
const char *task_comm(struct task *task);
/* The name of any program from /proc. False: there is no such task. */
bool task_read_comm(pid_t tid, char ret[static COMM_SIZE + 1]);
const char *task_cwd(struct task *task); /* NULL if it can't be read */
/* What FD refers to, resolved, or NULL; asks /proc where the table does not know. */
const struct ofd *task_fd(struct state *s, struct task *task, int fd);
/* FD came from elsewhere (a socket, pidfd_getfd): finds out what it is, and whose description it shares. */
const struct ofd *task_receive_fd(struct state *s, struct task *task, int fd);
/* O travels over a socket. */
void state_send_ofd(struct state *s, struct ofd *o);
/* The same, and held until the task's call is over (task_begin_call): what a value may point to. */
const struct ofd *task_hold_fd(struct state *s, struct task *task, int fd);
/* Forgets the last call: its values, what they refer to. */
void task_begin_call(struct task *task);
/* Fills in what the descriptors among the values of the call refer to, where the decoder could not know it yet. */
void state_annotate(struct state *s, struct task *task, struct call *call);
/* TASK, which was OLD_TID, goes on as the thread-group leader TID after an exec; the old leader is forgotten. */
void task_supersede(struct state *s, struct task *task, pid_t tid);
/* Does the state follow what this verb does? */
bool state_follows(enum verb verb);
/* Applies the effects that the tables declare for the call which just returned, and makes its acts. */
void state_apply(struct state *s, struct task *task, const struct call *call);
/* TASK is in a call whose end will not be seen: its acts, as far as the entry tells. */
void state_look(struct state *s, struct task *task);
/* TASK enters CALL. If the process ends by it, what it used is read while it stands still. */
void state_take_usage(const struct state *s, struct task *task, const struct call *call);
/* The clone flags of the call TASK is in (entry values), 0 if it isn't one that forks. */
uint64_t state_fork_flags(const struct call *call);
void state_free(struct state *s);

#endif
