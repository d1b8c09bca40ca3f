/* Small counters that the profile is made of: tallies, times, latencies, evidence. */
#include "sink/profile_parts.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

static void tally_insert(struct tally *t, uint64_t value)
{
	enum { FIRST = 2 };
	if (!(t->n & (t->n - 1))) /* room for the next power of two */
		t->v = xgrow(t->v, t->n < FIRST ? FIRST : 2U * t->n, sizeof(*t->v));
	t->v[t->n++] = (struct tally_slot){value, 1};
}

/* Space-saving (Metwally 2005): a newcomer takes the place and the count of the least frequent. */
void tally_add(struct tally *t, uint64_t value)
{
	unsigned least = 0;
	for (unsigned i = 0; i < t->n; i++) {
		if (t->v[i].value == value) {
			t->v[i].n++;
			return;
		}
		if (t->v[i].n < t->v[least].n)
			least = i;
	}
	if (t->n < TALLY_SLOTS) {
		tally_insert(t, value);
		return;
	}
	t->has_evicted = true;
	t->v[least].value = value;
	t->v[least].n++;
}

static int by_frequency(const void *a, const void *b)
{
	const struct tally_slot *x = a;
	const struct tally_slot *y = b;
	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return (x->value > y->value) - (x->value < y->value);
}

void tally_sort(struct tally *t)
{
	if (t->n)
		qsort(t->v, t->n, sizeof(*t->v), by_frequency);
}

struct tally tally_clone(const struct tally *t)
{
	struct tally c = {.has_evicted = t->has_evicted};
	for (unsigned i = 0; i < t->n; i++) {
		tally_insert(&c, t->v[i].value);
		c.v[i].n = t->v[i].n;
	}
	return c;
}

/* As Darshan: what lies before the end of the operation that ended last has been counted. */
void span_time_add(struct span_time *t, uint64_t start, uint64_t end)
{
	uint64_t from = start > t->until ? start : t->until;
	if (end <= from)
		return;
	t->ns += end - from;
	t->until = end;
}

void latency_add(struct latency *l, uint64_t ns)
{
	unsigned i = ns ? 63U - (unsigned)__builtin_clzll(ns) : 0;
	l->n[i < LATENCIES ? i : LATENCIES - 1]++;
	l->count++;
}

uint64_t latency_percentile(const struct latency *l, unsigned percent)
{
	uint64_t want = (l->count * percent + 99) / 100;
	uint64_t seen = 0;
	for (unsigned i = 0; i < LATENCIES && want; i++) {
		seen += l->n[i];
		if (seen >= want)
			return (2ULL << i) - 1;
	}
	return 0;
}

void evidence_add(struct evidence *e, struct mark at)
{
	if (e->n < EVIDENCE)
		e->seq[e->n] = at.seq;
	if (!e->n)
		e->stack = at.stack;
	e->n++;
}

uint64_t hash_bytes(const char *s, size_t n)
{
	uint64_t h = 14695981039346656037ULL;
	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)s[i]) * 1099511628211ULL;
	return h ? h : 1;
}
