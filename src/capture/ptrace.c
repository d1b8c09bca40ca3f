/*
 * The ptrace engine. Stops are drained from wait4 into a queue before any task is served twice, so that a noisy thread
 * starves nobody. Each stop costs one PTRACE_GET_SYSCALL_INFO and one resume; nothing is allocated and no /proc is read
 * between. Any request may fail with ESRCH at any time: the task is being killed, and its death is the next stop.
 */
#include "capture/ptrace.h"

#include "base/diag.h"
#include "base/map.h"
#include "base/xalloc.h"
#include "capture/attach.h"
#include "capture/spawn.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SYSCALL_STOP = SIGTRAP | 0x80, QUEUE_FIRST = 64 };

struct tracee {
	pid_t tid;
	pid_t tgid;
	bool is_known;     /* its birth was told; else its first stop waits in `held` */
	bool is_attached;  /* seized while it ran, rather than born under trace */
	bool is_new;       /* its first stop is the attach itself */
	bool is_in_call;   /* the last call stop was an entry */
	bool is_quiet;     /* the command before its exec: our own doing, not shown */
	bool is_stopped;   /* stands still in a ptrace stop */
	bool is_listening; /* in a group-stop, PTRACE_LISTEN */
	int held;          /* wait status to be served when its birth is told, -1 = none */
	int inject;        /* signal to hand over with the next resume */
	struct mem mem;
	int abi;           /* of the call it is in */
	uint64_t nr;
	uint64_t args[6];
};

struct stop {
	pid_t tid;
	int status;
};

struct ptrace_engine {
	struct engine engine;
	struct map tracees;
	struct stop *queue; /* ring */
	size_t head, n, cap;
	long options;
	bool follow;
	pid_t command;
	int gate;           /* closing it lets the command exec; -1 = done */
	size_t alive;
};

static struct ptrace_engine *of(struct engine *e)
{
	return (struct ptrace_engine *)e;
}

static struct tracee *get(struct ptrace_engine *p, pid_t tid)
{
	return map_get(&p->tracees, (uint64_t)tid);
}

static uint64_t now(clockid_t clock)
{
	struct timespec ts;
	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * 1000000000U + (uint64_t)ts.tv_nsec;
}

/* ---- memory ---- */

static size_t read_by_file(pid_t tid, uint64_t addr, void *dst, size_t n)
{
	char name[64];
	snprintf(name, sizeof(name), "/proc/%d/mem", tid);
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	ssize_t got = pread(fd, dst, n, (off_t)addr);
	close(fd);
	return got > 0 ? (size_t)got : 0;
}

static size_t read_memory(struct mem *mem, uint64_t addr, void *dst, size_t n)
{
	struct iovec local = {dst, n};
	struct iovec remote = {(void *)(uintptr_t)addr, n}; /* NOLINT: an address of the tracee */
	ssize_t got = process_vm_readv(mem->tid, &local, 1, &remote, 1, 0);
	if (got >= 0)
		return (size_t)got;
	return errno == EFAULT || errno == ESRCH ? 0 : read_by_file(mem->tid, addr, dst, n);
}

/* ---- tracees ---- */

static struct tracee *add(struct ptrace_engine *p, pid_t tid)
{
	struct tracee *t = xcalloc(1, sizeof(*t));
	t->tid = tid;
	t->held = -1;
	t->is_new = true;
	t->mem = (struct mem){.read = read_memory, .engine = p, .tid = tid};
	map_put(&p->tracees, (uint64_t)tid, t);
	p->alive++;
	return t;
}

static void drop(struct ptrace_engine *p, struct tracee *t)
{
	map_remove(&p->tracees, (uint64_t)t->tid);
	free(t);
	p->alive--;
}

static void push(struct ptrace_engine *p, pid_t tid, int status)
{
	if (p->n == p->cap) {
		size_t cap = p->cap ? p->cap * 2 : QUEUE_FIRST;
		struct stop *queue = xcalloc(cap, sizeof(*queue));
		for (size_t i = 0; i < p->n; i++)
			queue[i] = p->queue[(p->head + i) % p->cap];
		free(p->queue);
		p->queue = queue;
		p->cap = cap;
		p->head = 0;
	}
	p->queue[(p->head + p->n++) % p->cap] = (struct stop){tid, status};
}

static struct stop pop(struct ptrace_engine *p)
{
	struct stop s = p->queue[p->head];
	p->head = (p->head + 1) % p->cap;
	p->n--;
	return s;
}

static void restart(struct tracee *t, enum __ptrace_request how)
{
	int sig = t->inject;
	t->inject = 0;
	t->is_stopped = false;
	ptrace(how, t->tid, NULL, (void *)(long)sig); /* ESRCH: its death is on the way */
}

/* ---- stops to events; each returns whether there is something to tell ---- */

static bool on_call(struct tracee *t, struct event *ev)
{
	struct __ptrace_syscall_info info;
	if (ptrace(PTRACE_GET_SYSCALL_INFO, t->tid, (void *)sizeof(info), &info) <= 0)
		return false;
	ev->ip = info.instruction_pointer;
	ev->sp = info.stack_pointer;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
		t->is_in_call = true;
		t->nr = info.entry.nr;
		t->abi = ptrace_abi(info.arch, &t->nr);
		memcpy(t->args, info.entry.args, sizeof(t->args));
		ev->kind = EVENT_ENTRY;
	} else if (info.op == PTRACE_SYSCALL_INFO_EXIT && t->is_in_call) {
		t->is_in_call = false;
		ev->kind = EVENT_EXIT;
		ev->ret = info.exit.rval;
		ev->is_error = info.exit.is_error;
	} else {
		return false; /* an exit whose entry was before the attach, or one seen twice */
	}
	ev->abi = t->abi;
	ev->nr = t->nr;
	memcpy(ev->args, t->args, sizeof(ev->args));
	if (t->is_quiet && ev->kind == EVENT_ENTRY && t->nr == SYS_execve)
		t->is_quiet = false;
	return !t->is_quiet;
}

static bool on_birth(struct ptrace_engine *p, struct tracee *t, struct event *ev)
{
	unsigned long child = 0;
	if (ptrace(PTRACE_GETEVENTMSG, t->tid, NULL, &child) < 0 || !child)
		return false;
	struct tracee *c = get(p, (pid_t)child);
	if (!c)
		c = add(p, (pid_t)child);
	pid_t tgid = attach_tgid((pid_t)child);
	c->tgid = tgid ? tgid : (pid_t)child;
	c->is_known = true;
	if (c->held >= 0)
		push(p, c->tid, c->held);
	c->held = -1;
	ev->kind = EVENT_FORK;
	ev->other = (pid_t)child;
	ev->is_thread = c->tgid == t->tgid;
	return true;
}

/* The caller of execve takes over the leader's tid; every other thread is gone, some without a word. */
static bool on_exec(struct ptrace_engine *p, struct tracee *t, struct event *ev)
{
	unsigned long old = 0;
	ptrace(PTRACE_GETEVENTMSG, t->tid, NULL, &old);
	ev->kind = EVENT_EXEC;
	struct tracee *caller = old && (pid_t)old != t->tid ? get(p, (pid_t)old) : NULL;
	if (caller) {
		ev->other = (pid_t)old;
		t->is_in_call = true;
		t->abi = caller->abi;
		t->nr = caller->nr;
		memcpy(t->args, caller->args, sizeof(t->args));
		drop(p, caller);
	}
	return true;
}

static bool on_ptrace_stop(struct tracee *t, int sig, struct event *ev)
{
	if (sig == SIGTRAP) {
		bool tells = t->is_new && t->is_attached;
		t->is_new = false;
		t->is_listening = false;
		ev->kind = EVENT_ATTACH;
		return tells;
	}
	t->is_new = false;
	t->is_listening = true;
	ev->kind = EVENT_STOP;
	ev->si.si_signo = sig;
	return true;
}

static bool on_signal(struct tracee *t, int sig, struct event *ev)
{
	ev->kind = EVENT_SIGNAL;
	ev->has_si = ptrace(PTRACE_GETSIGINFO, t->tid, NULL, &ev->si) == 0;
	if (!ev->has_si)
		ev->si.si_signo = sig;
	t->inject = sig;
	return true;
}

static bool on_stopped(struct ptrace_engine *p, struct tracee *t, int status, struct event *ev)
{
	int sig = WSTOPSIG(status);
	switch (status >> 16) {
	case 0:
		return sig == SYSCALL_STOP ? on_call(t, ev) : on_signal(t, sig, ev);
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		return on_birth(p, t, ev);
	case PTRACE_EVENT_EXEC:
		return on_exec(p, t, ev);
	case PTRACE_EVENT_STOP:
		return on_ptrace_stop(t, sig, ev);
	default:
		return false;
	}
}

/* What a stop means. False: nothing to tell, the task goes on already (or waits for its birth to be told). */
static bool interpret(struct ptrace_engine *p, struct stop s, struct event *ev)
{
	struct tracee *t = get(p, s.tid);
	*ev = (struct event){.tid = s.tid, .mono = now(CLOCK_MONOTONIC), .wall = now(CLOCK_REALTIME), .abi = -1};
	if (!WIFSTOPPED(s.status)) {
		if (!t)
			return false; /* died unborn, or vanished in an exec */
		ev->kind = EVENT_DEATH;
		ev->status = s.status;
		ev->tgid = t->tgid;
		drop(p, t);
		return true;
	}
	if (!t)
		t = add(p, s.tid);
	if (!t->is_known) {
		t->held = s.status;
		return false;
	}
	t->is_stopped = true;
	ev->mem = &t->mem;
	ev->tgid = t->tgid;
	if (on_stopped(p, t, s.status, ev) && !t->is_quiet)
		return true;
	restart(t, t->is_listening ? PTRACE_LISTEN : PTRACE_SYSCALL);
	return false;
}

/* Takes all stops that are there; waits for one where MAY_BLOCK. 0, -EINTR, or -ECHILD: nobody is left. */
static int drain(struct ptrace_engine *p, bool may_block)
{
	for (;;) {
		int status = 0;
		pid_t tid = wait4(-1, &status, __WALL | (may_block && !p->n ? 0 : WNOHANG), NULL);
		if (tid > 0)
			push(p, tid, status);
		else if (tid == 0 || p->n)
			return 0;
		else
			return -errno;
	}
}

static int next(struct engine *e, int timeout_ms, struct event *ret_event)
{
	struct ptrace_engine *p = of(e);
	for (;;) {
		while (p->n)
			if (interpret(p, pop(p), ret_event))
				return 0;
		if (!p->alive) {
			*ret_event = (struct event){.kind = EVENT_DONE};
			return 0;
		}
		int err = drain(p, timeout_ms != 0);
		if (err == -ECHILD) {
			*ret_event = (struct event){.kind = EVENT_DONE};
			return 0;
		}
		if (err == -EINTR || !p->n) {
			*ret_event = (struct event){.kind = EVENT_NONE};
			return 0;
		}
		if (err < 0)
			return err;
	}
}

static void resume(struct engine *e, const struct event *ev)
{
	struct tracee *t = get(of(e), ev->tid);
	if (t && t->is_stopped)
		restart(t, t->is_listening ? PTRACE_LISTEN : PTRACE_SYSCALL);
}

/* ---- leaving ---- */

/* Brings T to a stop from wherever it is; false where it is gone. */
static bool bring_to_stop(struct ptrace_engine *p, struct tracee *t)
{
	if (t->is_stopped)
		return true;
	if (ptrace(PTRACE_INTERRUPT, t->tid, NULL, NULL) < 0)
		return false;
	int status = 0;
	pid_t got;
	while ((got = wait4(t->tid, &status, __WALL, NULL)) < 0 && errno == EINTR)
		;
	if (got != t->tid || !WIFSTOPPED(status))
		return false;
	if (status >> 16 == 0 && WSTOPSIG(status) != SYSCALL_STOP)
		t->inject = WSTOPSIG(status);
	(void)p;
	return true;
}

static void detach(struct engine *e)
{
	struct ptrace_engine *p = of(e);
	for (size_t i = 0; i < p->n; i++) {
		const struct stop *s = &p->queue[(p->head + i) % p->cap];
		struct tracee *t = get(p, s->tid);
		if (!t)
			continue;
		t->is_stopped = WIFSTOPPED(s->status);
		if (t->is_stopped && s->status >> 16 == 0 && WSTOPSIG(s->status) != SYSCALL_STOP)
			t->inject = WSTOPSIG(s->status);
	}
	p->n = 0;
	size_t at = 0;
	for (struct tracee *t; (t = map_next(&p->tracees, &at));)
		if (bring_to_stop(p, t))
			restart(t, PTRACE_DETACH);
}

static void close_engine(struct engine *e)
{
	struct ptrace_engine *p = of(e);
	size_t at = 0;
	for (struct tracee *t; (t = map_next(&p->tracees, &at));)
		free(t);
	map_free(&p->tracees);
	free(p->queue);
	if (p->gate >= 0)
		close(p->gate);
	free(p);
}

static const struct engine_ops ptrace_ops = {next, resume, detach, close_engine};

/* ---- starting ---- */

static bool seize(struct ptrace_engine *p, pid_t tid, pid_t tgid)
{
	if (ptrace(PTRACE_SEIZE, tid, NULL, (void *)p->options) < 0) {
		if (tid == tgid || errno != ESRCH)
			attach_explain(tid, errno);
		return false;
	}
	struct tracee *t = get(p, tid);
	if (!t)
		t = add(p, tid);
	t->tgid = tgid;
	t->is_known = true;
	t->is_attached = true;
	ptrace(PTRACE_INTERRUPT, tid, NULL, NULL);
	return true;
}

/* All threads of TGID; scanned again until a scan finds none that is not seized. */
static bool seize_process(struct ptrace_engine *p, pid_t tgid)
{
	if (!seize(p, tgid, tgid))
		return false;
	char name[64];
	snprintf(name, sizeof(name), "/proc/%d/task", tgid);
	for (bool found = true; found;) {
		found = false;
		DIR *d = opendir(name);
		for (struct dirent *e; d && (e = readdir(d));) {
			pid_t tid = atoi(e->d_name);
			if (tid > 0 && !get(p, tid) && seize(p, tid, tgid))
				found = true;
		}
		if (d)
			closedir(d);
	}
	return true;
}

static bool start_command(struct ptrace_engine *p, const struct ptrace_config *config, int *ret_status)
{
	p->command = spawn(config, &p->gate, ret_status);
	if (p->command < 0)
		return false;
	if (ptrace(PTRACE_SEIZE, p->command, NULL, (void *)p->options) < 0) {
		diag("cannot trace a command: ptrace(PTRACE_SEIZE): %s%s", strerror(errno),
		     errno == EPERM ? " (a seccomp filter of this container, or Yama's ptrace_scope 3)" : "");
		kill(p->command, SIGKILL);
		waitpid(p->command, NULL, 0);
		*ret_status = 1;
		return false;
	}
	struct tracee *t = add(p, p->command);
	t->tgid = p->command;
	t->is_known = true;
	t->is_quiet = true;
	ptrace(PTRACE_INTERRUPT, p->command, NULL, NULL);
	int status = 0;
	while (wait4(p->command, &status, __WALL, NULL) < 0 && errno == EINTR)
		;
	t->is_new = false;
	struct __ptrace_syscall_info info;
	if (ptrace(PTRACE_GET_SYSCALL_INFO, p->command, (void *)sizeof(info), &info) < 0) {
		diag("this kernel cannot say which call a task is in (PTRACE_GET_SYSCALL_INFO: %s); Linux 5.3 or newer is needed",
		     strerror(errno));
		kill(p->command, SIGKILL);
		*ret_status = 1;
		return false;
	}
	restart(t, PTRACE_SYSCALL);
	close(p->gate);
	p->gate = -1;
	return true;
}

struct engine *ptrace_open(const struct ptrace_config *config, int *ret_status)
{
	struct ptrace_engine *p = xcalloc(1, sizeof(*p));
	p->engine.ops = &ptrace_ops;
	p->gate = -1;
	p->follow = config->follow;
	p->options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC |
		     (config->follow ? PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE : 0) |
		     (config->kill_on_exit ? PTRACE_O_EXITKILL : 0);
	*ret_status = 1;
	for (size_t i = 0; i < config->npids; i++) {
		bool is_process = attach_tgid(config->pids[i]) == config->pids[i] && config->follow;
		if (is_process ? seize_process(p, config->pids[i]) : seize(p, config->pids[i], attach_tgid(config->pids[i])))
			continue;
		detach(&p->engine);
		close_engine(&p->engine);
		return NULL;
	}
	if (config->argv && !start_command(p, config, ret_status)) {
		detach(&p->engine);
		close_engine(&p->engine);
		return NULL;
	}
	return &p->engine;
}

pid_t ptrace_command(const struct engine *e)
{
	return ((const struct ptrace_engine *)e)->command;
}
