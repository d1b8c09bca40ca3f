/*
 * Leaving. PTRACE_DETACH needs a stopped task, so those that run are interrupted first and let go at whatever stop
 * comes: a signal on its way is delivered with the detach, a group-stop lasts on (the kernel reinstates it), a call
 * goes on or restarts. A task that can't stop (a zombie leader, a parent in vfork, uninterruptible sleep) is let go by
 * the kernel when the tracer exits; nobody waits for it for long.
 */
#include "capture/interrupt.h"
#include "capture/proc.h"
#include "capture/tracer.h"

#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>

enum { NAP_NS = 200 * 1000, SWEEP_NAPS = 100, PATIENT_NAPS = 1000, MAX_NAPS = 10000 };

static bool is_birth(int status)
{
	int kind = status >> 16;
	return kind == PTRACE_EVENT_FORK || kind == PTRACE_EVENT_VFORK || kind == PTRACE_EVENT_CLONE;
}

/* A stop tells of tasks that we have to let go of too, or that are no more. */
static void follow_message(struct tracer *tr, pid_t tid, int status)
{
	bool is_exec = status >> 16 == PTRACE_EVENT_EXEC;
	pid_t other = is_exec || is_birth(status) ? stop_message(tid) : 0;
	struct tracee *t = other > 0 ? tracee_get(tr, other) : NULL;
	if (is_exec && t && other != tid)
		tracee_remove(tr, t);
	else if (is_birth(status) && other > 0 && !t)
		tracee_add(tr, other, other); /* its first stop is on the way */
}

static void let_go(struct tracer *tr, pid_t tid, int status)
{
	follow_message(tr, tid, status);
	if (WIFSTOPPED(status))
		ptrace(PTRACE_DETACH, tid, NULL, (void *)(intptr_t)stop_signal(status));
	struct tracee *t = tracee_get(tr, tid);
	if (t)
		tracee_remove(tr, t);
}

static void let_go_queued(struct tracer *tr)
{
	struct stop s;
	while (queue_pop(&tr->queue, &s))
		let_go(tr, s.tid, s.status);
}

/* Those stopped in our hands are let go, those that run interrupted. */
static void ask_to_stop(struct tracer *tr)
{
	size_t at = 0;
	for (struct tracee *t; (t = map_next(&tr->tracees, &at));) {
		bool has_stop = t->is_stopped || t->nheld;
		if (!has_stop) {
			ptrace(PTRACE_INTERRUPT, t->tid, NULL, NULL);
			continue;
		}
		let_go(tr, t->tid, t->is_stopped ? t->status : t->held[0].status);
		at = 0; /* a removal moves entries; a second interrupt does no harm */
	}
}

/* The dead, and, where patience is over, those whose sleep nothing but a kill interrupts. */
static void forget_unstoppable(struct tracer *tr, bool is_patient)
{
	size_t at = 0;
	for (struct tracee *t; (t = map_next(&tr->tracees, &at));) {
		struct proc_facts facts;
		bool is_alive = proc_read(t->tid, &facts) == 0 && facts.state != 'Z' && facts.state != 'X';
		if (is_alive && (is_patient || facts.state != 'D'))
			continue;
		tracee_remove(tr, t);
		at = 0;
	}
}

static void let_go_as_they_stop(struct tracer *tr)
{
	const struct timespec nap = {.tv_nsec = NAP_NS};
	for (int naps = 0; tr->tracees.n && naps < MAX_NAPS;) {
		struct stop s;
		int got = queue_wait_one(tr, WNOHANG, &s);
		if (got == -ECHILD)
			return;
		if (got > 0) {
			let_go(tr, s.tid, s.status);
			continue;
		}
		nanosleep(&nap, NULL);
		if (++naps % SWEEP_NAPS == 0)
			forget_unstoppable(tr, naps < PATIENT_NAPS);
	}
}

/*
 * A task lets go of its stop, whatever it is: nothing is told any more. Without a tracer the calls that our filter catches
 * would fail with ENOSYS.
 */
static void wave_on(struct tracer *tr, pid_t tid, int status)
{
	struct tracee *t = tracee_get(tr, tid);
	if (!WIFSTOPPED(status)) {
		if (t)
			tracee_remove(tr, t);
		return;
	}
	if (!t)
		t = tracee_add(tr, tid, tid);
	follow_message(tr, tid, status);
	bool is_group_stop = status >> 16 == PTRACE_EVENT_STOP && WSTOPSIG(status) != SIGTRAP;
	ptrace(is_group_stop ? PTRACE_LISTEN : PTRACE_CONT, tid, NULL, (void *)(intptr_t)stop_signal(status));
}

static void serve_to_the_end(struct tracer *tr)
{
	size_t at = 0;
	struct stop s;
	interrupt_arm_timer(0);
	for (struct tracee *t; (t = map_next(&tr->tracees, &at));) {
		if (t->borrowed)
			untraced_restore(t);
		if (t->is_stopped)
			queue_push(&tr->queue, &(struct stop){.tid = t->tid, .status = t->status});
		for (size_t i = 0; i < t->nheld; i++)
			queue_push(&tr->queue, &t->held[i]);
		t->nheld = 0;
	}
	while (queue_pop(&tr->queue, &s))
		wave_on(tr, s.tid, s.status);
	for (int got = 0; tr->tracees.n && got != -ECHILD; got = queue_wait_one(tr, 0, &s))
		if (got > 0)
			wave_on(tr, s.tid, s.status);
	tracee_forget_all(tr);
}

void detach_all(struct tracer *tr)
{
	if (tr->has_filter) {
		if (tr->interrupt && tr->command)
			kill(tr->command, tr->interrupt);
		serve_to_the_end(tr);
		return;
	}
	if (tr->is_killing)
		return; /* the kernel kills them when the tracer exits */
	bool is_command_alive = tr->command && tracee_get(tr, tr->command);
	ask_to_stop(tr);
	let_go_queued(tr);
	let_go_as_they_stop(tr);
	if (tr->interrupt && is_command_alive)
		kill(tr->command, tr->interrupt);
	tracee_forget_all(tr);
}
