/* The profile as one JSON document; the contract is contrib/ringside-profile.schema.json. Times are ns since the start. */
#include "sink/profile_parts.h"

#include "base/xalloc.h"
#include "desc/desc.h"
#include "sink/json_write.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

enum { PROFILE_SCHEMA = 1, COMMIT_SIZE = 65536 };
#define SECOND 1000000000ULL

static void put_uint(struct buf *b, const char *key, uint64_t v)
{
	json_key(b, key);
	json_uint(b, v);
}

static void put_text(struct buf *b, const char *key, const char *s)
{
	json_key(b, key);
	json_text(b, s);
}

static void put_bool(struct buf *b, const char *key, bool v)
{
	json_key(b, key);
	json_bool(b, v);
}

static void put_time(const struct profile *p, struct buf *b, const char *key, uint64_t at)
{
	put_uint(b, key, at > p->start ? at - p->start : 0);
}

static void put_records(struct buf *b, const char *key, const struct evidence *e)
{
	json_key(b, key);
	json_open_array(b);
	for (size_t i = 0; i < e->n && i < EVIDENCE; i++)
		if (e->seq[i] != UINT64_MAX)
			json_uint(b, e->seq[i]);
	json_close_array(b);
}

/* Who made the call, where stacks are taken. */
static void put_site(struct buf *b, const struct stack *stack)
{
	struct buf site = {0};
	if (stack && profile_put_site(&site, stack)) {
		buf_c(&site, '\0');
		put_text(b, "site", site.p);
	}
	buf_free(&site);
}

/* ---- files ---- */

static void put_tally(struct buf *b, const char *key, const struct tally *t)
{
	struct tally sorted = tally_clone(t);
	tally_sort(&sorted);
	json_key(b, key);
	json_open_array(b);
	for (unsigned i = 0; i < sorted.n && i < COMMON; i++) {
		json_open_object(b);
		put_uint(b, "value", sorted.v[i].value);
		put_uint(b, "count", sorted.v[i].n);
		json_close_object(b);
	}
	json_close_array(b);
	free(sorted.v);
}

static void put_latency(struct buf *b, const struct latency *l)
{
	json_key(b, "latency_log2");
	json_open_array(b);
	unsigned last = 0;
	for (unsigned i = 0; i < LATENCIES; i++)
		last = l->n[i] ? i + 1 : last;
	for (unsigned i = 0; i < last; i++)
		json_uint(b, l->n[i]);
	json_close_array(b);
	put_uint(b, "p50", latency_percentile(l, 50));
	put_uint(b, "p90", latency_percentile(l, 90));
	put_uint(b, "p99", latency_percentile(l, 99));
}

static void put_place(struct buf *b, const struct flow *f)
{
	put_uint(b, "placed", f->placed);
	put_uint(b, "SEQ", f->seq);
	put_uint(b, "CONSEC", f->consec);
	put_uint(b, "random", flow_random(f));
	put_uint(b, "file_SEQ", f->file_seq);
	put_uint(b, "file_CONSEC", f->file_consec);
	put_uint(b, "FILE_NOT_ALIGNED", f->misaligned);
	put_uint(b, "MAX_BYTE", f->max_byte);
	put_uint(b, "bytes_again", f->again);
	put_uint(b, "bytes_distinct", ranges_total(&f->touched));
	put_bool(b, "is_distinct_exact", !f->touched.joined);
	put_tally(b, "strides", &f->strides);
}

static void put_buffers(struct buf *b, const struct flow *f)
{
	put_uint(b, "offered_calls", f->offered_calls);
	put_uint(b, "bytes_offered", f->offered);
	put_uint(b, "bytes_of_offered", f->offered_moved);
	put_uint(b, "short_calls", f->short_calls);
	put_uint(b, "end_calls", f->end_calls);
	put_uint(b, "addresses", f->naddresses);
	put_bool(b, "has_more_addresses", f->has_more_addresses);
	put_uint(b, "MEM_NOT_ALIGNED", f->memory_misaligned);
}

static void put_flow(const struct profile *p, struct buf *b, const char *key, const struct flow *f)
{
	json_key(b, key);
	if (!f) {
		json_null(b);
		return;
	}
	json_open_object(b);
	put_uint(b, "calls", f->calls);
	put_uint(b, "failed", f->failed);
	put_uint(b, "bytes", f->bytes);
	json_key(b, "sizes");
	json_open_object(b);
	for (int i = 0; i < SIZES; i++)
		if (f->sizes[i])
			put_uint(b, size_names[i], f->sizes[i]);
	json_close_object(b);
	put_tally(b, "common_sizes", &f->common);
	put_bool(b, "is_common_exact", !f->common.has_evicted);
	put_buffers(b, f);
	put_place(b, f);
	put_uint(b, "time", f->time.ns);
	put_latency(b, &f->latency);
	put_uint(b, "slowest", f->slowest);
	put_uint(b, "slowest_bytes", f->slowest_bytes);
	if (f->calls) {
		put_uint(b, "slowest_record", f->slowest_seq);
		put_time(p, b, "first_start", f->first_start);
		put_time(p, b, "last_end", f->last_end);
	}
	json_close_object(b);
}

static void put_use(const struct profile *p, struct buf *b, const struct use *u)
{
	json_key(b, "counts");
	json_open_object(b);
	for (int i = 0; i < COUNTS; i++)
		if (u->counts[i])
			put_uint(b, count_names[i], u->counts[i]);
	json_close_object(b);
	put_uint(b, "calls", use_calls(u));
	put_uint(b, "failed", u->failed);
	put_uint(b, "RW_SWITCHES", u->switches);
	put_uint(b, "meta_time", u->meta.ns);
	put_uint(b, "seek_pairs", u->seek_pairs);
	if (u->first) {
		put_time(p, b, "first", u->first);
		put_time(p, b, "last", u->last);
	}
	put_flow(p, b, "read", u->flow[READ]);
	put_flow(p, b, "write", u->flow[WRITE]);
}

static void put_series(const struct profile *p, struct buf *b, const char *key, const struct series *s, int columns)
{
	static const char *const names[] = {"read", "write"};
	json_key(b, key);
	json_open_object(b);
	put_time(p, b, "start", s->start);
	put_uint(b, "width", s->width);
	for (int k = 0; k < columns; k++) {
		json_key(b, columns == 1 ? "most" : names[k]);
		json_open_array(b);
		for (unsigned i = 0; i < s->n; i++)
			json_uint(b, s->v[i][k]);
		json_close_array(b);
	}
	json_close_object(b);
}

/* [time, offset, bytes, 0 read or 1 write] each. */
static void put_samples(const struct profile *p, struct buf *b, const struct samples *s)
{
	put_uint(b, "sample_stride", s->stride);
	json_key(b, "samples");
	json_open_array(b);
	for (unsigned i = 0; i < s->n; i++) {
		json_open_array(b);
		json_uint(b, s->v[i].at > p->start ? s->v[i].at - p->start : 0);
		json_uint(b, s->v[i].offset);
		json_uint(b, s->v[i].bytes);
		json_uint(b, s->v[i].is_write);
		json_close_array(b);
	}
	json_close_array(b);
}

static void put_file(struct profile *p, struct buf *b, struct file *f)
{
	json_open_object(b);
	put_text(b, "name", f->name);
	put_text(b, "kind", fd_kind_names[f->kind]);
	if (f->is_group)
		put_bool(b, "is_group", true);
	if (f->has_inode) {
		put_uint(b, "dev", f->dev);
		put_uint(b, "ino", f->ino);
	}
	if (f->kind == FD_FILE) {
		put_uint(b, "size", f->size);
		put_uint(b, "block_size", f->block_size);
	}
	if (f->address)
		put_text(b, "address", f->address);
	if (f->peer)
		put_text(b, "peer", f->peer->name);
	put_bool(b, "is_executed", f->is_executed);
	put_bool(b, "is_library", f->is_library);
	put_use(p, b, &f->all);
	size_t n = 0;
	struct use **uses = file_uses(f, &n);
	json_key(b, "by");
	json_open_array(b);
	for (size_t i = 0; i < n; i++) {
		json_open_object(b);
		put_uint(b, "proc", uses[i]->proc->id);
		if (n > 1)
			put_use(p, b, uses[i]); /* a single one's figures are the file's */
		json_close_object(b);
	}
	json_close_array(b);
	if (f->forgotten)
		put_uint(b, "by_others", f->forgotten);
	free(uses);
	if (f->series.n)
		put_series(p, b, "series", &f->series, DIRECTIONS);
	if (f->samples.n)
		put_samples(p, b, &f->samples);
	json_close_object(b);
}

/* ---- processes ---- */

static void put_usage(struct buf *b, const struct usage *u)
{
	json_key(b, "usage");
	json_open_object(b);
	if (u->has_stat) {
		put_uint(b, "cpu", u->cpu_ns);
		put_uint(b, "user", u->user_ns);
		put_uint(b, "system", u->system_ns);
		put_uint(b, "minor_faults", u->minor_faults);
		put_uint(b, "major_faults", u->major_faults);
	}
	if (u->has_status) {
		put_uint(b, "max_rss", u->max_rss);
		put_uint(b, "voluntary_switches", u->voluntary);
		put_uint(b, "involuntary_switches", u->involuntary);
	}
	if (u->has_io) {
		put_uint(b, "rchar", u->rchar);
		put_uint(b, "wchar", u->wchar);
		put_uint(b, "syscr", u->syscr);
		put_uint(b, "syscw", u->syscw);
		put_uint(b, "read_bytes", u->read_bytes);
		put_uint(b, "write_bytes", u->write_bytes);
	}
	json_close_object(b);
}

static void put_waits(struct buf *b, const struct proc *q)
{
	json_key(b, "waits");
	json_open_object(b);
	for (int w = 0; w < WAITS; w++) {
		const struct wait_sum *s = &q->waits[w];
		if (!s->n)
			continue;
		json_key(b, wait_names[w]);
		json_open_object(b);
		put_uint(b, "time", s->ns);
		put_uint(b, "calls", s->n);
		put_uint(b, "longest", s->longest);
		if (s->longest_seq != UINT64_MAX)
			put_uint(b, "longest_record", s->longest_seq);
		if (s->longest_file)
			put_text(b, "longest_on", s->longest_file->name);
		json_close_object(b);
	}
	json_close_object(b);
}

static void put_descriptors(const struct profile *p, struct buf *b, const struct proc *q)
{
	json_key(b, "descriptors");
	json_open_object(b);
	put_uint(b, "inherited", q->inherited);
	put_uint(b, "opened", q->opened);
	put_uint(b, "closed", q->closed);
	put_uint(b, "left_open", q->left_open);
	put_uint(b, "most", q->open_most);
	put_uint(b, "limit", q->limit);
	put_uint(b, "double_closes", q->double_closes.n ? q->double_closes.n - 1 : 0);
	put_uint(b, "uses_after_close", q->uses_after_close.n ? q->uses_after_close.n - 1 : 0);
	put_uint(b, "emfile", q->emfile.n);
	put_records(b, "left_open_records", &q->leak_calls);
	if (q->open_series.n)
		put_series(p, b, "over_time", &q->open_series, 1);
	json_close_object(b);
}

static void put_programs(const struct profile *p, struct buf *b, const struct proc *q)
{
	json_key(b, "programs");
	json_open_array(b);
	for (size_t i = 0; i < q->nprograms; i++) {
		json_open_object(b);
		if (q->programs[i].path)
			put_text(b, "path", q->programs[i].path);
		if (q->programs[i].line)
			put_text(b, "command", q->programs[i].line);
		put_time(p, b, "at", q->programs[i].at);
		if (q->programs[i].seq != UINT64_MAX)
			put_uint(b, "record", q->programs[i].seq);
		json_close_object(b);
	}
	json_close_array(b);
}

static void put_threads(const struct profile *p, struct buf *b, const struct proc *q)
{
	if (q->threads < 2)
		return;
	json_key(b, "thread_list");
	json_open_array(b);
	for (unsigned i = 0; i < q->nthreads; i++) {
		const struct thread *t = &q->thread[i];
		json_open_object(b);
		put_uint(b, "tid", (uint64_t)t->tid);
		put_text(b, "comm", t->comm);
		put_time(p, b, "born", t->born);
		if (t->died)
			put_time(p, b, "died", t->died);
		if (t->cpu_ns)
			put_uint(b, "cpu", t->cpu_ns);
		put_uint(b, "calls", t->calls);
		put_uint(b, "errors", t->errors);
		put_uint(b, "waited", t->waited_ns);
		json_close_object(b);
	}
	json_close_array(b);
}

static void put_process(const struct profile *p, struct buf *b, const struct proc *q)
{
	json_open_object(b);
	put_uint(b, "proc", q->id);
	put_uint(b, "pid", (uint64_t)q->pid);
	if (q->parent)
		put_uint(b, "parent", q->parent->id);
	put_text(b, "comm", q->comm);
	put_text(b, "command", proc_line(q));
	put_programs(p, b, q);
	put_bool(b, "is_attached", q->is_attached);
	put_time(p, b, "born", q->born);
	if (q->died)
		put_time(p, b, "died", q->died);
	if (q->has_status && WIFEXITED(q->status))
		put_uint(b, "status", (uint64_t)WEXITSTATUS(q->status));
	if (q->has_status && WIFSIGNALED(q->status))
		put_uint(b, "signal", (uint64_t)WTERMSIG(q->status));
	put_uint(b, "threads", q->threads);
	put_threads(p, b, q);
	put_uint(b, "calls", q->calls);
	put_uint(b, "errors", q->errors);
	put_uint(b, "bytes_read", q->bytes[READ]);
	put_uint(b, "bytes_written", q->bytes[WRITE]);
	put_uint(b, "lookups", q->lookups);
	put_uint(b, "lookups_missing", q->missing);
	put_usage(b, &q->usage);
	put_waits(b, q);
	put_descriptors(p, b, q);
	json_close_object(b);
}

/* ---- open file descriptions ---- */

static void put_where(const struct profile *p, struct buf *b, const char *key, const struct where *w)
{
	json_key(b, key);
	json_open_object(b);
	put_time(p, b, "at", w->at);
	put_uint(b, "proc", w->proc);
	json_key(b, "fd");
	json_int(b, w->fd);
	if (w->mark.seq != UINT64_MAX)
		put_uint(b, "record", w->mark.seq);
	put_site(b, w->mark.stack);
	if (w->ip) {
		json_key(b, "ip");
		json_hex(b, w->ip);
	}
	json_close_object(b);
}

static void put_life(const struct profile *p, struct buf *b, const struct life *l)
{
	static const char *const endings[] = {"open", "closed", "exec", "exit"};
	json_open_object(b);
	put_uint(b, "ofd", l->ofd);
	put_text(b, "file", l->file->name);
	put_text(b, "kind", fd_kind_names[l->file->kind]);
	put_uint(b, "flags", l->flags);
	put_bool(b, "is_cloexec", l->is_cloexec);
	if (l->verb) {
		put_text(b, "made_by", l->verb);
		put_where(p, b, "opened", &l->opened);
	}
	put_text(b, "end", endings[l->ending]);
	if (l->ending != STILL_OPEN)
		put_where(p, b, "closed", &l->closed);
	put_uint(b, "dups", l->dups);
	put_uint(b, "forks", l->forks);
	put_uint(b, "execs", l->execs);
	put_uint(b, "sent", l->sent);
	put_uint(b, "received", l->received);
	put_uint(b, "bytes_read", l->bytes[READ]);
	put_uint(b, "bytes_written", l->bytes[WRITE]);
	if (l->peer)
		put_uint(b, "peer", l->peer);
	if (l->members)
		put_text(b, "watches", l->members);
	json_close_object(b);
}

/* ---- findings ---- */

static void put_finding(struct buf *b, const struct finding *f, bool is_record)
{
	const struct rule_text *r = &rule_texts[f->rule];
	json_open_object(b);
	if (is_record)
		put_text(b, "type", "finding");
	put_text(b, "id", r->name);
	put_text(b, "severity", severity_names[f->severity]);
	put_text(b, "text", r->text);
	if (f->file)
		put_text(b, "file", f->file->name);
	if (f->fd >= 0)
		put_uint(b, "fd", (uint64_t)f->fd);
	if (f->proc) {
		put_uint(b, "proc", f->proc->id);
		put_uint(b, "pid", (uint64_t)f->proc->pid);
		put_text(b, "command", proc_line(f->proc));
	}
	put_text(b, "figures", f->figures);
	put_records(b, "records", &f->evidence);
	put_uint(b, "occurrences", f->evidence.n);
	put_site(b, f->evidence.stack);
	if (f->estimate)
		put_text(b, "estimate", f->estimate);
	put_text(b, "advice", r->advice);
	json_close_object(b);
}

void profile_put_findings_json(struct buf *b, const struct profile *p, const struct findings *f)
{
	(void)p;
	for (size_t i = 0; i < f->n; i++) {
		put_finding(b, &f->v[i], true);
		buf_c(b, '\n');
	}
}

/* ---- the document ---- */

/* Writes what there is; its last byte stays, by which the JSON writer knows whether a comma is due. */
static void commit(struct out *o)
{
	if (o->buf.n < COMMIT_SIZE)
		return;
	char last = o->buf.p[--o->buf.n];
	out_flush(o);
	buf_c(&o->buf, last);
}

static void put_header(const struct profile *p, struct buf *b)
{
	put_text(b, "type", "profile");
	put_uint(b, "schema", PROFILE_SCHEMA);
	json_key(b, "command");
	json_open_array(b);
	for (char **a = p->options->argv; a && *a; a++)
		json_text(b, *a);
	json_close_array(b);
	time_t s = (time_t)(p->wall / SECOND);
	struct tm tm;
	gmtime_r(&s, &tm);
	char stamp[64];
	strftime(stamp, sizeof(stamp), "%FT%T", &tm);
	char whole[96];
	snprintf(whole, sizeof(whole), "%s.%09lluZ", stamp, (unsigned long long)(p->wall % SECOND));
	put_text(b, "start", whole);
	put_uint(b, "duration", p->end - p->start);
	put_bool(b, "is_measured_under_tracing", true);
	json_key(b, "filters");
	json_open_array(b);
	for (size_t i = 0; i < p->options->nqualifiers; i++) {
		char *text = xasprintf("%s=%s", p->options->qualifiers[i].kind, p->options->qualifiers[i].value);
		json_text(b, text);
		free(text);
	}
	json_close_array(b);
	put_bool(b, "follows_children", p->options->is_following);
	put_uint(b, "calls", p->calls);
	put_uint(b, "errors", p->errors);
	put_uint(b, "gaps", p->gaps);
	json_key(b, "not_measured");
	json_open_object(b);
	put_uint(b, "mappings", p->unseen[0]);
	put_uint(b, "submitted", p->unseen[1]);
	json_close_object(b);
}

void profile_put_json(struct profile *p, struct buf *b, const struct findings *f)
{
	json_open_object(b);
	put_header(p, b);
	json_key(b, "processes");
	json_open_array(b);
	for (const struct proc *q = p->first_proc; q; q = q->next)
		put_process(p, b, q);
	json_close_array(b);
	json_key(b, "files");
	json_open_array(b);
	size_t n = 0;
	struct file **files = files_sorted(p, &n);
	for (size_t i = 0; i < n; i++) {
		put_file(p, b, files[i]);
		commit(p->json);
	}
	free(files);
	json_close_array(b);
	json_key(b, "descriptions");
	json_open_array(b);
	struct life **lives = lives_all(p, &n);
	for (size_t i = 0; i < n; i++) {
		put_life(p, b, lives[i]);
		commit(p->json);
	}
	free(lives);
	json_close_array(b);
	put_uint(b, "descriptions_not_listed", p->nfolded);
	json_key(b, "findings");
	json_open_array(b);
	for (size_t i = 0; i < f->n; i++)
		put_finding(b, &f->v[i], false);
	json_close_array(b);
	json_close_object(b);
	buf_c(b, '\n');
}
