/*
 * The profile's sink: hands each act to those who count it, and writes at the end. What a verb means for the counters
 * is one table.
 */
#include "sink/profile.h"

#include "base/xalloc.h"
#include "decode/decode.h"
#include "sink/profile_parts.h"
#include "state/task.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { MAPPED, SUBMITTED, UNSEEN_OTHER };

/* What is at hand while one act is counted. */
struct counting {
	struct profile *p;
	struct proc *proc;
	const struct task *task;
	const struct call *call;
	const struct act *act;
	struct mark at;
};

static struct life *life_at(const struct counting *c, const struct ofd *o)
{
	return o ? life_of(c->p, o) : NULL;
}

static struct io op_of(const struct counting *c, enum direction d)
{
	const struct call *call = c->call;
	const struct act *act = c->act;
	return (struct io){.direction = d, .bytes = act->bytes, .offered = act->offered, .has_offered = act->has_offered, .offset = act->offset,
			   .address = act->address, .start = call->entry_mono, .end = call->exit_mono, .at = c->at};
}

/* Moves bytes from or to O. */
static void move(const struct counting *c, const struct ofd *o, struct io op)
{
	struct life *life = life_at(c, o);
	if (!life)
		return;
	file_set_address(life->file, o);
	if (c->call->has_failed) {
		file_io_failed(life->file, c->proc, &op);
		habit_failed_io(c->proc, life, life->file, c->call, c->act, c->at);
		return;
	}
	file_io(life->file, c->proc, life, &op);
	habit_io(c->proc, life, life->file, c->act, &op);
	c->proc->bytes[op.direction] += op.bytes;
}

static void do_read(const struct counting *c)
{
	move(c, c->act->ofd, op_of(c, READ));
}

static void do_write(const struct counting *c)
{
	move(c, c->act->ofd, op_of(c, WRITE));
}

/* Both sides; a failure counts at the side that is written. */
static void do_copy(const struct counting *c)
{
	struct io out = op_of(c, WRITE);
	out.is_copy = true;
	struct io in = out;
	in.direction = READ;
	in.offset = c->act->other_offset;
	if (!c->call->has_failed)
		move(c, c->act->other, in);
	move(c, c->act->ofd, out);
}

/* The file that an act on a descriptor or path is about; NULL where that is not known. */
static struct file *target(const struct counting *c)
{
	struct life *life = life_at(c, c->act->ofd);
	if (life)
		return life->file;
	bool is_absent = c->call->result == -ENOENT || c->call->result == -ENOTDIR;
	if (!c->act->path || (c->call->has_failed && is_absent))
		return NULL;
	return file_of_path(c->p, c->act->path);
}

static void count(const struct counting *c, enum count which)
{
	struct file *f = target(c);
	if (f)
		file_count(f, c->proc, which, c->call, c->at);
}

static void do_open(const struct counting *c) { habit_lookup(c->proc, c->call, c->act, c->at); count(c, COUNT_opens); }
static void do_make(const struct counting *c) { count(c, COUNT_opens); }
static void do_dup(const struct counting *c) { count(c, COUNT_dups); }
static void do_stat(const struct counting *c) { habit_lookup(c->proc, c->call, c->act, c->at); count(c, COUNT_stats); }
static void do_ask(const struct counting *c) { habit_lookup(c->proc, c->call, c->act, c->at); count(c, COUNT_asks); }
static void do_change(const struct counting *c) { count(c, COUNT_changes); }
static void do_create(const struct counting *c) { count(c, COUNT_creates); }
static void do_unlink(const struct counting *c) { count(c, COUNT_unlinks); }
static void do_truncate(const struct counting *c) { count(c, COUNT_truncates); }
static void do_lock(const struct counting *c) { count(c, COUNT_locks); }
static void do_list(const struct counting *c) { count(c, COUNT_listings); }
static void do_other(const struct counting *c) { count(c, COUNT_others); }
static void do_connection(const struct counting *c) { count(c, COUNT_connections); }
static void do_fork(const struct counting *c) { c->p->made += !c->call->has_failed; }
static void do_exec(const struct counting *c) { habit_lookup(c->proc, c->call, c->act, c->at); }
static void do_poll(const struct counting *c) { habit_poll(c->proc, c->call, c->act, c->at); }

/* Under both names. */
static void do_rename(const struct counting *c)
{
	count(c, COUNT_renames);
	if (c->act->path2 && !c->call->has_failed)
		file_count(file_of_path(c->p, c->act->path2), c->proc, COUNT_renames, c->call, c->at);
}

static void do_seek(const struct counting *c)
{
	count(c, COUNT_seeks);
	struct life *life = life_at(c, c->act->ofd);
	if (life && !c->call->has_failed)
		habit_seek(life, c->call, c->at);
}

static void do_close(const struct counting *c)
{
	count(c, COUNT_closes);
	struct life *life = life_at(c, c->act->ofd);
	if (life && c->call->has_failed)
		habit_write_error(c->proc, life->file, c->call, c->at);
}

static void do_sync(const struct counting *c)
{
	count(c, c->act->number == 1 ? COUNT_fdsyncs : COUNT_fsyncs);
	struct life *life = life_at(c, c->act->ofd);
	if (life && c->call->has_failed)
		habit_write_error(c->proc, life->file, c->call, c->at);
	else if (life && c->act->number < 2)
		habit_sync(c->proc, life, life->file, c->at);
}

static void do_map(const struct counting *c)
{
	struct life *life = life_at(c, c->act->ofd);
	if (!life)
		return;
	count(c, COUNT_mmaps);
	if (c->call->has_failed)
		return;
	c->p->unseen[MAPPED]++;
	life->file->is_library |= (c->act->number & PROT_EXEC) != 0;
	life->file->is_mapped_for_write |= (c->act->number & PROT_WRITE) != 0;
}

static void do_submit(const struct counting *c)
{
	c->p->unseen[SUBMITTED] += c->act->bytes;
	count(c, COUNT_others);
}

static void (*const verbs[VERB_COUNT])(const struct counting *c) = {
	[VERB_read] = do_read,         [VERB_pread] = do_read,       [VERB_write] = do_write,       [VERB_pwrite] = do_write,
	[VERB_copy] = do_copy,         [VERB_tee] = do_other,        [VERB_open] = do_open,         [VERB_anon] = do_make,
	[VERB_pipe] = do_make,         [VERB_socket] = do_make,      [VERB_socketpair] = do_make,   [VERB_accept] = do_make,
	[VERB_pidfd] = do_make,        [VERB_dup] = do_dup,          [VERB_close] = do_close,       [VERB_seek] = do_seek,
	[VERB_stat] = do_stat,         [VERB_ask] = do_ask,          [VERB_change] = do_change,     [VERB_create] = do_create,
	[VERB_unlink] = do_unlink,     [VERB_rename] = do_rename,    [VERB_truncate] = do_truncate, [VERB_allocate] = do_truncate,
	[VERB_lock] = do_lock,         [VERB_readdir] = do_list,     [VERB_sync] = do_sync,         [VERB_map] = do_map,
	[VERB_submit] = do_submit,     [VERB_advise] = do_other,     [VERB_status] = do_other,      [VERB_cloexec] = do_other,
	[VERB_shutdown] = do_other,    [VERB_bind] = do_other,       [VERB_listen] = do_other,      [VERB_connect] = do_connection,
	[VERB_watch] = do_other,       [VERB_poll] = do_poll,        [VERB_exec] = do_exec,         [VERB_fork] = do_fork,
};

static void see(struct profile *p, uint64_t at)
{
	if (!p->start) {
		p->start = at;
		for (struct proc *q = p->first_proc; q; q = q->next) { /* known before anything happened */
			q->born = at;
			for (unsigned i = 0; i < q->nthreads; i++)
				q->thread[i].born = at;
		}
	}
	p->end = at > p->end ? at : p->end;
}

static void on_exit_(struct sink *s, const struct task *task, const struct call *call)
{
	struct profile *p = (struct profile *)s;
	see(p, call->entry_mono);
	see(p, call->exit_mono);
	struct proc *proc = proc_of(p, task);
	p->calls++;
	p->errors += call->has_failed;
	/* Counters first: a close takes the descriptor's record away. */
	for (const struct act *act = task->acts; act; act = act->next)
		if (verbs[act->verb])
			verbs[act->verb](&(struct counting){p, proc, task, call, act, {call->seq, task->stack}});
	proc_call(p, task, proc, call);
	for (const struct act *act = task->acts; act; act = act->next)
		life_act(p, task, proc, call, act);
}

static void on_event(struct sink *s, const struct task *task, const struct event *ev)
{
	struct profile *p = (struct profile *)s;
	see(p, ev->mono);
	if (!p->wall)
		p->wall = ev->wall;
	p->gaps += ev->kind == EVENT_GAP;
	proc_event(p, task, ev);
}

static void on_task(struct sink *s, struct task *task, bool is_born)
{
	proc_task((struct profile *)s, task, is_born);
}

/* What still runs is asked once more. */
static void read_running(struct profile *p)
{
	size_t at = 0;
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	uint64_t end = (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
	for (const struct task *t; (t = map_next(&p->tasks, &at));) {
		see(p, end);
		lives_stay(p, t, proc_of(p, t));
		if (t->is_in_call)
			proc_unfinished(p, t, end);
	}
	for (struct proc *q = p->first_proc; q; q = q->next)
		if (!q->died)
			usage_read(q->pid, &q->usage);
}

/* Judges, once. */
static const struct findings *judge(struct profile *p)
{
	if (p->is_judged)
		return &p->findings;
	p->is_judged = true;
	read_running(p);
	profile_find_peers(p);
	p->findings = findings_make(p);
	return &p->findings;
}

static void give_records(struct sink *s, struct buf *lines)
{
	struct profile *p = (struct profile *)s;
	if (p->options->wants_profile || p->options->wants_findings)
		profile_put_findings_json(lines, p, judge(p));
}

static void put_all(struct profile *p, const struct findings *findings)
{
	const struct options *o = p->options;
	struct buf *b = &p->out->buf;
	if (o->wants_findings && o->findings_as_json)
		profile_put_findings_json(b, p, findings);
	if (o->wants_profile)
		profile_put_text(p, b);
	if (o->wants_fds)
		profile_put_fds(p, b);
	if (o->wants_tree)
		profile_put_tree(p, b);
	if (o->wants_profile || (o->wants_findings && !o->findings_as_json))
		profile_put_findings(b, p, findings);
}

static int end(struct sink *s)
{
	struct profile *p = (struct profile *)s;
	const struct findings *findings = judge(p);
	if (p->out)
		put_all(p, findings);
	if (p->json)
		profile_put_json(p, &p->json->buf, findings);
	findings_free(&p->findings);
	int err = p->out ? out_close(p->out) : 0;
	int json_err = p->json ? out_close(p->json) : 0;
	lives_free(p);
	procs_free(p);
	files_free(p);
	free(p);
	return err ? err : json_err;
}

static const struct sink_ops profile_ops = {
	.name = "profile", .exit = on_exit_, .event = on_event, .task = on_task, .give_records = give_records, .end = end};

struct sink *profile_open(const struct options *options, struct out *out, struct out *json)
{
	struct profile *p = xcalloc(1, sizeof(*p));
	p->sink.ops = &profile_ops;
	p->options = options;
	p->out = out;
	p->json = json;
	return &p->sink;
}
