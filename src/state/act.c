/* The arguments of verbs by one table of letters, and what moves a position. */
#include "state/act.h"

#include "decode/decode.h"
#include "state/task.h"

#include <fcntl.h>
#include <string.h>

enum { RW_APPEND = 0x10 /* include/uapi/linux/fs.h: RWF_APPEND */, DEPTH_MAX = 8 };

/*
 * One letter an argument: f descriptor, n new descriptor, g other descriptor, p descriptor or path, q second path,
 * b bytes moved, o bytes offered, a address, @ offset, i and j offsets of out and in behind pointers, x number,
 * t timeout, w what is waited for, - nothing the profile wants.
 */
static const char *const letters[VERB_COUNT] = {
	[VERB_open] = "npx",      [VERB_close] = "f",      [VERB_dup] = "fgx",     [VERB_cloexec] = "fx",
	[VERB_socket] = "n--x",   [VERB_bind] = "f-",      [VERB_connect] = "f-",  [VERB_listen] = "f",
	[VERB_accept] = "ng-x",   [VERB_shutdown] = "fx",  [VERB_anon] = "nx",     [VERB_pidfd] = "nx",
	[VERB_getfd] = "n-x",     [VERB_status] = "fx",    [VERB_read] = "fboa",   [VERB_write] = "fboa",
	[VERB_pread] = "fbo@ax",  [VERB_pwrite] = "fbo@ax", [VERB_copy] = "fgbijo", [VERB_tee] = "fgbo",
	[VERB_submit] = "bf",     [VERB_advise] = "f",     [VERB_seek] = "f@x",    [VERB_readdir] = "fbo",
	[VERB_stat] = "p",        [VERB_ask] = "p",        [VERB_change] = "p",    [VERB_create] = "p",
	[VERB_sync] = "fx",       [VERB_truncate] = "px",  [VERB_allocate] = "fx", [VERB_lock] = "f",
	[VERB_rename] = "pq",     [VERB_unlink] = "p",     [VERB_map] = "-of@x-",  [VERB_watch] = "fgx",
	[VERB_poll] = "t-w",      [VERB_reap] = "x",       [VERB_exec] = "p-",     [VERB_exit] = "x",
	[VERB_chdir] = "p",       [VERB_chroot] = "p",
};

struct filler {
	struct state *state;
	struct task *task;
	const struct call *call;
	struct act *act;
};

static uint64_t number(const struct call *call, uint16_t expr)
{
	const struct val *v = decode_effect_val(call, expr);
	return v && (v->kind == VAL_INT || v->kind == VAL_PTR) ? v->n : decode_effect_value(call, expr);
}

static struct ofd *hold(const struct filler *f, int fd)
{
	return (struct ofd *)task_hold_fd(f->state, f->task, fd);
}

/* The members of that name within V, added up; *ret_n counts them. */
static uint64_t sum_of(const struct val *v, const char *name, int depth, unsigned *ret_n)
{
	uint64_t sum = 0;
	for (; v && depth < DEPTH_MAX; v = v->next) {
		if (v->kind == VAL_INT && v->name && strcmp(v->name, name) == 0) {
			sum += v->n;
			++*ret_n;
		}
		sum += sum_of(v->child, name, depth + 1, ret_n);
	}
	return sum;
}

/* The length of several buffers; a number is one. Unknown where not all of them were decoded. */
static bool length_of(const struct filler *f, uint16_t expr, const char *member, uint64_t *ret_length)
{
	const struct val *v = decode_effect_val(f->call, expr);
	if (v && v->kind == VAL_PTR) {
		unsigned n = 0;
		uint64_t sum = sum_of(v->child, member, 0, &n);
		if (!v->child || (v->child->kind == VAL_ARRAY && v->child->state & (VAL_CUT | VAL_FAULT)))
			return false;
		*ret_length = sum;
		return n > 0;
	}
	*ret_length = number(f->call, expr);
	return true;
}

static const struct val *first_buffer(const struct val *v, int depth)
{
	for (; v && depth < DEPTH_MAX; v = v->next) {
		if (v->name && strcmp(v->name, "iov_base") == 0)
			return v;
		const struct val *found = first_buffer(v->child, depth + 1);
		if (found)
			return found;
	}
	return NULL;
}

static void take_address(const struct filler *f, uint16_t expr)
{
	const struct val *v = decode_effect_val(f->call, expr);
	if (!v || v->kind != VAL_PTR)
		return;
	const struct val *buffer = first_buffer(v->child, 0);
	f->act->address = buffer ? buffer->n : v->n;
}

static void take_bytes(const struct filler *f, uint16_t expr)
{
	f->act->has_bytes = !f->call->has_failed && f->call->is_ret_known;
	if (f->act->has_bytes && !length_of(f, expr, "msg_len", &f->act->bytes))
		f->act->bytes = 0;
}

/* The directory that path V starts from: what its type's descriptor argument refers to. *ret_fd: that descriptor. */
static const char *start_of(const struct filler *f, const struct val *v, int *ret_fd)
{
	unsigned dir = desc_types[v->type].kind == KIND_PATH ? desc_types[v->type].ref : 0;
	const struct val *at = dir && dir <= f->call->narg_vals ? f->call->arg_vals[dir - 1] : NULL;
	if (!at || (int)at->n == AT_FDCWD)
		return task_cwd(f->task);
	*ret_fd = (int)at->n;
	const struct ofd *o = hold(f, *ret_fd);
	return o ? o->path : NULL;
}

/* Takes out "//", "/./" and "/x/../" in place; names, not links. */
static void normalise(char *path)
{
	char *out = path;
	for (const char *p = path; *p;) {
		while (*p == '/')
			p++;
		size_t n = strcspn(p, "/");
		if (n == 2 && p[0] == '.' && p[1] == '.') {
			while (out > path && *--out != '/')
				;
		} else if (n && !(n == 1 && *p == '.')) {
			*out++ = '/';
			memmove(out, p, n);
			out += n;
		}
		p += n;
	}
	if (out == path)
		*out++ = '/';
	*out = '\0';
}

/* Path V as an absolute name; an empty one means the descriptor that it starts from (AT_EMPTY_PATH). */
static const char *absolute(const struct filler *f, const struct val *v)
{
	if (!v->child || v->child->kind != VAL_STR)
		return NULL;
	const struct span text = v->child->bytes;
	int fd = -1;
	const char *start = text.n && text.p[0] == '/' ? "" : start_of(f, v, &fd);
	if (!text.n && fd >= 0) {
		f->act->fd = fd;
		f->act->ofd = hold(f, fd);
	}
	if (!start || (*start && *start != '/'))
		return NULL; /* not a directory: a pipe, a socket */
	char *path = arena_printf(&f->task->arena, "%s/%.*s", start, (int)text.n, (const char *)text.p);
	normalise(path);
	return path;
}

/* A descriptor or a path: what the argument's type says. */
static void take_target(const struct filler *f, uint16_t expr)
{
	const struct val *v = decode_effect_val(f->call, expr);
	if (v && v->kind == VAL_PTR) {
		f->act->path = absolute(f, v);
		return;
	}
	f->act->fd = (int)number(f->call, expr);
	f->act->ofd = hold(f, f->act->fd);
}

/* An offset that lies behind a pointer: its value before the call; without a pointer it is the position. */
static uint64_t offset_behind(const struct filler *f, uint16_t expr)
{
	const struct val *v = decode_effect_val(f->call, expr);
	if (!v || v->kind != VAL_PTR)
		return ACT_NOWHERE;
	const struct val *first = v->before ? v->before->child : NULL;
	return first ? first->n : v->child ? v->child->n : ACT_NOWHERE;
}

static uint64_t timeout_of(const struct filler *f, uint16_t expr)
{
	const struct val *v = decode_effect_val(f->call, expr);
	if (!v || v->kind != VAL_PTR)
		return number(f->call, expr);
	uint64_t any = v->child ? 0 : 1; /* no struct: waits for ever */
	for (const struct val *m = v->child ? v->child->child : NULL; m; m = m->next)
		any |= m->n;
	return any;
}

static void take(const struct filler *f, char letter, uint16_t expr)
{
	struct act *a = f->act;
	bool has_made = !f->call->has_failed && f->call->is_ret_known;
	switch (letter) {
	case 'f':
		a->fd = (int)number(f->call, expr);
		a->ofd = hold(f, a->fd);
		break;
	case 'g':
		a->other_fd = (int)number(f->call, expr);
		a->other = a->verb == VERB_dup ? NULL : hold(f, a->other_fd);
		break;
	case 'n':
		a->fd = has_made ? (int)number(f->call, expr) : -1;
		break;
	case 'p':
		take_target(f, expr);
		break;
	case 'q':
		a->path2 = decode_effect_val(f->call, expr) ? absolute(f, decode_effect_val(f->call, expr)) : NULL;
		break;
	case 'b':
		take_bytes(f, expr);
		break;
	case 'o':
		a->has_offered = length_of(f, expr, "iov_len", &a->offered);
		break;
	case 'a':
		take_address(f, expr);
		break;
	case '@':
		a->offset = number(f->call, expr);
		break;
	case 'i':
		a->offset = offset_behind(f, expr);
		break;
	case 'j':
		a->other_offset = offset_behind(f, expr);
		break;
	case 'x':
		a->number = number(f->call, expr);
		break;
	case 't':
		a->number = timeout_of(f, expr);
		break;
	case 'w':
		a->what = decode_effect_val(f->call, expr);
		break;
	default:
		break;
	}
}

struct act *act_of(struct state *s, struct task *task, const struct call *call, const struct desc_effect *effect)
{
	struct act *act = arena_alloc(&task->arena, sizeof(*act));
	*act = (struct act){.verb = effect->verb, .fd = -1, .other_fd = -1, .offset = ACT_NOWHERE, .other_offset = ACT_NOWHERE};
	const struct filler f = {s, task, call, act};
	const char *l = letters[effect->verb];
	for (unsigned i = 0; l && i < effect->nargs && l[i]; i++)
		take(&f, l[i], effect->args[i]);
	return act;
}

static void touch(struct ofd *o, uint64_t offset, uint64_t bytes)
{
	if (o->inode && offset + bytes > o->inode->size)
		o->inode->size = offset + bytes;
}

/* Reads or writes at the position, and moves it. Returns where that was. */
static uint64_t move(struct ofd *o, uint64_t bytes, bool is_write, bool appends)
{
	if (!o || !ofd_has_position(o))
		return ACT_NOWHERE;
	if (bytes && is_write && appends && o->inode)
		o->position = o->inode->size;
	uint64_t offset = o->position;
	o->position += bytes;
	if (is_write)
		touch(o, offset, bytes);
	return offset;
}

/* The same at an offset of its own, where there is one. */
static uint64_t move_at(struct ofd *o, uint64_t offset, uint64_t bytes, bool is_write, bool appends)
{
	if (offset == ACT_NOWHERE)
		return move(o, bytes, is_write, appends);
	if (!o || !ofd_has_position(o))
		return ACT_NOWHERE;
	if (is_write && appends && o->inode)
		offset = o->inode->size; /* pwrite on O_APPEND appends whatever the offset says (mm/filemap.c) */
	if (is_write)
		touch(o, offset, bytes);
	return offset;
}

static bool appends(const struct ofd *o)
{
	return o && o->flags & O_APPEND;
}

void act_move(struct act *a)
{
	switch (a->verb) {
	case VERB_read:
		a->offset = move(a->ofd, a->bytes, false, false);
		break;
	case VERB_write:
		a->offset = move(a->ofd, a->bytes, true, appends(a->ofd));
		break;
	case VERB_pread:
		a->offset = move_at(a->ofd, a->offset, a->bytes, false, false);
		break;
	case VERB_pwrite:
		a->offset = move_at(a->ofd, a->offset, a->bytes, true, appends(a->ofd) || a->number & RW_APPEND);
		break;
	case VERB_copy:
		a->other_offset = move_at(a->other, a->other_offset, a->bytes, false, false);
		a->offset = move_at(a->ofd, a->offset, a->bytes, true, appends(a->ofd));
		break;
	case VERB_seek:
		if (a->ofd)
			a->ofd->position = a->offset;
		break;
	case VERB_status:
		if (a->ofd) /* what F_SETFL may change (fs/fcntl.c) */
			a->ofd->flags = (a->ofd->flags & ~(uint32_t)OFD_SETTABLE) | ((uint32_t)a->number & OFD_SETTABLE);
		break;
	case VERB_truncate:
		if (a->ofd && a->ofd->inode)
			a->ofd->inode->size = a->number;
		break;
	case VERB_allocate:
		if (a->ofd)
			touch(a->ofd, 0, a->number);
		break;
	default:
		break;
	}
}
