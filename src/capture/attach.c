/*
 * Seizing. A seized task runs on; the interrupt takes it to a first stop, from which its calls are seen. Threads may
 * start others while we look, so the list of threads is read until nothing new is in it.
 */
#include "capture/proc.h"
#include "capture/refusal.h"
#include "capture/tracer.h"

#include "base/diag.h"

#include <errno.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>

static int seize(struct tracer *tr, pid_t tid)
{
	if (ptrace(PTRACE_SEIZE, tid, NULL, (void *)tr->options) < 0)
		return -errno;
	ptrace(PTRACE_INTERRUPT, tid, NULL, NULL);
	return 0;
}

int attach_command(struct tracer *tr, pid_t pid)
{
	int err = seize(tr, pid);
	if (err < 0) {
		refusal_explain(pid, -err);
		return err;
	}
	struct tracee *t = tracee_add(tr, pid, pid);
	t->is_fresh = true;
	t->is_starting = true;
	int status = 0;
	while (waitpid(pid, &status, __WALL) < 0)
		if (errno != EINTR)
			return -errno;
	struct stop s = {.tid = pid, .status = status, .mono = clock_ns(CLOCK_MONOTONIC), .wall = clock_ns(CLOCK_REALTIME)};
	queue_push(&tr->queue, &s);
	struct __ptrace_syscall_info info;
	if (WIFSTOPPED(status) && ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof(info), &info) < 0 &&
	    errno != ESRCH) {
		diag("this kernel has no PTRACE_GET_SYSCALL_INFO (%s): Linux 5.3 or newer is needed", strerror(errno));
		return -ENOSYS;
	}
	return 0;
}

struct scan {
	struct tracer *tr;
	pid_t tgid;
};

static bool attach_thread(void *ctx, pid_t tid)
{
	const struct scan *scan = ctx;
	if (tracee_get(scan->tr, tid))
		return false;
	int err = seize(scan->tr, tid);
	if (err < 0)
		return false; /* it ended, or was born under trace just now: its stop will tell */
	tracee_add(scan->tr, tid, scan->tgid)->is_fresh = true;
	return true;
}

/* How many were attached to. */
static unsigned attach_threads(struct tracer *tr, pid_t tgid)
{
	struct scan scan = {tr, tgid};
	unsigned n = 0;
	for (int found; (found = proc_threads(tgid, attach_thread, &scan)) > 0;)
		n += (unsigned)found;
	return n;
}

int attach_running(struct tracer *tr, pid_t tid)
{
	if (tracee_get(tr, tid))
		return 0;
	pid_t tgid = proc_tgid(tid);
	int err = seize(tr, tid);
	struct tracee *t = err == 0 ? tracee_add(tr, tid, tgid) : NULL;
	if (t) {
		t->is_fresh = true;
		t->nthreads = 1;
	}
	unsigned n = tr->is_following && tgid == tid ? attach_threads(tr, tgid) : 0;
	if (t) {
		t->nthreads += n;
		return 0;
	}
	if (n)
		return 0; /* a leader may have ended before its threads */
	refusal_explain(tid, -err);
	return err;
}
