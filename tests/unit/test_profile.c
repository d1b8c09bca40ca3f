/* The profile's small counters. */
#include "sink/profile_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void tallies_are_exact_up_to_sixteen_values(void **state)
{
	(void)state;
	struct tally t = {0};
	for (uint64_t i = 0; i < 1600; i++)
		tally_add(&t, i % 16 < 3 ? 7 : i % 16);
	tally_sort(&t);
	assert_int_equal(t.v[0].value, 7);
	assert_int_equal(t.v[0].n, 400);
	assert_false(t.has_evicted);
	free(t.v);
}

static void a_frequent_value_survives_many_rare_ones(void **state)
{
	(void)state;
	struct tally t = {0};
	for (uint64_t i = 0; i < 10000; i++)
		tally_add(&t, i % 2 ? 4096 : 100000 + i);
	tally_sort(&t);
	assert_int_equal(t.v[0].value, 4096);
	assert_int_equal(t.v[0].n, 5000);
	assert_true(t.has_evicted);
	free(t.v);
}

static void ranges_tell_what_was_touched_before(void **state)
{
	(void)state;
	struct ranges r = {0};
	assert_int_equal(ranges_add(&r, 0, 100), 0);
	assert_int_equal(ranges_add(&r, 200, 300), 0);
	assert_int_equal(ranges_add(&r, 50, 250), 100);
	assert_int_equal(r.n, 1);
	assert_int_equal(ranges_add(&r, 300, 400), 0); /* touching ones are joined */
	assert_int_equal(r.n, 1);
	assert_int_equal(ranges_add(&r, 10, 20), 10);
	assert_int_equal(ranges_add(&r, 5, 5), 0);
	assert_int_equal(ranges_total(&r), 400);
	free(r.v);
}

static void ranges_against_a_bitmap(void **state)
{
	(void)state;
	enum { BYTES = 4000 };
	static char touched[BYTES];
	struct ranges r = {0};
	unsigned seed = 1;
	uint64_t total = 0;
	for (int i = 0; i < 3000; i++) {
		seed = seed * 1103515245 + 12345;
		uint64_t from = seed / 65536 % (BYTES - 50);
		uint64_t to = from + (uint64_t)(i % 7);
		uint64_t again = 0;
		for (uint64_t k = from; k < to; k++) {
			again += (uint64_t)touched[k];
			total += !touched[k];
			touched[k] = 1;
		}
		assert_int_equal(ranges_add(&r, from, to), again);
		assert_int_equal(ranges_total(&r), total);
	}
	free(r.v);
}

static void ranges_are_bounded_and_say_what_they_guess(void **state)
{
	(void)state;
	struct ranges r = {0};
	for (uint64_t i = 0; i < 3 * RANGES_MAX; i++)
		ranges_add(&r, i * 10, i * 10 + 1);
	assert_int_equal(r.n, RANGES_MAX);
	assert_int_equal(r.joined, 9 * 2 * RANGES_MAX);
	assert_int_equal(ranges_total(&r), 3 * RANGES_MAX);
	free(r.v);
}

static void a_series_keeps_its_sum_and_its_bound(void **state)
{
	(void)state;
	struct series s = {0};
	for (uint64_t i = 0; i < 100000; i++)
		series_add(&s, 1000 + i * 777777, (int)(i % 2), 3);
	uint64_t sum = 0;
	for (unsigned i = 0; i < s.n; i++)
		sum += s.v[i][0] + s.v[i][1];
	assert_int_equal(sum, 300000);
	assert_in_range(s.n, 100, SERIES_BINS);
	free(s.v);
}

static void samples_cover_the_whole_time(void **state)
{
	(void)state;
	struct samples s = {0};
	for (uint64_t i = 0; i < 100000; i++)
		samples_add(&s, &(struct sample){.at = i});
	assert_in_range(s.n, SAMPLES_MAX / 2, SAMPLES_MAX);
	assert_int_equal(s.v[0].at, 0);
	for (unsigned i = 1; i < s.n; i++)
		assert_int_equal(s.v[i].at - s.v[i - 1].at, s.stride);
	assert_in_range(s.v[s.n - 1].at, 100000 - s.stride, 99999);
	free(s.v);
}

static void percentiles_are_the_ends_of_buckets(void **state)
{
	(void)state;
	struct latency l = {0};
	assert_int_equal(latency_percentile(&l, 50), 0);
	for (int i = 0; i < 99; i++)
		latency_add(&l, 1000);
	latency_add(&l, 1000000);
	assert_int_equal(latency_percentile(&l, 50), 1023);
	assert_int_equal(latency_percentile(&l, 99), 1023);
	assert_int_equal(latency_percentile(&l, 100), (1 << 20) - 1);
}

static void overlapping_time_counts_once(void **state)
{
	(void)state;
	struct span_time t = {0};
	span_time_add(&t, 10, 20);
	span_time_add(&t, 15, 30);
	span_time_add(&t, 12, 25);
	span_time_add(&t, 40, 50);
	assert_int_equal(t.ns, 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tallies_are_exact_up_to_sixteen_values), cmocka_unit_test(a_frequent_value_survives_many_rare_ones),
		cmocka_unit_test(ranges_tell_what_was_touched_before), cmocka_unit_test(ranges_against_a_bitmap),
		cmocka_unit_test(ranges_are_bounded_and_say_what_they_guess), cmocka_unit_test(a_series_keeps_its_sum_and_its_bound),
		cmocka_unit_test(samples_cover_the_whole_time), cmocka_unit_test(percentiles_are_the_ends_of_buckets),
		cmocka_unit_test(overlapping_time_counts_once)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
