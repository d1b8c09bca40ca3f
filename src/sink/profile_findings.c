/*
 * The findings: one judge a rule, each looks at one use of a file or at one process. Limits come from the table in
 * profile_rules.def. An estimate says how it was made; times were measured under tracing, which makes calls dear, so
 * what is saved is stated in calls first.
 */
#include "sink/profile_parts.h"

#include "base/xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

const char *const severity_names[] = {"note", "low", "medium", "high"};

#define RULE(id, name, severity, text, advice) [RULE_##id] = {name, text, advice, severity},
#define LIMIT(id, value, text)
const struct rule_text rule_texts[RULES] = {
#include "sink/profile_rules.def"
};
#undef RULE
#undef LIMIT

enum limit {
#define RULE(id, name, severity, text, advice)
#define LIMIT(id, value, text) LIMIT_##id = (value),
#include "sink/profile_rules.def"
#undef RULE
#undef LIMIT
};

enum { ADVISED_BUFFER = 65536, NS_PER_CALL = 250 /* a bare call, FACTS §1: 0.16 to 0.3 µs */, PERCENT = 100, MIB = 1 << 20 };
#define MS 1000000ULL

struct judge {
	struct profile *p;
	struct findings *found;
};

static struct finding *find(const struct judge *j, enum rule rule, const struct file *file, const struct proc *proc, const struct evidence *evidence)
{
	struct findings *f = j->found;
	f->v = xgrow(f->v, f->n + 1, sizeof(*f->v));
	struct finding *o = &f->v[f->n++];
	*o = (struct finding){.rule = rule, .severity = rule_texts[rule].severity, .file = file, .proc = proc, .fd = -1};
	if (evidence)
		o->evidence = *evidence;
	return o;
}

static bool is_share(uint64_t part, uint64_t whole, uint64_t percent)
{
	return part * PERCENT >= whole * percent;
}

static char *fewer_calls(uint64_t calls, uint64_t needed, uint64_t ns)
{
	uint64_t saved = calls > needed ? calls - needed : 0;
	char share[24];
	char all[24];
	char bare[24];
	return xasprintf("%" PRIu64 " calls fewer: %s of the %s measured under tracing would go with them; about %s untraced (0.25 us a call)",
			 saved, human_time(share, calls ? (uint64_t)((double)ns * (double)saved / (double)calls) : 0), human_time(all, ns),
			 human_time(bare, saved * NS_PER_CALL));
}

/* ---- per file and process ---- */

static void small(const struct judge *j, const struct use *u, enum direction d)
{
	const struct flow *f = u->flow[d];
	bool is_read = d == READ;
	uint64_t least = is_read ? LIMIT_small_reads_calls : LIMIT_small_writes_calls;
	uint64_t percent = is_read ? LIMIT_small_reads_percent : LIMIT_small_writes_percent;
	if (!f || u->file->kind != FD_FILE || f->small < least || !is_share(f->small, f->calls, percent))
		return;
	struct finding *o = find(j, is_read ? RULE_small_reads : RULE_small_writes, u->file, u->proc, &f->small_calls);
	uint64_t needed = (f->small_bytes + ADVISED_BUFFER - 1) / ADVISED_BUFFER;
	char bytes[24];
	o->figures = xasprintf("%" PRIu64 " of %" PRIu64 " %s were sequential and under %d bytes: %s, %" PRIu64 " bytes each on average", f->small,
			       f->calls, is_read ? "reads" : "writes", SMALL, human_bytes(bytes, f->small_bytes), f->small_bytes / f->small);
	o->estimate = fewer_calls(f->small, needed, f->small_ns);
	o->weight = (double)f->small;
}

static void small_reads(const struct judge *j, const struct use *u) { small(j, u, READ); }
static void small_writes(const struct judge *j, const struct use *u) { small(j, u, WRITE); }

static void oversized_buffer(const struct judge *j, const struct use *u)
{
	const struct flow *f = u->flow[READ];
	uint64_t calls = f ? f->wasteful_calls.n : 0;
	if (u->file->kind != FD_FILE || calls < LIMIT_oversized_buffer_calls || !is_share(calls, f->calls, LIMIT_oversized_buffer_percent))
		return;
	struct finding *o = find(j, RULE_oversized_buffer, u->file, u->proc, &f->wasteful_calls);
	o->figures = xasprintf("%" PRIu64 " reads were offered %" PRIu64 " bytes on average and returned %" PRIu64, f->offered_calls,
			       f->offered / f->offered_calls, f->offered_moved / f->offered_calls);
	o->weight = (double)calls;
}

static uint64_t calls_of(const struct use *u, enum direction d)
{
	return u->flow[d] ? u->flow[d]->calls : 0;
}

static void seek_read_pairs(const struct judge *j, const struct use *u)
{
	uint64_t calls = calls_of(u, READ) + calls_of(u, WRITE);
	if (u->file->kind != FD_FILE || u->seek_pairs < LIMIT_seek_read_pairs_calls || !is_share(u->seek_pairs, calls, LIMIT_seek_read_pairs_percent))
		return;
	struct finding *o = find(j, RULE_seek_read_pairs, u->file, u->proc, &u->seeks);
	o->figures = xasprintf("%" PRIu64 " of %" PRIu64 " reads and writes come directly behind a seek", u->seek_pairs, calls);
	o->estimate = fewer_calls(u->seek_pairs, 0, u->pair_ns);
	o->weight = (double)u->seek_pairs;
}

static void read_again(const struct judge *j, const struct use *u)
{
	const struct flow *f = u->flow[READ];
	if (!f || u->file->kind != FD_FILE || f->again < (uint64_t)LIMIT_read_again_mib * MIB)
		return;
	uint64_t unique = ranges_total(&f->touched);
	if (!unique || f->bytes < unique * LIMIT_read_again_times)
		return;
	char again[24];
	char whole[24];
	struct finding *o = find(j, RULE_read_again, u->file, u->proc, &f->again_calls);
	o->figures = xasprintf("%s were read that had been read before; the bytes read are %s, each read %.1f times on average%s", human_bytes(again, f->again),
			       human_bytes(whole, unique), (double)f->bytes / (double)unique, f->touched.joined ? " (nearby ranges joined)" : "");
	o->estimate = fewer_calls(f->calls, (uint64_t)((double)f->calls * (double)unique / (double)f->bytes), f->time.ns);
	o->weight = (double)f->again / SMALL;
}

static void random_reads(const struct judge *j, const struct use *u)
{
	const struct flow *f = u->flow[READ];
	if (!f || u->file->kind != FD_FILE || !u->file->size || f->placed < LIMIT_random_reads_calls)
		return;
	uint64_t n = flow_random(f);
	if (!is_share(n, f->placed, LIMIT_random_reads_percent) || !is_share(ranges_total(&f->touched), u->file->size, LIMIT_random_reads_covered) ||
	    f->again > u->file->size / 2)
		return;
	struct finding *o = find(j, RULE_random_reads, u->file, u->proc, &f->random_calls);
	o->figures = xasprintf("%" PRIu64 " of %" PRIu64 " reads go back; %" PRIu64 " %% of the file are read", n, f->placed,
			       ranges_total(&f->touched) * PERCENT / u->file->size);
	o->weight = (double)n;
}

static void sync_each_write(const struct judge *j, const struct use *u)
{
	uint64_t writes = calls_of(u, WRITE);
	if (u->syncs_after_small < LIMIT_sync_each_write_calls || !is_share(u->syncs_after_small, writes, LIMIT_sync_each_write_percent))
		return;
	char time[24];
	struct finding *o = find(j, RULE_sync_each_write, u->file, u->proc, &u->syncs);
	o->figures = xasprintf("%" PRIu64 " syncs, each directly behind one small write; %" PRIu64 " writes in all", u->syncs_after_small, writes);
	o->estimate = xasprintf("the syncs took %s (measured); one for ten writes would take a tenth", human_time(time, u->sync_ns));
	o->weight = (double)u->syncs_after_small * 100;
}

static void synchronous_small(const struct judge *j, const struct use *u)
{
	if (u->synced_small < LIMIT_synchronous_small_calls)
		return;
	struct finding *o = find(j, RULE_synchronous_small, u->file, u->proc, &u->synced);
	o->figures = xasprintf("%" PRIu64 " writes under %d bytes on an O_SYNC or O_DSYNC descriptor", u->synced_small, SMALL);
	o->weight = (double)u->synced_small * 100;
}

static void misaligned_direct(const struct judge *j, const struct use *u)
{
	if (u->direct_failures < LIMIT_misaligned_direct_calls)
		return;
	struct finding *o = find(j, RULE_misaligned_direct, u->file, u->proc, &u->direct);
	o->figures = xasprintf("%" PRIu64 " calls failed with EINVAL on an O_DIRECT descriptor; the file's block is %u bytes", u->direct_failures,
			       u->file->block_size);
	o->weight = (double)u->direct_failures;
}

static void opened_again(const struct judge *j, const struct use *u)
{
	uint64_t n = u->counts[COUNT_opens];
	if ((u->file->kind != FD_FILE && u->file->kind != FD_DIR) || u->file->is_group || n < LIMIT_opened_again_calls)
		return;
	struct finding *o = find(j, RULE_opened_again, u->file, u->proc, &u->opens);
	o->figures = xasprintf("opened %" PRIu64 " times", n);
	o->estimate = fewer_calls(n, 1, u->open_ns);
	o->weight = (double)n;
}

static void asked_again(const struct judge *j, const struct use *u)
{
	uint64_t n = u->counts[COUNT_stats];
	bool is_named = u->file->kind == FD_FILE || u->file->kind == FD_DIR || u->file->kind == FD_UNKNOWN;
	if (!is_named || u->file->is_group || n < LIMIT_asked_again_calls || n < 2 * u->counts[COUNT_opens])
		return;
	struct finding *o = find(j, RULE_asked_again, u->file, u->proc, &u->stats);
	o->figures = xasprintf("asked %" PRIu64 " times", n);
	o->estimate = fewer_calls(n, 1, u->stat_ns);
	o->weight = (double)n;
}

/* ---- per process ---- */

static int by_count(const void *a, const void *b)
{
	const struct lookup *x = *(const struct lookup *const *)a;
	const struct lookup *y = *(const struct lookup *const *)b;
	return x->n != y->n ? (x->n > y->n ? -1 : 1) : strcmp(x->name, y->name);
}

/* The names that were looked for most, as text; to be freed. */
static char *sought(const struct proc *q)
{
	enum { SHOWN = 4 };
	struct lookup **v = xcalloc(q->names.n + 1, sizeof(*v));
	size_t n = 0;
	size_t at = 0;
	for (struct lookup *l; (l = map_next(&q->names, &at));)
		v[n++] = l;
	if (n)
		qsort(v, n, sizeof(*v), by_count);
	struct buf b = {0};
	for (size_t i = 0; i < n && i < SHOWN; i++)
		buf_printf(&b, "%s%s %" PRIu64 " times", i ? ", " : "", v[i]->name, v[i]->n);
	buf_c(&b, '\0');
	free(v);
	return b.p;
}

static void missing_paths(const struct judge *j, const struct proc *q)
{
	if (q->missing < LIMIT_missing_paths_calls || !is_share(q->missing, q->lookups, LIMIT_missing_paths_percent))
		return;
	struct finding *o = find(j, RULE_missing_paths, NULL, q, &q->missing_calls);
	char *names = sought(q);
	o->figures = xasprintf("%" PRIu64 " of %" PRIu64 " look-ups found nothing; most sought: %s", q->missing, q->lookups, names);
	o->estimate = fewer_calls(q->missing, 0, q->missing_ns);
	o->weight = (double)q->missing;
	free(names);
}

/* What was sought under one name, by all processes that do not search much each. */
struct sought_name { uint64_t n, ns, processes; const struct lookup *first; };

static void add_names(struct map *all, const struct proc *q)
{
	for (size_t i = 0; i < q->names.cap; i++) {
		const struct lookup *l = q->names.slots[i].value;
		if (!q->names.slots[i].key || !l)
			continue;
		struct sought_name *s = map_get(all, q->names.slots[i].key);
		if (!s) {
			s = xcalloc(1, sizeof(*s));
			s->first = l;
			map_put(all, q->names.slots[i].key, s);
		}
		s->n += l->n;
		s->ns += l->ns;
		s->processes++;
	}
}

/* One name that many short processes seek along the same path: a shell's PATH in a loop. The most sought is told. */
static void missing_name(const struct judge *j)
{
	struct map all = {0};
	for (const struct proc *q = j->p->first_proc; q; q = q->next)
		if (q->missing < LIMIT_missing_paths_calls)
			add_names(&all, q);
	struct sought_name most = {0};
	size_t at = 0;
	for (struct sought_name *s; (s = map_next(&all, &at));) {
		if (s->n > most.n && s->n >= s->processes * LIMIT_missing_paths_each)
			most = *s;
		free(s);
	}
	map_free(&all);
	if (most.n < LIMIT_missing_paths_one_name)
		return;
	struct finding *o = find(j, RULE_missing_paths, NULL, NULL, &most.first->calls);
	o->figures = xasprintf("%s was sought %" PRIu64 " times in vain by all processes together, first as %s", most.first->name, most.n, most.first->first);
	o->estimate = fewer_calls(most.n, 0, most.ns);
	o->weight = (double)most.n;
}

static void descriptor_growth(const struct judge *j, const struct proc *q)
{
	if (q->left_open < LIMIT_descriptor_growth_open || !is_share(q->left_open, q->opened, LIMIT_descriptor_growth_percent) ||
	    !is_share(q->open_now, q->open_most, LIMIT_descriptor_growth_of_most))
		return;
	struct finding *o = find(j, RULE_descriptor_growth, q->leak_file, q, &q->leak_calls);
	o->figures = xasprintf("%" PRIu64 " of the %" PRIu64 " descriptors that it opened were never closed; %" PRIu64
			       " open at most, the limit is %" PRIu64 "; %" PRIu64 " inherited",
			       q->left_open, q->opened, q->open_most, q->limit, q->inherited);
	o->weight = (double)q->left_open;
}

static void near_limit(const struct judge *j, const struct proc *q)
{
	bool is_near = q->limit && is_share(q->open_most, q->limit, LIMIT_near_limit_percent);
	if (!is_near && !q->emfile.n)
		return;
	struct finding *o = find(j, RULE_near_limit, NULL, q, q->emfile.n ? &q->emfile : NULL);
	o->figures = xasprintf("%" PRIu64 " descriptors open at once, the limit is %" PRIu64 "; EMFILE %" PRIu64 " times", q->open_most, q->limit, q->emfile.n);
	o->weight = (double)q->open_most;
}

/* The same descriptor may have gone to many programs: that is one fault. */
static bool is_told(const struct judge *j, const struct evidence *e, const char *name)
{
	for (size_t i = 0; i < j->found->n; i++) {
		struct finding *o = &j->found->v[i];
		if (o->rule != RULE_missing_cloexec || o->evidence.seq[0] != e->seq[0] || strcmp(o->file->name, name) != 0)
			continue;
		o->weight++;
		free(o->figures);
		o->figures = xasprintf("came with the exec of %.0f programs that never used it; this is the first", o->weight);
		return true;
	}
	return false;
}

static void missing_cloexec(const struct judge *j, const struct proc *q)
{
	struct evidence e = {0};
	const struct carried *first = NULL;
	for (size_t i = 0; i < q->ncarried; i++) {
		if (q->carried[i].is_used)
			continue;
		evidence_add(&e, q->carried[i].opened);
		first = first ? first : &q->carried[i];
	}
	if (e.n < LIMIT_missing_cloexec_fds || is_told(j, &e, first->file->name))
		return;
	struct finding *o = find(j, RULE_missing_cloexec, first->file, q, &e);
	o->fd = first->fd;
	o->figures = xasprintf("%" PRIu64 " came with the exec and %s never used", e.n, e.n == 1 ? "was" : "were");
	o->weight = 1;
}

static void double_close(const struct judge *j, const struct proc *q)
{
	if (!q->double_closes.n)
		return;
	struct finding *o = find(j, RULE_double_close, NULL, q, &q->double_closes);
	if (q->most_tasks == 1)
		o->severity = LOW; /* no other thread can get the number in between */
	o->figures = xasprintf("%" PRIu64 " closes failed with EBADF; the first record is the close that was right", q->double_closes.n - 1);
	o->weight = (double)q->double_closes.n;
}

static void use_after_close(const struct judge *j, const struct proc *q)
{
	if (!q->uses_after_close.n)
		return;
	struct finding *o = find(j, RULE_use_after_close, NULL, q, &q->uses_after_close);
	o->figures = xasprintf("%" PRIu64 " calls failed with EBADF; the first record is the close", q->uses_after_close.n - 1);
	o->weight = (double)q->uses_after_close.n;
}

static void empty_polls(const struct judge *j, const struct proc *q)
{
	if (q->worst_spinning < LIMIT_empty_polls_calls)
		return;
	char time[24];
	struct finding *o = find(j, RULE_empty_polls, NULL, q, &q->empty_calls);
	o->figures = xasprintf("%" PRIu64 " of %" PRIu64 " polls had time-out 0 and found nothing, %" PRIu64 " in a row; they took %s", q->empty_polls,
			       q->polls, q->worst_spinning, human_time(time, q->empty_ns));
	o->estimate = fewer_calls(q->empty_polls, 1, q->empty_ns);
	o->weight = (double)q->empty_polls;
}

static void short_write(const struct judge *j, const struct proc *q)
{
	if (q->short_writes < LIMIT_short_write_calls)
		return;
	struct finding *o = find(j, RULE_short_write, q->short_file, q, &q->short_calls);
	o->figures = xasprintf("%" PRIu64 " writes were left unfinished", q->short_writes);
	o->weight = (double)q->short_writes;
}

static void ignored_error(const struct judge *j, const struct proc *q)
{
	bool went_well = q->has_status && WIFEXITED(q->status) && WEXITSTATUS(q->status) == 0;
	if (!q->write_error || q->has_told || !went_well)
		return;
	struct evidence e = {0};
	evidence_add(&e, q->write_error_at);
	struct finding *o = find(j, RULE_ignored_error, q->write_error_file, q, &e);
	o->figures = xasprintf("%" PRIu64 " %s with %s", q->write_errors, q->write_errors == 1 ? "call failed, the first" : "calls failed, the first",
			       desc_errno_name(q->write_error));
	o->weight = (double)q->write_errors;
}

static void blocked(const struct judge *j, const struct proc *q)
{
	static const enum wait kinds[] = {WAIT_PIPE, WAIT_SOCKET, WAIT_LOCK};
	uint64_t run = (q->died ? q->died : j->p->end) - q->born;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct wait_sum *w = &q->waits[kinds[i]];
		if (w->ns < LIMIT_blocked_ms * MS || !is_share(w->ns, run, LIMIT_blocked_percent) || w->ns < w->n * LIMIT_blocked_each_ms * MS)
			continue;
		char time[24];
		char all[24];
		struct evidence e = {0};
		evidence_add(&e, (struct mark){w->longest_seq, NULL});
		struct finding *o = find(j, RULE_blocked, w->longest_file, q, &e);
		o->figures = xasprintf("%s of its %s in %" PRIu64 " %s calls", human_time(time, w->ns), human_time(all, run), w->n, wait_names[kinds[i]]);
		o->weight = (double)w->ns / (double)MS;
	}
}

static void spinning(const struct judge *j, const struct life *l)
{
	if (l->worst_spins < LIMIT_spinning_calls)
		return;
	struct finding *o = find(j, RULE_spinning, l->file, l->last_user, &l->spin_calls);
	o->fd = l->opened.fd;
	o->figures = xasprintf("%u calls in a row would have blocked", l->worst_spins);
	o->weight = l->worst_spins;
}

/* ---- all of them ---- */

static void judge_use(const struct judge *j, const struct use *u)
{
	static void (*const judges[])(const struct judge *j, const struct use *u) = {
		small_reads, small_writes, oversized_buffer, seek_read_pairs, read_again, random_reads,
		sync_each_write, synchronous_small, misaligned_direct, opened_again, asked_again};
	for (size_t i = 0; i < sizeof(judges) / sizeof(judges[0]); i++)
		judges[i](j, u);
}

static void judge_process(const struct judge *j, const struct proc *q)
{
	static void (*const judges[])(const struct judge *j, const struct proc *q) = {missing_paths, descriptor_growth, near_limit, missing_cloexec,
		double_close, use_after_close, empty_polls, short_write, ignored_error, blocked};
	for (size_t i = 0; i < sizeof(judges) / sizeof(judges[0]); i++)
		judges[i](j, q);
}

static int by_severity(const void *a, const void *b)
{
	const struct finding *x = a;
	const struct finding *y = b;
	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x->weight < y->weight || x->weight > y->weight)
		return x->weight > y->weight ? -1 : 1;
	return (int)x->rule - (int)y->rule;
}

void findings_judge(struct profile *p, const struct use *u)
{
	judge_use(&(struct judge){p, &p->early}, u);
}

struct findings findings_make(struct profile *p)
{
	struct findings found = p->early;
	p->early = (struct findings){0};
	const struct judge j = {p, &found};
	for (size_t i = 0; i < p->nfiles; i++) {
		size_t n = 0;
		struct use **uses = file_uses(p->file_list[i], &n);
		for (size_t k = 0; k < n; k++)
			judge_use(&j, uses[k]);
		free(uses);
	}
	for (struct proc *q = p->first_proc; q; q = q->next) {
		lives_settle(q);
		judge_process(&j, q);
	}
	missing_name(&j);
	size_t n = 0;
	struct life **lives = lives_all(p, &n);
	for (size_t i = 0; i < n; i++)
		spinning(&j, lives[i]);
	free(lives);
	if (found.n)
		qsort(found.v, found.n, sizeof(*found.v), by_severity);
	return found;
}

void findings_free(struct findings *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->v[i].figures);
		free(f->v[i].estimate);
	}
	free(f->v);
}
