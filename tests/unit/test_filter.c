/* Sets of calls and numbers as users write them, and the rules of -e inject=. */
#include "base/num_set.h"
#include "filter/call_set.h"
#include "tamper/rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* After the headers that it needs. */
#include <cmocka.h>

enum { NR_READ = 0, NR_WRITE = 1, NR_STAT = 4, NR_GETPID = 39, I386_READ = 3 };

static struct call_set set_of(const char *text)
{
	struct call_set s;
	call_set_parse(&s, text);
	return s;
}

static bool has(const char *text, uint64_t nr)
{
	struct call_set s = set_of(text);
	return call_set_has(&s, ABI_X86_64, nr);
}

static void names_classes_and_numbers(void **state)
{
	(void)state;
	assert_true(has("read", NR_READ));
	assert_false(has("read", NR_WRITE));
	assert_true(has("0,write", NR_READ));
	assert_true(has("%pure", NR_GETPID));
	assert_true(has("stat", NR_STAT));
	assert_false(has("stat", 5)); /* fstat is in no class that has a bare name */
	assert_true(has("file", NR_STAT));
	assert_true(has("/^re", NR_READ));
	assert_false(has("/^re", NR_WRITE));
}

static void inversion_turns_all_of_a_list(void **state)
{
	(void)state;
	assert_false(has("!read,write", NR_WRITE));
	assert_true(has("!read,write", NR_GETPID));
	assert_true(has("!!read", NR_READ));
	assert_true(has("!none", NR_READ));
	assert_false(has("!all", NR_READ));
}

static void designators_choose_abis(void **state)
{
	(void)state;
	struct call_set s = set_of("read@32");
	assert_true(call_set_has(&s, ABI_I386, I386_READ));
	assert_false(call_set_has(&s, ABI_X86_64, NR_READ));
	s = set_of("?nosuchcall,%memory@64");
	assert_true(call_set_has(&s, ABI_X86_64, 9));
	assert_false(call_set_has(&s, ABI_I386, 192));
}

static void sets_of_numbers(void **state)
{
	(void)state;
	struct num_set s = {0};
	num_set_parse(&s, "descriptor", num_of_digits, "3,200");
	assert_true(num_set_has(&s, 3) && num_set_has(&s, 200) && !num_set_has(&s, 4) && !num_set_has(&s, 100000));
	num_set_parse(&s, "descriptor", num_of_digits, "!3");
	assert_true(!num_set_has(&s, 3) && num_set_has(&s, 100000) && !num_set_is_empty(&s));
	num_set_parse(&s, "descriptor", num_of_digits, "none");
	assert_true(num_set_is_empty(&s));
	num_set_free(&s);
	assert_int_equal(num_of_digits("-1"), -1);
	assert_int_equal(num_of_digits("1x"), -1);
	assert_int_equal(num_of_digits("42"), 42);
}

static void rules_keep_what_they_say(void **state)
{
	(void)state;
	struct tamper_rule r;
	rule_parse(&r, "inject", "read:error=EBADF:when=2..8+3:delay_exit=2ms:poke_enter=@arg2=4142,@arg1=00");
	assert_true(call_set_has(&r.calls, ABI_X86_64, NR_READ));
	assert_int_equal(r.result, -9);
	assert_int_equal(r.first, 2);
	assert_int_equal(r.last, 8);
	assert_int_equal(r.step, 3);
	assert_int_equal(r.delay_exit, 2000000);
	assert_int_equal(r.poke_enter[2].n, 2);
	assert_memory_equal(r.poke_enter[2].bytes, "AB", 2);
	assert_int_equal(r.poke_enter[1].bytes[0], 0);
	rule_free(&r);
	rule_parse(&r, "fault", "write");
	assert_int_equal(r.result, -38);
	rule_free(&r);
	rule_parse(&r, "inject", "write:retval=0x10:when=5+:signal=SIGUSR1");
	assert_int_equal(r.result, 16);
	assert_int_equal(r.step, 1);
	assert_int_equal(r.signo, 10);
	rule_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(names_classes_and_numbers),
					   cmocka_unit_test(inversion_turns_all_of_a_list),
					   cmocka_unit_test(designators_choose_abis), cmocka_unit_test(sets_of_numbers),
					   cmocka_unit_test(rules_keep_what_they_say)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
