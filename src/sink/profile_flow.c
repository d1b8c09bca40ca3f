/* Reads or writes of one file by one process or all: sizes, places, buffers, times. */
#include "sink/profile_parts.h"

#include "base/xalloc.h"

#include <stdlib.h>

const char *const size_names[SIZES] = {"0_100", "100_1K", "1K_10K", "10K_100K", "100K_1M", "1M_4M", "4M_10M", "10M_100M", "100M_1G", "1G_PLUS"};

enum { LARGE = 65536, WASTE_TIMES = 16 }; /* a buffer of which hardly anything is used */

static unsigned size_of(uint64_t bytes)
{
	static const uint64_t ends[SIZES - 1] = {100, 1024, 10240, 102400, 1048576, 4194304, 10485760, 104857600, 1073741824};
	unsigned i = 0;
	while (i < SIZES - 1 && bytes > ends[i])
		i++;
	return i;
}

static void add_buffer(struct flow *f, const struct io *op, const struct placed *p)
{
	if (op->has_offered) {
		f->offered_calls++;
		f->offered += op->offered;
		f->offered_moved += op->bytes;
		f->short_calls += op->bytes < op->offered;
		f->end_calls += p->is_at_end;
		if (op->bytes && op->offered >= LARGE && op->bytes * WASTE_TIMES <= op->offered)
			evidence_add(&f->wasteful_calls, op->at);
	}
	if (!op->address)
		return;
	f->memory_misaligned += op->address % MEMORY_ALIGNMENT != 0;
	for (unsigned i = 0; i < f->naddresses; i++)
		if (f->addresses[i] == op->address)
			return;
	if (f->naddresses < ADDRESSES)
		f->addresses[f->naddresses++] = op->address;
	else
		f->has_more_addresses = true;
}

static void add_place(struct flow *f, const struct io *op, const struct placed *p)
{
	if (!p->has_place)
		return;
	f->placed++;
	f->first += p->is_first;
	f->seq += p->is_seq;
	f->consec += p->is_consec;
	f->file_seq += p->file_seq;
	f->file_consec += p->file_consec;
	f->misaligned += p->is_misaligned;
	if (p->stride)
		tally_add(&f->strides, p->stride);
	if (!p->is_seq && !p->is_first)
		evidence_add(&f->random_calls, op->at);
	if (op->bytes && op->offset + op->bytes - 1 > f->max_byte)
		f->max_byte = op->offset + op->bytes - 1;
	uint64_t again = ranges_add(&f->touched, op->offset, op->offset + op->bytes);
	f->again += again;
	if (again)
		evidence_add(&f->again_calls, op->at);
}

static void add_time(struct flow *f, const struct io *op)
{
	uint64_t ns = op->end - op->start;
	latency_add(&f->latency, ns);
	span_time_add(&f->time, op->start, op->end);
	if (!f->first_start)
		f->first_start = op->start;
	f->last_end = op->end;
	if (ns >= f->slowest) {
		f->slowest = ns;
		f->slowest_bytes = op->bytes;
		f->slowest_seq = op->at.seq;
	}
}

void flow_add(struct flow *f, const struct io *op, const struct placed *p)
{
	f->calls++;
	f->bytes += op->bytes;
	f->sizes[size_of(op->bytes)]++;
	tally_add(&f->common, op->bytes);
	bool follows = !p->has_place || p->is_consec || p->is_first;
	if (op->bytes && op->bytes < SMALL && follows && !op->is_copy && !p->is_at_end) {
		f->small++;
		f->small_bytes += op->bytes;
		f->small_ns += op->end - op->start;
		evidence_add(&f->small_calls, op->at);
	}
	add_buffer(f, op, p);
	add_place(f, op, p);
	add_time(f, op);
}

void flow_failed(struct flow *f, const struct io *op)
{
	f->failed++;
	span_time_add(&f->time, op->start, op->end);
}

uint64_t flow_random(const struct flow *f)
{
	return f->placed - f->seq - f->first;
}

struct flow *flow_clone(const struct flow *f)
{
	if (!f)
		return NULL;
	struct flow *c = xmalloc(sizeof(*c));
	*c = *f;
	c->common = tally_clone(&f->common);
	c->strides = tally_clone(&f->strides);
	c->touched = ranges_clone(&f->touched);
	return c;
}

void flow_free(struct flow *f)
{
	if (!f)
		return;
	free(f->common.v);
	free(f->strides.v);
	free(f->touched.v);
	free(f);
}
