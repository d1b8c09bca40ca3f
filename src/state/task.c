/* Tasks by tid; what they share is counted. /proc is read for what was there before the trace, and when asked first. */
#include "state/task.h"

#include "base/xalloc.h"
#include "state/anon.h"
#include "state/sockinfo.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/kcmp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct fs_context *fs_context_new(void)
{
	struct fs_context *fs = xcalloc(1, sizeof(*fs));
	fs->refs = 1;
	return fs;
}

static void fs_unref(struct fs_context *fs)
{
	if (--fs->refs)
		return;
	free(fs->cwd);
	free(fs);
}

static void process_unref(struct process *p)
{
	if (!--p->refs)
		free(p);
}

static struct process *process_new(struct state *s, pid_t pid)
{
	struct process *p = xcalloc(1, sizeof(*p));
	p->refs = 1;
	p->id = ++s->last_process;
	p->pid = pid;
	return p;
}

struct task *task_get(const struct state *s, pid_t tid)
{
	return map_get(&s->tasks, (uint64_t)tid);
}

static struct task *task_new(struct state *s, pid_t tid)
{
	struct task *task = xcalloc(1, sizeof(*task));
	task->tid = tid;
	map_put(&s->tasks, (uint64_t)tid, task);
	return task;
}

static bool is_same_inode(const struct ofd *a, const struct ofd *b)
{
	return a->ino && a->ino == b->ino && a->dev == b->dev;
}

/* The description among THEIRS that TASK's FD shares, found by inode and proved by kcmp. */
static struct ofd *shared_with(const struct task *task, int fd, const struct ofd *o, const struct task *theirs)
{
	for (size_t i = 0; i < theirs->fds->n; i++) {
		struct ofd *other = theirs->fds->slots[i].ofd;
		if (other && is_same_inode(o, other) && syscall(SYS_kcmp, task->tid, theirs->tid, KCMP_FILE, fd, i) == 0)
			return other;
	}
	return NULL;
}

static struct ofd *shared_ofd(const struct state *s, const struct task *task, int fd, const struct ofd *o)
{
	struct ofd *found = shared_with(task, fd, o, task);
	size_t at = 0;
	for (const struct task *t; !found && (t = map_next(&s->tasks, &at));)
		if (t->fds && t->fds != task->fds && t->process && t->tid == t->process->pid)
			found = shared_with(task, fd, o, t);
	return found;
}

/* What was sent and looks like O, taken out of flight: nobody may have it open any more, so kcmp can't prove it. */
static struct ofd *land(struct state *s, const struct ofd *o)
{
	for (unsigned k = 0; k < FLIGHT_MAX; k++) {
		struct ofd **sent = &s->flight[(s->next_flight + k) % FLIGHT_MAX];
		/* what open() was asked for and what F_GETFL tells differ in the other flags */
		if (!*sent || !is_same_inode(*sent, o) || ((*sent)->flags ^ o->flags) & (O_ACCMODE | OFD_SETTABLE))
			continue;
		struct ofd *found = *sent;
		*sent = NULL;
		found->flying--;
		return found;
	}
	return NULL;
}

void state_send_ofd(struct state *s, struct ofd *o)
{
	struct ofd **place = &s->flight[s->next_flight++ % FLIGHT_MAX];
	if (*place)
		(*place)->flying--;
	ofd_unref(*place);
	*place = ofd_ref(o);
	o->flying++;
}

/* HAS_FLOWN: it may be one of those that were sent. */
static const struct ofd *fd_from_proc(struct state *s, struct task *task, int fd, bool has_flown)
{
	struct ofd *o = ofd_new(s->last_ofd + 1);
	ofd_resolve(o, &s->inodes, task->tid, fd);
	if (!o->path) {
		ofd_unref(o);
		return NULL;
	}
	bool is_cloexec = ofd_read_info(o, task->tid, fd);
	struct ofd *same = shared_ofd(s, task, fd, o);
	struct ofd *landed = has_flown ? land(s, same ? same : o) : NULL;
	if (!same)
		same = landed;
	fd_table_set(task->fds, fd, same ? same : o, is_cloexec);
	s->last_ofd += !same;
	ofd_unref(landed);
	ofd_unref(o);
	return task->fds->slots[fd].ofd;
}

const struct ofd *task_receive_fd(struct state *s, struct task *task, int fd)
{
	fd_table_close(task->fds, fd);
	return fd >= 0 ? fd_from_proc(s, task, fd, true) : NULL;
}

static void fds_from_proc(struct state *s, struct task *task)
{
	char name[64];
	snprintf(name, sizeof(name), "/proc/%d/fd", task->tid);
	DIR *d = opendir(name);
	for (struct dirent *e; d && (e = readdir(d));)
		if (e->d_name[0] != '.')
			fd_from_proc(s, task, atoi(e->d_name), false);
	if (d)
		closedir(d);
}

/* A task of PROCESS that is already known, or NULL. */
static struct task *sibling_of(const struct state *s, pid_t tgid, const struct task *except)
{
	size_t at = 0;
	for (struct task *t; (t = map_next(&s->tasks, &at));)
		if (t != except && t->process && t->process->pid == tgid)
			return t;
	return NULL;
}

static void share(struct task *task, struct task *with, uint64_t flags)
{
	task->fds = flags & CLONE_FILES ? fd_table_ref(with->fds) : fd_table_copy(with->fds);
	if (flags & CLONE_FS) {
		task->fs = with->fs;
		task->fs->refs++;
	} else {
		task->fs = fs_context_new();
		task->fs->cwd = with->fs->cwd ? xstrdup(with->fs->cwd) : NULL;
	}
}

struct task *task_add(struct state *s, pid_t tid, pid_t tgid)
{
	struct task *task = task_new(s, tid);
	struct task *sibling = sibling_of(s, tgid, task);
	if (sibling) {
		task->process = sibling->process;
		task->process->refs++;
		share(task, sibling, CLONE_FILES | CLONE_FS);
		return task;
	}
	task->process = process_new(s, tgid);
	task->fds = fd_table_new();
	task->fs = fs_context_new();
	if (s->is_following_fds)
		fds_from_proc(s, task);
	return task;
}

struct task *task_fork(struct state *s, struct task *parent, pid_t child, uint64_t flags, bool is_thread)
{
	struct task *task = task_new(s, child);
	task->abi = parent->abi;
	memcpy(task->comm, parent->comm, sizeof(task->comm));
	if (is_thread) {
		task->process = parent->process;
		task->process->refs++;
		flags |= CLONE_FS;
	} else {
		task->process = process_new(s, child);
	}
	share(task, parent, flags);
	return task;
}

void task_exec(struct state *s, struct task *task)
{
	(void)s;
	if (task->fds->refs > 1) {
		struct fd_table *own = fd_table_copy(task->fds);
		fd_table_unref(task->fds);
		task->fds = own;
	}
	fd_table_close_on_exec(task->fds);
	task->comm[0] = '\0';
}

static void release_held(struct task *task)
{
	for (struct held_ofd *h = task->held; h; h = h->next)
		ofd_unref(h->ofd);
	task->held = NULL;
}

void task_begin_call(struct task *task)
{
	release_held(task);
	arena_reset(&task->arena);
	task->acts = NULL;
	task->next_act = &task->acts;
}

void task_supersede(struct state *s, struct task *task, pid_t tid)
{
	struct task *leader = task_get(s, tid);
	if (leader == task)
		return;
	if (leader)
		task_remove(s, leader);
	map_remove(&s->tasks, (uint64_t)task->tid);
	task->tid = tid;
	map_put(&s->tasks, (uint64_t)tid, task);
}

void task_remove(struct state *s, struct task *task)
{
	map_remove(&s->tasks, (uint64_t)task->tid);
	release_held(task);
	fd_table_unref(task->fds);
	fs_unref(task->fs);
	process_unref(task->process);
	arena_free(&task->arena);
	free(task->counts);
	free(task->sink_data); /* of a task that the trace ended before */
	free(task);
}

bool task_read_comm(pid_t tid, char ret[static COMM_SIZE + 1])
{
	char name[64];
	snprintf(name, sizeof(name), "/proc/%d/comm", tid);
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ssize_t n = read(fd, ret, COMM_SIZE);
	close(fd);
	if (n > 0)
		ret[ret[n - 1] == '\n' ? n - 1 : n] = '\0';
	return n > 0;
}

const char *task_comm(struct task *task)
{
	if (!task->comm[0])
		task_read_comm(task->tid, task->comm);
	return task->comm;
}

const char *task_cwd(struct task *task)
{
	if (task->fs->cwd)
		return task->fs->cwd;
	char link[64];
	snprintf(link, sizeof(link), "/proc/%d/cwd", task->tid);
	char path[PATH_MAX + 1];
	ssize_t n = readlink(link, path, sizeof(path) - 1);
	if (n >= 0)
		task->fs->cwd = xstrndup(path, (size_t)n);
	return task->fs->cwd;
}

/* Addresses are asked again where a call may have changed them, until the socket has a peer. */
static void ask_details(struct ofd *o, pid_t tid, int fd)
{
	if (o->kind != FD_SOCKET || (o->details && (!o->is_details_stale || strstr(o->details, "->"))))
		return;
	o->is_details_stale = false;
	free(o->details);
	o->details = sockinfo(tid, fd, o->ino);
}

const struct ofd *task_fd(struct state *s, struct task *task, int fd)
{
	if (!s->is_following_fds || fd < 0)
		return NULL;
	if (!fd_table_get(task->fds, fd) && !fd_from_proc(s, task, fd, false))
		return NULL;
	struct ofd *o = task->fds->slots[fd].ofd;
	if (o->is_resolved && o->named != s->names && (ofd_has_position(o) || o->kind == FD_DIR || o->kind == FD_CHAR || o->kind == FD_PIPE))
		ofd_read_path(o, task->tid, fd);
	ofd_resolve(o, &s->inodes, task->tid, fd);
	o->named = s->names;
	if (s->wants_anon && o->kind == FD_ANON)
		anon_ask(o, task->tid, fd);
	if (s->wants_details)
		ask_details(o, task->tid, fd);
	return o;
}

const struct ofd *task_hold_fd(struct state *s, struct task *task, int fd)
{
	if (!task_fd(s, task, fd))
		return NULL;
	struct held_ofd *h = arena_alloc(&task->arena, sizeof(*h));
	*h = (struct held_ofd){ofd_ref(task->fds->slots[fd].ofd), task->held};
	task->held = h;
	return h->ofd;
}

static void annotate(struct state *s, struct task *task, struct val *v)
{
	for (; v; v = v->next) {
		bool is_cwd = v->kind == VAL_INT && v->role == ROLE_FD_AT && (int)v->n == AT_FDCWD;
		if (is_cwd && !v->comment && task_cwd(task))
			v->comment = arena_dup(&task->arena, task->fs->cwd, strlen(task->fs->cwd));
		else if (v->kind == VAL_INT && (v->role == ROLE_FD || v->role == ROLE_FD_AT) && !v->ofd && !(v->state & VAL_PENDING))
			v->ofd = task_hold_fd(s, task, (int)v->n);
		annotate(s, task, v->child);
	}
}

void state_annotate(struct state *s, struct task *task, struct call *call)
{
	if (s->wants_details)
		task_comm(task);
	if (!s->is_following_fds)
		return;
	annotate(s, task, call->args);
	annotate(s, task, call->aux);
	if (call->ret && !call->has_failed)
		annotate(s, task, call->ret);
}

void state_free(struct state *s)
{
	size_t at = 0;
	for (struct task *t; (t = map_next(&s->tasks, &at)); at = 0)
		task_remove(s, t);
	map_free(&s->tasks);
	for (unsigned i = 0; i < FLIGHT_MAX; i++)
		ofd_unref(s->flight[i]);
	map_free(&s->inodes);
}
