/*
 * The decoder and each sink alone: a synthetic stream of simple calls, no kernel in the loop. Prints how many calls a
 * second go through on one core. Usage: stream [CALLS]
 */
#include "base/span.h"
#include "decode/decode.h"
#include "opts.h"
#include "sink/sinks.h"
#include "state/task.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Every address holds the same text. */
static size_t read_text(struct mem *mem, uint64_t addr, void *dst, size_t n)
{
	static const char text[] = "/etc/passwd";
	(void)mem;
	(void)addr;
	memset(dst, 0, n);
	memcpy(dst, text, n < sizeof(text) ? n : sizeof(text));
	return n;
}

struct simple_call {
	uint64_t nr;
	uint64_t args[6];
	int64_t ret;
};

static const struct simple_call calls[] = {
    {SYS_read, {3, 0x1000, 11}, 11},
    {SYS_write, {1, 0x1000, 11}, 11},
    {SYS_openat, {(uint64_t)-100, 0x1000, 0x80000}, 3},
    {SYS_lseek, {3, 0, 1}, 11},
    {SYS_close, {3}, 0},
    {SYS_mmap, {0, 4096, 3, 0x22, (uint64_t)-1, 0}, 0x7f0000000000},
};
enum { CALLS = sizeof(calls) / sizeof(calls[0]) };

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void one(struct task *task, struct sinks *sinks, struct event *ev, const struct simple_call *c, const struct decode_env *env)
{
	task_begin_call(task);
	ev->kind = EVENT_ENTRY;
	ev->nr = c->nr;
	memcpy(ev->args, c->args, sizeof(ev->args));
	decode_entry(&task->call, ev, &task->arena, env);
	if (sinks)
		sinks_entry(sinks, task, &task->call);
	ev->kind = EVENT_EXIT;
	ev->ret = c->ret;
	ev->mono += 1000;
	decode_exit(&task->call, ev, &task->arena, env);
	if (sinks)
		sinks_exit(sinks, task, &task->call);
}

/* Calls a second with these options; no sink at all where ARGV is NULL. */
static double rate(char **argv, long n)
{
	struct options options;
	struct state state = {.last_process = 0};
	struct task *task = task_add(&state, getpid(), getpid());
	struct mem mem = {.read = read_text};
	struct event ev = {.tid = getpid(), .mono = 1, .wall = 1, .abi = ABI_X86_64, .mem = &mem};
	struct decode_env env = {.string_limit = 32};
	struct sinks *sinks = NULL;
	int argc = 0;
	while (argv && argv[argc])
		argc++;
	if (argv) {
		opts_parse(&options, argc, argv);
		sinks = sinks_open(&options);
		sinks_task(sinks, task, true);
		env.is_bare = !sinks_need_values(sinks);
	}
	double start = now();
	for (long i = 0; i < n; i++)
		one(task, sinks, &ev, &calls[i % CALLS], &env);
	double seconds = now() - start;
	if (sinks) {
		sinks_task(sinks, task, false);
		sinks_close(sinks);
	}
	state_free(&state);
	return (double)n / seconds;
}

int main(int argc, char **argv)
{
	long n = argc > 1 ? atol(argv[1]) : 2000000;
	static char *const text[] = {"stream", "-o", "/dev/null", "true", NULL};
	static char *const json[] = {"stream", "--json=/dev/null", "true", NULL};
	static char *const summary[] = {"stream", "-c", "-o", "/dev/null", "true", NULL};
	static const struct { const char *name; char *const *argv; } modes[] = {
	    {"decoder alone", NULL}, {"decoder and text", text}, {"decoder and JSON", json}, {"decoder and summary", summary}};
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		printf("%-22s %10.0f calls a second\n", modes[i].name, rate((char **)modes[i].argv, n));
	return 0;
}
