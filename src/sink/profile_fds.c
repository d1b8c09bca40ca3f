/* --fds: each open file description from its birth to its end, and how many descriptors processes had. */
#include "sink/profile_parts.h"

#include "base/xalloc.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LIVES_SHOWN = 1000, CHART = 60 };

static pid_t pid_of(const struct profile *p, uint64_t id)
{
	const struct proc *q = map_get(&p->procs, id);
	return q ? q->pid : 0;
}

static void put_when(const struct profile *p, struct buf *b, const struct where *w)
{
	buf_printf(b, "at %.6f s by %d", (double)(w->at - p->start) / 1e9, pid_of(p, w->proc));
	if (w->mark.seq != UINT64_MAX)
		buf_printf(b, ", record %" PRIu64, w->mark.seq);
	if (w->mark.stack) {
		buf_lit(b, ", from ");
		if (!profile_put_site(b, w->mark.stack))
			buf_lit(b, "?");
	}
}

static void put_flags(struct buf *b, uint32_t flags)
{
	static const struct { uint32_t bit; const char *name; } names[] = {{O_APPEND, "O_APPEND"}, {O_NONBLOCK, "O_NONBLOCK"}, {O_DIRECT, "O_DIRECT"},
		{O_SYNC, "O_SYNC"}, {O_PATH, "O_PATH"}};
	static const char *const modes[] = {"read", "write", "read and write", "access 3"};
	buf_puts(b, modes[flags & O_ACCMODE]);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if ((flags & names[i].bit) == names[i].bit)
			buf_printf(b, " %s", names[i].name);
}

static void put_count(struct buf *b, uint32_t n, const char *what)
{
	if (n)
		buf_printf(b, ", %s %u time%s", what, n, n == 1 ? "" : "s");
}

static void put_end(const struct profile *p, struct buf *b, const struct life *l)
{
	static const char *const texts[] = {[STILL_OPEN] = "open when the trace ended", [CLOSED] = "closed", [CLOSED_BY_EXEC] = "closed by an exec",
		[CLOSED_BY_EXIT] = "open at exit"};
	buf_printf(b, "    end     %s", texts[l->ending]);
	if (l->ending != STILL_OPEN) {
		buf_c(b, ' ');
		put_when(p, b, &l->closed);
	}
	buf_c(b, '\n');
}

static void put_life(const struct profile *p, struct buf *b, const struct life *l)
{
	char bytes[2][24];
	buf_printf(b, "\n#%" PRIu64 " ", l->ofd);
	put_name(b, l->file->name);
	if (l->file->address) {
		buf_c(b, ' ');
		put_name(b, l->file->address);
	}
	buf_printf(b, "  [%s]\n    made    ", fd_kind_names[l->file->kind]);
	if (l->verb) {
		buf_printf(b, "%s as %d ", l->verb, l->opened.fd);
		put_when(p, b, &l->opened);
		buf_lit(b, "; ");
		if (l->file->kind != FD_SOCKET && l->file->kind != FD_ANON)
			put_flags(b, l->flags);
		buf_puts(b, l->is_cloexec ? " close-on-exec" : " kept over exec");
	} else {
		buf_lit(b, "before the trace; ");
		put_flags(b, l->flags);
	}
	put_count(b, l->dups, "dup'ed");
	put_count(b, l->forks, "inherited by fork");
	put_count(b, l->execs, "kept over exec");
	put_count(b, l->sent, "sent");
	put_count(b, l->received, "received");
	buf_printf(b, "\n    moved   %s read, %s written\n", human_bytes(bytes[0], l->bytes[READ]), human_bytes(bytes[1], l->bytes[WRITE]));
	if (l->peer)
		buf_printf(b, "    peer    #%" PRIu64 "\n", l->peer);
	if (l->members) {
		buf_lit(b, "    watches ");
		put_name(b, l->members);
		buf_c(b, '\n');
	}
	put_end(p, b, l);
}

static void put_process(struct buf *b, const struct proc *q)
{
	buf_printf(b, "\n%d ", q->pid);
	put_name(b, proc_line(q));
	buf_printf(b, "\n    %" PRIu64 " inherited, %" PRIu64 " opened, %" PRIu64 " closed, %" PRIu64 " left open; at most %" PRIu64 " at once, the limit is %" PRIu64 "\n",
		   q->inherited, q->opened, q->closed, q->left_open, q->open_most, q->limit);
	if (q->double_closes.n || q->uses_after_close.n || q->emfile.n)
		buf_printf(b, "    errors: %" PRIu64 " double closes, %" PRIu64 " uses after close, %" PRIu64 " times too many open (EMFILE)\n",
			   q->double_closes.n ? q->double_closes.n - 1 : 0, q->uses_after_close.n ? q->uses_after_close.n - 1 : 0, q->emfile.n);
	if (q->open_series.n < 2 || q->open_most < 2 * q->inherited)
		return;
	buf_lit(b, "    over time ");
	unsigned step = (q->open_series.n + CHART - 1) / CHART;
	for (unsigned i = 0; i < q->open_series.n; i += step) {
		uint64_t most = 0;
		for (unsigned k = i; k < i + step && k < q->open_series.n; k++)
			most = q->open_series.v[k][0] > most ? q->open_series.v[k][0] : most;
		buf_c(b, " .:-=+*#%@"[most * 9 / q->open_most]);
	}
	buf_printf(b, " (most: %" PRIu64 ")\n", q->open_most);
}

void profile_put_fds(struct profile *p, struct buf *b)
{
	size_t n = 0;
	struct life **lives = lives_all(p, &n);
	buf_printf(b, "\nOpen file descriptions: %" PRIu64 "\n", n + p->nfolded);
	for (size_t i = 0; i < n && i < LIVES_SHOWN; i++)
		put_life(p, b, lives[i]);
	if (n > LIVES_SHOWN || p->nfolded)
		buf_printf(b, "\nand %" PRIu64 " more\n", (n > LIVES_SHOWN ? n - LIVES_SHOWN : 0) + p->nfolded);
	buf_lit(b, "\nDescriptors by process\n");
	for (const struct proc *q = p->first_proc; q; q = q->next)
		put_process(b, q);
	free(lives);
}
