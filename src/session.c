/*
 * The way of an event: one function for each kind, in the table `handlers`. A call is decoded at entry and at exit; in
 * between its values wait in the task.
 */
#include "session.h"

#include "base/diag.h"
#include "capture/arch.h"
#include "capture/ptrace.h"
#include "decode/decode.h"
#include "decode/dump.h"
#include "state/pidns.h"

#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

static const struct ofd *ask_fd(void *ctx, int fd)
{
	struct session *s = ctx;
	return task_hold_fd(&s->state, s->task, fd);
}

static const char *ask_genl_family(void *ctx, unsigned id)
{
	struct session *s = ctx;
	return genl_family_name(&s->genl, id);
}

static int ask_protocol(void *ctx, int fd)
{
	struct session *s = ctx;
	const struct ofd *o = task_fd(&s->state, s->task, fd);
	bool is_other = o && o->kind != FD_UNKNOWN && (o->kind != FD_SOCKET || (o->domain >= 0 && o->domain != AF_NETLINK));
	if (is_other || fd < 0)
		return NETLINK_NOT_A_SOCKET;
	return netlink_protocol(&s->netlink, s->task->tid, fd, o && o->protocol >= 0 ? o->protocol : NETLINK_UNKNOWN);
}

static const char *ask_interface(struct arena *arena, unsigned index)
{
	char name[IF_NAMESIZE];
	return if_indextoname(index, name) ? arena_dup(arena, name, strlen(name)) : NULL;
}

static const char *comm_of(void *ctx, pid_t pid)
{
	struct session *s = ctx;
	struct task *task = task_get(&s->state, pid);
	if (task)
		return task_comm(task);
	return task_read_comm(pid, s->comm) ? s->comm : NULL;
}

static pid_t our_pid(void *ctx, pid_t pid)
{
	const struct session *s = ctx;
	return s->task ? pidns_ours(s->task->tid, pid) : 0;
}

static struct decode_env env_of(struct session *s, const struct event *ev, bool asks_fds)
{
	bool is_shown = sinks_show_strings(s->sinks); /* else nobody wants what buffers hold, but all their lengths */
	return (struct decode_env){
	    .fd = asks_fds && s->state.is_following_fds ? ask_fd : NULL,
	    .socket_protocol = ask_protocol,
	    .genl_family = ask_genl_family,
	    .interface = ask_interface,
	    .ctx = s,
	    .string_limit = is_shown ? s->options->string_limit : 0,
	    .is_verbose = !is_shown || !filter_look(s->filter, FILTER_ABBREV, (enum abi)ev->abi, ev->nr),
	};
}

/*
 * Lets the task go on. Once what a call holds is decoded nothing asks for its memory any more, so it can run while the
 * sinks write; but where they write to what it writes to as well, a line must be out before the call has its effect.
 */
void session_release(struct session *s, const struct event *ev)
{
	if (!s->is_released)
		s->engine->ops->resume(s->engine, ev);
	s->is_released = true;
}

static void release_early(struct session *s, const struct event *ev)
{
	if (!sinks_are_watched(s->sinks))
		session_release(s, ev);
}

/* Where a call works on a descriptor, its category is that of what the descriptor is. */
static uint8_t resolve_category(const struct call *call)
{
	uint8_t stated = call->decl ? call->decl->category : CATEGORY_INFO;
	if (stated == CATEGORY_PROCESS || stated == CATEGORY_INFO)
		return stated;
	for (const struct val *v = call->args; v; v = v->next)
		if (v->kind == VAL_INT && v->role == ROLE_FD)
			return v->ofd ? ofd_category(v->ofd, stated) : stated;
	return stated;
}

static void take_stack(struct session *s, struct task *task, const struct event *ev)
{
	task->stack = s->stacks && !task->is_silent ? stacks_take(s->stacks, task, ev) : NULL;
	if (!task->is_silent && !filter_caller_matches(s->filter, task->stack))
		task->is_silent = true;
}

/* Nobody waits for the call's result: its record is written without one. */
static void finish_unseen(struct session *s, struct task *task, const struct event *ev)
{
	task->is_in_call = false;
	if (task->is_silent)
		return;
	task->call.seq = s->next_seq++;
	task->call.category = resolve_category(&task->call);
	task->call.exit_mono = ev->mono;
	task->call.exit_wall = ev->wall;
	task->call.is_entry_only = true;
	sinks_exit(s->sinks, task, &task->call);
}

/* Calls by another ABI than the task's last are told before the first of them. */
static void see_abi(struct session *s, struct task *task, const struct event *ev)
{
	if (task->abi == (enum abi)ev->abi)
		return;
	task->abi = (enum abi)ev->abi;
	struct event change = *ev;
	change.kind = EVENT_ABI;
	sinks_event(s->sinks, task, &change);
}

static void on_entry(struct session *s, struct task *task, struct event *ev)
{
	see_abi(s, task, ev);
	task_begin_call(task);
	task->is_in_call = true;
	if (s->tamper)
		tamper_entry(s->tamper, task, ev);
	bool is_wanted = filter_call_wanted(s->filter, (enum abi)ev->abi, ev->nr);
	task->is_silent = !is_wanted;
	bool is_needed = stops_are_needed(s->stops, (enum abi)ev->abi, ev->nr);
	task->is_decoded = is_wanted || is_needed;
	if (!task->is_decoded)
		return;
	struct decode_env env = env_of(s, ev, true);
	env.is_bare = !is_needed && !sinks_need_values(s->sinks) && !filter_needs_values(s->filter);
	decode_entry(&task->call, ev, &task->arena, &env);
	state_annotate(&s->state, task, &task->call);
	state_take_usage(&s->state, task, &task->call);
	task->call.seq = UINT64_MAX;
	task->call.is_raw = filter_look(s->filter, FILTER_RAW, (enum abi)ev->abi, ev->nr);
	task->call.is_opaque = !filter_look(s->filter, FILTER_VERBOSE, (enum abi)ev->abi, ev->nr);
	task->call.category = resolve_category(&task->call);
	if (is_wanted && filter_needs_values(s->filter) && !filter_call_matches(s->filter, &task->call))
		task->is_silent = true;
	take_stack(s, task, ev);
	bool is_last = s->options->is_entry_only && !is_needed && !task->tampering;
	ev->is_last = is_last;
	release_early(s, ev);
	if (!task->is_silent && !filter_needs_result(s->filter))
		sinks_entry(s->sinks, task, &task->call);
	if (is_last)
		finish_unseen(s, task, ev);
}

/* Has the call just installed a seccomp filter of the command's own? */
static bool installs_filter(const struct call *call)
{
	for (unsigned i = 0; call->decl && !call->has_failed && i < call->decl->neffects; i++)
		if (desc_effects[call->decl->first_effect + i].verb == VERB_filter)
			return true;
	return false;
}

static enum filter_result result_of(const struct call *call)
{
	return !call->is_ret_known ? FILTER_UNAVAILABLE : call->has_failed ? FILTER_FAILED : FILTER_SUCCESSFUL;
}

/* Has the call moved data that -e read= or -e write= asks for? */
static bool is_dumped(const struct filter *filter, const struct call *call)
{
	for (unsigned i = 0; call->decl && !call->has_failed && i < call->decl->neffects; i++) {
		const struct desc_effect *e = &desc_effects[call->decl->first_effect + i];
		bool is_read = e->verb == VERB_read || e->verb == VERB_pread;
		bool is_write = e->verb == VERB_write || e->verb == VERB_pwrite;
		if ((is_read || is_write) &&
		    filter_dumps(filter, is_read ? FILTER_READ : FILTER_WRITTEN, (int)decode_effect_value(call, e->args[0])))
			return true;
	}
	return false;
}

static void on_exit_(struct session *s, struct task *task, struct event *ev)
{
	uint8_t tampered = tamper_exit(task, ev);
	if (!task->is_in_call || !task->is_decoded) {
		task->is_in_call = false;
		return;
	}
	const struct decode_env env = env_of(s, ev, false);
	task->call.seq = s->next_seq;
	decode_exit(&task->call, ev, &task->arena, &env);
	task->call.tampered = tampered;
	bool has_happened = !(tampered & TAMPERED_RESULT);
	if (has_happened)
		state_apply(&s->state, task, &task->call);
	if (has_happened && s->stacks)
		stacks_apply(s->stacks, task, &task->call);
	if (ptrace_has_filter(s->engine) && installs_filter(&task->call))
		ptrace_see_all(s->engine, task->tid);
	task->is_in_call = false;
	if (task->is_silent)
		return;
	if (s->stacks && !task->stack)
		task->stack = stacks_take(s->stacks, task, ev);
	state_annotate(&s->state, task, &task->call);
	task->call.category = resolve_category(&task->call);
	if (filter_needs_result(s->filter)) {
		if (!filter_result_matches(s->filter, &task->call, result_of(&task->call)))
			return;
		sinks_entry(s->sinks, task, &task->call);
	}
	s->next_seq++;
	task->call.dump = is_dumped(s->filter, &task->call) ? decode_dump(&task->call, ev, &task->arena) : NULL;
	release_early(s, ev);
	sinks_exit(s->sinks, task, &task->call);
	s->is_over = s->next_seq == s->options->call_limit;
}

static void on_signal(struct session *s, struct task *task, struct event *ev)
{
	bool is_wanted = filter_signal_wanted(s->filter, ev->si.si_signo);
	task->stack = is_wanted && s->options->stack_level ? stacks_take(s->stacks, task, ev) : NULL;
	if (is_wanted)
		sinks_event(s->sinks, task, ev);
}

static void on_fork(struct session *s, struct task *task, struct event *ev)
{
	uint64_t flags = ev->flags | (task->is_in_call && task->is_decoded ? state_fork_flags(&task->call) : 0);
	if (!task_get(&s->state, ev->other))
		sinks_task(s->sinks, task_fork(&s->state, task, ev->other, flags, ev->is_thread), true);
	sinks_event(s->sinks, task, ev);
}

/* The task will not return from the call that it is in: its record is written without a result. */
static void end_call(struct session *s, struct task *task, const struct event *ev)
{
	bool is_shown = task->is_in_call && task->is_decoded && !task->is_silent;
	task->is_in_call = false;
	if (is_shown && filter_needs_result(s->filter)) {
		is_shown = filter_result_matches(s->filter, &task->call, FILTER_UNFINISHED);
		if (is_shown)
			sinks_entry(s->sinks, task, &task->call);
	}
	if (!is_shown)
		return;
	task->call.seq = s->next_seq++;
	task->call.category = resolve_category(&task->call);
	task->call.exit_mono = ev->mono;
	task->call.exit_wall = ev->wall;
	state_look(&s->state, task);
	struct event dying = *ev;
	dying.kind = EVENT_DYING;
	sinks_event(s->sinks, task, &dying);
}

static void on_dying(struct session *s, struct task *task, struct event *ev)
{
	end_call(s, task, ev);
}

static void on_exec(struct session *s, struct task *task, struct event *ev)
{
	if (ev->other && ev->other != ev->tid)
		end_call(s, task, ev); /* the former leader's */
	sinks_event(s->sinks, task, ev);
	if (ev->other && ev->other != ev->tid) {
		struct task *caller = task_get(&s->state, ev->other);
		if (caller) {
			sinks_task(s->sinks, task, false);
			task_supersede(&s->state, caller, ev->tid);
			task = caller;
		}
	}
	task_exec(&s->state, task);
	if (s->stacks)
		stacks_exec(s->stacks, task->process);
	if (task->tid == s->first && !s->has_started)
		task->stack = NULL; /* our own */
	s->has_started |= task->tid == s->first;
	if (ev->is_detached) {
		sinks_task(s->sinks, task, false);
		task_remove(&s->state, task);
	}
}

static void on_death(struct session *s, struct task *task, struct event *ev)
{
	if (ev->tid == s->first)
		s->status = ev->status;
	end_call(s, task, ev);
	task->hides_death = WIFSIGNALED(ev->status) && !filter_signal_wanted(s->filter, WTERMSIG(ev->status));
	sinks_event(s->sinks, task, ev);
	sinks_task(s->sinks, task, false);
	if (s->stacks && task->process->refs == 1)
		stacks_forget(s->stacks, task->process);
	task_remove(&s->state, task);
}

static void on_stop(struct session *s, struct task *task, struct event *ev)
{
	if (filter_signal_wanted(s->filter, ev->si.si_signo))
		sinks_event(s->sinks, task, ev);
}

static void on_other(struct session *s, struct task *task, struct event *ev)
{
	sinks_event(s->sinks, task, ev);
}

static void (*const handlers[])(struct session *s, struct task *task, struct event *ev) = {
    [EVENT_ENTRY] = on_entry,   [EVENT_EXIT] = on_exit_, [EVENT_SIGNAL] = on_signal, [EVENT_STOP] = on_stop,   [EVENT_DYING] = on_dying,
    [EVENT_CONT] = on_other,    [EVENT_EXEC] = on_exec,  [EVENT_FORK] = on_fork,     [EVENT_DEATH] = on_death,
    [EVENT_ATTACH] = on_other,  [EVENT_GAP] = on_other,
};

void session_handle(struct session *s, struct event *ev)
{
	s->is_released = false;
	if (s->options->is_debugging)
		diag("event %d of task %d, call %lld", (int)ev->kind, ev->tid, (long long)ev->nr);
	struct task *task = task_get(&s->state, ev->tid);
	if (!task) {
		task = task_add(&s->state, ev->tid, ev->tgid ? ev->tgid : ev->tid);
		task->abi = (enum abi)arch_native;
		sinks_task(s->sinks, task, true);
	}
	s->task = task;
	handlers[ev->kind](s, task, ev);
}

struct text_names_of session_names(struct session *s)
{
	return (struct text_names_of){.comm = comm_of, .ours = our_pid, .ctx = s};
}
