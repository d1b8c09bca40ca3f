/*
 * The ptrace engine: its operations, and how it opens. A call costs two stops; each stop one wait4, one
 * PTRACE_GET_SYSCALL_INFO and one resume, and nothing is allocated and no /proc is read between.
 */
#include "capture/ptrace.h"

#include "base/diag.h"
#include "base/xalloc.h"
#include "capture/arch.h"
#include "capture/interrupt.h"
#include "capture/seccomp.h"
#include "capture/spawn.h"
#include "capture/tracer.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/ptrace.h>

/* The engine is the tracer's first member. */
static struct tracer *of(struct engine *e)
{
	return (struct tracer *)e;
}

static int none(enum event_kind kind, struct event *ret_event)
{
	*ret_event = (struct event){.kind = kind};
	return 0;
}

/* The first event among the stops that are queued. */
static bool serve_queued(struct tracer *tr, struct event *ret_event)
{
	struct stop s;
	while (queue_pop(&tr->queue, &s))
		if (stop_serve(tr, &s, ret_event))
			return true;
	return false;
}

static int ptrace_next(struct engine *e, int timeout_ms, struct event *ret_event)
{
	struct tracer *tr = of(e);
	for (;;) {
		tr->interrupt = interrupt_caught();
		if (tr->interrupt)
			return -EINTR;
		if (serve_queued(tr, ret_event))
			return 0;
		if (tr->error)
			return tr->error;
		if (!tr->tracees.n)
			return none(EVENT_DONE, ret_event);
		int err = queue_fill(tr, delay_serve(tr, timeout_ms));
		if (err == -ECHILD) {
			tracee_forget_all(tr); /* another took them over */
			continue;
		}
		if (err < 0 && err != -EINTR)
			return err;
		if (tr->ndelayed && timeout_ms < 0 && !interrupt_caught())
			continue;
		bool is_interrupted = err == -EINTR && !interrupt_caught();
		if (is_interrupted || (timeout_ms >= 0 && !tr->queue.n))
			return none(EVENT_NONE, ret_event);
	}
}

/* True: it is to go on later. */
static bool obey(struct tracee *t, const struct event_orders *orders)
{
	if (orders->sets_nr)
		arch_set_number(t->tid, t->abi, orders->nr);
	if (orders->sets_ret)
		arch_set_result(t->tid, t->abi, orders->ret);
	if (orders->signo)
		t->signo = orders->signo;
	return orders->delay;
}

static void ptrace_resume(struct engine *e, const struct event *ev)
{
	struct tracee *t = tracee_get(of(e), ev->tid);
	if (!t || !t->is_stopped)
		return;
	if (of(e)->has_filter && t->is_in_call && !t->borrowed)
		untraced_prevent(t);
	if (ev->is_last && of(e)->has_filter && !t->sees_all && !t->borrowed)
		t->is_in_call = false;
	if (obey(t, &ev->orders))
		delay_push(of(e), t->tid, ev->orders.delay);
	else
		tracee_resume(of(e), t);
}

static void ptrace_detach(struct engine *e)
{
	detach_all(of(e));
}

static void ptrace_close(struct engine *e)
{
	struct tracer *tr = of(e);
	interrupt_arm_timer(0);
	tracee_forget_all(tr);
	queue_free(&tr->queue);
	free(tr->delayed);
	free(tr);
}

static const struct engine_ops ptrace_ops = {ptrace_next, ptrace_resume, ptrace_detach, ptrace_close};

/* ---- opening ---- */

static long options_for(const struct ptrace_config *c)
{
	return PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT |
	       (c->follow ? PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE : 0) |
	       (c->kill_on_exit || c->filter ? PTRACE_O_EXITKILL : 0) | (c->filter ? PTRACE_O_TRACESECCOMP : 0);
}

static bool start_command(struct tracer *tr, const struct ptrace_config *c, int *ret_status)
{
	struct seccomp_programs programs = {0};
	tr->has_filter = c->filter && seccomp_build(c->filter, &programs);
	if (c->filter && !tr->has_filter)
		diag("no seccomp filter can be made of this set of calls; all calls stop");
	struct spawned command;
	int err = spawn(c, tr->has_filter ? &programs : NULL, &command, ret_status);
	seccomp_free(&programs);
	if (err < 0)
		return false;
	interrupt_setup(c->interruptible, true);
	*ret_status = 1;
	if (attach_command(tr, command.pid) < 0) {
		spawn_cancel(&command);
		return false;
	}
	tr->command = command.pid;
	spawn_go(&command);
	return true;
}

/* Some of many may have ended meanwhile; there has to be something to trace. */
static bool attach_all(struct tracer *tr, const struct ptrace_config *c)
{
	size_t n = tr->tracees.n;
	for (size_t i = 0; i < c->npids; i++)
		n += attach_running(tr, c->pids[i]) == 0;
	return n > 0;
}

struct engine *ptrace_open(const struct ptrace_config *config, int *ret_status)
{
	struct tracer *tr = xcalloc(1, sizeof(*tr));
	tr->engine.ops = &ptrace_ops;
	tr->is_following = config->follow;
	tr->wants_times = config->wants_times;
	tr->is_killing = config->kill_on_exit;
	tr->detaches_on_exec = config->detach_on_exec;
	tr->options = options_for(config);
	*ret_status = 1;
	if (!config->argv)
		interrupt_setup(config->interruptible, false);
	if ((!config->argv || start_command(tr, config, ret_status)) && attach_all(tr, config))
		return &tr->engine;
	ptrace_close(&tr->engine);
	return NULL;
}

pid_t ptrace_command(const struct engine *e)
{
	return ((const struct tracer *)e)->command;
}

bool ptrace_has_filter(const struct engine *e)
{
	return ((const struct tracer *)e)->has_filter;
}

void ptrace_see_all(struct engine *e, pid_t tid)
{
	const struct tracee *caller = tracee_get(of(e), tid);
	size_t at = 0;
	for (struct tracee *t; caller && (t = map_next(&of(e)->tracees, &at));)
		t->sees_all |= t->tgid == caller->tgid;
}

int ptrace_interrupted(const struct engine *e)
{
	return ((const struct tracer *)e)->interrupt;
}
