/*
 * Processes: programs they ran, what they used, how long they waited and for what. A process is read from /proc as it
 * is about to exit, while it stands still: nothing of it is lost then.
 */
#include "sink/profile_parts.h"

#include "base/xalloc.h"
#include "state/task.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

const char *const wait_names[WAITS] = {"file", "pipe", "socket", "device", "poll", "child", "thread", "lock", "sleep"};

static size_t count_open(const struct fd_table *t)
{
	size_t n = 0;
	for (size_t i = 0; i < t->n; i++)
		n += t->slots[i].ofd != NULL;
	return n;
}

static struct proc *add(struct profile *p, const struct task *task)
{
	struct proc *q = xcalloc(1, sizeof(*q));
	q->id = task->process->id;
	q->pid = task->process->pid;
	q->born = p->end;
	q->last_close = -2;
	q->doubtful_fd = -1;
	q->open_now = q->open_most = q->inherited = count_open(task->fds);
	map_put(&p->procs, q->id, q);
	if (p->last_proc)
		p->last_proc->next = q;
	else
		p->first_proc = q;
	return p->last_proc = q;
}

struct proc *proc_of(struct profile *p, const struct task *task)
{
	struct proc *q = map_get(&p->procs, task->process->id);
	return q ? q : add(p, task);
}

const char *proc_line(const struct proc *q)
{
	if (q->nprograms && q->programs[q->nprograms - 1].line)
		return q->programs[q->nprograms - 1].line;
	return q->parent && !q->comm[0] ? proc_line(q->parent) : q->comm;
}

void proc_opened(struct profile *p, const struct task *task, struct proc *q, int by)
{
	q->open_now = by < 0 && !q->open_now ? 0 : q->open_now + (uint64_t)(int64_t)by;
	series_max(&q->open_series, p->end, 0, q->open_now);
	if (q->open_now <= q->open_most)
		return;
	q->open_most = q->open_now;
	q->limit = usage_fd_limit(task->process->pid); /* the process may change it */
}

static void take_comm(struct proc *q, const struct task *task)
{
	snprintf(q->comm, sizeof(q->comm), "%s", task_comm((struct task *)task));
}

static void add_program(struct proc *q, const struct task *task, uint64_t seq, uint64_t at)
{
	q->programs = xgrow(q->programs, q->nprograms + 1, sizeof(*q->programs));
	char *line = usage_command(task->process->pid);
	q->programs[q->nprograms++] = (struct program){.line = line, .seq = seq, .at = at};
}

static struct thread *thread_of(const struct proc *q, pid_t tid)
{
	for (unsigned i = q->nthreads; i-- > 0;)
		if (q->thread[i].tid == tid && !q->thread[i].died)
			return &q->thread[i];
	return NULL;
}

static void add_thread(struct proc *q, pid_t tid, uint64_t at)
{
	if (q->nthreads == THREADS_KEPT)
		return;
	q->thread = xgrow(q->thread, q->nthreads + 1, sizeof(*q->thread));
	q->thread[q->nthreads++] = (struct thread){.tid = tid, .born = at};
}

static void end_thread(const struct proc *q, const struct task *task, uint64_t at)
{
	struct thread *t = thread_of(q, task->tid);
	if (!t)
		return;
	t->died = at;
	t->cpu_ns = task->cpu_ns;
	snprintf(t->comm, sizeof(t->comm), "%.15s", task->comm);
}

void proc_task(struct profile *p, struct task *task, bool is_born)
{
	if (is_born) {
		bool is_new = !map_get(&p->procs, task->process->id);
		struct proc *q = proc_of(p, task);
		map_put(&p->tasks, (uint64_t)task->tid, task);
		q->threads++;
		add_thread(q, task->tid, p->end);
		q->tasks++;
		q->most_tasks = q->tasks > q->most_tasks ? q->tasks : q->most_tasks;
		if (is_new)
			q->limit = usage_fd_limit(q->pid);
		return;
	}
	struct proc *q = proc_of(p, task);
	map_remove(&p->tasks, (uint64_t)task->tid);
	end_thread(q, task, p->end);
	q->tasks -= q->tasks > 0;
	if (!q->tasks)
		q->died = p->end;
	lives_exit(p, task, q, p->end);
}

static void on_fork(struct profile *p, const struct task *task, const struct event *ev)
{
	const struct task *child = map_get(&p->tasks, (uint64_t)ev->other);
	if (!child || ev->is_thread)
		return;
	struct proc *q = proc_of(p, child);
	q->parent = proc_of(p, task);
	q->parent->forks++;
	memcpy(q->comm, q->parent->comm, sizeof(q->comm));
	lives_fork(p, child);
}

/* Signals that may be the end: what it used is read while it is there. */
static bool may_kill(int signo)
{
	static const int deadly[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGPIPE, SIGSYS, SIGXCPU, SIGXFSZ};
	for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++)
		if (deadly[i] == signo)
			return true;
	return false;
}

static void on_death(struct profile *p, const struct task *task, const struct event *ev)
{
	struct proc *q = proc_of(p, task);
	if (ev->tid != q->pid)
		return;
	q->status = ev->status;
	q->has_status = true;
	q->usage = task->process->usage;
	if (!q->usage.has_stat)
		usage_read(q->pid, &q->usage);
}

static void on_attach(struct profile *p, const struct task *task, const struct event *ev)
{
	struct proc *q = proc_of(p, task);
	take_comm(q, task);
	q->is_attached |= !ev->is_command;
	if (!ev->is_command && !q->nprograms) {
		usage_read(q->pid, &q->base);
		add_program(q, task, UINT64_MAX, ev->mono);
	}
}

void proc_event(struct profile *p, const struct task *task, const struct event *ev)
{
	struct proc *q = proc_of(p, task);
	switch (ev->kind) {
	case EVENT_FORK:
		on_fork(p, task, ev);
		break;
	case EVENT_EXEC:
		add_program(q, task, UINT64_MAX, ev->mono);
		lives_exec(p, task, q, ev);
		break;
	case EVENT_SIGNAL:
		if (may_kill(ev->si.si_signo))
			usage_read(q->pid, &task->process->usage);
		break;
	case EVENT_DEATH:
		on_death(p, task, ev);
		break;
	case EVENT_DYING:
		proc_unfinished(p, task, ev->mono);
		break;
	case EVENT_ATTACH:
		on_attach(p, task, ev);
		break;
	default:
		break;
	}
}

static enum wait wait_on(const struct ofd *o)
{
	switch (o ? o->kind : FD_UNKNOWN) {
	case FD_PIPE:
		return WAIT_PIPE;
	case FD_SOCKET:
		return WAIT_SOCKET;
	case FD_CHAR:
		return WAIT_DEVICE;
	case FD_ANON:
		return WAIT_POLL;
	default:
		return WAIT_FILE;
	}
}

/* What a call that did ACT may have waited for; WAITS: nothing. */
static enum wait wait_of(const struct act *act)
{
	switch (act->verb) {
	case VERB_read:
	case VERB_write:
	case VERB_pread:
	case VERB_pwrite:
	case VERB_copy:
	case VERB_tee:
	case VERB_readdir:
	case VERB_sync:
	case VERB_connect:
	case VERB_accept:
		return wait_on(act->verb == VERB_accept ? act->other : act->ofd);
	case VERB_poll:
		return WAIT_POLL;
	case VERB_reap:
		return WAIT_CHILD;
	case VERB_block:
		return WAIT_THREAD;
	case VERB_lock:
		return WAIT_LOCK;
	case VERB_sleep:
		return WAIT_SLEEP;
	default:
		return WAITS;
	}
}

/* The new program runs: its name, and the number of the call that started it. */
static void finish_exec(struct profile *p, struct proc *q, const struct task *task, const struct call *call)
{
	if (call->has_failed || !q->nprograms)
		return;
	struct program *program = &q->programs[q->nprograms - 1];
	program->seq = call->seq;
	program->path = task->acts->path ? xstrdup(task->acts->path) : NULL;
	if (!program->path)
		return;
	const char *slash = strrchr(program->path, '/');
	snprintf(q->comm, sizeof(q->comm), "%.15s", slash ? slash + 1 : program->path);
	file_of_path(p, program->path)->is_executed = true;
}

/* What a poll waited for, where it is a single descriptor. */
static const struct ofd *polled(const struct val *what)
{
	const struct val *v = what && what->kind == VAL_PTR ? what->child : what;
	if (v && v->kind == VAL_ARRAY)
		v = v->child && !v->child->next ? v->child->child : NULL;
	return v && v->kind == VAL_INT && v->role == ROLE_FD ? v->ofd : NULL;
}

/* A call that did ACT took NS. */
static void add_wait(struct profile *p, const struct task *task, struct proc *q, const struct act *act, struct mark at, uint64_t ns)
{
	enum wait w = wait_of(act);
	if (w == WAITS)
		return;
	q->waited += w == WAIT_CHILD || w == WAIT_THREAD || w == WAIT_SLEEP || w == WAIT_LOCK;
	struct wait_sum *sum = &q->waits[w];
	sum->ns += ns;
	sum->n++;
	struct thread *thread = thread_of(q, task->tid);
	if (thread)
		thread->waited_ns += ns;
	if (ns < sum->longest)
		return;
	sum->longest = ns;
	sum->longest_seq = at.seq;
	sum->longest_pid = w == WAIT_CHILD ? (pid_t)act->number : 0;
	const struct ofd *o = act->verb == VERB_accept ? act->other : act->verb == VERB_poll ? polled(act->what) : act->ofd;
	sum->longest_file = o ? life_of(p, o)->file : NULL;
}

void proc_call(struct profile *p, const struct task *task, struct proc *q, const struct call *call)
{
	q->calls++;
	q->errors += call->has_failed;
	struct thread *thread = thread_of(q, task->tid);
	if (thread) {
		thread->calls++;
		thread->errors += call->has_failed;
	}
	const struct act *act = task->acts;
	if (act && act->verb == VERB_exec)
		finish_exec(p, q, task, call);
	if (act)
		add_wait(p, task, q, act, (struct mark){call->seq, task->stack}, call->exit_mono - call->entry_mono);
}

void proc_unfinished(struct profile *p, const struct task *task, uint64_t end)
{
	const struct call *call = &task->call;
	if (task->acts && end > call->entry_mono)
		add_wait(p, task, proc_of(p, task), task->acts, (struct mark){call->seq, task->stack}, end - call->entry_mono);
}

void procs_free(struct profile *p)
{
	for (struct proc *q = p->first_proc, *next; q; q = next) {
		next = q->next;
		for (size_t i = 0; i < q->nprograms; i++) {
			free(q->programs[i].path);
			free(q->programs[i].line);
		}
		free(q->programs);
		free(q->thread);
		free(q->open_series.v);
		free(q->closed_seq);
		free(q->carried);
		habits_free(q);
		free(q);
	}
	map_free(&p->procs);
	map_free(&p->tasks);
}
