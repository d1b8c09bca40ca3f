/* event: what an engine observed, nothing interpreted. Plain data; valid until the engine's resume. */
#ifndef EVENT_H
#define EVENT_H

#include "base/span.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum event_kind {
	EVENT_NONE,   /* nothing happened (interrupted wait) */
	EVENT_ENTRY,  /* a call is about to run */
	EVENT_EXIT,   /* a call returned */
	EVENT_SIGNAL, /* a signal is about to be delivered */
	EVENT_STOP,   /* group-stop: stopped by `signo` */
	EVENT_CONT,   /* left the group-stop */
	EVENT_EXEC,   /* a new program image; old_tid = who called, where it was not the leader */
	EVENT_FORK,   /* child was created by tid */
	EVENT_DYING,  /* the task is about to end, and will not return from the call it may be in. Not always told */
	EVENT_DEATH,  /* wait status */
	EVENT_ATTACH, /* a task came under trace without a fork seen */
	EVENT_ABI,    /* the task calls by another ABI than before; found out behind the engine */
	EVENT_GAP,    /* something was lost or could not be followed; text says what */
	EVENT_DONE,   /* no tracee is left */
};

/* Registers by their DWARF numbers. */
enum { REGISTERS_MAX = 33 };
struct registers {
	uint64_t v[REGISTERS_MAX];
	uint8_t n;          /* how many there are */
	uint8_t ip, sp, fp; /* which these are */
};

/* Memory of the task at the moment of the event. */
struct mem {
	/* Reads up to N bytes at ADDR into DST; returns how many could be read, from the front. */
	size_t (*read)(struct mem *mem, uint64_t addr, void *dst, size_t n);
	/* The registers, where the task is of this machine's own word size; else false. NULL: the engine has none. */
	bool (*registers)(struct mem *mem, struct registers *ret);
	/* Writes N bytes; NULL where that can't be done. Returns how many could be. */
	size_t (*write)(struct mem *mem, uint64_t addr, const void *src, size_t n);
	void *engine; /* for the engine's use */
	pid_t tid;
};

/* What is to be done to the task before it goes on; filled in by who got the event. */
struct event_orders {
	bool sets_nr;   /* ENTRY: another call is to run; */
	int64_t nr;     /* as in numbers.tsv; -1 = none */
	bool sets_ret;  /* EXIT: it is to return */
	int64_t ret;
	int signo;      /* ENTRY: a signal to be delivered after the call; 0 = none */
	uint64_t delay; /* ns that it is to stand still */
};

struct event {
	enum event_kind kind;
	pid_t tid;
	uint64_t mono;     /* ns, CLOCK_MONOTONIC, when the stop was seen */
	uint64_t stime;    /* CPU time the process had used by then, ns; 0 where nobody asked for it */
	uint64_t wall;     /* ns since 1970, CLOCK_REALTIME */
	int abi;           /* enum abi (desc/desc.h); elsewhere than in ENTRY and EXIT: of the last call, -1 = none yet */
	uint64_t nr;       /* call number, as in numbers.tsv (x32 without bit 30); elsewhere: of the last call */
	uint64_t args[6];
	uint64_t ip, sp;
	int64_t ret;       /* EXIT: result, or -errno where is_error */
	bool is_error;     /* as the kernel judges it (PTRACE_GET_SYSCALL_INFO) */
	bool is_last;      /* ENTRY, set by who got the event: its EXIT isn't wanted. The engine may tell it all the same */
	bool is_unknown_ret; /* EXIT: the result wasn't captured */
	struct mem *mem;
	siginfo_t si;      /* SIGNAL; si_signo also for STOP */
	bool has_si;       /* si was readable */
	int status;        /* DEATH: wait status */
	pid_t other;       /* EXEC: former tid of the caller or 0; FORK: child */
	uint64_t flags;    /* FORK: clone flags as far as known */
	bool is_thread;    /* FORK: other is of the same thread group as tid; ATTACH: tid is not the leader of its group */
	bool is_command;   /* ATTACH: the command that the engine started; all else was found running */
	unsigned nthreads; /* ATTACH of a leader: threads attached to together with it, itself counted */
	bool is_detached;  /* EXEC: resume lets go of the task; no death will be told */
	struct event_orders orders;
	pid_t tgid;        /* process of tid; 0 where unknown */
	const char *text;  /* GAP */
};

#endif
