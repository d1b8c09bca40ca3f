/*
 * The ptrace engine's promises, each against a small target: this same program, told by its arguments what to play.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/xalloc.h"
#include "capture/arch.h"
#include "capture/ptrace.h"
#include "capture/seccomp.h"
#include "desc/desc.h"

#include <dirent.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_EVENTS = 40000, TICK_US = 20000, SPINS = 300 };

/* ---- targets: each returns its exit status ---- */

static int handled; /* the signal target's */

static void count(int sig)
{
	(void)sig;
	handled++;
}

static int play_signals(void)
{
	struct sigaction action = {.sa_handler = count};
	sigaction(SIGUSR1, &action, NULL);
	for (int i = 0; i < 3; i++)
		sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 41 + i});
	return handled;
}

/* A stopped child looks to its parent as it would untraced. */
static int play_stop(void)
{
	pid_t child = fork();
	if (child == 0) {
		raise(SIGSTOP);
		usleep(5 * TICK_US); /* alive still when the parent asks whether it was continued */
		_exit(5);
	}
	int status = 0;
	if (waitpid(child, &status, WUNTRACED) != child || !WIFSTOPPED(status) || WSTOPSIG(status) != SIGSTOP)
		return 1;
	kill(child, SIGCONT);
	if (waitpid(child, &status, WCONTINUED) != child || !WIFCONTINUED(status))
		return 2;
	waitpid(child, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 5 ? 0 : 3;
}

static void *nap(void *unused)
{
	usleep(TICK_US);
	return unused;
}

static void *sleep_on(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void *spin(void *unused)
{
	for (;;)
		getppid();
	return unused;
}

static void *exec_true(void *unused)
{
	usleep(TICK_US);
	execl("/bin/true", "true", NULL);
	return unused;
}

static pthread_t start(void *(*what)(void *))
{
	pthread_t t;
	pthread_create(&t, NULL, what, NULL);
	return t;
}

static int play_thread_exec(void)
{
	start(sleep_on);
	start(spin);
	start(exec_true);
	sleep_on(NULL);
	return 1;
}

static int play_leader_first(void)
{
	start(nap);
	syscall(SYS_exit, 0);
	return 1;
}

static int play_forks(void)
{
	for (int i = 0; i < 40; i++) {
		pid_t child = i % 2 ? fork() : (pid_t)syscall(SYS_clone, CLONE_VFORK | SIGCHLD, 0, 0, 0, 0);
		if (child == 0)
			_exit((int)syscall(SYS_getppid) == 0);
		pthread_join(start(nap), NULL);
		int status = 0;
		if (waitpid(child, &status, 0) != child || status)
			return 1;
	}
	return 0;
}

/* The parent is killed while it forks: some children are never announced. */
static int play_killed_forkers(void)
{
	for (int i = 0; i < 30; i++) {
		pid_t child = fork();
		while (child == 0)
			if (fork() == 0)
				_exit(0);
		usleep(200U * (unsigned)i);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	return 0;
}

/* A path at the end of a page, nothing behind it. */
static int play_page_end(void)
{
	long page = sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, 2 * (size_t)page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(p + page, (size_t)page);
	memcpy(p + page - 4, "/no", 4);
	return syscall(SYS_unlinkat, 12345, p + page - 4, 0) == -1 ? 0 : 1;
}

static int play_noise(void)
{
	start(spin);
	start(spin);
	for (int i = 0; i < SPINS; i++)
		getpgid(0);
	return 0;
}

static int play_number(void)
{
	syscall(-1, 1, 2, 3, 4, 5, 6);
	getpgid(0);
	return 0;
}

static unsigned open_fds(void)
{
	unsigned n = 0;
	DIR *d = opendir("/proc/self/fd");
	while (d && readdir(d))
		n++;
	if (d)
		closedir(d);
	return n;
}

/* argv[3] is the number of descriptors that there were before. */
static int play_inherited(const char *fds)
{
	sigset_t mask;
	struct sigaction usr2, alrm, intr;
	sigprocmask(SIG_BLOCK, NULL, &mask);
	sigaction(SIGUSR2, NULL, &usr2);
	sigaction(SIGALRM, NULL, &alrm);
	sigaction(SIGTTOU, NULL, &intr);
	sigset_t pending;
	sigpending(&pending);
	return (sigismember(&mask, SIGUSR1) != 1) | (usr2.sa_handler != SIG_IGN) << 1 |
	       (alrm.sa_handler != SIG_DFL) << 2 | (intr.sa_handler != SIG_DFL) << 3 |
	       (open_fds() != (unsigned)atoi(fds)) << 4 | (strcmp(getenv("ADDED"), "x") != 0) << 5 |
	       (getenv("HOME") != NULL) << 6 | (!sigisemptyset(&pending)) << 7;
}

static int play_sleepers(void)
{
	for (int i = 0; i < 3; i++)
		start(sleep_on);
	usleep(15 * TICK_US);
	return 6;
}

static const struct {
	const char *name;
	int (*play)(void);
} targets[] = {{"signals", play_signals},           {"stop", play_stop},   {"thread-exec", play_thread_exec},
	       {"leader-first", play_leader_first}, {"forks", play_forks}, {"killed-forkers", play_killed_forkers},
	       {"page-end", play_page_end},         {"noise", play_noise}, {"number", play_number},
	       {"sleepers", play_sleepers}};

/* ---- the tracing side ---- */

struct trace {
	struct event *events;
	size_t n;
	pid_t command;
	int status; /* exit status of the command, or minus its signal */
};

/* Called for each event before its resume; false ends the trace by a detach. */
typedef bool watcher(const struct event *ev);

static bool see_all(const struct event *ev)
{
	(void)ev;
	return true;
}

static struct trace run(struct ptrace_config config, watcher *watch)
{
	int status = 0;
	struct engine *e = ptrace_open(&config, &status);
	struct trace t = {.events = xcalloc(MAX_EVENTS, sizeof(struct event)), .status = status};
	if (!e)
		return t;
	t.command = ptrace_command(e);
	struct event ev;
	while (t.n < MAX_EVENTS && e->ops->next(e, -1, &ev) == 0 && ev.kind != EVENT_DONE) {
		if (ev.kind == EVENT_NONE)
			continue;
		t.events[t.n++] = ev;
		if (ev.kind == EVENT_DEATH && ev.tid == t.command)
			t.status = WIFEXITED(ev.status) ? WEXITSTATUS(ev.status) : -WTERMSIG(ev.status);
		if (!watch(&ev)) {
			e->ops->detach(e);
			break;
		}
		e->ops->resume(e, &ev);
	}
	assert_true(t.n < MAX_EVENTS);
	e->ops->close(e);
	return t;
}

static struct trace play(const char *target)
{
	char *argv[] = {"/proc/self/exe", "--target", (char *)target, NULL};
	return run((struct ptrace_config){.argv = argv, .follow = true}, see_all);
}

static const struct event *find(const struct trace *t, size_t from, enum event_kind kind)
{
	for (size_t i = from; i < t->n; i++)
		if (t->events[i].kind == kind)
			return &t->events[i];
	return NULL;
}

static size_t how_many(const struct trace *t, enum event_kind kind)
{
	size_t n = 0;
	for (size_t i = 0; i < t->n; i++)
		n += t->events[i].kind == kind;
	return n;
}

/* ---- claims ---- */

static void the_command_is_told_from_its_execve_on(void **state)
{
	(void)state;
	struct trace t = play("number");
	assert_int_equal(t.status, 0);
	static const enum event_kind expected[] = {EVENT_ATTACH, EVENT_ENTRY, EVENT_EXEC, EVENT_EXIT};
	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++)
		assert_int_equal(t.events[i].kind, expected[i]);
	assert_true(t.events[0].is_command);
	assert_int_equal(t.events[1].nr, arch_execve);
	assert_int_equal(t.events[1].abi, arch_native);
	assert_false(t.events[3].is_error);
	assert_int_equal(t.events[t.n - 1].kind, EVENT_DEATH);
	free(t.events);
}

static void entries_and_exits_alternate(void **state)
{
	(void)state;
	struct trace t = play("forks");
	assert_int_equal(t.status, 0);
	for (size_t i = 0; i < t.n; i++) {
		const struct event *ev = &t.events[i];
		if (ev->kind != EVENT_ENTRY)
			continue;
		for (size_t j = i + 1; j < t.n; j++) {
			const struct event *later = &t.events[j];
			if (later->tid != ev->tid || later->kind == EVENT_EXEC || later->kind == EVENT_FORK)
				continue;
			assert_true(later->kind == EVENT_EXIT || later->kind == EVENT_DYING || later->kind == EVENT_DEATH);
			assert_true(later->kind == EVENT_DEATH || later->nr == ev->nr);
			assert_true(later->mono >= ev->mono);
			break;
		}
	}
	free(t.events);
}

static void parents_are_told_before_children(void **state)
{
	(void)state;
	struct trace t = play("forks");
	assert_int_equal(how_many(&t, EVENT_FORK), 80);
	for (size_t i = 0; i < t.n; i++) {
		if (t.events[i].kind != EVENT_FORK)
			continue;
		for (size_t j = 0; j < i; j++)
			assert_true(t.events[j].tid != t.events[i].other);
	}
	assert_int_equal(how_many(&t, EVENT_ATTACH), 1);
	assert_int_equal(how_many(&t, EVENT_DEATH), 81);
	free(t.events);
}

static void children_of_killed_parents_are_let_in(void **state)
{
	(void)state;
	struct trace t = play("killed-forkers");
	assert_int_equal(t.status, 0);
	assert_true(how_many(&t, EVENT_DEATH) >= how_many(&t, EVENT_FORK));
	free(t.events);
}

static void signals_come_once_with_their_siginfo(void **state)
{
	(void)state;
	struct trace t = play("signals");
	assert_int_equal(t.status, 3);
	assert_int_equal(how_many(&t, EVENT_SIGNAL), 3);
	const struct event *ev = find(&t, 0, EVENT_SIGNAL);
	assert_true(ev->has_si);
	assert_int_equal(ev->si.si_signo, SIGUSR1);
	assert_int_equal(ev->si.si_code, SI_QUEUE);
	assert_int_equal(ev->si.si_value.sival_int, 41);
	free(t.events);
}

static void group_stops_are_transparent(void **state)
{
	(void)state;
	struct trace t = play("stop");
	assert_int_equal(t.status, 0);
	assert_int_equal(how_many(&t, EVENT_STOP), 1);
	assert_int_equal(how_many(&t, EVENT_CONT), 1);
	assert_int_equal(find(&t, 0, EVENT_STOP)->si.si_signo, SIGSTOP);
	free(t.events);
}

static void a_thread_that_execs_becomes_the_leader(void **state)
{
	(void)state;
	struct trace t = play("thread-exec");
	assert_int_equal(t.status, 0);
	size_t i = 3;
	const struct event *ev = find(&t, i, EVENT_EXEC);
	assert_non_null(ev);
	assert_int_equal(ev->tid, t.command);
	assert_true(ev->other > 0 && ev->other != t.command);
	const struct event *exit = ev + 1;
	assert_int_equal(exit->kind, EVENT_EXIT);
	assert_int_equal(exit->tid, t.command);
	assert_int_equal(exit->nr, arch_execve);
	assert_int_equal(how_many(&t, EVENT_DEATH), 3);
	free(t.events);
}

static void a_leader_may_die_first(void **state)
{
	(void)state;
	struct trace t = play("leader-first");
	assert_int_equal(how_many(&t, EVENT_DEATH), 2);
	assert_int_equal(t.events[t.n - 1].tid, t.command);
	free(t.events);
}

static bool stops_at_unlink(const struct event *ev)
{
	char text[64];
	if (ev->kind != EVENT_ENTRY || ev->nr != SYS_unlinkat || (int)ev->args[0] != 12345)
		return true;
	assert_int_equal(ev->mem->read(ev->mem, ev->args[1], text, sizeof(text)), 4);
	assert_string_equal(text, "/no");
	assert_int_equal(ev->mem->read(ev->mem, ev->args[1] + 4, text, sizeof(text)), 0);
	assert_int_equal(ev->mem->read(ev->mem, UINT64_MAX - 7, text, sizeof(text)), 0);
	return false;
}

static void memory_is_read_up_to_where_it_ends(void **state)
{
	(void)state;
	char *argv[] = {"/proc/self/exe", "--target", "page-end", NULL};
	struct trace t = run((struct ptrace_config){.argv = argv}, stops_at_unlink);
	assert_int_equal(t.events[t.n - 1].nr, SYS_unlinkat);
	int status = 0;
	assert_int_equal(waitpid(t.command, &status, 0), t.command); /* detached, it goes on */
	assert_int_equal(status, 0);
	free(t.events);
}

static void noise_starves_nobody(void **state)
{
	(void)state;
	struct trace t = play("noise");
	assert_int_equal(t.status, 0);
	size_t quiet = 0;
	size_t noisy = 0;
	for (size_t i = 0; i < t.n; i++) {
		quiet += t.events[i].nr == SYS_getpgid;
		noisy += t.events[i].kind == EVENT_ENTRY && t.events[i].nr == SYS_getppid;
	}
	assert_int_equal(quiet, 2 * SPINS);
	assert_true(noisy < 20 * SPINS);
	free(t.events);
}

static void numbers_that_do_not_exist_are_kept(void **state)
{
	(void)state;
	struct trace t = play("number");
	size_t n = 0;
	for (size_t i = 0; i < t.n; i++)
		n += t.events[i].kind == EVENT_EXIT && t.events[i].nr == UINT64_MAX && t.events[i].ret == -ENOSYS &&
		     t.events[i].is_error && t.events[i].args[5] == 6;
	assert_int_equal(n, 1);
	free(t.events);
}

static void the_command_inherits_what_we_inherited(void **state)
{
	(void)state;
	char fds[16];
	snprintf(fds, sizeof(fds), "%u", open_fds());
	sigset_t set, old;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, &old);
	signal(SIGUSR2, SIG_IGN);
	signal(SIGALRM, SIG_DFL);
	signal(SIGTTOU, SIG_DFL);
	char *argv[] = {"/proc/self/exe", "--target", "inherited", fds, NULL};
	char *env[] = {"ADDED=x", "HOME", NULL};
	struct trace t = run((struct ptrace_config){.argv = argv, .env = env}, see_all);
	sigprocmask(SIG_SETMASK, &old, NULL);
	signal(SIGUSR2, SIG_DFL);
	assert_int_equal(t.status, 0);
	free(t.events);
}

static void commands_that_are_not_there_are_refused(void **state)
{
	(void)state;
	char *argv[] = {"no-such-command-here", NULL};
	struct trace t = run((struct ptrace_config){.argv = argv}, see_all);
	assert_int_equal(t.status, 127);
	free(t.events);
	argv[0] = "/dev/null"; /* there, but the kernel won't run it */
	t = run((struct ptrace_config){.argv = argv}, see_all);
	assert_int_equal(t.status, 126);
	assert_int_equal(how_many(&t, EVENT_ENTRY), 1); /* what follows the failed execve is ours, not the command's */
	assert_int_equal(find(&t, 0, EVENT_EXIT)->ret, -EACCES);
	free(t.events);
}

static pid_t start_target(const char *name)
{
	pid_t pid = fork();
	if (pid == 0) {
		execl("/proc/self/exe", "test_engine", "--target", name, NULL);
		_exit(99);
	}
	usleep(3 * TICK_US);
	return pid;
}

static int attached; /* events told before the detach; cmocka's watchers have no context */

static bool stops_after_four(const struct event *ev)
{
	attached += ev->kind == EVENT_ATTACH;
	return attached < 4;
}

static void all_threads_are_attached_and_let_go(void **state)
{
	(void)state;
	pid_t pid = start_target("sleepers");
	attached = 0;
	struct trace t = run((struct ptrace_config){.pids = &pid, .npids = 1, .follow = true}, stops_after_four);
	assert_int_equal(attached, 4);
	int status = 0;
	assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 6);
	free(t.events);
}

static bool stops_at_stop(const struct event *ev)
{
	return ev->kind != EVENT_STOP;
}

static char state_of(pid_t pid)
{
	char name[64];
	char s = '?';
	snprintf(name, sizeof(name), "/proc/%d/stat", pid);
	FILE *f = fopen(name, "re");
	if (f && fscanf(f, "%*d %*s %c", &s) != 1)
		s = '?';
	if (f)
		fclose(f);
	return s;
}

static void a_stopped_process_stays_stopped(void **state)
{
	(void)state;
	pid_t pid = start_target("sleepers");
	kill(pid, SIGSTOP);
	usleep(TICK_US);
	struct trace t = run((struct ptrace_config){.pids = &pid, .npids = 1, .follow = true}, stops_at_stop);
	free(t.events);
	usleep(TICK_US);
	assert_int_equal(state_of(pid), 'T');
	kill(pid, SIGCONT);
	int status = 0;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 6);
}

static bool stops_at_signal(const struct event *ev)
{
	return ev->kind != EVENT_SIGNAL;
}

static void a_signal_on_its_way_is_delivered_by_the_detach(void **state)
{
	(void)state;
	char *argv[] = {"/proc/self/exe", "--target", "signals", NULL};
	struct trace t = run((struct ptrace_config){.argv = argv}, stops_at_signal);
	int status = 0;
	assert_int_equal(waitpid(t.command, &status, 0), t.command);
	assert_int_equal(WEXITSTATUS(status), 3);
	free(t.events);
}

static void a_pid_that_is_not_there_is_refused(void **state)
{
	(void)state;
	pid_t pid = 0x3fffff;
	struct trace t = run((struct ptrace_config){.pids = &pid, .npids = 1}, see_all);
	assert_int_equal(t.status, 1);
	free(t.events);
}

static void abis_are_told_apart(void **state)
{
	(void)state;
	if (arch_native != ABI_X86_64)
		skip();
	uint64_t nr = 5;
	assert_int_equal(arch_abi_of(AUDIT_ARCH_X86_64, &nr), ABI_X86_64);
	assert_int_equal(arch_abi_of(AUDIT_ARCH_I386, &nr), ABI_I386);
	nr = 0x40000005;
	assert_int_equal(arch_abi_of(AUDIT_ARCH_X86_64, &nr), ABI_X32);
	assert_int_equal(nr, 5);
	nr = UINT64_MAX;
	assert_int_equal(arch_abi_of(AUDIT_ARCH_X86_64, &nr), ABI_X86_64);
	assert_int_equal(arch_abi_of(AUDIT_ARCH_ARM, &nr), -1);
}

static void filters_answer_by_number_and_abi(void **state)
{
	(void)state;
	uint64_t bits[ABI_COUNT][8];
	struct ptrace_calls calls[ABI_COUNT];
	srand(1);
	for (int abi = 0; abi < ABI_COUNT; abi++) {
		for (size_t i = 0; i < 8; i++)
			bits[abi][i] = (uint64_t)rand() * (uint64_t)rand() & (uint64_t)rand() * (uint64_t)rand();
		calls[abi] = (struct ptrace_calls){bits[abi], 512, NULL, 0};
	}
	struct seccomp_programs programs;
	assert_true(seccomp_build(calls, &programs));
	unsigned extra = 0; /* the library lets i386's ipc and socketcall go with the calls they stand for */
	for (size_t i = 0; i < arch_abi_count; i++)
		for (uint32_t nr = 0; nr < 600; nr++) {
			const struct arch_abi *a = &arch_abis[i];
			bool is_in = nr < 512 && bits[a->abi][nr / 64] >> nr % 64 & 1;
			is_in |= a->abi == arch_native && nr == arch_execve;
			const struct seccomp_data data = {.arch = a->audit_arch, .nr = (int)(nr | a->nr_bit)};
			bool does_stop = seccomp_stops(&programs, &data);
			assert_true(does_stop || !is_in);
			extra += does_stop && !is_in;
			assert_true(!extra || a->abi == ABI_I386);
		}
	assert_true(extra <= 24);
	assert_false(seccomp_stops(&programs, &(struct seccomp_data){.arch = 0, .nr = 1}));
	seccomp_free(&programs);
}

static void filters_look_at_arguments(void **state)
{
	(void)state;
	const struct ptrace_condition conditions[] = {{SYS_read, 0, 3}, {SYS_read, 0, 7}, {SYS_close, 0, 3}};
	struct ptrace_calls calls[ABI_COUNT] = {[0] = {NULL, 0, NULL, 0}};
	calls[arch_native] = (struct ptrace_calls){.conditions = conditions, .nconditions = 3};
	struct seccomp_programs programs;
	assert_true(seccomp_build(calls, &programs));
	const struct arch_abi *native = &arch_abis[0];
	while (native->abi != arch_native)
		native++;
	static const struct { int nr; uint64_t arg; bool stops; } all[] = {
	    {SYS_read, 3, true}, {SYS_read, 7, true}, {SYS_read, 4, false}, {SYS_read, 3 | 1ULL << 32, true},
	    {SYS_close, 3, true}, {SYS_close, 7, false}, {SYS_write, 3, false}};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		const struct seccomp_data data = {.arch = native->audit_arch, .nr = all[i].nr, .args = {all[i].arg}};
		assert_int_equal(seccomp_stops(&programs, &data), all[i].stops);
	}
	seccomp_free(&programs);
}

static void with_a_filter_only_its_calls_stop(void **state)
{
	(void)state;
	uint64_t bits[8] = {[SYS_getpgid / 64] = 1ULL << SYS_getpgid % 64};
	struct ptrace_calls calls[ABI_COUNT] = {[0] = {NULL, 0, NULL, 0}};
	calls[arch_native] = (struct ptrace_calls){bits, 512, NULL, 0};
	char *argv[] = {"/proc/self/exe", "--target", "noise", NULL};
	struct trace t =
	    run((struct ptrace_config){.argv = argv, .follow = true, .kill_on_exit = true, .filter = calls}, see_all);
	assert_int_equal(t.status, 0);
	assert_int_equal(how_many(&t, EVENT_ENTRY), SPINS + 1);
	assert_int_equal(how_many(&t, EVENT_EXIT), SPINS + 1);
	assert_int_equal(how_many(&t, EVENT_FORK), 2);
	free(t.events);
}

static void the_exec_lets_go_where_asked(void **state)
{
	(void)state;
	char *argv[] = {"/bin/sh", "-c", "/bin/true; exec /bin/true", NULL};
	struct trace t = run((struct ptrace_config){.argv = argv, .follow = true, .detach_on_exec = true}, see_all);
	const struct event *last = &t.events[t.n - 1];
	assert_int_equal(last->kind, EVENT_EXEC);
	assert_true(last->is_detached);
	assert_int_equal(last->tid, t.command);
	assert_int_equal(waitpid(t.command, NULL, 0), t.command);
	free(t.events);
}

static int play_target(int argc, char **argv)
{
	if (strcmp(argv[2], "inherited") == 0)
		return argc > 3 ? play_inherited(argv[3]) : 99;
	for (size_t i = 0; i < sizeof(targets) / sizeof(*targets); i++)
		if (strcmp(argv[2], targets[i].name) == 0)
			return targets[i].play();
	return 99;
}

int main(int argc, char **argv)
{
	if (argc > 2 && strcmp(argv[1], "--target") == 0)
		return play_target(argc, argv);
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_command_is_told_from_its_execve_on),
	    cmocka_unit_test(entries_and_exits_alternate),
	    cmocka_unit_test(parents_are_told_before_children),
	    cmocka_unit_test(children_of_killed_parents_are_let_in),
	    cmocka_unit_test(signals_come_once_with_their_siginfo),
	    cmocka_unit_test(group_stops_are_transparent),
	    cmocka_unit_test(a_thread_that_execs_becomes_the_leader),
	    cmocka_unit_test(a_leader_may_die_first),
	    cmocka_unit_test(memory_is_read_up_to_where_it_ends),
	    cmocka_unit_test(noise_starves_nobody),
	    cmocka_unit_test(numbers_that_do_not_exist_are_kept),
	    cmocka_unit_test(the_command_inherits_what_we_inherited),
	    cmocka_unit_test(commands_that_are_not_there_are_refused),
	    cmocka_unit_test(all_threads_are_attached_and_let_go),
	    cmocka_unit_test(a_stopped_process_stays_stopped),
	    cmocka_unit_test(a_signal_on_its_way_is_delivered_by_the_detach),
	    cmocka_unit_test(a_pid_that_is_not_there_is_refused),
	    cmocka_unit_test(abis_are_told_apart),
	    cmocka_unit_test(filters_answer_by_number_and_abi),
	    cmocka_unit_test(filters_look_at_arguments),
	    cmocka_unit_test(with_a_filter_only_its_calls_stop),
	    cmocka_unit_test(the_exec_lets_go_where_asked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
