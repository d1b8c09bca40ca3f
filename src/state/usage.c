/* /proc/PID/{stat,status,io,cmdline}, read once at the end of a process. */
#include "state/usage.h"

#include "base/xalloc.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { TEXT_MAX = 4096, NS = 1000000000, KIB = 1024 };

/* The file's bytes with a NUL behind them; their number, or -1. */
static ssize_t read_proc(pid_t pid, const char *name, char text[static TEXT_MAX])
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	ssize_t n = read(fd, text, TEXT_MAX - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	return n;
}

static void read_stat(pid_t pid, struct usage *u)
{
	char text[TEXT_MAX];
	if (read_proc(pid, "stat", text) <= 0)
		return;
	const char *p = strrchr(text, ')'); /* the name in front may hold anything */
	unsigned long long minor = 0;
	unsigned long long major = 0;
	unsigned long long user = 0;
	unsigned long long system = 0;
	if (!p || sscanf(p + 1, " %*c %*d %*d %*d %*d %*d %*u %llu %*u %llu %*u %llu %llu", &minor, &major, &user, &system) != 4)
		return;
	uint64_t tick = NS / (uint64_t)sysconf(_SC_CLK_TCK);
	u->has_stat = true;
	u->minor_faults = minor;
	u->major_faults = major;
	u->user_ns = user * tick;
	u->system_ns = system * tick;
}

/* The number behind NAME at the start of a line. */
static bool field(const char *text, const char *name, uint64_t *ret_value)
{
	size_t n = strlen(name);
	for (const char *p = text; p; p = strchr(p, '\n')) {
		p += *p == '\n';
		if (strncmp(p, name, n) == 0) {
			*ret_value = strtoull(p + n, NULL, 10);
			return true;
		}
		if (!*p)
			break;
	}
	return false;
}

static void read_status(pid_t pid, struct usage *u)
{
	char text[TEXT_MAX];
	if (read_proc(pid, "status", text) <= 0)
		return;
	uint64_t kib = 0;
	if (field(text, "VmHWM:", &kib)) {
		u->has_status = true;
		u->max_rss = kib * KIB;
	}
	field(text, "voluntary_ctxt_switches:", &u->voluntary);
	field(text, "nonvoluntary_ctxt_switches:", &u->involuntary);
}

static void read_io(pid_t pid, struct usage *u)
{
	char text[TEXT_MAX];
	if (read_proc(pid, "io", text) <= 0)
		return;
	u->has_io = field(text, "rchar:", &u->rchar) && field(text, "wchar:", &u->wchar) && field(text, "syscr:", &u->syscr) &&
		    field(text, "syscw:", &u->syscw);
	field(text, "read_bytes:", &u->read_bytes);
	field(text, "write_bytes:", &u->write_bytes);
}

static void read_clock(pid_t pid, struct usage *u)
{
	clockid_t clock;
	struct timespec t;
	if (clock_getcpuclockid(pid, &clock) == 0 && clock_gettime(clock, &t) == 0)
		u->cpu_ns = (uint64_t)t.tv_sec * NS + (uint64_t)t.tv_nsec;
}

void usage_read(pid_t pid, struct usage *u)
{
	read_clock(pid, u);
	read_stat(pid, u);
	read_status(pid, u);
	read_io(pid, u);
}

uint64_t usage_thread_cpu(pid_t tid)
{
	char text[TEXT_MAX];
	return read_proc(tid, "schedstat", text) > 0 ? strtoull(text, NULL, 10) : 0;
}

uint64_t usage_fd_limit(pid_t pid)
{
	struct rlimit limit;
	return prlimit(pid, RLIMIT_NOFILE, NULL, &limit) == 0 ? limit.rlim_cur : 0;
}

char *usage_command(pid_t pid)
{
	char text[TEXT_MAX];
	ssize_t n = read_proc(pid, "cmdline", text);
	if (n <= 0)
		return NULL;
	while (n && !text[n - 1])
		n--;
	for (ssize_t i = 0; i < n; i++)
		if ((unsigned char)text[i] < ' ')
			text[i] = ' ';
	return xstrndup(text, (size_t)n);
}
