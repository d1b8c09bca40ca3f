/*
 * What a stop means. The way ptrace(2) tells: no event and SIGTRAP | 0x80, a call stop; no event, a signal about to be
 * delivered; else the event in the third byte. PTRACE_EVENT_STOP with SIGTRAP is our own doing (an attach, a newborn's
 * first stop) or the end of a group-stop; with another signal it is a group-stop.
 */
#include "capture/arch.h"
#include "capture/tracer.h"

#include "base/diag.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CALL_STOP = SIGTRAP | 0x80, EVENT_SHIFT = 16 };

int stop_signal(int status)
{
	int sig = WSTOPSIG(status);
	return WIFSTOPPED(status) && !(status >> EVENT_SHIFT) && sig != CALL_STOP ? sig : 0;
}

pid_t stop_message(pid_t tid)
{
	unsigned long message = 0;
	if (ptrace(PTRACE_GETEVENTMSG, tid, NULL, &message) < 0)
		return 0;
	return (pid_t)message;
}

/* ---- calls ---- */

static void call_event(const struct tracee *t, enum event_kind kind, struct event *ev)
{
	ev->kind = kind;
	ev->abi = t->abi;
	ev->nr = t->nr;
	memcpy(ev->args, t->args, sizeof(ev->args));
}

/* The command is about to exec: from here on it is shown. Its attach comes first, then this same stop again. */
static bool on_start(struct tracer *tr, struct tracee *t, const struct stop *s, struct event *ev)
{
	t->is_starting = false;
	t->is_in_call = false;
	t->is_fresh = false;
	queue_push_front(&tr->queue, s);
	t->how = RESUME_NONE;
	ev->kind = EVENT_ATTACH;
	ev->is_command = true;
	return true;
}

static bool on_entry(struct tracer *tr, struct tracee *t, const struct stop *s, uint32_t audit_arch, struct event *ev)
{
	t->abi = arch_abi_of(audit_arch, &t->nr);
	t->is_in_call = t->abi >= 0;
	if (!t->is_in_call) {
		ev->kind = EVENT_GAP;
		ev->text = "a call of an architecture that this build does not know";
		return true;
	}
	if (t->is_starting && t->is_fresh && t->nr == arch_execve)
		return on_start(tr, t, s, ev);
	call_event(t, EVENT_ENTRY, ev);
	return !t->is_starting;
}

static bool on_return(struct tracee *t, const struct __ptrace_syscall_info *info, struct event *ev)
{
	bool is_paired = t->is_in_call;
	if (t->borrowed)
		untraced_restore(t);
	t->is_in_call = false;
	if (!is_paired || t->is_starting)
		return false; /* its entry was before the attach, or this is the second exit stop of a call */
	call_event(t, EVENT_EXIT, ev);
	ev->ret = info->exit.rval;
	ev->is_error = info->exit.is_error;
	/* What the command's process does after its exec failed is ours: a message, an exit. */
	if (!t->has_execed && !t->is_fresh && ev->is_error && t->nr == arch_execve)
		t->is_starting = true;
	return true;
}

static bool call_info(struct tracer *tr, struct tracee *t, struct __ptrace_syscall_info *ret_info)
{
	if (ptrace(PTRACE_GET_SYSCALL_INFO, t->tid, (void *)sizeof(*ret_info), ret_info) > 0)
		return true;
	if (errno != ESRCH) {
		diag(
		    "cannot ask what call process %d is in (PTRACE_GET_SYSCALL_INFO): %s; Linux 5.3 or newer is needed",
		    t->tid, strerror(errno));
		tr->error = -ENOSYS;
	}
	t->how = RESUME_NONE;
	return false;
}

static bool on_call(struct tracer *tr, struct tracee *t, const struct stop *s, struct event *ev)
{
	struct __ptrace_syscall_info info;
	if (!call_info(tr, t, &info))
		return false;
	ev->ip = info.instruction_pointer;
	ev->sp = info.stack_pointer;
	switch (info.op) {
	case PTRACE_SYSCALL_INFO_ENTRY:
		if (tr->has_filter && !t->sees_all)
			return false; /* the same call stops once more, by the filter, if it is of interest */
		t->nr = info.entry.nr;
		memcpy(t->args, info.entry.args, sizeof(t->args));
		return on_entry(tr, t, s, info.arch, ev);
	case PTRACE_SYSCALL_INFO_SECCOMP:
		if (t->is_in_call)
			return false; /* its entry stopped already */
		t->nr = info.seccomp.nr;
		memcpy(t->args, info.seccomp.args, sizeof(t->args));
		return on_entry(tr, t, s, info.arch, ev);
	case PTRACE_SYSCALL_INFO_EXIT:
		return on_return(t, &info, ev);
	default:
		t->how = RESUME_NONE; /* the task we heard of is gone, another has taken its tid */
		return false;
	}
}

/* ---- births and execs ---- */

static bool is_in_group(pid_t tgid, pid_t tid)
{
	return syscall(SYS_tgkill, tgid, tid, 0) == 0 || errno == EPERM;
}

/* Of the clone flags the event tells one; what CLONE_THREAD needs goes with it (kernel/fork.c, copy_process). */
static uint64_t clone_flags(int kind, bool is_thread)
{
	return (kind == PTRACE_EVENT_VFORK ? CLONE_VFORK : 0U) |
	       (is_thread ? CLONE_THREAD | CLONE_SIGHAND | CLONE_VM : 0U);
}

static bool on_birth(struct tracer *tr, struct tracee *t, int kind, struct event *ev)
{
	pid_t child = stop_message(t->tid);
	if (child <= 0)
		return false;
	ev->kind = EVENT_FORK;
	ev->other = child;
	ev->is_thread = kind != PTRACE_EVENT_FORK && is_in_group(t->tgid, child);
	ev->flags = clone_flags(kind, ev->is_thread);
	tracee_announce(tr, child, ev->is_thread ? t->tgid : child)->sees_all = t->sees_all;
	return true;
}

/*
 * A thread that execs ends all others and becomes the leader: T is the leader's tid, the caller was another. The call
 * it is in moves with it. The leader's own death is never told.
 */
static void supersede(struct tracer *tr, struct tracee *t, struct tracee *caller)
{
	t->tgid = t->tid;
	t->is_in_call = caller->is_in_call;
	t->abi = caller->abi;
	t->nr = caller->nr;
	memcpy(t->args, caller->args, sizeof(t->args));
	tracee_remove(tr, caller);
}

static bool on_exec(struct tracer *tr, struct tracee *t, struct event *ev)
{
	pid_t former = stop_message(t->tid);
	struct tracee *caller = former > 0 && former != t->tid ? tracee_get(tr, former) : NULL;
	if (caller) {
		supersede(tr, t, caller);
		ev->other = former;
	}
	bool is_first = t->tid == tr->command && !t->has_execed;
	t->has_execed = true;
	t->is_starting = false;
	ev->kind = EVENT_EXEC;
	if (tr->detaches_on_exec && !is_first) {
		ev->is_detached = true;
		t->how = RESUME_DETACH;
	}
	return true;
}

/* ---- signals and group-stops ---- */

static bool on_signal(struct tracee *t, int sig, struct event *ev)
{
	t->signo = sig;
	struct __ptrace_syscall_info info = {0};
	if (ptrace(PTRACE_GET_SYSCALL_INFO, t->tid, (void *)sizeof(info), &info) > 0)
		ev->ip = info.instruction_pointer;
	ev->kind = EVENT_SIGNAL;
	ev->has_si = ptrace(PTRACE_GETSIGINFO, t->tid, NULL, &ev->si) == 0;
	if (!ev->has_si)
		ev->si.si_signo = sig;
	return !t->is_starting;
}

static bool on_ptrace_stop(struct tracee *t, int sig, struct event *ev)
{
	bool was_listening = t->is_listening;
	t->is_listening = false;
	if (sig == SIGTRAP) {
		ev->kind = EVENT_CONT;
		return was_listening && !t->is_starting;
	}
	t->how = RESUME_LISTEN;
	ev->kind = EVENT_STOP;
	ev->si.si_signo = sig;
	return !t->is_starting;
}

static bool on_stopped(struct tracer *tr, struct tracee *t, const struct stop *s, struct event *ev)
{
	int kind = s->status >> EVENT_SHIFT;
	int sig = WSTOPSIG(s->status);
	switch (kind) {
	case 0:
		return sig == CALL_STOP ? on_call(tr, t, s, ev) : on_signal(t, sig, ev);
	case PTRACE_EVENT_SECCOMP:
		return on_call(tr, t, s, ev);
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		return on_birth(tr, t, kind, ev);
	case PTRACE_EVENT_EXIT:
		ev->kind = EVENT_DYING;
		return !t->is_starting;
	case PTRACE_EVENT_EXEC:
		return on_exec(tr, t, ev);
	case PTRACE_EVENT_STOP:
		return on_ptrace_stop(t, sig, ev);
	default:
		return false;
	}
}

static bool on_death(struct tracer *tr, struct tracee *t, const struct stop *s, struct event *ev)
{
	ev->kind = EVENT_DEATH;
	ev->status = s->status;
	ev->mem = NULL;
	tracee_remove(tr, t);
	return true;
}

/* Found running: this is told first, then the stop is served again. */
static bool on_attached(struct tracer *tr, struct tracee *t, const struct stop *s, struct event *ev)
{
	t->is_fresh = false;
	t->how = RESUME_NONE;
	queue_push_front(&tr->queue, s);
	ev->kind = EVENT_ATTACH;
	ev->is_thread = t->tid != t->tgid;
	ev->nthreads = t->nthreads;
	return true;
}

/* An exec may come under a tid that isn't traced: that of a leader, when only another thread was attached to. */
static struct tracee *find_or_take(struct tracer *tr, const struct stop *s)
{
	struct tracee *t = tracee_get(tr, s->tid);
	if (t || s->status >> 8 != (SIGTRAP | PTRACE_EVENT_EXEC << 8))
		return t;
	return tracee_add(tr, s->tid, s->tid);
}

bool stop_serve(struct tracer *tr, const struct stop *s, struct event *ret_event)
{
	struct tracee *t = find_or_take(tr, s);
	if (!t || t->is_held) {
		tracee_hold(tr, t, s);
		return false;
	}
	*ret_event =
	    (struct event){.tid = t->tid, .tgid = t->tgid, .mono = s->mono, .wall = s->wall, .stime = s->stime, .abi = t->abi, .nr = t->nr, .mem = &t->mem};
	if (!WIFSTOPPED(s->status))
		return on_death(tr, t, s, ret_event);
	t->is_stopped = true;
	t->status = s->status;
	t->how = RESUME_RUN;
	t->signo = 0;
	if (t->is_fresh && !t->is_starting)
		return on_attached(tr, t, s, ret_event);
	if (on_stopped(tr, t, s, ret_event))
		return true;
	tracee_resume(tr, t);
	return false;
}
