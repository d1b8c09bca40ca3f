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
};

static uint64_t arg(const struct effect_args *e, int n)
{
	return n < e->effect->nargs ? decode_effect_value(e->call, e->effect->args[n]) : 0;
}

static int arg_fd(const struct effect_args *e, int n)
{
	return (int)arg(e, n);
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

static void do_open(const struct effect_args *e)
{
	make(e, arg_fd(e, 0), arg(e, 2));
}

static void do_anon(const struct effect_args *e)
{
	make(e, arg_fd(e, 0), arg(e, 1));
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
		else if (s)
			fd_table_close(t, (int)fd);
	}
}

static void do_dup(const struct effect_args *e)
{
	int old = arg_fd(e, 0);
	int new = arg_fd(e, 1);
	bool is_cloexec = arg(e, 2) & O_CLOEXEC;
	if (old == new)
		return;
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
}

static void do_pipe(const struct effect_args *e)
{
	const struct val *fds = decode_effect_val(e->call, e->effect->args[0]);
	if (fds)
		each_fd(fds->child, e, arg(e, 1), make_each);
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
	const struct val *fds = decode_effect_val(e->call, e->effect->args[0]);
	if (fds)
		each_fd(fds->child, e, arg(e, 2), make_each);
}

static void do_accept(const struct effect_args *e)
{
	struct fd_slot *listener = fd_table_get(e->task->fds, arg_fd(e, 1));
	struct ofd from = listener ? *listener->ofd : (struct ofd){.domain = -1, .type = -1, .protocol = -1};
	struct ofd *o = make(e, arg_fd(e, 0), 0);
	o->kind = FD_SOCKET;
	o->domain = from.domain;
	o->type = from.type;
	o->protocol = from.protocol;
}

static void forget_details(const struct effect_args *e)
{
	struct fd_slot *s = fd_table_get(e->task->fds, arg_fd(e, 0));
	if (!s)
		return;
	free(s->ofd->details);
	s->ofd->details = NULL;
}

static void close_each(const struct effect_args *e, int fd, uint64_t flags)
{
	(void)flags;
	fd_table_close(e->task->fds, fd); /* what it refers to now is asked of /proc when somebody wants to know */
}

static void do_fds_received(const struct effect_args *e)
{
	const struct val *msg = decode_effect_val(e->call, e->effect->args[1]);
	if (msg)
		each_fd(msg->child, e, 0, close_each);
}

static void do_chdir(const struct effect_args *e)
{
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
	[VERB_pidfd] = do_anon,
	[VERB_getfd] = do_anon,
	[VERB_fds_received] = do_fds_received,
	[VERB_chdir] = do_chdir,
	[VERB_chroot] = do_chdir,
	[VERB_unshare] = do_unshare,
	[VERB_comm] = do_comm,
};

void state_apply(struct state *s, struct task *task, const struct call *call)
{
	if (!call->decl || !s->is_following_fds)
		return;
	for (unsigned i = 0; i < call->decl->neffects; i++) {
		const struct desc_effect *effect = &desc_effects[call->decl->first_effect + i];
		/* close frees the descriptor even where it reports EINTR or EIO (fs/open.c, since 2.6). */
		bool happened = !call->has_failed || (effect->verb == VERB_close && call->result != -EBADF);
		if (happened && verbs[effect->verb])
			verbs[effect->verb](&(struct effect_args){s, task, call, effect});
	}
}

uint64_t state_fork_flags(const struct call *call)
{
	for (unsigned i = 0; call->decl && i < call->decl->neffects; i++) {
		const struct desc_effect *effect = &desc_effects[call->decl->first_effect + i];
		if (effect->verb != VERB_fork || effect->nargs < 2)
			continue;
		const struct val *v = decode_effect_val(call, effect->args[1]);
		for (const struct val *m = v && v->kind == VAL_PTR && v->child ? v->child->child : NULL; m; m = m->next)
			if (m->name && strcmp(m->name, "flags") == 0)
				return m->n;
		return decode_effect_value(call, effect->args[1]);
	}
	return 0;
}
