/*
 * tracer: what the files of the ptrace engine share: the tracees, the queue of stops, and the verbs on them. Nothing
 * outside src/capture includes this.
 *
 * Any ptrace request may fail with ESRCH at any time: the task is being killed, and its death is the next thing that
 * wait4 tells of it. So nobody here takes such an error for more than "nothing to do".
 */
#ifndef CAPTURE_TRACER_H
#define CAPTURE_TRACER_H

#include "base/map.h"
#include "capture/ptrace.h"

#include <sys/types.h>

/* What wait4 told, and when. */
struct stop {
	pid_t tid; /* 0 = void: overtaken by an exec */
	int status;
	uint64_t mono, wall; /* clocks when it was told, ns */
	uint64_t stime;      /* CPU time its process has used, ns; 0 unless wants_times */
};

/* Stops that were told but not served yet, oldest first. */
struct stop_queue {
	struct stop *ring; /* owned */
	size_t head, n, cap;
};

/* How a task goes on from the stop it is in. */
enum resume_how { RESUME_NONE, RESUME_RUN, RESUME_LISTEN, RESUME_DETACH };

/* A task that is to go on at a time. */
struct delayed {
	pid_t tid;
	uint64_t due; /* ns, CLOCK_MONOTONIC */
};

enum { HELD_MAX = 3 }; /* a first stop, that before its end, and the death */

struct tracee {
	pid_t tid;
	pid_t tgid;
	bool is_fresh;       /* its coming under trace is still to be told, at its first stop */
	unsigned nthreads;   /* is_fresh: threads of its process that were attached to with it, itself counted */
	bool is_starting;    /* the command before its exec: what it does is our doing, not shown */
	bool is_held;        /* it came before its parent's event told of it: its stops wait in `held` */
	bool is_stopped;     /* stands still in a stop that is being served */
	bool is_listening;   /* in a group-stop, from which SIGCONT or the tracer wakes it */
	bool is_in_call;     /* its last call stop was an entry */
	bool sees_all;       /* a filter is in force, but all its calls stop: it has a filter of its own */
	struct borrowed *borrowed; /* what was changed of the call it is in, to be given back; NULL = nothing */
	bool has_execed;     /* an exec of it was seen */
	enum resume_how how; /* is_stopped: how it will go on */
	int signo;           /* is_stopped: signal to deliver then */
	int status;          /* is_stopped: of the stop */
	int abi;             /* of the call it is in, or was in last */
	uint64_t nr;
	uint64_t args[6];
	struct mem mem;
	struct stop held[HELD_MAX];
	size_t nheld;
};

struct tracer {
	struct engine engine;
	struct map tracees; /* by tid */
	struct stop_queue queue;
	size_t nheld;  /* tracees that are held */
	struct delayed *delayed; /* owned */
	size_t ndelayed;
	pid_t command; /* 0 = none */
	bool is_following;
	bool wants_times;
	bool is_killing; /* kill_on_exit */
	bool detaches_on_exec;
	bool has_filter; /* calls of interest stop by seccomp, all else runs */
	int spin_credit; /* how well looking around before blocking has paid of late */
	unsigned spins_skipped;
	int interrupt;   /* signal that ended the trace */
	int error;       /* -errno that ends the trace */
	long options;    /* PTRACE_O_* */
};

/* ---- tracee.c ---- */

struct tracee *tracee_get(const struct tracer *tr, pid_t tid);
struct tracee *tracee_add(struct tracer *tr, pid_t tid, pid_t tgid);
void tracee_remove(struct tracer *tr, struct tracee *t);
void tracee_forget_all(struct tracer *tr);
/* Keeps back a stop of a task that nobody announced yet; T is NULL where the task is unknown. */
void tracee_hold(struct tracer *tr, struct tracee *t, const struct stop *s);
/* CHILD was announced: what was held of it, if anything, is queued. */
struct tracee *tracee_announce(struct tracer *tr, pid_t child, pid_t tgid);
/* Tasks that were held for too long, because their parent was killed before it could tell, are let in. */
void tracee_release_orphans(struct tracer *tr, uint64_t now);
/* Lets T go on from its stop as T->how says. */
void tracee_resume(struct tracer *tr, struct tracee *t);

/* ---- memory.c ---- */

bool memory_registers(struct mem *mem, struct registers *ret);
size_t memory_read(struct mem *mem, uint64_t addr, void *dst, size_t n);
size_t memory_write(struct mem *mem, uint64_t addr, const void *src, size_t n);

/* ---- delay.c ---- */

/* TID goes on in NS. */
void delay_push(struct tracer *tr, pid_t tid, uint64_t ns);
/* Lets those go on that are due. Returns how long to wait at most, where TIMEOUT_MS (< 0: for ever) was wanted. */
int delay_serve(struct tracer *tr, int timeout_ms);

/* ---- queue.c ---- */

uint64_t clock_ns(clockid_t clock);
void queue_push(struct stop_queue *q, const struct stop *s);
void queue_push_front(struct stop_queue *q, const struct stop *s);
bool queue_pop(struct stop_queue *q, struct stop *ret_stop);
void queue_free(struct stop_queue *q);
/* One stop from wait4, OPTIONS as there (__WALL is added). 1, 0: none waits; -EINTR, -ECHILD. */
int queue_wait_one(const struct tracer *tr, int options, struct stop *ret_stop);
/* Takes every stop that waits; blocks until there is one, up to TIMEOUT_MS (< 0: for ever). 0, -EINTR, -ECHILD. */
int queue_fill(struct tracer *tr, int timeout_ms);

/* ---- stops.c ---- */

/* Serves a stop. True: *ret_event is to be told. False: it was not worth telling, and the task goes on. */
bool stop_serve(struct tracer *tr, const struct stop *s, struct event *ret_event);
/* The signal that is about to be delivered in a stop of this status; 0 = it is another kind of stop. */
int stop_signal(int status);
/* The task that an event stop of TID names: a new child, an exec's former tid; 0 = can't be known. */
pid_t stop_message(pid_t tid);

/* ---- untraced.c ---- */

/* The entry of a call that makes a child which would not be traced: with a filter that would be its end. It will be. */
void untraced_prevent(struct tracee *t);
/* The call has returned: the task finds its registers and memory as it left them. */
void untraced_restore(struct tracee *t);

/* ---- attach.c ---- */

/* Seizes the command, which is blocked, and takes it to a stop. 0, or -errno after saying why. */
int attach_command(struct tracer *tr, pid_t pid);
/* Seizes TID, and its siblings if children are followed. 0, or -errno after saying why. */
int attach_running(struct tracer *tr, pid_t tid);

/* ---- detach.c ---- */

/*
 * Lets go of every tracee, whatever state it is in; they go on as if never traced. With a filter in force nobody can be
 * let go: they are served until the last has ended.
 */
void detach_all(struct tracer *tr);

#endif
