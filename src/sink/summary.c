/* Counts by name; the table is made at the end, of the columns that -U asks for. */
#include "sink/summary.h"

#include "base/map.h"
#include "base/xalloc.h"
#include "stack/stack.h"
#include "state/task.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of one kind of time: CPU time in the kernel, or from entry to exit. */
struct times {
	uint64_t total, min, max;
};

struct row {
	char *name; /* owned */
	uint64_t nr;
	enum abi abi;
	uint64_t calls;
	uint64_t errors;
	struct times cpu;
	struct times wall;
};

struct summary {
	struct sink sink;
	struct out *out;
	const struct options *options;
	struct map rows; /* by ABI and number, or hash of a caller's name */
};

/* ---- counting ---- */

static char *call_name(const struct call *call)
{
	const struct desc_number *number = desc_by_number(call->abi, call->nr);
	return number ? xstrdup(number->name) : xasprintf("syscall_0x%" PRIx64, call->nr);
}

static const char *caller_name(const struct stack *stack)
{
	const struct stack_caller *c = stack ? stack_caller(stack) : NULL;
	const char *name = c ? stack_place(c->symbol).name : NULL;
	return name ? name : c ? c->frame->module->path : "[unknown]";
}

/* One name may stand in several modules' tables. */
static uint64_t hash_of(const char *name)
{
	uint64_t h = UINT64_C(14695981039346656037);
	for (; *name; name++)
		h = (h ^ (uint8_t)*name) * UINT64_C(1099511628211);
	return h ? h : 1;
}

static struct row *row_of(struct summary *m, const struct task *task, const struct call *call)
{
	bool is_by_caller = m->options->sums_by_caller;
	uint64_t key =
	    is_by_caller ? hash_of(caller_name(task->stack)) : ((uint64_t)call->abi + 1) << 60 | call->nr; /* never 0 */
	struct row *r = map_get(&m->rows, key);
	if (r)
		return r;
	r = xcalloc(1, sizeof(*r));
	r->name = is_by_caller ? xstrdup(caller_name(task->stack)) : call_name(call);
	r->nr = call->nr;
	r->abi = call->abi;
	r->cpu.min = r->wall.min = UINT64_MAX;
	map_put(&m->rows, key, r);
	return r;
}

static void add_time(struct times *t, uint64_t ns)
{
	t->total += ns;
	t->min = ns < t->min ? ns : t->min;
	t->max = ns > t->max ? ns : t->max;
}

static uint64_t without(uint64_t ns, uint64_t overhead)
{
	return ns > overhead ? ns - overhead : 0;
}

static void on_exit_(struct sink *s, const struct task *task, const struct call *call)
{
	struct summary *m = (struct summary *)s;
	if (!call->has_exited)
		return;
	struct row *r = row_of(m, task, call);
	r->calls++;
	r->errors += call->has_failed;
	add_time(&r->wall, without(call->exit_mono - call->entry_mono, m->options->overhead));
	add_time(&r->cpu, without(call->cpu, m->options->overhead));
}

/* ---- columns ---- */

static uint64_t average(const struct row *r, uint64_t total)
{
	return r->calls ? total / r->calls : 0;
}

/* The times that the columns without "wall" are about. */
static const struct times *plain(const struct row *r, bool is_wall)
{
	return is_wall ? &r->wall : &r->cpu;
}

/* What a column shows of a row, as a number: nanoseconds, or a count. */
static uint64_t cell(const struct row *r, enum summary_column column, bool is_wall)
{
	const struct times *t = plain(r, is_wall);
	switch (column) {
	case SUMMARY_PERCENT:
	case SUMMARY_TOTAL:
		return t->total;
	case SUMMARY_MIN:
		return t->min;
	case SUMMARY_MAX:
		return t->max;
	case SUMMARY_AVG:
		return average(r, t->total);
	case SUMMARY_WALL_TOTAL:
		return r->wall.total;
	case SUMMARY_WALL_MIN:
		return r->wall.min;
	case SUMMARY_WALL_MAX:
		return r->wall.max;
	case SUMMARY_WALL_AVG:
		return average(r, r->wall.total);
	case SUMMARY_CALLS:
		return r->calls;
	case SUMMARY_ERRORS:
		return r->errors;
	default:
		return 0;
	}
}

enum cell_look { LOOK_PERCENT, LOOK_SECONDS, LOOK_MICROSECONDS, LOOK_COUNT, LOOK_COUNT_OR_BLANK, LOOK_TEXT };

static const struct column {
	const char *title;
	int width; /* at least */
	enum cell_look look;
} columns[SUMMARY_COLUMNS] = {
    [SUMMARY_PERCENT] = {"% time", 6, LOOK_PERCENT},
    [SUMMARY_TOTAL] = {"seconds", 11, LOOK_SECONDS},
    [SUMMARY_MIN] = {"shortest", 8, LOOK_SECONDS},
    [SUMMARY_MAX] = {"longest", 8, LOOK_SECONDS},
    [SUMMARY_AVG] = {"usecs/call", 11, LOOK_MICROSECONDS},
    [SUMMARY_WALL_TOTAL] = {"wall seconds", 12, LOOK_SECONDS},
    [SUMMARY_WALL_MIN] = {"wall min", 8, LOOK_SECONDS},
    [SUMMARY_WALL_MAX] = {"wall max", 8, LOOK_SECONDS},
    [SUMMARY_WALL_AVG] = {"wall us/call", 12, LOOK_MICROSECONDS},
    [SUMMARY_CALLS] = {"calls", 9, LOOK_COUNT},
    [SUMMARY_ERRORS] = {"errors", 9, LOOK_COUNT_OR_BLANK},
    [SUMMARY_NAME] = {"syscall", 16, LOOK_TEXT},
};

struct table {
	const struct summary *summary;
	struct row **rows;
	size_t n;
	struct row total;
	int widths[SUMMARY_COLUMNS];
};

static void format_cell(char text[static 64], const struct table *t, const struct row *r, enum summary_column column)
{
	bool is_wall = t->summary->options->is_wall_summary;
	uint64_t n = cell(r, column, is_wall);
	uint64_t all = plain(&t->total, is_wall)->total;
	enum { NS_PER_US = 1000, TEXT = 64 };
	switch (columns[column].look) {
	case LOOK_PERCENT:
		snprintf(text, TEXT, "%.2f", r == &t->total ? 100.0 : all ? 100.0 * (double)n / (double)all : 0.0);
		break;
	case LOOK_SECONDS:
		snprintf(text, TEXT, "%.6f", (double)n / 1e9);
		break;
	case LOOK_MICROSECONDS:
		snprintf(text, TEXT, "%" PRIu64, n / NS_PER_US);
		break;
	case LOOK_COUNT_OR_BLANK:
		text[0] = '\0';
		if (n)
			snprintf(text, TEXT, "%" PRIu64, n);
		break;
	case LOOK_COUNT:
		snprintf(text, TEXT, "%" PRIu64, n);
		break;
	case LOOK_TEXT:
		snprintf(text, TEXT, "%s", r->name);
		break;
	}
}

/* ---- order ---- */

struct order {
	enum summary_column column;
	bool is_wall;
};

static int compare(const void *a, const void *b, void *ctx)
{
	const struct row *x = *(const struct row *const *)a;
	const struct row *y = *(const struct row *const *)b;
	const struct order *o = ctx;
	uint64_t m = cell(x, o->column, o->is_wall);
	uint64_t n = cell(y, o->column, o->is_wall);
	if (o->column == SUMMARY_NAME)
		return strcmp(x->name, y->name);
	if (o->column != SUMMARY_NONE && m != n)
		return m > n ? -1 : 1;
	return x->nr < y->nr ? -1 : x->nr > y->nr;
}

static void sort(const struct table *t)
{
	struct order o = {t->summary->options->sort, t->summary->options->is_wall_summary};
	qsort_r(t->rows, t->n, sizeof(struct row *), compare, &o);
}

/* ---- the table ---- */

static void put_line(struct buf *b, const struct table *t, const struct row *r, bool is_header)
{
	const struct options *o = t->summary->options;
	for (size_t i = 0; i < o->ncolumns; i++) {
		enum summary_column c = o->columns[i];
		char text[64];
		if (is_header)
			snprintf(text, sizeof(text), "%s", columns[c].title);
		else
			format_cell(text, t, r, c);
		bool is_last = i + 1 == o->ncolumns;
		bool is_left = columns[c].look == LOOK_TEXT;
		buf_puts(b, i ? " " : "");
		buf_printf(b, is_left ? "%-*s" : "%*s", is_left && is_last ? 0 : t->widths[c], text);
	}
	buf_c(b, '\n');
}

static void put_rule(struct buf *b, const struct table *t)
{
	const struct options *o = t->summary->options;
	for (size_t i = 0; i < o->ncolumns; i++) {
		buf_puts(b, i ? " " : "");
		buf_fill(b, '-', (size_t)t->widths[o->columns[i]]);
	}
	buf_c(b, '\n');
}

static void widen(struct table *t, const struct row *r)
{
	for (int c = 0; c < SUMMARY_COLUMNS; c++) {
		char text[64];
		format_cell(text, t, r, (enum summary_column)c);
		int n = (int)strlen(text);
		t->widths[c] = n > t->widths[c] ? n : t->widths[c];
	}
}

static void add_to(struct times *total, const struct times *t)
{
	total->total += t->total;
	total->min = t->min < total->min ? t->min : total->min;
	total->max = t->max > total->max ? t->max : total->max;
}

static void gather(struct table *t, enum abi abi)
{
	size_t at = 0;
	for (struct row *r; (r = map_next(&t->summary->rows, &at));) {
		if (r->abi != abi)
			continue;
		t->rows[t->n++] = r;
		t->total.calls += r->calls;
		t->total.errors += r->errors;
		add_to(&t->total.cpu, &r->cpu);
		add_to(&t->total.wall, &r->wall);
	}
	for (int c = 0; c < SUMMARY_COLUMNS; c++)
		t->widths[c] = columns[c].width;
	for (size_t i = 0; i < t->n; i++)
		widen(t, t->rows[i]);
	widen(t, &t->total);
}

static void put_rows(struct buf *b, const struct table *t)
{
	put_line(b, t, NULL, true);
	put_rule(b, t);
	for (size_t i = 0; i < t->n; i++)
		put_line(b, t, t->rows[i], false);
	put_rule(b, t);
	put_line(b, t, &t->total, false);
}

static void put_table(struct summary *m, enum abi abi)
{
	static const char *const modes[ABI_COUNT] = {[ABI_I386] = "32 bit", [ABI_X32] = "x32", [ABI_ARM] = "32 bit"};
	char total_name[] = "total";
	struct table t = {.summary = m,
			  .rows = xcalloc(m->rows.n, sizeof(struct row *)),
			  .total = {.name = total_name, .cpu.min = UINT64_MAX, .wall.min = UINT64_MAX}};
	struct buf *b = &m->out->buf;
	gather(&t, abi);
	sort(&t);
	if (t.n && modes[abi])
		buf_printf(b, "System call usage summary for %s mode:\n", modes[abi]);
	if (t.n)
		put_rows(b, &t);
	free(t.rows);
}

static int end(struct sink *s)
{
	struct summary *m = (struct summary *)s;
	for (int abi = 0; abi < ABI_COUNT; abi++)
		put_table(m, (enum abi)abi);
	size_t at = 0;
	for (struct row *r; (r = map_next(&m->rows, &at));) {
		free(r->name);
		free(r);
	}
	map_free(&m->rows);
	int err = out_close(m->out);
	free(m);
	return err;
}

static const struct sink_ops summary_ops = {.name = "summary", .exit = on_exit_, .end = end};

struct sink *summary_open(const struct options *options, struct out *out)
{
	struct summary *m = xcalloc(1, sizeof(*m));
	m->sink.ops = &summary_ops;
	m->out = out;
	m->options = options;
	return &m->sink;
}
