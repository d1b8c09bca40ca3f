/* Faults with descriptors, waits and errors. */
#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static char buffer[1 << 20];

static void open_many(int keeps)
{
	for (int i = 0; i < 80; i++) {
		int fd = open_file("data", O_RDONLY);
		if (!keeps)
			close(fd);
	}
}

static void leak(void) { open_many(1); }
static void close_all(void) { open_many(0); }

/* 40 descriptors, closed in the end. */
static void hold(rlim_t limit)
{
	struct rlimit r = {limit, 1024};
	must(setrlimit(RLIMIT_NOFILE, &r) == 0, "setrlimit");
	int fds[40];
	for (int i = 0; i < 40; i++)
		fds[i] = open_file("data", O_RDONLY);
	for (int i = 0; i < 40; i++)
		close(fds[i]);
}

static void near_limit(void) { hold(46); }
static void far_from_limit(void) { hold(512); }

static void run_true(int flags)
{
	int fd = open("data", O_RDONLY | flags);
	must(fd > 2, "open");
	if (fork() == 0) {
		execl("/bin/true", "true", (char *)NULL);
		_exit(1);
	}
	wait(NULL);
	close(fd);
}

static void inherit(void) { run_true(0); }
static void inherit_nothing(void) { run_true(O_CLOEXEC); }

static void close_twice(void)
{
	int fd = open_file("data", O_RDONLY);
	close(fd);
	close(fd);
}

/* And a loop that closes whatever there may be, as daemons do. */
static void close_once(void)
{
	int fd = open_file("data", O_RDONLY);
	close(fd);
	for (int i = 3; i < 100; i++)
		close(i);
}

static void use_late(void)
{
	int fd = open_file("data", O_RDONLY);
	close(fd);
	must(read(fd, buffer, 10) < 0, "read");
}

static void use_in_time(void)
{
	int fd = open_file("data", O_RDONLY);
	must(read(fd, buffer, 10) == 10, "read");
	close(fd);
}

static void wait_for_byte(int polls)
{
	int ends[2];
	must(pipe2(ends, O_NONBLOCK | O_CLOEXEC) == 0, "pipe2");
	pid_t child = fork();
	if (child == 0) {
		close(ends[0]);
		usleep(100000);
		_exit(write(ends[1], "x", 1) != 1);
	}
	close(ends[1]);
	struct pollfd p = {.fd = ends[0], .events = POLLIN};
	while (read(ends[0], buffer, 1) < 0 && errno == EAGAIN)
		if (polls)
			poll(&p, 1, -1);
	waitpid(child, NULL, 0);
	close(ends[0]);
}

static void spin(void) { wait_for_byte(0); }
static void sleep_in_poll(void) { wait_for_byte(1); }

static void poll_with(int timeout, int times)
{
	int ends[2];
	must(pipe2(ends, O_CLOEXEC) == 0, "pipe2");
	struct pollfd p = {.fd = ends[0], .events = POLLIN};
	for (int i = 0; i < times; i++)
		poll(&p, 1, timeout);
	close(ends[0]);
	close(ends[1]);
}

static void poll_and_poll(void) { poll_with(0, 1500); }
static void poll_and_wait(void) { poll_with(5, 5); }

/* A file may grow to 1000 bytes only. */
static void fill(int heeds)
{
	signal(SIGXFSZ, SIG_IGN);
	struct rlimit r = {1000, 1000};
	must(setrlimit(RLIMIT_FSIZE, &r) == 0, "setrlimit");
	int fd = open_file("out", O_WRONLY | O_CREAT | O_TRUNC);
	size_t done = 0;
	while (done < 1500) {
		ssize_t n = write(fd, buffer + done, 1500 - done);
		if (!heeds)
			break;
		if (n < 0) {
			must(write(2, "full\n", 5) == 5, "write");
			close(fd);
			_exit(1);
		}
		done += (size_t)n;
	}
	close(fd);
}

static void stop_short(void) { fill(0); }
static void write_the_rest(void) { fill(1); }

static void write_to_full(int heeds)
{
	int fd = open_file("/dev/full", O_WRONLY);
	ssize_t n = write(fd, buffer, 100);
	close(fd);
	if (n < 0 && heeds) {
		must(write(2, "full\n", 5) == 5, "write");
		_exit(1);
	}
}

static void ignore(void) { write_to_full(0); }
static void heed(void) { write_to_full(1); }

static void wait_for_child(unsigned us)
{
	int ends[2];
	must(pipe2(ends, O_CLOEXEC) == 0, "pipe2");
	if (fork() == 0) {
		close(ends[0]);
		usleep(us);
		_exit(write(ends[1], "x", 1) != 1);
	}
	close(ends[1]);
	must(read(ends[0], buffer, 1) == 1, "read");
	wait(NULL);
	close(ends[0]);
}

static void wait_long(void) { wait_for_child(1200000); }
static void wait_little(void) { wait_for_child(1000); }

const struct fault faults_descriptors[] = {
	{"descriptor-growth", leak, close_all},
	{"near-descriptor-limit", near_limit, far_from_limit},
	{"missing-cloexec", inherit, inherit_nothing},
	{"double-close", close_twice, close_once},
	{"use-after-close", use_late, use_in_time},
	{"spinning", spin, sleep_in_poll},
	{"empty-polls", poll_and_poll, poll_and_wait},
	{"short-write", stop_short, write_the_rest},
	{"ignored-write-error", ignore, heed},
	{"blocked", wait_long, wait_little},
	{NULL, NULL, NULL}};
