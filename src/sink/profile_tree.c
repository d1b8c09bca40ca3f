/* --tree: processes with what they used, waited for and exchanged; where data came from and went to. */
#include "sink/profile_parts.h"

#include "base/xalloc.h"

#include "desc/desc.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { LISTED = 100, DEPTH = 64 };

static void indent(struct buf *b, int depth)
{
	buf_fill(b, ' ', (size_t)depth * 2);
}

static void put_status(struct buf *b, const struct proc *q)
{
	if (!q->has_status)
		buf_puts(b, q->died ? "ended" : "runs on");
	else if (WIFEXITED(q->status))
		buf_printf(b, "exit %d", WEXITSTATUS(q->status));
	else if (WIFSIGNALED(q->status)) {
		const char *name = desc_signal_name(WTERMSIG(q->status));
		buf_printf(b, "killed by %s", name ? name : "a signal");
	}
}

static uint64_t less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

static void put_usage(struct buf *b, const struct proc *q)
{
	const struct usage *u = &q->usage;
	char t[4][24];
	if (u->has_stat)
		buf_printf(b, "; CPU %s (%s user, %s system, in ticks); faults %" PRIu64 " minor, %" PRIu64 " major",
			   human_time(t[0], less(u->cpu_ns, q->base.cpu_ns)), human_time(t[1], less(u->user_ns, q->base.user_ns)),
			   human_time(t[2], less(u->system_ns, q->base.system_ns)), less(u->minor_faults, q->base.minor_faults), less(u->major_faults, q->base.major_faults));
	if (u->has_status)
		buf_printf(b, "; at most %s of memory; switches %" PRIu64 " voluntary, %" PRIu64 " forced", human_bytes(t[3], u->max_rss), u->voluntary,
			   u->involuntary);
}

/* The file of KIND that PROC spent most time on. */
static const struct file *dearest(const struct profile *p, const struct proc *q, enum fd_kind kind)
{
	const struct file *best = NULL;
	uint64_t most = 0;
	for (size_t i = 0; i < p->nfiles; i++) {
		struct file *f = p->file_list[i];
		if (f->kind != kind || (f->only && !f->uses && f->only != q))
			continue;
		const struct use *u = f->uses;
		while (u && u->proc != q)
			u = u->next;
		if (!u && !f->uses)
			u = &f->all;
		uint64_t ns = u ? use_time(u, READ) + use_time(u, WRITE) : 0;
		if (ns > most) {
			most = ns;
			best = f;
		}
	}
	return best;
}

/* Who else has the pipe, or the other end of the socket. */
static void put_others(struct buf *b, const struct file *f, const struct proc *q)
{
	enum { NAMED = 3 };
	size_t n = 0;
	unsigned named = 0;
	struct file *shared = f->kind == FD_SOCKET ? f->peer : (struct file *)f;
	struct use **uses = shared && f->kind != FD_FILE && f->kind != FD_CHAR ? file_uses(shared, &n) : NULL;
	for (size_t i = 0; i < n && named < NAMED; i++) {
		bool has_moved = use_bytes(uses[i], READ) || use_bytes(uses[i], WRITE);
		if (uses[i]->proc == q || !has_moved)
			continue;
		buf_printf(b, "%s%d (", named++ ? ", " : " with ", uses[i]->proc->pid);
		put_name(b, uses[i]->proc->comm);
		buf_c(b, ')');
	}
	free(uses);
}

static void put_wait(const struct profile *p, struct buf *b, const struct proc *q, enum wait w)
{
	static const enum fd_kind kinds[WAITS] = {[WAIT_FILE] = FD_FILE, [WAIT_PIPE] = FD_PIPE, [WAIT_SOCKET] = FD_SOCKET, [WAIT_DEVICE] = FD_CHAR};
	const struct wait_sum *s = &q->waits[w];
	char time[24];
	char longest[24];
	buf_printf(b, "%s %s in %" PRIu64 " calls (longest %s, ", wait_names[w], human_time(time, s->ns), s->n, human_time(longest, s->longest));
	if (s->longest_seq == UINT64_MAX)
		buf_lit(b, "not over yet");
	else
		buf_printf(b, "record %" PRIu64, s->longest_seq);
	if (s->longest_pid > 0)
		buf_printf(b, ", process %d", s->longest_pid);
	const struct file *f = kinds[w] ? dearest(p, q, kinds[w]) : NULL;
	f = f ? f : s->longest_file;
	if (f) {
		buf_lit(b, ", most on ");
		put_name(b, f->name);
		put_others(b, f, q);
	}
	buf_c(b, ')');
}

static void put_waits(const struct profile *p, struct buf *b, const struct proc *q, int depth)
{
	bool is_first = true;
	for (int w = 0; w < WAITS; w++) {
		if (!q->waits[w].n)
			continue;
		if (is_first) {
			indent(b, depth);
			buf_lit(b, "    in calls on: ");
		} else {
			buf_lit(b, "; ");
		}
		is_first = false;
		put_wait(p, b, q, (enum wait)w);
	}
	if (!is_first)
		buf_c(b, '\n');
}

static void put_threads(struct buf *b, const struct proc *q, uint64_t end, int depth)
{
	enum { SHOWN = 32 };
	for (unsigned i = 0; i < q->nthreads && i < SHOWN && q->threads > 1; i++) {
		const struct thread *t = &q->thread[i];
		char s[3][24];
		indent(b, depth);
		buf_printf(b, "    thread %d ", t->tid);
		put_name(b, t->comm);
		buf_printf(b, ": ran %s, CPU %s, %" PRIu64 " calls, %" PRIu64 " failed; %s in calls that wait\n", human_time(s[0], (t->died ? t->died : end) - t->born),
			   t->cpu_ns ? human_time(s[1], t->cpu_ns) : "?", t->calls, t->errors, human_time(s[2], t->waited_ns));
	}
	if (q->threads > 1 && q->threads > SHOWN) {
		indent(b, depth);
		buf_printf(b, "    and %u more threads\n", q->threads - SHOWN);
	}
}

static void put_proc(const struct profile *p, struct buf *b, const struct proc *q, int depth)
{
	char run[24];
	char bytes[2][24];
	indent(b, depth);
	buf_printf(b, "%d ", q->pid);
	put_name(b, proc_line(q));
	buf_c(b, '\n');
	indent(b, depth);
	buf_lit(b, "    ");
	put_status(b, q);
	buf_printf(b, ", ran %s", human_time(run, (q->died ? q->died : p->end) - q->born));
	if (q->threads > 1)
		buf_printf(b, ", %u threads, at most %u at once", q->threads, q->most_tasks);
	put_usage(b, q);
	buf_c(b, '\n');
	indent(b, depth);
	buf_printf(b, "    %" PRIu64 " calls, %" PRIu64 " failed; %s read, %s written", q->calls, q->errors, human_bytes(bytes[0], q->bytes[READ]),
		   human_bytes(bytes[1], q->bytes[WRITE]));
	if (q->usage.has_io)
		buf_printf(b, " (the kernel counts, exec and reaped children included: rchar %" PRIu64 ", wchar %" PRIu64 ", syscr %" PRIu64 ", syscw %" PRIu64 ", from disk %" PRIu64 ", to disk %" PRIu64 ")",
			   less(q->usage.rchar, q->base.rchar), less(q->usage.wchar, q->base.wchar), less(q->usage.syscr, q->base.syscr),
			   less(q->usage.syscw, q->base.syscw), less(q->usage.read_bytes, q->base.read_bytes), less(q->usage.write_bytes, q->base.write_bytes));
	buf_c(b, '\n');
	put_waits(p, b, q, depth);
	put_threads(b, q, p->end, depth);
	for (size_t i = 0; i + 1 < q->nprograms; i++) {
		indent(b, depth);
		buf_lit(b, "    was ");
		put_name(b, q->programs[i].line ? q->programs[i].line : "?");
		buf_c(b, '\n');
	}
}

static void put_children(const struct profile *p, struct buf *b, const struct proc *parent, int depth)
{
	for (const struct proc *q = p->first_proc; q && depth < DEPTH; q = q->next) {
		if (q->parent != parent)
			continue;
		put_proc(p, b, q, depth);
		put_children(p, b, q, depth + 1);
	}
}

/* ---- where data came from and went to ---- */

static bool is_data(const struct file *f)
{
	return (f->kind == FD_FILE || f->kind == FD_BLOCK) && !f->is_group;
}

static bool is_input(const struct file *f)
{
	return is_data(f) && use_bytes(&f->all, READ) && !use_bytes(&f->all, WRITE) && !f->is_library;
}

static bool is_output(const struct file *f)
{
	return is_data(f) && (use_bytes(&f->all, WRITE) || f->is_mapped_for_write) && !f->is_library && !f->is_executed &&
	       (use_bytes(&f->all, WRITE) || !use_bytes(&f->all, READ));
}

static bool is_executable(const struct file *f)
{
	return f->is_executed;
}

static bool is_library(const struct file *f)
{
	return f->is_library && !f->is_executed;
}

static void put_list(const struct profile *p, struct buf *b, const char *title, bool (*belongs)(const struct file *f))
{
	size_t n = 0;
	for (size_t i = 0; i < p->nfiles; i++) {
		if (!belongs(p->file_list[i]))
			continue;
		if (!n++)
			buf_printf(b, "\n%s\n", title);
		if (n > LISTED)
			continue;
		buf_lit(b, "    ");
		put_name(b, p->file_list[i]->name);
		buf_c(b, '\n');
	}
	if (n > LISTED)
		buf_printf(b, "    and %zu more\n", n - LISTED);
}

static void put_exchange(struct buf *b, const struct file *f, const struct use *from, const struct use *to, const struct file *via)
{
	char wrote[24];
	char read[24];
	buf_printf(b, "    %d (", from->proc->pid);
	put_name(b, from->proc->comm);
	buf_printf(b, ") wrote %s, %d (", human_bytes(wrote, use_bytes(from, WRITE)), to->proc->pid);
	put_name(b, to->proc->comm);
	buf_printf(b, ") read %s: ", human_bytes(read, use_bytes(to, READ)));
	put_name(b, f->name);
	if (via != f) {
		buf_lit(b, " to ");
		put_name(b, via->name);
	}
	buf_c(b, '\n');
}

/* Each process that wrote A with each other one that read C: the same file, or the other end of a socket. */
static size_t put_exchanges(struct buf *b, struct file *a, struct file *c)
{
	size_t n = 0;
	size_t m = 0;
	size_t shown = 0;
	struct use **from = file_uses(a, &n);
	struct use **to = file_uses(c, &m);
	for (size_t i = 0; i < n && shown < LISTED; i++)
		for (size_t k = 0; k < m && shown < LISTED; k++) {
			if (from[i]->proc == to[k]->proc || !use_bytes(from[i], WRITE) || !use_bytes(to[k], READ))
				continue;
			if (a == c && from[i]->flow[WRITE]->first_start > to[k]->flow[READ]->last_end)
				continue; /* read before it was written */
			put_exchange(b, a, from[i], to[k], c);
			shown++;
		}
	free(from);
	free(to);
	return shown;
}

static void put_provenance(struct profile *p, struct buf *b)
{
	enum { ALL = 1000 };
	put_list(p, b, "Inputs", is_input);
	put_list(p, b, "Outputs", is_output);
	put_list(p, b, "Executables", is_executable);
	put_list(p, b, "Libraries", is_library);
	struct buf list = {0};
	size_t shown = 0;
	for (size_t i = 0; i < p->nfiles && shown < ALL; i++) {
		struct file *f = p->file_list[i];
		struct file *peer = f->kind == FD_SOCKET ? f->peer : f;
		bool is_shared = f->kind == FD_FILE || f->kind == FD_PIPE || f->kind == FD_SOCKET;
		if (is_shared && peer && !f->is_group)
			shown += put_exchanges(&list, f, peer);
	}
	if (list.n) {
		buf_lit(b, "\nExchanged\n");
		buf_put(b, list.p, list.n);
	}
	buf_free(&list);
}

void profile_put_tree(struct profile *p, struct buf *b)
{
	buf_lit(b, "\nProcesses\n");
	put_children(p, b, NULL, 0);
	put_provenance(p, b);
}
