/*
 * The table of tasks under trace. A child and the event that announces it are told by the kernel in no fixed order;
 * what comes of a child before the announcement is held back here, so that everybody downstream sees parents first.
 */
#include "capture/tracer.h"

#include "base/xalloc.h"
#include "capture/proc.h"

#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

enum { ORPHAN_AGE_NS = 100 * 1000 * 1000 };

struct tracee *tracee_get(const struct tracer *tr, pid_t tid)
{
	return map_get(&tr->tracees, (uint64_t)tid);
}

struct tracee *tracee_add(struct tracer *tr, pid_t tid, pid_t tgid)
{
	struct tracee *t = xcalloc(1, sizeof(*t));
	t->tid = tid;
	t->tgid = tgid;
	t->abi = -1;
	t->mem = (struct mem){.read = memory_read, .write = memory_write, .registers = memory_registers, .engine = tr, .tid = tid};
	map_put(&tr->tracees, (uint64_t)tid, t);
	return t;
}

void tracee_remove(struct tracer *tr, struct tracee *t)
{
	tr->nheld -= t->is_held;
	map_remove(&tr->tracees, (uint64_t)t->tid);
	free(t->borrowed);
	free(t);
}

void tracee_forget_all(struct tracer *tr)
{
	size_t at = 0;
	for (struct tracee *t; (t = map_next(&tr->tracees, &at));) {
		free(t->borrowed);
		free(t);
	}
	map_free(&tr->tracees);
	tr->nheld = 0;
}

void tracee_hold(struct tracer *tr, struct tracee *t, const struct stop *s)
{
	if (!t) {
		if (!tr->is_following)
			return; /* a child of ours that is no tracee: an output command */
		t = tracee_add(tr, s->tid, 0);
		t->is_held = true;
		tr->nheld++;
	}
	if (t->nheld < HELD_MAX)
		t->held[t->nheld++] = *s;
}

static void let_in(struct tracer *tr, struct tracee *t)
{
	t->is_held = false;
	tr->nheld--;
	for (size_t i = 0; i < t->nheld; i++)
		queue_push(&tr->queue, &t->held[i]);
	t->nheld = 0;
}

struct tracee *tracee_announce(struct tracer *tr, pid_t child, pid_t tgid)
{
	struct tracee *t = tracee_get(tr, child);
	if (!t)
		t = tracee_add(tr, child, tgid);
	t->tgid = tgid;
	if (t->is_held)
		let_in(tr, t);
	return t;
}

static void release_orphan(struct tracer *tr, struct tracee *t)
{
	if (!WIFSTOPPED(t->held[0].status)) {
		tracee_remove(tr, t); /* it has died, or was an output command */
		return;
	}
	t->is_fresh = true;
	t->tgid = proc_tgid(t->tid);
	let_in(tr, t);
}

void tracee_release_orphans(struct tracer *tr, uint64_t now)
{
	size_t at = 0;
	while (tr->nheld) {
		struct tracee *t = map_next(&tr->tracees, &at);
		if (!t)
			return;
		if (!t->is_held || now - t->held[0].mono < ORPHAN_AGE_NS)
			continue;
		release_orphan(tr, t);
		at = 0; /* a removal moves entries */
	}
}

/* With a filter in force, entries come as seccomp stops; PTRACE_SYSCALL is needed to see the exit of such a call. */
static enum __ptrace_request running_request(const struct tracer *tr, const struct tracee *t)
{
	return tr->has_filter && !t->sees_all && !t->is_in_call && !t->is_starting ? PTRACE_CONT : PTRACE_SYSCALL;
}

void tracee_resume(struct tracer *tr, struct tracee *t)
{
	enum resume_how how = t->how;
	t->how = RESUME_NONE;
	if (how == RESUME_NONE)
		return;
	t->is_stopped = false;
	void *sig = (void *)(intptr_t)t->signo;
	t->signo = 0;
	t->is_listening = how == RESUME_LISTEN;
	if (how == RESUME_RUN) {
		ptrace(running_request(tr, t), t->tid, NULL, sig);
	} else if (how == RESUME_LISTEN) {
		ptrace(PTRACE_LISTEN, t->tid, NULL, NULL);
	} else {
		ptrace(PTRACE_DETACH, t->tid, NULL, sig);
		tracee_remove(tr, t);
	}
}
