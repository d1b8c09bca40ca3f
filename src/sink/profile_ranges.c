/* Sorted ranges of bytes that do not touch each other. Reading a file front to back keeps just one. */
#include "sink/profile_parts.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

/* The first range that ends at or behind FROM. */
static size_t find(const struct ranges *r, uint64_t from)
{
	size_t low = 0;
	size_t high = r->n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (r->v[middle].to < from)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void insert(struct ranges *r, size_t at, struct range range)
{
	if (r->n == r->cap) {
		r->cap = r->cap ? 2 * r->cap : 1;
		r->v = xgrow(r->v, r->cap, sizeof(*r->v));
	}
	memmove(r->v + at + 1, r->v + at, (r->n - at) * sizeof(*r->v));
	r->v[at] = range;
	r->n++;
}

static void join_nearest(struct ranges *r)
{
	size_t best = 0;
	for (size_t i = 0; i + 1 < r->n; i++)
		if (r->v[i + 1].from - r->v[i].to < r->v[best + 1].from - r->v[best].to)
			best = i;
	r->joined += r->v[best + 1].from - r->v[best].to;
	r->v[best].to = r->v[best + 1].to;
	memmove(r->v + best + 1, r->v + best + 2, (r->n - best - 2) * sizeof(*r->v));
	r->n--;
}

uint64_t ranges_add(struct ranges *r, uint64_t from, uint64_t to)
{
	if (from >= to)
		return 0;
	uint64_t again = 0;
	size_t first = find(r, from);
	size_t last = first;
	struct range whole = {from, to};
	for (; last < r->n && r->v[last].from <= to; last++) {
		uint64_t low = r->v[last].from > from ? r->v[last].from : from;
		uint64_t high = r->v[last].to < to ? r->v[last].to : to;
		again += high > low ? high - low : 0;
		whole.from = r->v[last].from < whole.from ? r->v[last].from : whole.from;
		whole.to = r->v[last].to > whole.to ? r->v[last].to : whole.to;
	}
	if (last == first) {
		insert(r, first, whole);
	} else {
		r->v[first] = whole;
		memmove(r->v + first + 1, r->v + last, (r->n - last) * sizeof(*r->v));
		r->n -= last - first - 1;
	}
	if (r->n > RANGES_MAX)
		join_nearest(r);
	return again;
}

uint64_t ranges_total(const struct ranges *r)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < r->n; i++)
		sum += r->v[i].to - r->v[i].from;
	return sum - (r->joined < sum ? r->joined : sum);
}

struct ranges ranges_clone(const struct ranges *r)
{
	struct ranges c = *r;
	c.v = r->n ? xcalloc(r->n, sizeof(*c.v)) : NULL;
	c.cap = r->n;
	if (r->n)
		memcpy(c.v, r->v, r->n * sizeof(*c.v));
	return c;
}
