/* The cached reader under the walker: how often it asks, and what it makes of memory that ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "decode/mem.h"

#include <string.h>

enum { BASE = 0x10000, PAGES = 3, SIZE = PAGES * MEM_PAGE };

struct fake {
	struct mem mem;
	struct arena arena;
	struct mem_cache cache;
	uint8_t bytes[SIZE];
	size_t readable;
	bool is_all_or_nothing;
};

static size_t fake_read(struct mem *mem, uint64_t addr, void *dst, size_t n)
{
	struct fake *f = mem->engine;
	if (addr < BASE || addr >= BASE + f->readable)
		return 0;
	size_t left = BASE + f->readable - addr;
	if (n > left && f->is_all_or_nothing)
		return 0;
	n = n < left ? n : left;
	memcpy(dst, f->bytes + (addr - BASE), n);
	return n;
}

static struct fake *fresh(size_t readable)
{
	static struct fake f;
	arena_reset(&f.arena);
	f.mem = (struct mem){.read = fake_read, .engine = &f};
	f.cache = (struct mem_cache){.mem = &f.mem, .arena = &f.arena};
	memset(f.bytes, 'x', sizeof(f.bytes));
	f.readable = readable;
	f.is_all_or_nothing = false;
	return &f;
}

static void a_short_string_is_one_request(void **state)
{
	(void)state;
	struct fake *f = fresh(SIZE);
	strcpy((char *)f->bytes, "/etc/passwd");
	struct span s;
	bool has_nul = false;
	assert_true(mem_string(&f->cache, BASE, 4096, &s, &has_nul));
	assert_true(has_nul);
	assert_int_equal(s.n, 11);
	assert_int_equal(f->cache.requests, 1);
	assert_true(mem_string(&f->cache, BASE, 4096, &s, &has_nul));
	assert_int_equal(f->cache.requests, 1);
}

static void a_string_that_ends_with_its_page_needs_no_more(void **state)
{
	(void)state;
	struct fake *f = fresh(MEM_PAGE);
	f->bytes[MEM_PAGE - 1] = 0;
	struct span s;
	bool has_nul = false;
	assert_true(mem_string(&f->cache, BASE + MEM_PAGE - 6, 4096, &s, &has_nul));
	assert_int_equal(s.n, 5);
	assert_int_equal(f->cache.requests, 1);
}

static void a_string_crosses_pages(void **state)
{
	(void)state;
	struct fake *f = fresh(SIZE);
	f->bytes[MEM_PAGE + 600] = 0;
	struct span s;
	bool has_nul = false;
	assert_true(mem_string(&f->cache, BASE + MEM_PAGE - 10, 4096, &s, &has_nul));
	assert_int_equal(s.n, 610);
	assert_true(f->cache.requests <= 3);
}

static void an_unterminated_string_at_the_end_of_memory_is_a_fault(void **state)
{
	(void)state;
	struct fake *f = fresh(MEM_PAGE);
	struct span s;
	bool has_nul = false;
	assert_false(mem_string(&f->cache, BASE + MEM_PAGE - 6, 4096, &s, &has_nul));
}

static void a_string_is_cut_at_the_limit(void **state)
{
	(void)state;
	struct fake *f = fresh(MEM_PAGE);
	struct span s;
	bool has_nul = true;
	assert_true(mem_string(&f->cache, BASE + MEM_PAGE - 6, 6, &s, &has_nul));
	assert_false(has_nul);
	assert_int_equal(s.n, 6);
}

static void what_precedes_a_hole_is_kept(void **state)
{
	(void)state;
	struct fake *f = fresh(2 * MEM_PAGE);
	f->is_all_or_nothing = true;
	struct span s = mem_get(&f->cache, BASE + 100, SIZE);
	assert_int_equal(s.n, 2 * MEM_PAGE - 100);
	assert_int_equal(mem_get(&f->cache, BASE + 100, SIZE).n, s.n);
}

static void wild_addresses_are_harmless(void **state)
{
	(void)state;
	struct fake *f = fresh(SIZE);
	assert_int_equal(mem_get(&f->cache, UINT64_MAX - 3, 100).n, 0);
	assert_int_equal(mem_get(&f->cache, BASE, UINT64_MAX).n, SIZE);
	assert_int_equal(mem_get(&f->cache, 0, 8).n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_short_string_is_one_request),
		cmocka_unit_test(a_string_that_ends_with_its_page_needs_no_more),
		cmocka_unit_test(a_string_crosses_pages),
		cmocka_unit_test(an_unterminated_string_at_the_end_of_memory_is_a_fault),
		cmocka_unit_test(a_string_is_cut_at_the_limit),
		cmocka_unit_test(what_precedes_a_hole_is_kept),
		cmocka_unit_test(wild_addresses_are_harmless),
	};
	return cmocka_run_group_tests_name("the reader of one call's memory", tests, NULL, NULL);
}
