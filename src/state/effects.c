/*
 * The verbs that change what the traced world looks like, one function each. Which call means which verb is said in
 * the tables; nothing here knows a call.
 */
#include "decode/decode.h"
#include "state/task.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

/* uapi/linux/close_range.h */
enum { RANGE_UNSHARE = 2, RANGE_CLOEXEC = 4, RANGE_SCAN_MAX = 1 << 20 };

struct effect_args {
	struct state *state;
	struct task *task;
	const struct call *call;
	const struct desc_effect *effect;
	struct act *act; /* NULL where nobody wants acts */
};

static uint64_t arg(const struct effect_args *e, int n)
{
	return n < e->effect->nargs ? decode_effect_value(e->call, e->effect->args[n]) : 0;
}

static int arg_fd(const struct effect_args *e, int n)
{
	return (int)arg(e, n);
}

static void append(struct task *task, struct act *act)
{
	*task->next_act = act;
	task->next_act = &act->next;
}

/* One more act of the same effect: about FD and O. NULL where nobody wants acts. */
static struct act *note(const struct effect_args *e, enum verb verb, int fd, const struct ofd *o)
{
	if (!e->act)
		return NULL;
	struct act *act = arena_alloc(&e->task->arena, sizeof(*act));
	*act = (struct act){.verb = (uint8_t)verb, .fd = fd, .other_fd = -1, .ofd = (struct ofd *)o,
			    .offset = ACT_NOWHERE, .other_offset = ACT_NOWHERE};
	append(e->task, act);
	return act;
}

/* FD is about to be closed: what it referred to is held for those who read the act. */
static struct act *note_close(const struct effect_args *e, int fd)
{
	const struct ofd *o = e->act && fd_table_get(e->task->fds, fd) ? task_hold_fd(e->state, e->task, fd) : NULL;
	return o ? note(e, VERB_close, fd, o) : NULL;
}

static struct ofd *make(const struct effect_args *e, int fd, uint64_t flags)
{
	struct ofd *o = ofd_new(++e->state->last_ofd);
	o->flags = (uint32_t)flags;
	o->opened_seq = e->call->seq;
	fd_table_set(e->task->fds, fd, o, flags & O_CLOEXEC);
	ofd_unref(o);
	return o;
}

/* Flags as an argument, or as a member of a struct behind one. */
static uint64_t flags_of(const struct call *call, uint16_t expr)
{
	const struct val *v = decode_effect_val(call, expr);
	for (const struct val *m = v && v->kind == VAL_PTR && v->child ? v->child->child : NULL; m; m = m->next)
		if (m->name && strcmp(m->name, "flags") == 0)
			return m->n;
	return decode_effect_value(call, expr);
}

static void do_open(const struct effect_args *e)
{
	make(e, arg_fd(e, 0), e->effect->nargs > 2 ? flags_of(e->call, e->effect->args[2]) : 0);
}

static void do_anon(const struct effect_args *e)
{
	make(e, arg_fd(e, 0), arg(e, 1));
}

/* pidfds and what pidfd_getfd and the like make are close-on-exec always. */
static void do_pidfd(const struct effect_args *e)
{
	make(e, arg_fd(e, 0), O_CLOEXEC);
}

static void do_getfd(const struct effect_args *e)
{
	task_receive_fd(e->state, e->task, arg_fd(e, 0));
}

static void do_close(const struct effect_args *e)
{
	fd_table_close(e->task->fds, arg_fd(e, 0));
}

static void own_table(struct task *task)
{
	if (task->fds->refs == 1)
		return;
	struct fd_table *own = fd_table_copy(task->fds);
	fd_table_unref(task->fds);
	task->fds = own;
}

static void do_close_range(const struct effect_args *e)
{
	uint64_t last = (uint32_t)arg(e, 1);
	uint64_t flags = arg(e, 2);
	if (flags & RANGE_UNSHARE)
		own_table(e->task);
	struct fd_table *t = e->task->fds;
	for (uint64_t fd = (uint32_t)arg(e, 0); fd <= last && fd < t->n; fd++) {
		struct fd_slot *s = fd_table_get(t, (int)fd);
		if (s && flags & RANGE_CLOEXEC)
			s->is_cloexec = true;
		else if (s) {
			note_close(e, (int)fd);
			fd_table_close(t, (int)fd);
		}
	}
}

static void do_dup(const struct effect_args *e)
{
	int old = arg_fd(e, 0);
	int new = arg_fd(e, 1);
	bool is_cloexec = arg(e, 2) & O_CLOEXEC;
	if (old == new)
		return;
	struct act *over = note_close(e, new);
	if (over)
		over->is_implied = true;
	const struct ofd *known = task_fd(e->state, e->task, old);
	if (known)
		fd_table_set(e->task->fds, new, e->task->fds->slots[old].ofd, is_cloexec);
	else
		fd_table_close(e->task->fds, new);
}

static void do_cloexec(const struct effect_args *e)
{
	struct fd_slot *s = fd_table_get(e->task->fds, arg_fd(e, 0));
	if (s)
		s->is_cloexec = arg(e, 1) & FD_CLOEXEC;
}

/* The integers inside V, each handed to EACH; depth is bounded by the tree the decoder built. */
static void each_fd(const struct val *v, const struct effect_args *e, uint64_t flags,
		    void (*each)(const struct effect_args *e, int fd, uint64_t flags))
{
	for (; v; v = v->next) {
		if (v->kind == VAL_INT && v->role == ROLE_FD)
			each(e, (int)v->n, flags);
		each_fd(v->child, e, flags, each);
	}
}

static void make_each(const struct effect_args *e, int fd, uint64_t flags)
{
	make(e, fd, flags);
	note(e, (enum verb)e->effect->verb, fd, task_hold_fd(e->state, e->task, fd));
}

/* Makes the two descriptors behind argument N; they are each other's peers. */
static void make_pair(const struct effect_args *e, int n, uint64_t flags)
{
	const struct val *fds = decode_effect_val(e->call, e->effect->args[n]);
	if (!fds)
		return;
	uint64_t first = e->state->last_ofd + 1;
	each_fd(fds->child, e, flags, make_each);
	struct fd_table *t = e->task->fds;
	for (size_t i = 0; i < t->n; i++) {
		struct ofd *o = t->slots[i].ofd;
		if (o && (o->id == first || o->id == first + 1))
			o->peer = o->id == first ? first + 1 : first;
	}
}

static void do_pipe(const struct effect_args *e)
{
	make_pair(e, 0, arg(e, 1));
}

static void do_socket(const struct effect_args *e)
{
	struct ofd *o = make(e, arg_fd(e, 0), arg(e, 2));
	o->kind = FD_SOCKET;
	o->domain = (int)arg(e, 1);
	o->type = (int)arg(e, 2) & 0xf; /* SOCK_TYPE_MASK, include/linux/net.h */
	o->protocol = (int)arg(e, 3);
}

static void do_socketpair(const struct effect_args *e)
{
	make_pair(e, 0, arg(e, 2));
}

static void do_accept(const struct effect_args *e)
{
	struct fd_slot *listener = fd_table_get(e->task->fds, arg_fd(e, 1));
	struct ofd from = listener ? *listener->ofd : (struct ofd){.domain = -1, .type = -1, .protocol = -1};
	struct ofd *o = make(e, arg_fd(e, 0), arg(e, 3));
	o->kind = FD_SOCKET;
	o->domain = from.domain;
	o->type = from.type;
	o->protocol = from.protocol;
}

static void forget_details(const struct effect_args *e)
{
	struct fd_slot *s = fd_table_get(e->task->fds, arg_fd(e, 0));
	if (s)
		s->ofd->is_details_stale = true;
}

/* A socket that was not bound gets its address with the first message: "UDP:[4242]" has none yet. */
static void do_write(const struct effect_args *e)
{
	struct fd_slot *s = fd_table_get(e->task->fds, arg_fd(e, 0));
	const char *address = s && s->ofd->kind == FD_SOCKET && s->ofd->details ? strchr(s->ofd->details, '[') : NULL;
	if (address && !strchr(address, ':'))
		s->ofd->is_details_stale = true;
}

static void receive_each(const struct effect_args *e, int fd, uint64_t flags)
{
	(void)flags;
	task_receive_fd(e->state, e->task, fd);
	note(e, VERB_fds_received, fd, task_hold_fd(e->state, e->task, fd));
}

static void send_each(const struct effect_args *e, int fd, uint64_t flags)
{
	(void)flags;
	const struct ofd *o = task_hold_fd(e->state, e->task, fd);
	if (!o)
		return;
	state_send_ofd(e->state, e->task->fds->slots[fd].ofd);
	note(e, VERB_fds_sent, fd, o);
}

static void do_fds_sent(const struct effect_args *e)
{
	const struct val *msg = decode_effect_val(e->call, e->effect->args[1]);
	if (msg)
		each_fd(msg->child, e, 0, send_each);
}

static void do_fds_received(const struct effect_args *e)
{
	const struct val *msg = decode_effect_val(e->call, e->effect->args[1]);
	if (msg)
		each_fd(msg->child, e, 0, receive_each);
}

enum { WATCH_ADD = 1, WATCH_REMOVE = 2 };

static void do_watch(const struct effect_args *e)
{
	const struct act *a = e->act;
	if (!a || !a->ofd)
		return;
	const struct val *path = decode_effect_val(e->call, e->effect->args[1]);
	if (a->number == WATCH_REMOVE)
		ofd_unwatch(a->ofd, a->other_fd);
	else if (a->number == WATCH_ADD && a->other)
		ofd_watch(a->ofd, a->other_fd, a->other->id, a->other->path ? a->other->path : "?");
	else if (a->number == WATCH_ADD && path && path->child)
		ofd_watch(a->ofd, (int)e->call->result, 0, arena_dup(&e->task->arena, path->child->bytes.p, path->child->bytes.n));
}

static void do_chdir(const struct effect_args *e)
{
	free(e->task->fs->cwd);
	e->task->fs->cwd = NULL;
}

/* Paths of open files may have changed with it: they are read again when next asked for. */
static void do_rename(const struct effect_args *e)
{
	e->state->names++;
	free(e->task->fs->cwd);
	e->task->fs->cwd = NULL;
}

static void do_unshare(const struct effect_args *e)
{
	if (arg(e, 0) & CLONE_FILES)
		own_table(e->task);
	struct fs_context *fs = e->task->fs;
	if (arg(e, 0) & CLONE_FS && fs->refs > 1) {
		fs->refs--;
		e->task->fs = fs_context_new();
	}
}

static void do_comm(const struct effect_args *e)
{
	e->task->comm[0] = '\0';
}

static void (*const verbs[VERB_COUNT])(const struct effect_args *e) = {
	[VERB_open] = do_open,
	[VERB_close] = do_close,
	[VERB_close_range] = do_close_range,
	[VERB_dup] = do_dup,
	[VERB_cloexec] = do_cloexec,
	[VERB_pipe] = do_pipe,
	[VERB_socket] = do_socket,
	[VERB_socketpair] = do_socketpair,
	[VERB_bind] = forget_details,
	[VERB_connect] = forget_details,
	[VERB_listen] = forget_details,
	[VERB_accept] = do_accept,
	[VERB_anon] = do_anon,
	[VERB_pidfd] = do_pidfd,
	[VERB_getfd] = do_getfd,
	[VERB_fds_sent] = do_fds_sent,
	[VERB_fds_received] = do_fds_received,
	[VERB_write] = do_write,
	[VERB_watch] = do_watch,
	[VERB_chdir] = do_chdir,
	[VERB_chroot] = do_chdir,
	[VERB_rename] = do_rename,
	[VERB_unlink] = do_rename,
	[VERB_unshare] = do_unshare,
	[VERB_comm] = do_comm,
};

bool state_follows(enum verb verb)
{
	return verbs[verb];
}

/* What descriptors refer to that the call made. */
static void find_made(struct state *s, struct task *task, struct act *act)
{
	if (act->fd >= 0 && !act->ofd)
		act->ofd = (struct ofd *)task_hold_fd(s, task, act->fd);
	if (act->verb == VERB_dup && act->other_fd >= 0)
		act->other = (struct ofd *)task_hold_fd(s, task, act->other_fd);
}

static void apply(struct state *s, struct task *task, const struct call *call, const struct desc_effect *effect)
{
	/* close frees the descriptor even where it reports EINTR or EIO (fs/open.c, since 2.6). */
	/* A connect in progress has given the socket its addresses. */
	bool happened = !call->has_failed || (effect->verb == VERB_close && call->result != -EBADF) ||
			(effect->verb == VERB_connect && call->result == -EINPROGRESS);
	bool is_pair = effect->verb == VERB_pipe || effect->verb == VERB_socketpair;
	bool is_list = is_pair || effect->verb == VERB_fds_sent || effect->verb == VERB_fds_received || effect->verb == VERB_close_range;
	struct act *act = s->wants_acts ? act_of(s, task, call, effect) : NULL;
	if (happened && verbs[effect->verb])
		verbs[effect->verb](&(struct effect_args){s, task, call, effect, act});
	if (!act || (is_list && happened))
		return;
	if (happened)
		find_made(s, task, act);
	if (happened && !call->has_failed)
		act_move(act);
	append(task, act);
}

void state_apply(struct state *s, struct task *task, const struct call *call)
{
	bool is_any = s->is_following_fds || s->wants_names;
	for (unsigned i = 0; is_any && call->decl && i < call->decl->neffects; i++) {
		const struct desc_effect *e = &desc_effects[call->decl->first_effect + i];
		if (s->is_following_fds || e->verb == VERB_comm)
			apply(s, task, call, e);
	}
}

void state_look(struct state *s, struct task *task)
{
	const struct desc_call *decl = task->call.decl;
	for (unsigned i = 0; s->wants_acts && decl && i < decl->neffects; i++)
		append(task, act_of(s, task, &task->call, &desc_effects[decl->first_effect + i]));
}

enum { THREADS_ASKED = 64 };

/* Other threads may be about to vanish with TASK; where there are very many, only its own time is asked. */
static void take_usage(const struct state *s, struct task *task)
{
	usage_read(task->process->pid, &task->process->usage);
	task->cpu_ns = usage_thread_cpu(task->tid);
	size_t at = 0;
	for (struct task *t; task->process->refs > 1 && task->process->refs <= THREADS_ASKED && (t = map_next(&s->tasks, &at));)
		if (t->process == task->process)
			t->cpu_ns = usage_thread_cpu(t->tid);
}

void state_take_usage(const struct state *s, struct task *task, const struct call *call)
{
	for (unsigned i = 0; s->wants_acts && call->decl && i < call->decl->neffects; i++)
		if (desc_effects[call->decl->first_effect + i].verb == VERB_exit)
			take_usage(s, task);
}

uint64_t state_fork_flags(const struct call *call)
{
	for (unsigned i = 0; call->decl && i < call->decl->neffects; i++) {
		const struct desc_effect *effect = &desc_effects[call->decl->first_effect + i];
		if (effect->verb != VERB_fork || effect->nargs < 2)
			continue;
		return flags_of(call, effect->args[1]);
	}
	return 0;
}
