/*
 * How a program goes about its I/O: seeks before reads, syncs after writes, spinning, short writes that nobody
 * continued, errors that nobody heeded, paths that are not there. Findings judge what is counted here.
 */
#include "sink/profile_parts.h"

#include "base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SMALL_SYNC = 65536 };

static void pair_use(struct use *u, void *ctx)
{
	const struct life *l = ctx;
	u->seek_pairs++;
	u->pair_ns += l->seek_ns;
	evidence_add(&u->seeks, l->seek_at);
}

static void synced_use(struct use *u, void *ctx)
{
	u->synced_small++;
	evidence_add(&u->synced, *(const struct mark *)ctx);
}

/* A short write waits for its rest until something else is written, or the descriptor goes. */
static void note_short(struct proc *proc, struct life *life, struct file *file, const struct io *op)
{
	bool is_same_again = life->short_at.seq != UINT64_MAX && file->kind == FD_FILE && op->address == life->short_address &&
			     op->offered == life->short_offered;
	if (is_same_again) {
		proc->short_writes++;
		proc->short_file = file;
		evidence_add(&proc->short_calls, life->short_at);
	}
	life->short_at.seq = UINT64_MAX;
	if (op->has_offered && op->bytes < op->offered && !(life->flags & O_NONBLOCK) && !op->is_copy) {
		life->short_at = op->at;
		life->short_offered = op->offered;
		life->short_address = op->address;
		life->last_user = proc;
	}
}

void habit_io(struct proc *proc, struct life *life, struct file *file, const struct act *act, const struct io *op)
{
	bool at_position = act->verb == VERB_read || act->verb == VERB_write;
	if (at_position && life->has_sought)
		file_each_use(file, proc, pair_use, life);
	life->has_sought = false;
	life->spins = 0;
	life->bytes[op->direction] += op->bytes;
	if (op->direction == READ)
		return;
	if (act->fd == STDERR_FILENO && op->bytes)
		proc->has_told = true;
	if (proc->write_error && proc->write_error_file == file && op->bytes)
		proc->write_error = 0; /* it was tried again, and went well */
	life->writes_since_sync++;
	life->bytes_since_sync += op->bytes;
	if (life->flags & O_DSYNC && op->bytes < SMALL) /* O_SYNC has the bit too */
		file_each_use(file, proc, synced_use, (void *)&op->at);
	note_short(proc, life, file, op);
}

static void spin(struct proc *proc, struct life *life, struct mark at)
{
	if (life->spin_waits != proc->waited)
		life->spins = 0;
	life->spin_waits = proc->waited;
	life->spins++;
	if (life->spins > life->worst_spins)
		life->worst_spins = life->spins;
	if (life->spins > 1)
		evidence_add(&life->spin_calls, at);
	life->last_user = proc;
}

static void direct_use(struct use *u, void *ctx)
{
	u->direct_failures++;
	evidence_add(&u->direct, *(const struct mark *)ctx);
}

void habit_write_error(struct proc *proc, struct file *file, const struct call *call, struct mark at)
{
	static const int heeded[] = {ENOSPC, EIO, EDQUOT, EFBIG, ENODEV, EROFS};
	for (size_t i = 0; i < sizeof(heeded) / sizeof(heeded[0]); i++) {
		if (call->result != -heeded[i])
			continue;
		proc->write_errors++;
		proc->has_told = false;
		if (!proc->write_error) {
			proc->write_error = heeded[i];
			proc->write_error_at = at;
			proc->write_error_file = file;
		}
	}
}

void habit_failed_io(struct proc *proc, struct life *life, struct file *file, const struct call *call, const struct act *act, struct mark at)
{
	bool is_write = act->verb == VERB_write || act->verb == VERB_pwrite || act->verb == VERB_copy;
	if (call->result == -EAGAIN || call->result == -EINTR)
		spin(proc, life, at);
	if (call->result == -EINVAL && life->flags & O_DIRECT)
		file_each_use(file, proc, direct_use, &at);
	if (!is_write)
		return;
	life->short_at.seq = UINT64_MAX; /* it was tried to continue */
	if (file->kind == FD_FILE || file->kind == FD_BLOCK || file->kind == FD_CHAR)
		habit_write_error(proc, file, call, at);
}

void habit_seek(struct life *life, const struct call *call, struct mark at)
{
	life->has_sought = true;
	life->seek_at = at;
	life->seek_ns = call->exit_mono - call->entry_mono;
}

static void sync_use(struct use *u, void *ctx)
{
	u->syncs_after_small++;
	evidence_add(&u->syncs, *(const struct mark *)ctx);
}

void habit_sync(struct proc *proc, struct life *life, struct file *file, struct mark at)
{
	if (life->writes_since_sync == 1 && life->bytes_since_sync < SMALL_SYNC)
		file_each_use(file, proc, sync_use, &at);
	life->writes_since_sync = 0;
	life->bytes_since_sync = 0;
}

void habit_over(struct life *life)
{
	struct proc *proc = life->last_user;
	bool was_killed = proc && proc->has_status && WIFSIGNALED(proc->status);
	if (life->short_at.seq == UINT64_MAX || !proc || was_killed)
		return;
	proc->short_writes++;
	proc->short_file = life->file;
	evidence_add(&proc->short_calls, life->short_at);
	life->short_at.seq = UINT64_MAX;
}

static void missing(struct proc *proc, const struct call *call, const char *path, struct mark at)
{
	uint64_t ns = call->exit_mono - call->entry_mono;
	proc->missing++;
	proc->missing_ns += ns;
	evidence_add(&proc->missing_calls, at);
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	size_t n = *name == '.' ? strlen(name) : strcspn(name, ".");
	struct lookup *l = map_get(&proc->names, hash_bytes(name, n));
	if (!l && proc->names.n >= NAMED_FAILURES_MAX)
		return;
	if (!l) {
		l = xcalloc(1, sizeof(*l));
		l->name = xstrndup(name, n);
		l->first = xstrdup(path);
		map_put(&proc->names, hash_bytes(name, n), l);
	}
	l->n++;
	l->ns += ns;
	evidence_add(&l->calls, at);
}

void habit_lookup(struct proc *proc, const struct call *call, const struct act *act, struct mark at)
{
	if (!act->path)
		return;
	proc->lookups++;
	if (call->result == -ENOENT || call->result == -ENOTDIR)
		missing(proc, call, act->path, at);
}

void habit_poll(struct proc *proc, const struct call *call, const struct act *act, struct mark at)
{
	proc->polls++;
	bool is_empty = !call->has_failed && call->result == 0 && act->number == 0;
	if (!is_empty) {
		proc->spinning = 0;
		proc->waited++;
		return;
	}
	proc->empty_polls++;
	proc->empty_ns += call->exit_mono - call->entry_mono;
	if (++proc->spinning > proc->worst_spinning)
		proc->worst_spinning = proc->spinning;
	evidence_add(&proc->empty_calls, at);
}

void habits_free(struct proc *proc)
{
	size_t at = 0;
	for (struct lookup *l; (l = map_next(&proc->names, &at));) {
		free(l->name);
		free(l->first);
		free(l);
	}
	map_free(&proc->names);
}
