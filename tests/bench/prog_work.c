/*
 * The loads that tracers are measured on. Usage: prog_work KIND N [K]
 *	rw N: one-byte reads and writes   stat N: of one path   open N: open and close   futex N: two threads in turn
 *	deep N: from 256 stacks of about ten frames
 *	threads N K: N calls, shared out over K threads at once   fds N K: calls with K descriptors open   children N
 */
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int rw(long n, long k)
{
	(void)k;
	int in = open("/dev/zero", O_RDONLY);
	int out = open("/dev/null", O_WRONLY);
	char c = 0;
	for (long i = 0; i < n / 2; i++)
		if (read(in, &c, 1) != 1 || write(out, &c, 1) != 1)
			return 1;
	return 0;
}

static int stats(long n, long k)
{
	(void)k;
	struct stat st;
	for (long i = 0; i < n; i++)
		if (stat("/etc/passwd", &st) != 0)
			return 1;
	return 0;
}

static int opens(long n, long k)
{
	(void)k;
	for (long i = 0; i < n / 2; i++) {
		int fd = open("/etc/passwd", O_RDONLY);
		if (fd < 0 || close(fd) != 0)
			return 1;
	}
	return 0;
}

static __attribute__((noinline)) long descend(int depth, long path)
{
	if (depth == 0)
		return syscall(SYS_getppid);
	if (path & 1)
		return descend(depth - 1, path / 2) + 1;
	return descend(depth - 1, path / 2) + 2; /* another return address */
}

static int deep(long n, long k)
{
	enum { DEPTH = 8, STACKS = 256 };
	(void)k;
	for (long i = 0; i < n; i++)
		if (descend(DEPTH, i % STACKS) < 0)
			return 1;
	return 0;
}

static _Atomic uint32_t turn;
static long turns;

static void *player(void *arg)
{
	uint32_t me = (uint32_t)(uintptr_t)arg;
	for (long i = 0; i < turns; i++) {
		while (atomic_load(&turn) != me)
			syscall(SYS_futex, &turn, FUTEX_WAIT_PRIVATE, 1 - me, NULL, NULL, 0);
		atomic_store(&turn, 1 - me);
		syscall(SYS_futex, &turn, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
	}
	return NULL;
}

static int futexes(long n, long k)
{
	(void)k;
	turns = n / 4; /* a wait and a wake each, for two */
	pthread_t other;
	if (pthread_create(&other, NULL, player, (void *)1) != 0)
		return 1;
	player(NULL);
	return pthread_join(other, NULL);
}

static long each;

static void *caller(void *arg)
{
	for (long i = 0; i < each; i++)
		syscall(SYS_getppid);
	return arg;
}

static int threads(long n, long k)
{
	pthread_t *ids = calloc((size_t)k, sizeof(*ids));
	pthread_attr_t small;
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 64 * 1024);
	each = n / k;
	for (long i = 0; i < k; i++)
		if (pthread_create(&ids[i], &small, caller, NULL) != 0)
			return 1;
	for (long i = 0; i < k; i++)
		pthread_join(ids[i], NULL);
	free(ids);
	return 0;
}

static int fds(long n, long k)
{
	struct rlimit all;
	getrlimit(RLIMIT_NOFILE, &all);
	all.rlim_cur = all.rlim_max;
	setrlimit(RLIMIT_NOFILE, &all);
	int last = -1;
	for (long i = 0; i < k; i++)
		last = open("/dev/null", O_WRONLY);
	for (long i = 0; i < n; i++)
		if (write(last, "", 1) != 1)
			return 1;
	return 0;
}

static int children(long n, long k)
{
	(void)k;
	for (long i = 0; i < n; i++) {
		pid_t child = fork();
		if (child == 0)
			_exit(0);
		if (waitpid(child, NULL, 0) != child)
			return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	static const struct { const char *name; int (*run)(long n, long k); } kinds[] = {
	    {"rw", rw}, {"stat", stats}, {"open", opens}, {"futex", futexes}, {"deep", deep}, {"threads", threads}, {"fds", fds}, {"children", children}};
	long n = argc > 2 ? atol(argv[2]) : 0;
	long k = argc > 3 ? atol(argv[3]) : 1;
	for (size_t i = 0; n > 0 && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].name, argv[1]) == 0)
			return kinds[i].run(n, k);
	fputs("usage: prog_work rw|stat|open|futex|deep|threads|fds|children N [K]\n", stderr);
	return 2;
}
