/* The profile as text: a block for each file, then what several have in common. */
#include "sink/profile_parts.h"

#include "base/xalloc.h"
#include "stack/stack.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILES_SHOWN = 50, ROWS_SHOWN = 20, USERS_SHOWN = 8, PERCENT = 100, MIB = 1 << 20, LINE = 512 };

const char *human_bytes(char text[static 24], uint64_t n)
{
	static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
	double v = (double)n;
	size_t i = 0;
	for (; v >= 1024 && i < sizeof(units) / sizeof(units[0]) - 1; i++)
		v /= 1024;
	snprintf(text, 24, i ? "%.1f %s" : "%.0f %s", v, units[i]);
	return text;
}

const char *human_time(char text[static 24], uint64_t ns)
{
	static const struct { uint64_t unit; const char *name; } units[] = {{1000000000, "s"}, {1000000, "ms"}, {1000, "us"}};
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (ns >= units[i].unit) {
			snprintf(text, 24, "%.1f %s", (double)ns / (double)units[i].unit, units[i].name);
			return text;
		}
	snprintf(text, 24, "%" PRIu64 " ns", ns);
	return text;
}

void put_name(struct buf *b, const char *s)
{
	for (; *s; s++)
		buf_c(b, (unsigned char)*s < ' ' || *s == 127 ? '?' : *s);
}

static void put_times(struct buf *b, const struct flow *f)
{
	char t[6][24];
	buf_printf(b, "time %s", human_time(t[0], f->time.ns));
	if (!f->latency.count)
		return;
	buf_printf(b, " (half under %s, 90 %% under %s, 99 %% under %s; slowest %s for %" PRIu64 " bytes, record %" PRIu64 ")",
		   human_time(t[1], latency_percentile(&f->latency, 50)), human_time(t[2], latency_percentile(&f->latency, 90)),
		   human_time(t[3], latency_percentile(&f->latency, 99)), human_time(t[4], f->slowest), f->slowest_bytes, f->slowest_seq);
}

static void put_tally(struct buf *b, const char *what, const struct tally *t)
{
	struct tally sorted = tally_clone(t);
	tally_sort(&sorted);
	for (unsigned i = 0; i < sorted.n && i < COMMON; i++)
		buf_printf(b, "%s%" PRIu64 " x %" PRIu64, i ? ", " : what, sorted.v[i].value, sorted.v[i].n);
	if (t->has_evicted)
		buf_puts(b, " (about)");
	free(sorted.v);
}

static void put_sizes(struct buf *b, const struct flow *f)
{
	buf_lit(b, "           sizes ");
	bool is_first = true;
	for (int i = 0; i < SIZES; i++)
		if (f->sizes[i]) {
			buf_printf(b, "%s%s: %u", is_first ? "" : ", ", size_names[i], f->sizes[i]);
			is_first = false;
		}
	put_tally(b, "; most common ", &f->common);
	buf_c(b, '\n');
}

static void put_buffers(struct buf *b, const struct flow *f)
{
	if (!f->offered_calls)
		return;
	char offered[24];
	buf_printf(b, "           buffers %s offered, %.0f %% filled; %" PRIu64 " of %" PRIu64 " calls moved less than offered",
		   human_bytes(offered, f->offered), f->offered ? PERCENT * (double)f->offered_moved / (double)f->offered : 100.0, f->short_calls,
		   f->offered_calls);
	if (f->end_calls)
		buf_printf(b, " (%" PRIu64 " at the file's end)", f->end_calls);
	if (f->naddresses)
		buf_printf(b, "; %u%s address%s", f->naddresses, f->has_more_addresses ? " or more" : "", f->naddresses == 1 ? "" : "es");
	if (f->memory_misaligned)
		buf_printf(b, "; %" PRIu64 " not aligned to 8", f->memory_misaligned);
	if (f->bytes)
		buf_printf(b, "; %.1f calls per MiB", (double)f->calls * MIB / (double)f->bytes);
	buf_c(b, '\n');
}

static void put_pattern(struct buf *b, const struct flow *f)
{
	if (!f->placed)
		return;
	buf_printf(b, "           pattern: %" PRIu64 " sequential, of them %" PRIu64 " consecutive; %" PRIu64 " random", f->seq, f->consec, flow_random(f));
	if (f->file_seq != f->seq || f->file_consec != f->consec)
		buf_printf(b, " (over all who have it open: %" PRIu64 ", %" PRIu64 ")", f->file_seq, f->file_consec);
	if (f->misaligned)
		buf_printf(b, "; %" PRIu64 " not aligned to the block", f->misaligned);
	put_tally(b, "; strides ", &f->strides);
	buf_printf(b, "; up to byte %" PRIu64, f->max_byte);
	if (f->again) {
		char again[24];
		buf_printf(b, "; %s again", human_bytes(again, f->again));
	}
	buf_c(b, '\n');
}

static void put_flow(struct buf *b, const char *what, const struct flow *f)
{
	if (!f || !(f->calls || f->failed))
		return;
	char bytes[24];
	buf_printf(b, "    %-6s %" PRIu64 " calls", what, f->calls);
	if (f->failed)
		buf_printf(b, ", %" PRIu64 " failed", f->failed);
	buf_printf(b, ", %s (%" PRIu64 "), ", human_bytes(bytes, f->bytes), f->bytes);
	put_times(b, f);
	buf_c(b, '\n');
	if (!f->calls)
		return;
	put_sizes(b, f);
	put_buffers(b, f);
	put_pattern(b, f);
}

static void put_counts(struct buf *b, const struct use *u)
{
	bool is_first = true;
	for (int i = 0; i < COUNTS; i++)
		if (u->counts[i]) {
			buf_printf(b, "%s%" PRIu64 " %s", is_first ? "    other  " : ", ", u->counts[i], count_texts[i]);
			is_first = false;
		}
	if (is_first)
		return;
	char time[24];
	buf_printf(b, "; time %s", human_time(time, u->meta.ns));
	if (u->switches)
		buf_printf(b, "; %" PRIu64 " switches between reading and writing", u->switches);
	buf_c(b, '\n');
}

static void put_process(struct buf *b, const struct proc *q)
{
	buf_printf(b, "%d (", q->pid);
	put_name(b, q->comm[0] ? q->comm : "?");
	buf_c(b, ')');
}

/* A socket's other end, and who has it. */
static void put_peer(struct buf *b, struct file *peer)
{
	size_t n = 0;
	struct use **uses = file_uses(peer, &n);
	buf_printf(b, "    peer   %s", peer->name);
	for (size_t i = 0; i < n && i < USERS_SHOWN; i++) {
		buf_puts(b, i ? ", " : " of ");
		put_process(b, uses[i]->proc);
	}
	buf_c(b, '\n');
	free(uses);
}

static void put_users(struct buf *b, struct file *f)
{
	size_t n = 0;
	struct use **uses = file_uses(f, &n);
	for (size_t i = 0; i < n && i < USERS_SHOWN; i++) {
		const struct use *u = uses[i];
		char bytes[2][24];
		char time[24];
		buf_lit(b, "    by     ");
		put_process(b, u->proc);
		if (n > 1)
			buf_printf(b, ": %" PRIu64 " calls, %s read, %s written, time %s", use_calls(u), human_bytes(bytes[0], use_bytes(u, READ)),
				   human_bytes(bytes[1], use_bytes(u, WRITE)), human_time(time, use_time(u, READ) + use_time(u, WRITE) + u->meta.ns));
		buf_c(b, '\n');
	}
	if (n + f->forgotten > USERS_SHOWN)
		buf_printf(b, "    and %" PRIu64 " more processes\n", n + f->forgotten - (n < USERS_SHOWN ? n : USERS_SHOWN));
	free(uses);
}

static void put_file(struct buf *b, struct file *f)
{
	buf_c(b, '\n');
	put_name(b, f->name);
	if (f->address) {
		buf_c(b, ' ');
		put_name(b, f->address);
	}
	char size[24];
	if (f->kind == FD_FILE && f->has_inode && !f->is_group)
		buf_printf(b, "  [file of %s]\n", human_bytes(size, f->size));
	else
		buf_printf(b, "  [%s%s]\n", f->is_group ? "many, " : "", f->kind == FD_UNKNOWN ? "not opened" : fd_kind_names[f->kind]);
	put_flow(b, "read", f->all.flow[READ]);
	put_flow(b, "write", f->all.flow[WRITE]);
	put_counts(b, &f->all);
	put_users(b, f);
	if (f->peer)
		put_peer(b, f->peer);
}

/* ---- all files ---- */

static bool is_touched(const struct file *f)
{
	return use_calls(&f->all) > 0;
}

static bool has_moved(const struct file *f)
{
	return f->all.flow[READ] || (f->all.flow[WRITE] && (f->all.flow[WRITE]->calls || f->all.flow[WRITE]->failed));
}

static void put_overview(struct buf *b, struct file *const *files, size_t n)
{
	buf_lit(b, "\n      time      calls      opens       read    written  file\n");
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		const struct use *u = &files[i]->all;
		char t[3][24];
		if (!is_touched(files[i]) || rows++ >= FILES_SHOWN)
			continue;
		buf_printf(b, "%10s %10" PRIu64 " %10" PRIu64 " %10s %10s  ", human_time(t[0], use_time(u, READ) + use_time(u, WRITE) + u->meta.ns), use_calls(u),
			   u->counts[COUNT_opens], human_bytes(t[1], use_bytes(u, READ)), human_bytes(t[2], use_bytes(u, WRITE)));
		put_name(b, files[i]->name);
		buf_c(b, '\n');
	}
	if (rows > FILES_SHOWN)
		buf_printf(b, "and %zu more files (--profile-json has all)\n", rows - FILES_SHOWN);
}

/* A block for each that was read or written. */
static void put_details(struct buf *b, struct file *const *files, size_t n)
{
	size_t blocks = 0;
	for (size_t i = 0; i < n; i++)
		if (has_moved(files[i]) && blocks++ < FILES_SHOWN)
			put_file(b, files[i]);
	if (blocks > FILES_SHOWN)
		buf_printf(b, "\nand %zu more that were read or written\n", blocks - FILES_SHOWN);
}

/* ---- directories and mounts ---- */

struct row { char *name; uint64_t files, calls, bytes[DIRECTIONS], ns; };
struct rows { struct row *v; size_t n; };

static struct row *row_of(struct rows *rows, const char *name, size_t len)
{
	for (size_t i = rows->n; i-- > 0;)
		if (strlen(rows->v[i].name) == len && memcmp(rows->v[i].name, name, len) == 0)
			return &rows->v[i];
	if (!(rows->n & (rows->n - 1)))
		rows->v = xgrow(rows->v, rows->n ? 2 * rows->n : 1, sizeof(*rows->v));
	rows->v[rows->n] = (struct row){.name = xstrndup(name, len)};
	return &rows->v[rows->n++];
}

static void add_row(struct row *r, const struct file *f)
{
	r->files++;
	r->calls += use_calls(&f->all);
	for (int d = 0; d < DIRECTIONS; d++) {
		r->bytes[d] += use_bytes(&f->all, (enum direction)d);
		r->ns += use_time(&f->all, (enum direction)d);
	}
	r->ns += f->all.meta.ns;
}

static int by_time(const void *a, const void *b)
{
	const struct row *x = a;
	const struct row *y = b;
	return x->ns != y->ns ? (x->ns > y->ns ? -1 : 1) : strcmp(x->name, y->name);
}

static void put_rows(struct buf *b, const char *title, struct rows *rows)
{
	if (rows->n)
		qsort(rows->v, rows->n, sizeof(*rows->v), by_time);
	buf_printf(b, "\n%s\n      time      calls       read    written  files  name\n", title);
	for (size_t i = 0; i < rows->n; i++) {
		const struct row *r = &rows->v[i];
		char t[3][24];
		if (i < ROWS_SHOWN) {
			buf_printf(b, "%10s %10" PRIu64 " %10s %10s %6" PRIu64 "  ", human_time(t[0], r->ns), r->calls, human_bytes(t[1], r->bytes[READ]),
				   human_bytes(t[2], r->bytes[WRITE]), r->files);
			put_name(b, r->name);
			buf_c(b, '\n');
		}
	}
	if (rows->n > ROWS_SHOWN)
		buf_printf(b, "and %zu more\n", rows->n - ROWS_SHOWN);
	for (size_t i = 0; i < rows->n; i++)
		free(rows->v[i].name);
	free(rows->v);
}

/* The mount points that the tracer sees: enough where the traced program shares its mounts. */
static size_t read_mounts(char ***ret_points)
{
	char **v = NULL;
	size_t n = 0;
	FILE *f = fopen("/proc/self/mountinfo", "re");
	char *line = NULL;
	size_t cap = 0;
	while (f && getline(&line, &cap, f) > 0) {
		char point[LINE];
		if (sscanf(line, "%*s %*s %*s %*s %511s", point) != 1)
			continue;
		v = xgrow(v, n + 1, sizeof(*v));
		v[n++] = xstrdup(point);
	}
	free(line);
	if (f)
		fclose(f);
	*ret_points = v;
	return n;
}

static const char *mount_of(char *const *points, size_t n, const char *path)
{
	const char *best = "/";
	size_t length = 0;
	for (size_t i = 0; i < n; i++) {
		size_t k = strlen(points[i]);
		bool is_under = strncmp(points[i], path, k) == 0 && (path[k] == '/' || path[k] == '\0');
		if (is_under && k > length && k > 1) {
			best = points[i];
			length = k;
		}
	}
	return best;
}

static void put_places(struct profile *p, struct buf *b, struct file *const *files, size_t n)
{
	struct rows directories = {0};
	struct rows mounts = {0};
	char **points = NULL;
	size_t npoints = read_mounts(&points);
	for (size_t i = 0; i < n; i++) {
		const struct file *f = files[i];
		const char *slash = strrchr(f->name, '/');
		if (f->name[0] != '/')
			continue;
		bool is_dir = f->kind == FD_DIR;
		add_row(row_of(&directories, f->name, is_dir ? strlen(f->name) : slash > f->name ? (size_t)(slash - f->name) : 1), f);
		const char *mount = mount_of(points, npoints, f->name);
		add_row(row_of(&mounts, mount, strlen(mount)), f);
	}
	put_rows(b, "Directories", &directories);
	put_rows(b, "Mounts", &mounts);
	for (size_t i = 0; i < npoints; i++)
		free(points[i]);
	free(points);
	(void)p;
}

static void put_unseen(const struct profile *p, struct buf *b)
{
	for (size_t i = 0; i < p->options->nqualifiers; i++)
		buf_printf(b, "%s%s=%s%s", i ? ", " : "\nCounted are only calls that pass: ", p->options->qualifiers[i].kind, p->options->qualifiers[i].value,
			   i + 1 == p->options->nqualifiers ? ".\n" : "");
	if (p->made && !p->options->is_following)
		buf_printf(b, "\nNot followed: %" PRIu64 " processes and threads that it made (-f follows them).\n", p->made);
	if (p->unseen[0])
		buf_printf(b, "\nNot measured: what moves through %" PRIu64 " mappings of files (mmap) after the call.\n", p->unseen[0]);
	if (p->unseen[1])
		buf_printf(b, "\nNot measured: the bytes of %" PRIu64 " operations handed over in shared memory (io_uring, aio).\n", p->unseen[1]);
	if (p->gaps)
		buf_printf(b, "\nThe trace has %" PRIu64 " gaps; what happened there is not counted.\n", p->gaps);
}

void profile_put_text(struct profile *p, struct buf *b)
{
	char run[24];
	size_t nprocs = p->procs.n;
	buf_printf(b, "Profile: %s traced, %zu process%s, %zu files, %" PRIu64 " calls, %" PRIu64 " failed. Times were measured under tracing.\n",
		   human_time(run, p->end - p->start), nprocs, nprocs == 1 ? "" : "es", p->nfiles, p->calls, p->errors);
	size_t n = 0;
	struct file **files = files_sorted(p, &n);
	put_overview(b, files, n);
	put_details(b, files, n);
	put_places(p, b, files, n);
	put_unseen(p, b);
	free(files);
}

/* ---- findings ---- */

bool profile_put_site(struct buf *b, const struct stack *stack)
{
	const struct stack_caller *c = stack_caller(stack);
	if (!c)
		return false;
	struct stack_place place = c->symbol ? stack_place(c->symbol) : (struct stack_place){0};
	if (place.name)
		put_name(b, place.name);
	else
		buf_printf(b, "%s+0x%" PRIx64, c->frame->module ? c->frame->module->path : "?", c->frame->offset);
	if (place.file)
		buf_printf(b, " (%s:%d)", place.file, place.line);
	return true;
}

void profile_put_findings(struct buf *b, const struct profile *p, const struct findings *f)
{
	(void)p;
	buf_printf(b, "\nFindings: %zu\n", f->n);
	for (size_t i = 0; i < f->n; i++) {
		const struct finding *o = &f->v[i];
		const struct rule_text *r = &rule_texts[o->rule];
		buf_printf(b, "\n[%s] %s: %s\n", severity_names[o->severity], r->name, r->text);
		if (o->file) {
			buf_lit(b, "    where     ");
			put_name(b, o->file->name);
			if (o->fd >= 0)
				buf_printf(b, " (descriptor %d)", o->fd);
			buf_c(b, '\n');
		}
		if (o->proc) {
			buf_printf(b, "    process   %d ", o->proc->pid);
			put_name(b, proc_line(o->proc));
			buf_c(b, '\n');
		}
		buf_printf(b, "    seen      %s\n", o->figures);
		if (o->evidence.n) {
			buf_lit(b, "    records   ");
			for (size_t k = 0; k < o->evidence.n && k < EVIDENCE; k++)
				buf_printf(b, "%s%" PRIu64, k ? ", " : "", o->evidence.seq[k]);
			buf_puts(b, o->evidence.n > EVIDENCE ? ", ...\n" : "\n");
		}
		if (o->evidence.stack) {
			buf_lit(b, "    from      ");
			if (!profile_put_site(b, o->evidence.stack))
				buf_lit(b, "?");
			buf_c(b, '\n');
		}
		if (o->estimate)
			buf_printf(b, "    estimate  %s\n", o->estimate);
		buf_printf(b, "    advice    %s\n", r->advice);
	}
}
