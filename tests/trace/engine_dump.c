/*
 * A driver with no decoder behind it: prints the ptrace engine's events, one a line, for the engine's tests.
 * engine_dump [-f] [-k] [-b] [-q] [-n] [-I N] [-D N] [-u USER] [-o FILE] [-e NR,...] [-p PID]... [COMMAND [ARG...]]
 *   -q: no calls; -n: only the exit status and a count; -b: detach on exec; -e: seccomp filter on these native numbers
 */
#include "base/diag.h"
#include "base/xalloc.h"
#include "capture/arch.h"
#include "capture/ptrace.h"
#include "desc/desc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_PIDS = 64, MAX_CALLS = 1024 };

struct dump {
	struct ptrace_config config;
	FILE *out;
	pid_t pids[MAX_PIDS];
	uint64_t bits[MAX_CALLS / 64];
	struct ptrace_calls calls[ABI_COUNT];
	bool is_quiet, is_counting;
	unsigned long events;
	int status;
};

static void print_call(const struct dump *d, const struct event *ev)
{
	static const char *const abis[] = {"x86_64", "i386", "x32", "aarch64", "arm"};
	if (d->is_quiet)
		return;
	fprintf(d->out, "%d %s %s:%ld", ev->tid, ev->kind == EVENT_ENTRY ? "entry" : "exit",
		ev->abi < 0 ? "?" : abis[ev->abi], (long)ev->nr);
	if (ev->kind == EVENT_EXIT)
		fprintf(d->out, " %s%ld", ev->is_error ? "error " : "", (long)ev->ret);
	fputc('\n', d->out);
}

static void print_other(const struct dump *d, const struct event *ev)
{
	FILE *out = d->out;
	fprintf(out, "%d ", ev->tid);
	switch (ev->kind) {
	case EVENT_SIGNAL:
		fprintf(out, "signal %d code %d from %d\n", ev->si.si_signo, ev->si.si_code, ev->si.si_pid);
		break;
	case EVENT_STOP:
		fprintf(out, "stopped by %d\n", ev->si.si_signo);
		break;
	case EVENT_CONT:
		fprintf(out, "continued\n");
		break;
	case EVENT_EXEC:
		fprintf(out, "exec former %d%s\n", ev->other, ev->is_detached ? " detached" : "");
		break;
	case EVENT_FORK:
		fprintf(out, "fork %s %d flags %#lx\n", ev->is_thread ? "thread" : "process", ev->other,
			(long)ev->flags);
		break;
	case EVENT_DEATH:
		fprintf(out, WIFEXITED(ev->status) ? "exited %d\n" : "killed %d\n",
			WIFEXITED(ev->status) ? WEXITSTATUS(ev->status) : WTERMSIG(ev->status));
		break;
	case EVENT_ATTACH:
		fprintf(out, "attach%s%s tgid %d\n", ev->is_command ? " command" : "", ev->is_thread ? " thread" : "",
			ev->tgid);
		break;
	default:
		fprintf(out, "event %d\n", ev->kind);
	}
}

static void print(struct dump *d, const struct engine *e, const struct event *ev)
{
	d->events++;
	if (ev->kind == EVENT_DEATH && ev->tid == ptrace_command(e))
		d->status = WIFEXITED(ev->status) ? WEXITSTATUS(ev->status) : 128 + WTERMSIG(ev->status);
	if (d->is_counting)
		return;
	if (ev->kind == EVENT_ENTRY || ev->kind == EVENT_EXIT)
		print_call(d, ev);
	else
		print_other(d, ev);
	fflush(d->out);
}

static void want(struct dump *d, char *list)
{
	for (char *s = strtok(list, ","); s; s = strtok(NULL, ",")) {
		unsigned nr = (unsigned)atoi(s) % MAX_CALLS;
		d->bits[nr / 64] |= 1ULL << nr % 64;
	}
	d->calls[arch_native] = (struct ptrace_calls){d->bits, MAX_CALLS, NULL, 0};
	d->config.filter = d->calls;
	d->config.follow = d->config.kill_on_exit = true;
}

static void parse(struct dump *d, int argc, char **argv)
{
	for (int opt; (opt = getopt(argc, argv, "+fkbqnI:D:u:o:e:p:")) != -1;) {
		d->config.follow |= opt == 'f';
		d->config.kill_on_exit |= opt == 'k';
		d->config.detach_on_exec |= opt == 'b';
		d->is_quiet |= opt == 'q';
		d->is_counting |= opt == 'n';
		if (opt == 'I')
			d->config.interruptible = (enum ptrace_interrupt)atoi(optarg);
		else if (opt == 'D')
			d->config.daemon = (enum ptrace_daemon)atoi(optarg);
		else if (opt == 'u')
			d->config.user = optarg;
		else if (opt == 'o')
			d->out = fopen(optarg, "we");
		else if (opt == 'e')
			want(d, optarg);
		else if (opt == 'p' && d->config.npids < MAX_PIDS)
			d->pids[d->config.npids++] = atoi(optarg);
	}
	d->config.pids = d->pids;
	d->config.argv = optind < argc ? argv + optind : NULL;
}

int main(int argc, char **argv)
{
	struct dump d = {.out = stderr};
	parse(&d, argc, argv);
	diag_set_name("engine_dump");
	int status = 0;
	struct engine *e = d.out ? ptrace_open(&d.config, &status) : NULL;
	if (!e)
		return status;
	int err;
	struct event ev;
	while ((err = e->ops->next(e, -1, &ev)) == 0 && ev.kind != EVENT_DONE) {
		if (ev.kind == EVENT_NONE)
			continue;
		print(&d, e, &ev);
		e->ops->resume(e, &ev);
	}
	if (err == -EINTR)
		fprintf(d.out, "interrupted by %d\n", ptrace_interrupted(e));
	if (err)
		e->ops->detach(e);
	e->ops->close(e);
	if (d.is_counting)
		fprintf(d.out, "%lu events\n", d.events);
	return d.status;
}
