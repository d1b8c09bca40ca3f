/* proc: what /proc/PID/status tells of a task. Never read between a stop and its resume. */
#ifndef CAPTURE_PROC_H
#define CAPTURE_PROC_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct proc_facts {
	pid_t tgid;
	pid_t tracer;     /* who traces it, 0 = nobody */
	int seccomp;      /* mode: 0 = none, 1 = strict, 2 = filter */
	unsigned uid;     /* real */
	uint64_t cap_eff; /* effective capabilities, bit N = capability N */
	char state;       /* R S D T t Z X I */
};

/* 0 or -errno. */
int proc_read(pid_t pid, struct proc_facts *ret_facts);
/* The process of TID; TID itself where that can't be read. */
pid_t proc_tgid(pid_t tid);
/* Calls SEEN with each thread of process PID; returns how many times it answered true, or -errno. */
int proc_threads(pid_t pid, bool (*seen)(void *ctx, pid_t tid), void *ctx);

#endif
