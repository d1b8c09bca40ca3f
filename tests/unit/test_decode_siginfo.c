/* The siginfo of a delivered signal: which members are shown depends on signal, code and sender. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "decode/decode.h"

#include <string.h>

/* "si_signo=17 si_code=CLD_EXITED …" */
static void flatten(const struct val *v, struct buf *b)
{
	for (const struct val *m = v->child; m; m = m->next) {
		buf_printf(b, "%s%s=", m == v->child ? "" : " ", m->name);
		if (m->kind == VAL_RAW)
			buf_put(b, m->bytes.p, m->bytes.n);
		else
			buf_dec(b, (int64_t)m->n);
		if (m->comment)
			buf_printf(b, "(%s)", m->comment);
	}
	buf_c(b, '\0');
}

static void check(const siginfo_t *si, const char *want)
{
	struct arena arena = {NULL};
	struct buf b = {NULL};
	flatten(decode_siginfo(si, &arena), &b);
	assert_string_equal(b.p, want);
	buf_free(&b);
	arena_free(&arena);
}

static void a_child_that_exited_has_status_and_times(void **state)
{
	(void)state;
	siginfo_t si = {.si_signo = SIGCHLD, .si_code = CLD_EXITED};
	si.si_pid = 7;
	si.si_uid = 8;
	si.si_status = 3;
	si.si_utime = 2;
	check(&si, "si_signo=17 si_code=CLD_EXITED si_pid=7 si_uid=8 si_status=3 si_utime=2 si_stime=0");
}

static void a_fault_has_an_address(void **state)
{
	(void)state;
	siginfo_t si = {.si_signo = SIGSEGV, .si_code = SEGV_MAPERR};
	si.si_addr = (void *)(uintptr_t)16;
	check(&si, "si_signo=11 si_code=SEGV_MAPERR si_addr=16");
}

static void a_trap_of_the_kernel_has_an_address(void **state)
{
	(void)state;
	siginfo_t si = {.si_signo = SIGTRAP, .si_code = SI_KERNEL};
	check(&si, "si_signo=5 si_code=SI_KERNEL si_addr=0");
}

static void a_queued_value_is_shown_unless_zero(void **state)
{
	(void)state;
	siginfo_t si = {.si_signo = SIGUSR1, .si_code = SI_QUEUE};
	si.si_pid = 7;
	check(&si, "si_signo=10 si_code=SI_QUEUE si_pid=7 si_uid=0");
	si.si_value.sival_ptr = (void *)(uintptr_t)5;
	check(&si, "si_signo=10 si_code=SI_QUEUE si_pid=7 si_uid=0 si_int=5 si_ptr=5");
}

static void a_timer_shows_its_value_even_if_zero(void **state)
{
	(void)state;
	siginfo_t si = {.si_signo = SIGUSR1, .si_code = SI_TIMER};
	check(&si, "si_signo=10 si_code=SI_TIMER si_timerid=0 si_overrun=0 si_int=0 si_ptr=0");
}

static void no_signal_no_members(void **state)
{
	(void)state;
	siginfo_t si = {.si_signo = 0, .si_code = 5};
	check(&si, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_child_that_exited_has_status_and_times),
		cmocka_unit_test(a_fault_has_an_address),
		cmocka_unit_test(a_trap_of_the_kernel_has_an_address),
		cmocka_unit_test(a_queued_value_is_shown_unless_zero),
		cmocka_unit_test(a_timer_shows_its_value_even_if_zero),
		cmocka_unit_test(no_signal_no_members),
	};
	return cmocka_run_group_tests_name("siginfo", tests, NULL, NULL);
}
