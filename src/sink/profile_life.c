/*
 * The life of open file descriptions: from acts, forks, execs and deaths. What is over goes on a list of limited
 * length; how many descriptors still refer to a description the state counts.
 */
#include "sink/profile_parts.h"

#include "base/xalloc.h"
#include "desc/desc.h"
#include "state/task.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { CLOSED_MAX = 65536, FIRST_FREE_FD = 3 };

struct life *life_of(struct profile *p, const struct ofd *o)
{
	struct life *l = map_get(&p->lives, o->id);
	if (l)
		return l;
	l = xcalloc(1, sizeof(*l));
	*l = (struct life){.ofd = o->id, .file = file_of_ofd(p, o), .flags = o->flags, .opened = {.mark.seq = UINT64_MAX, .fd = -1},
			   .closed = {.mark.seq = UINT64_MAX, .fd = -1}, .short_at.seq = UINT64_MAX, .peer = o->peer};
	map_put(&p->lives, o->id, l);
	return l;
}

static char *members_of(const struct ofd *o)
{
	struct buf b = {0};
	for (size_t i = 0; i < o->nwatched; i++)
		buf_printf(&b, "%s%d<%s>", i ? ", " : "", o->watched[i].fd, o->watched[i].label);
	buf_c(&b, '\0');
	return b.p;
}

static void life_free(struct life *l)
{
	free(l->members);
	free(l);
}

static void end_life(struct profile *p, struct life *l, enum ending ending, struct where where)
{
	l->ending = ending;
	l->closed = where;
	habit_over(l);
	map_remove(&p->lives, l->ofd);
	if (p->ndead >= LIVES_KEPT) {
		p->nfolded++;
		life_free(l);
		return;
	}
	p->ndead++;
	if (p->last_dead)
		p->last_dead->next_dead = l;
	else
		p->dead = l;
	p->last_dead = l;
}

static struct where where_of(const struct task *task, const struct call *call, const struct proc *proc, int fd)
{
	return (struct where){{call->seq, task->stack}, call->exit_mono, proc->id, fd, call->ip};
}

static void opened(struct profile *p, const struct task *task, struct proc *proc, const struct call *call, const struct act *act)
{
	if (!act->ofd)
		return;
	struct life *l = life_of(p, act->ofd);
	const struct fd_slot *slot = fd_table_get(task->fds, act->fd);
	l->flags = act->ofd->flags;
	l->is_cloexec = slot && slot->is_cloexec;
	if (!l->verb) {
		l->opened = where_of(task, call, proc, act->fd);
#define VERB(id, nargs, doc) #id,
		static const char *const names[] = {
#include "desc/verbs.def"
		};
#undef VERB
		l->verb = names[act->verb];
		l->opener = proc;
	}
	proc->opened++;
	proc_opened(p, task, proc, 1);
}

static void closed(struct profile *p, const struct task *task, struct proc *proc, const struct call *call, const struct act *act)
{
	if (act->fd >= 0 && act->fd < CLOSED_MAX) {
		size_t need = (size_t)act->fd + 1;
		if (need > proc->nclosed) {
			proc->closed_seq = xgrow(proc->closed_seq, 2 * need, sizeof(*proc->closed_seq));
			memset(proc->closed_seq + proc->nclosed, 0, (2 * need - proc->nclosed) * sizeof(*proc->closed_seq));
			proc->nclosed = 2 * need;
		}
		proc->closed_seq[act->fd] = call->seq + 1;
	}
	proc->last_close = act->fd;
	proc->closed++;
	proc_opened(p, task, proc, -1);
	struct life *l = act->ofd ? map_get(&p->lives, act->ofd->id) : NULL;
	if (!l || act->ofd->fds || act->ofd->flying)
		return;
	if (act->ofd->nwatched && !l->members)
		l->members = members_of(act->ofd);
	end_life(p, l, CLOSED, where_of(task, call, proc, act->fd));
}

static bool is_neighbour(int a, int b)
{
	return a == b + 1 || a == b - 1;
}

/* A loop over all numbers closes neighbours one after another: that is a way to tidy up, no mistake. */
static void bad_descriptor(struct proc *proc, const struct act *act, struct mark at)
{
	bool was_open = act->fd >= 0 && (size_t)act->fd < proc->nclosed && proc->closed_seq[act->fd];
	bool is_close = act->verb == VERB_close;
	bool is_loop = is_close && is_neighbour(act->fd, proc->last_close);
	if (is_close)
		proc->last_close = act->fd;
	if (!was_open || is_loop)
		return;
	if (is_close) {
		proc->doubtful_fd = act->fd;
		proc->doubtful = at;
		return;
	}
	if (!proc->uses_after_close.n)
		evidence_add(&proc->uses_after_close, (struct mark){proc->closed_seq[act->fd] - 1, at.stack});
	evidence_add(&proc->uses_after_close, at);
}

void lives_settle(struct proc *proc)
{
	if (proc->doubtful_fd < 0)
		return;
	if (!proc->double_closes.n)
		evidence_add(&proc->double_closes, (struct mark){proc->closed_seq[proc->doubtful_fd] - 1, proc->doubtful.stack});
	evidence_add(&proc->double_closes, proc->doubtful);
	proc->doubtful_fd = -1;
}

static bool makes(enum verb verb)
{
	static const bool makers[VERB_COUNT] = {[VERB_open] = true, [VERB_anon] = true, [VERB_pipe] = true, [VERB_socket] = true,
		[VERB_socketpair] = true, [VERB_accept] = true, [VERB_pidfd] = true};
	return makers[verb];
}

static void failed(struct proc *proc, const struct call *call, const struct act *act, struct mark at)
{
	if (call->result == -EBADF)
		bad_descriptor(proc, act, at);
	if ((makes((enum verb)act->verb) || act->verb == VERB_dup) && call->result == -EMFILE)
		evidence_add(&proc->emfile, at);
}

/* A descriptor that came through an exec is of use after all. */
static void uses(struct profile *p, struct proc *proc, const struct act *act)
{
	for (size_t i = 0; i < proc->ncarried; i++)
		if ((act->ofd && act->ofd->id == proc->carried[i].ofd) || (act->other && act->other->id == proc->carried[i].ofd))
			proc->carried[i].is_used = true;
	struct life *l = act->ofd ? map_get(&p->lives, act->ofd->id) : NULL;
	if (l)
		l->last_user = proc;
}

void life_act(struct profile *p, const struct task *task, struct proc *proc, const struct call *call, const struct act *act)
{
	uses(p, proc, act);
	if (act->verb == VERB_close && is_neighbour(act->fd, proc->doubtful_fd))
		proc->doubtful_fd = -1;
	lives_settle(proc);
	if (call->has_failed) {
		failed(proc, call, act, (struct mark){call->seq, task->stack});
		if (act->verb != VERB_close || call->result == -EBADF)
			return;
	}
	if (makes((enum verb)act->verb))
		opened(p, task, proc, call, act);
	else if (act->verb == VERB_close)
		closed(p, task, proc, call, act);
	else if (act->verb == VERB_dup && act->ofd && act->fd != act->other_fd) {
		life_of(p, act->ofd)->dups++;
		proc_opened(p, task, proc, 1);
	} else if (act->verb == VERB_fds_sent && act->ofd) {
		life_of(p, act->ofd)->sent++;
	} else if ((act->verb == VERB_fds_received || act->verb == VERB_getfd) && act->ofd) {
		life_of(p, act->ofd)->received++;
		proc_opened(p, task, proc, 1);
	}
}

void lives_fork(struct profile *p, const struct task *child)
{
	if (child->fds->refs > 1)
		return; /* shared: nothing was inherited */
	for (size_t i = 0; i < child->fds->n; i++)
		if (child->fds->slots[i].ofd)
			life_of(p, child->fds->slots[i].ofd)->forks++;
}

static bool is_of_family(const struct proc *opener, const struct proc *proc)
{
	for (const struct proc *q = proc; q; q = q->parent)
		if (q == opener)
			return true;
	return false;
}

static void carry(struct proc *proc, int fd, struct life *l)
{
	bool was_opened_here = l->verb && l->opened.fd == fd && l->opener && is_of_family(l->opener, proc);
	if (fd < FIRST_FREE_FD || !was_opened_here || l->file->kind == FD_PIPE || l->file->kind == FD_CHAR)
		return;
	proc->carried = xgrow(proc->carried, proc->ncarried + 1, sizeof(*proc->carried));
	proc->carried[proc->ncarried++] = (struct carried){fd, l->ofd, false, l->file, l->opened.mark};
}

/* Where the table is shared an exec copies it first, so that nothing ends. */
void lives_exec(struct profile *p, const struct task *task, struct proc *proc, const struct event *ev)
{
	bool is_own = task->fds->refs == 1;
	uint64_t seq = task->call.seq;
	bool is_first = !proc->parent && proc->nprograms == 1 && !proc->is_attached;
	proc->ncarried = 0;
	for (size_t i = 0; i < task->fds->n; i++) {
		const struct fd_slot *s = &task->fds->slots[i];
		if (!s->ofd)
			continue;
		if (!s->is_cloexec) {
			struct life *kept = life_of(p, s->ofd);
			kept->execs += !is_first;
			carry(proc, (int)i, kept);
			continue;
		}
		proc_opened(p, task, proc, -1);
		struct life *l = map_get(&p->lives, s->ofd->id); /* those of the tracer, before the first exec, have none */
		if (l && is_own && s->ofd->fds == 1)
			end_life(p, l, CLOSED_BY_EXEC, (struct where){{seq, NULL}, ev->mono, proc->id, (int)i, 0});
	}
	if (is_first)
		proc->inherited = proc->open_most = proc->open_now;
}

/* Counts for each description the descriptors of TASK's table that refer to it. */
static void count_here(const struct profile *p, const struct task *task)
{
	for (size_t i = 0; i < task->fds->n; i++) {
		struct life *l = task->fds->slots[i].ofd ? map_get(&p->lives, task->fds->slots[i].ofd->id) : NULL;
		if (l)
			l->here++;
	}
}

/* What PROC opened itself and has open still. */
static void note_left(struct proc *proc, const struct life *l, int fd)
{
	if (l->opener != proc || l->opened.fd != fd)
		return;
	proc->left_open++;
	evidence_add(&proc->leak_calls, l->opened.mark);
	proc->leak_file = proc->leak_file ? proc->leak_file : l->file;
}

void lives_exit(struct profile *p, const struct task *task, struct proc *proc, uint64_t at)
{
	if (task->fds->refs > 1)
		return;
	count_here(p, task);
	for (size_t i = 0; i < task->fds->n; i++) {
		struct ofd *o = task->fds->slots[i].ofd;
		struct life *l = o ? map_get(&p->lives, o->id) : NULL;
		if (!l)
			continue;
		note_left(proc, l, (int)i);
		if (++l->passed < l->here)
			continue; /* a later slot has it too */
		bool is_elsewhere = l->here < o->fds || o->flying;
		l->here = l->passed = 0;
		if (is_elsewhere)
			continue;
		if (o->nwatched && !l->members)
			l->members = members_of(o);
		end_life(p, l, CLOSED_BY_EXIT, (struct where){{UINT64_MAX, NULL}, at, proc->id, (int)i, 0});
	}
}

void lives_stay(struct profile *p, const struct task *task, struct proc *proc)
{
	if (task->tid != task->process->pid)
		return;
	for (size_t i = 0; i < task->fds->n; i++) {
		const struct ofd *o = task->fds->slots[i].ofd;
		struct life *l = o ? map_get(&p->lives, o->id) : NULL;
		if (!l)
			continue;
		note_left(proc, l, (int)i);
		if (o->nwatched && !l->members)
			l->members = members_of(o);
	}
}

static int by_id(const void *a, const void *b)
{
	uint64_t x = (*(struct life *const *)a)->ofd;
	uint64_t y = (*(struct life *const *)b)->ofd;
	return (x > y) - (x < y);
}

struct life **lives_all(const struct profile *p, size_t *ret_n)
{
	struct life **v = xcalloc(p->lives.n + p->ndead + 1, sizeof(struct life *));
	size_t n = 0;
	size_t at = 0;
	for (struct life *l; (l = map_next(&p->lives, &at));)
		v[n++] = l;
	for (struct life *l = p->dead; l; l = l->next_dead)
		v[n++] = l;
	if (n)
		qsort(v, n, sizeof(struct life *), by_id);
	*ret_n = n;
	return v;
}

void lives_free(struct profile *p)
{
	size_t at = 0;
	for (struct life *l; (l = map_next(&p->lives, &at));)
		life_free(l);
	map_free(&p->lives);
	for (struct life *l = p->dead, *next; l; l = next) {
		next = l->next_dead;
		life_free(l);
	}
}
