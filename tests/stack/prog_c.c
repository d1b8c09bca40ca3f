/* Calls getppid from places whose stacks a debugger knows: nested, inlined, in a thread, a vfork child, a signal handler. */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

__attribute__((noinline)) static long innermost(long x)
{
	return syscall(SYS_getppid) + x;
}

static inline __attribute__((always_inline)) long inlined(long x)
{
	return innermost(x) * 2 + 1;
}

__attribute__((noinline)) static long middle(long x)
{
	volatile char room[x + 64];
	room[0] = (char)x;
	return inlined(x) + room[0];
}

__attribute__((noinline)) static long deep(long n)
{
	return n ? deep(n - 1) + 1 : middle(n);
}

static void handler(int sig)
{
	middle(sig);
}

static void *thread(void *arg)
{
	middle(1);
	return arg;
}

static int by_number(const void *a, const void *b)
{
	middle(2);
	return *(const int *)a - *(const int *)b;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "nested";
	if (strcmp(what, "nested") == 0)
		return deep(5) == 0;
	if (strcmp(what, "callback") == 0) {
		int v[2] = {2, 1};
		qsort(v, 2, sizeof(v[0]), by_number);
	} else if (strcmp(what, "signal") == 0) {
		signal(SIGUSR1, handler);
		raise(SIGUSR1);
	} else if (strcmp(what, "thread") == 0) {
		pthread_t id;
		pthread_create(&id, NULL, thread, NULL);
		pthread_join(id, NULL);
	} else if (strcmp(what, "vfork") == 0) {
		if (vfork() == 0) {
			middle(3);
			_exit(0);
		}
		wait(NULL);
	}
	return 0;
}
