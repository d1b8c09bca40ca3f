/*
 * ringside: where a program in ring 3 meets the kernel.
 *
 * The map of the program. An event goes through these stages, each a folder:
 *
 *   target ── capture ──▶ event ──▶ decode ──▶ call (value tree) ──▶ filter ──▶ sink ──▶ bytes
 *             ptrace                 walk          ▲                            text json summary
 *                                    desc          └── state: tasks, descriptors, cwd
 *
 * capture knows stops and registers, desc the generated tables, decode turns an event into values by them, state keeps
 * what the traced world looks like, filter decides, sinks write. They know nothing of each other: session.c joins them,
 * with a function for each kind of event. Here the trace is opened, run and ended; the loop is in run().
 */
#include "base/diag.h"
#include "base/xalloc.h"
#include "capture/ptrace.h"
#include "session.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* How long a log file may lag behind a target that makes no calls. */
enum { HOLD_BACK_MS = 100 };

/* Takes events until no tracee is left or output fails. Returns 0 or -errno. */
static int run(struct session *s)
{
	struct event ev;
	uint64_t now = 0;
	for (;;) {
		bool is_left = sinks_idle(s->sinks, now);
		int err = s->engine->ops->next(s->engine, is_left ? HOLD_BACK_MS : -1, &ev);
		if (err < 0 || ev.kind == EVENT_DONE)
			return err;
		now = ev.kind == EVENT_NONE ? OUT_ALL : ev.mono;
		if (ev.kind == EVENT_NONE)
			continue;
		session_handle(s, &ev);
		session_release(s, &ev);
		err = sinks_error(s->sinks);
		if (err < 0 || s->is_over)
			return err;
	}
}

/* The shell's way to say "killed by". */
enum { EXIT_SIGNAL = 128 };

/* Dies of SIG, without a core of our own. Returns the exit status to use where SIG does not kill. */
static int die_of(int sig)
{
	struct rlimit none = {0, 0};
	setrlimit(RLIMIT_CORE, &none);
	signal(sig, SIG_DFL);
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(sig);
	return EXIT_SIGNAL + sig;
}

/* Ends as the command ended: with its status, or killed by its signal. */
static int end_like(int status)
{
	return WIFSIGNALED(status) ? die_of(WTERMSIG(status)) : WEXITSTATUS(status);
}

static int by_number(const void *a, const void *b)
{
	const pid_t x = *(const pid_t *)a;
	const pid_t y = *(const pid_t *)b;
	return (x > y) - (x < y);
}

/* Under a filter the engine stays with the tasks until the last has ended; what there is to read is handed over first. */
static void let_go(struct session *s)
{
	sinks_idle(s->sinks, OUT_ALL);
	s->engine->ops->detach(s->engine);
}

/* Calls that nothing was said of yet, because their end decides: that they are left alone is one. */
static void show_abandoned(struct session *s)
{
	size_t at = 0;
	for (struct task *task; filter_needs_result(s->filter) && (task = map_next(&s->state.tasks, &at));)
		if (task->is_in_call && task->is_decoded && !task->is_silent && filter_result_matches(s->filter, &task->call, FILTER_DETACHED))
			sinks_entry(s->sinks, task, &task->call);
}

/* Lets go of all; in the order of their numbers they are named. */
static void detach(struct session *s)
{
	const struct map *tasks = &s->state.tasks;
	pid_t *tids = xcalloc(tasks->n + 1, sizeof(*tids));
	size_t n = 0;
	size_t at = 0;
	for (struct task *task; (task = map_next(tasks, &at));) {
		tids[n++] = task->tid;
		if (task->is_in_call && task->is_decoded)
			state_look(&s->state, task);
	}
	qsort(tids, n, sizeof(*tids), by_number);
	show_abandoned(s);
	bool is_let_go = !s->options->kill_on_exit && !ptrace_has_filter(s->engine);
	let_go(s);
	for (size_t i = 0; i < n && !(s->options->text.quiet & QUIET_ATTACH) && is_let_go; i++)
		diag("Process %d detached", tids[i]);
	free(tids);
}

/* The command runs on untraced; who started us waits for it, not for the trace. */
static int report_error(struct session *s, int err)
{
	bool is_staying = ptrace_has_filter(s->engine);
	if (is_staying)
		diag("cannot write the trace: %s; all processes run on unseen", strerror(-err));
	let_go(s);
	if (!is_staying)
		diag("cannot write the trace: %s; all processes run on untraced", strerror(-err));
	if (s->first)
		waitpid(s->first, NULL, 0);
	return 1;
}

static bool wants_fds(const struct session *s)
{
	return sinks_need_fds(s->sinks) || filter_needs_fds(s->filter);
}

static bool wants_stacks(const struct options *o, const struct filter *filter)
{
	return o->stack_level || o->text.shows_callers || o->stacks || o->sums_by_caller || filter_needs_stacks(filter);
}

int main(int argc, char **argv)
{
	struct options options;
	diag_set_name(argv[0]);
	opts_parse(&options, argc, argv);
	struct session s = {.options = &options, .filter = filter_new(&options), .tamper = tamper_new(&options)};
	options.text.names_of = session_names(&s);
	int status = 0;
	s.sinks = sinks_open(&options);
	s.state.is_following_fds = wants_fds(&s);
	s.state.wants_names = options.text.pids & PIDS_COMM || options.wants_json;
	s.state.wants_acts = sinks_need_acts(s.sinks);
	s.state.wants_anon = options.text.fds & (FDS_PIDFD | FDS_EVENTFD | FDS_SIGNALFD);
	s.state.wants_details = options.wants_json || (options.text.fds & (FDS_ALL ^ FDS_PATH)) || s.state.wants_acts;
	if (wants_stacks(&options, s.filter))
		s.stacks = stacks_new(options.stack_frames);
	s.stops = stops_new(s.filter, s.tamper, &s.state, s.stacks);
	const struct ptrace_config config = {
	    .argv = options.argv, .argv0 = options.argv0, .env = options.env, .user = options.user,
	    .pids = options.pids, .npids = options.npids, .wants_times = options.summary && !options.is_wall_summary, .follow = options.is_following, .kill_on_exit = options.kill_on_exit,
	    .detach_on_exec = options.detach_on_exec, .interruptible = options.interruptible, .daemon = options.daemon,
	    .filter = options.seccomp == SECCOMP_OFF ? NULL : stops_for_filter(s.stops, options.seccomp == SECCOMP_ON || options.is_entry_only)};
	s.engine = ptrace_open(&config, &status);
	if (!s.engine)
		return status;
	s.first = ptrace_command(s.engine);
	int err = run(&s);
	int result = 0;
	int stop_signal = ptrace_interrupted(s.engine);
	if ((err == -EINTR && stop_signal) || s.is_over)
		detach(&s);
	else if (err < 0)
		result = report_error(&s, err);
	if (s.is_over && s.first)
		waitpid(s.first, &s.status, 0); /* who started us waits for the command */
	s.engine->ops->close(s.engine);
	err = sinks_close(s.sinks);
	if (err < 0 && !result) {
		diag("cannot write the trace: %s", strerror(-err));
		result = 1;
	}
	if (s.stacks)
		stacks_free(s.stacks);
	state_free(&s.state);
	stops_free(s.stops);
	filter_free(s.filter);
	tamper_free(s.tamper);
	opts_free(&options);
	if (result)
		return result;
	if (stop_signal)
		return die_of(stop_signal);
	return s.first ? end_like(s.status) : 0;
}
