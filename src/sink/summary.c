/* Counts by name; the table is made at the end. */
#include "sink/summary.h"

#include "base/map.h"
#include "base/xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
	const char *name;
	uint64_t calls;
	uint64_t errors;
	uint64_t ns;
};

struct summary {
	struct sink sink;
	struct out *out;
	const char *sort; /* NULL = time */
	struct map rows;  /* by the address of the name, which is unique to it */
};

static void on_exit_(struct sink *s, const struct task *task, const struct call *call)
{
	(void)task;
	struct summary *m = (struct summary *)s;
	struct row *r = map_get(&m->rows, (uint64_t)(uintptr_t)call->name);
	if (!r) {
		r = xcalloc(1, sizeof(*r));
		r->name = call->name;
		map_put(&m->rows, (uint64_t)(uintptr_t)call->name, r);
	}
	r->calls++;
	r->errors += call->has_failed;
	r->ns += call->exit_mono - call->entry_mono;
}

static int descending(uint64_t a, uint64_t b)
{
	return a > b ? -1 : a < b;
}

static int by_time(const void *a, const void *b)
{
	const struct row *x = *(const struct row *const *)a;
	const struct row *y = *(const struct row *const *)b;
	int order = descending(x->ns, y->ns);
	return order ? order : strcmp(x->name, y->name);
}

static int by_calls(const void *a, const void *b)
{
	int order = descending((*(const struct row *const *)a)->calls, (*(const struct row *const *)b)->calls);
	return order ? order : by_time(a, b);
}

static int by_errors(const void *a, const void *b)
{
	int order = descending((*(const struct row *const *)a)->errors, (*(const struct row *const *)b)->errors);
	return order ? order : by_time(a, b);
}

static int by_name(const void *a, const void *b)
{
	return strcmp((*(const struct row *const *)a)->name, (*(const struct row *const *)b)->name);
}

static void sort(const struct summary *m, struct row **rows, size_t n)
{
	static const struct { const char *key; int (*order)(const void *, const void *); } orders[] = {
	    {"time", by_time}, {"calls", by_calls}, {"count", by_calls}, {"errors", by_errors}, {"error", by_errors}, {"name", by_name}, {"syscall", by_name}};
	const char *key = m->sort ? m->sort : "time";
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
		if (strcmp(orders[i].key, key) == 0)
			qsort(rows, n, sizeof(*rows), orders[i].order);
}

static void put_row(struct buf *b, double percent, const struct row *r)
{
	char errors[24] = "";
	if (r->errors)
		snprintf(errors, sizeof(errors), "%" PRIu64, r->errors);
	buf_printf(b, "%6.2f %11.6f %11" PRIu64 " %9" PRIu64 " %9s %s\n", percent, (double)r->ns / 1e9, r->calls ? r->ns / r->calls / 1000 : 0, r->calls,
		   errors, r->name);
}

static void put_table(struct summary *m)
{
	static const char rule[] = "------ ----------- ----------- --------- --------- ----------------\n";
	struct buf *b = &m->out->buf;
	struct row **rows = xcalloc(m->rows.n, sizeof(*rows));
	struct row total = {.name = "total"};
	size_t n = 0;
	size_t at = 0;
	for (struct row *r; (r = map_next(&m->rows, &at));) {
		rows[n++] = r;
		total.calls += r->calls;
		total.errors += r->errors;
		total.ns += r->ns;
	}
	sort(m, rows, n);
	buf_lit(b, "% time     seconds  usecs/call     calls    errors syscall\n");
	buf_puts(b, rule);
	for (size_t i = 0; i < n; i++)
		put_row(b, total.ns ? 100.0 * (double)rows[i]->ns / (double)total.ns : 0, rows[i]);
	buf_puts(b, rule);
	put_row(b, 100, &total);
	free(rows);
}

static int end(struct sink *s)
{
	struct summary *m = (struct summary *)s;
	if (m->rows.n)
		put_table(m);
	size_t at = 0;
	for (struct row *r; (r = map_next(&m->rows, &at));)
		free(r);
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
	m->sort = options->summary_sort;
	return &m->sink;
}
