/* Look-ups in the generated tables, on facts of the interface that do not change. */
#include "desc/desc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct desc_call *call_of(enum abi abi, uint64_t nr, const char *name)
{
	const struct desc_number *number = desc_by_number(abi, nr);
	assert_non_null(number);
	assert_string_equal(number->name, name);
	return &desc_calls[number->call];
}

static void numbers_lead_to_names(void **state)
{
	(void)state;
	call_of(ABI_X86_64, 257, "openat");
	call_of(ABI_I386, 295, "openat");
	call_of(ABI_AARCH64, 56, "openat");
	call_of(ABI_ARM, 322, "openat");
	call_of(ABI_X32, 257, "openat");
	assert_null(desc_by_number(ABI_X86_64, 100000));
	assert_null(desc_by_number(ABI_AARCH64, 2000));
}

static void one_declaration_serves_all_abis(void **state)
{
	(void)state;
	assert_ptr_equal(call_of(ABI_X86_64, 0, "read"), call_of(ABI_AARCH64, 63, "read"));
	assert_ptr_equal(call_of(ABI_X86_64, 92, "chown"), call_of(ABI_I386, 212, "chown32"));
}

static const struct desc_set *set_named(const char *name, enum abi abi)
{
	for (uint16_t i = 1; i < desc_set_count; i++)
		if (strcmp(desc_sets[i].name, name) == 0)
			return &desc_sets[desc_set_of(desc_sets[i].by_abi[ABI_X86_64], abi)];
	fail();
	return NULL;
}

static uint64_t value_of(const struct desc_set *set, const char *name)
{
	for (unsigned i = 0; i < set->n; i++)
		if (desc_items[set->first + i].name && strcmp(desc_items[set->first + i].name, name) == 0)
			return desc_items[set->first + i].value;
	fail();
	return 0;
}

static void sets_have_each_abis_values(void **state)
{
	(void)state;
	assert_int_equal(value_of(set_named("open_flags", ABI_X86_64), "O_DIRECTORY"), 0200000);
	assert_int_equal(value_of(set_named("open_flags", ABI_I386), "O_DIRECTORY"), 0200000);
	assert_int_equal(value_of(set_named("open_flags", ABI_AARCH64), "O_DIRECTORY"), 040000);
}

/* Every enum is sorted, or items of it would not be found. */
static void items_are_found(void **state)
{
	(void)state;
	for (uint16_t i = 1; i < desc_set_count; i++)
		for (unsigned k = 0; k < desc_sets[i].n && !desc_sets[i].is_flags; k++) {
			const struct desc_item *it = &desc_items[desc_sets[i].first + k];
			if (!it->name) {
				assert_null(desc_item_of(&desc_sets[i], it->value)); /* what the other ABIs have there */
				continue;
			}
			assert_non_null(desc_item_of(&desc_sets[i], it->value));
			assert_int_equal(desc_item_of(&desc_sets[i], it->value)->value, it->value);
		}
	assert_null(desc_item_of(set_named("open_flags", ABI_X86_64), 12345678901234));
}

static void variants_are_found_on_every_abi(void **state)
{
	(void)state;
	for (size_t i = 1; i < desc_call_count; i++)
		for (unsigned k = 0; k < desc_calls[i].nvariants; k++)
			for (enum abi abi = 0; abi < ABI_COUNT; abi++) {
				const struct desc_variant *v = &desc_variants[desc_calls[i].first_variant + k];
				if (v->key[abi] != DESC_KEY_ABSENT)
					assert_ptr_not_equal(desc_variant_of(&desc_calls[i], abi, v->key[abi]), &desc_calls[i]);
			}
	const struct desc_call *fcntl = call_of(ABI_X86_64, 72, "fcntl");
	assert_ptr_equal(desc_variant_of(fcntl, ABI_X86_64, 0x7fffffff), fcntl);
}

static void errors_and_signals_have_names(void **state)
{
	(void)state;
	assert_string_equal(desc_errno_name(2), "ENOENT");
	assert_string_equal(desc_errno_message(2), "No such file or directory");
	assert_string_equal(desc_errno_name(11), "EAGAIN");
	assert_string_equal(desc_errno_name(512), "ERESTARTSYS");
	assert_null(desc_errno_name(4000));
	assert_string_equal(desc_signal_name(2), "SIGINT");
	assert_string_equal(desc_signal_name(29), "SIGIO");
	assert_string_equal(desc_signal_name(32), "SIGRTMIN");
	assert_string_equal(desc_signal_name(34), "SIGRT_2");
	assert_null(desc_signal_name(65));
}

static void a_64_bit_argument_takes_two_registers_of_32_bits(void **state)
{
	(void)state;
	enum { PREAD64_I386 = 180, PREAD64_X86_64 = 17 };
	assert_int_equal(desc_registers(&desc_calls[desc_by_number(ABI_I386, PREAD64_I386)->call], ABI_I386), 5);
	assert_int_equal(desc_registers(&desc_calls[desc_by_number(ABI_X86_64, PREAD64_X86_64)->call], ABI_X86_64), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_64_bit_argument_takes_two_registers_of_32_bits),
		cmocka_unit_test(numbers_lead_to_names),	     cmocka_unit_test(one_declaration_serves_all_abis),
	    cmocka_unit_test(sets_have_each_abis_values),    cmocka_unit_test(items_are_found),
	    cmocka_unit_test(variants_are_found_on_every_abi), cmocka_unit_test(errors_and_signals_have_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
