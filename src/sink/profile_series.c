/* What a picture needs: sums in bins that widen as time goes on, and samples that thin out. */
#include "sink/profile_parts.h"

#include "base/xalloc.h"

#include <string.h>

enum { FIRST_WIDTH = 1000000 /* ns */, SAMPLES_FIRST = 1 };

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static void halve(struct series *s, bool keeps_largest)
{
	for (unsigned i = 0; i < (s->n + 1) / 2; i++)
		for (int k = 0; k < 2; k++) {
			uint64_t a = s->v[2 * i][k];
			uint64_t b = 2 * i + 1 < s->n ? s->v[2 * i + 1][k] : 0;
			s->v[i][k] = keeps_largest ? larger(a, b) : a + b;
		}
	s->n = (s->n + 1) / 2;
	s->width *= 2;
}

/* The bin of time AT; bins before it that nobody touched are zero. */
static uint64_t *bin(struct series *s, uint64_t at, int which, bool keeps_largest)
{
	if (!s->width) {
		s->start = at;
		s->width = FIRST_WIDTH;
	}
	uint64_t after = at > s->start ? at - s->start : 0;
	while (after / s->width >= SERIES_BINS)
		halve(s, keeps_largest);
	unsigned i = (unsigned)(after / s->width);
	if (i >= s->cap) {
		unsigned cap = s->cap ? 2 * s->cap : 1;
		s->cap = cap > i ? cap : i + 1;
		s->v = xgrow(s->v, s->cap, sizeof(*s->v));
	}
	for (; s->n <= i; s->n++)
		s->v[s->n][0] = s->v[s->n][1] = 0;
	return &s->v[i][which];
}

void series_add(struct series *s, uint64_t at, int which, uint64_t amount)
{
	*bin(s, at, which, false) += amount;
}

void series_max(struct series *s, uint64_t at, int which, uint64_t amount)
{
	uint64_t *v = bin(s, at, which, true);
	*v = larger(*v, amount);
}

/* Where it is full every second sample goes, and from then on only every second comes. */
void samples_add(struct samples *s, const struct sample *sample)
{
	if (!s->stride)
		s->stride = 1;
	if (s->seen++ % s->stride)
		return;
	if (s->n == SAMPLES_MAX) {
		for (unsigned i = 0; i < SAMPLES_MAX / 2; i++)
			s->v[i] = s->v[2 * i];
		s->n = SAMPLES_MAX / 2;
		s->stride *= 2;
	}
	if (s->n == s->cap) {
		s->cap = s->cap ? 2 * s->cap : SAMPLES_FIRST;
		s->v = xgrow(s->v, s->cap, sizeof(*s->v));
	}
	s->v[s->n++] = *sample;
}
