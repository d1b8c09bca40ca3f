/* Descriptors through dup, fork, threads, exec and sockets: the position is the description's. */
#include "truth.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char buffer[65536];

static void take(int fd, long n)
{
	must(read(fd, buffer, (size_t)n) == n, "read");
}

static void consecutive(unsigned calls)
{
	expect("data", "read.calls", calls);
	expect("data", "read.CONSEC", calls - 1);
	expect("data", "read.random", 0);
	expect("data", "read.bytes_again", 0);
	expect("data", "counts.OPENS", 1);
	expect_descriptions("data", "count", 1);
}

static void dups(void)
{
	int a = open_file("data", O_RDONLY);
	int b = dup(a);
	int c = fcntl(a, F_DUPFD, 20);
	int d = dup2(a, 30);
	take(a, 100);
	take(b, 200);
	take(c, 300);
	close(a);
	take(d, 400);
	close(b);
	close(c);
	close(d);
	consecutive(4);
	expect("data", "counts.DUPS", 3);
	expect("data", "counts.CLOSES", 4);
	expect_descriptions("data", "dups", 3);
}

static void forks(void)
{
	int fd = open_file("data", O_RDONLY);
	take(fd, 100);
	if (fork() == 0) {
		take(fd, 200);
		_exit(0);
	}
	wait(NULL);
	take(fd, 300);
	close(fd);
	consecutive(3);
	expect_descriptions("data", "forks", 1);
	expect("data", "by.count", 2);
}

static void *reader(void *arg)
{
	take(*(int *)arg, 1000);
	return NULL;
}

static void threads(void)
{
	int fd = open_file("data", O_RDONLY);
	for (int i = 0; i < 5; i++) {
		pthread_t t;
		must(pthread_create(&t, NULL, reader, &fd) == 0, "pthread_create");
		pthread_join(t, NULL);
	}
	close(fd);
	consecutive(5);
	expect_process("threads", 6);
	expect("data", "by.count", 1);
}

static void exec(void)
{
	int fd = open_file("data", O_RDONLY);
	take(fd, 100);
	int hidden = open_file("copy", O_RDONLY | O_CREAT | O_CLOEXEC);
	(void)hidden;
	if (fork() == 0) {
		dup2(fd, 0);
		execlp("head", "head", "-c", "500", (char *)NULL);
		_exit(1);
	}
	wait(NULL);
	close(fd);
	expect("data", "read.bytes_again", 0);
	expect("data", "read.random", 0);
	expect_descriptions("data", "count", 1);
	expect_descriptions("data", "execs", 2);
	expect_descriptions("copy", "execs", 0);
}

static void send_fd(int socket, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = {0};
	struct iovec v = {"x", 1};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(int));
	must(sendmsg(socket, &m, 0) == 1, "sendmsg");
}

static int receive_fd(int socket)
{
	char control[CMSG_SPACE(sizeof(int))] = {0};
	char byte;
	struct iovec v = {&byte, 1};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
	must(recvmsg(socket, &m, 0) == 1, "recvmsg");
	int fd;
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(int));
	return fd;
}

/* The sender closes its own before the other has it: it lives in the socket meanwhile. */
static void rights(void)
{
	int ends[2];
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0, "socketpair");
	pid_t child = fork();
	if (child == 0) {
		close(ends[0]);
		take(ends[1], 1); /* wait for the other's word */
		int fd = receive_fd(ends[1]);
		take(fd, 200);
		_exit(0);
	}
	close(ends[1]);
	int fd = open_file("data", O_RDONLY);
	take(fd, 100);
	must(write(ends[0], "g", 1) == 1, "write");
	send_fd(ends[0], fd);
	close(fd);
	wait(NULL);
	consecutive(2);
	expect_descriptions("data", "sent", 1);
	expect_descriptions("data", "received", 1);
	expect("data", "by.count", 2);
}

static void getfd(void)
{
	int fd = open_file("data", O_RDONLY);
	take(fd, 100);
	if (fork() == 0) {
		close(fd);
		int other = (int)syscall(SYS_pidfd_open, getppid(), 0);
		int mine = (int)syscall(SYS_pidfd_getfd, other, fd, 0);
		must(mine >= 0, "pidfd_getfd");
		take(mine, 200);
		_exit(0);
	}
	wait(NULL);
	take(fd, 300);
	close(fd);
	consecutive(3);
}

static int on_shared_table(void *arg)
{
	int fd = *(int *)arg;
	take(fd, 200);
	close(fd); /* for both */
	_exit(0);
}

static void clone_files(void)
{
	static char stack[65536] __attribute__((aligned(16)));
	int fd = open_file("data", O_RDONLY);
	take(fd, 100);
	must(clone(on_shared_table, stack + sizeof(stack), CLONE_FILES | CLONE_VM | SIGCHLD, &fd) > 0, "clone");
	wait(NULL);
	must(read(fd, buffer, 1) < 0, "the descriptor is gone");
	consecutive(2);
	expect_descriptions("data", "forks", 0);
}

static void ranges(void)
{
	int first = open_file("data", O_RDONLY);
	int last = first;
	for (int i = 1; i < 10; i++)
		last = open_file("data", O_RDONLY);
	must(syscall(SYS_close_range, first, last, 0) == 0, "close_range");
	int fd = open_file("copy", O_RDONLY | O_CREAT);
	must(fd == first, "all are closed");
	expect("data", "counts.OPENS", 10);
	expect("data", "counts.CLOSES", 10);
	expect_descriptions("data", "ended_closed", 10);
	expect_process("descriptors.left_open", 2); /* and the one that this is written to */
	expect_process("descriptors.opened", 12);
}

static void pipes(void)
{
	int ends[2];
	must(pipe(ends) == 0, "pipe");
	if (fork() == 0) {
		close(ends[0]);
		for (int i = 0; i < 10; i++)
			must(write(ends[1], buffer, 1000) == 1000, "write");
		_exit(0);
	}
	close(ends[1]);
	long sum = 0;
	for (long n; (n = read(ends[0], buffer, 300)) > 0;)
		sum += n;
	wait(NULL);
	expect("pipe", "read.bytes", (unsigned long long)sum);
	expect("pipe", "write.bytes", 10000);
	expect("pipe", "write.calls", 10);
	expect("pipe", "read.placed", 0);
	expect("pipe", "by.count", 2);
	expect_descriptions("pipe", "has_peer", 2);
}

static void watches(void)
{
	int e = epoll_create1(EPOLL_CLOEXEC);
	int n = inotify_init1(IN_CLOEXEC);
	int ends[2];
	must(pipe(ends) == 0, "pipe");
	struct epoll_event ev = {.events = EPOLLIN};
	must(epoll_ctl(e, EPOLL_CTL_ADD, ends[0], &ev) == 0, "epoll_ctl");
	must(epoll_ctl(e, EPOLL_CTL_ADD, n, &ev) == 0, "epoll_ctl");
	must(epoll_ctl(e, EPOLL_CTL_DEL, n, NULL) == 0, "epoll_ctl");
	must(inotify_add_watch(n, "data", IN_ACCESS) > 0, "inotify_add_watch");
	expect_descriptions("eventpoll]", "watches", 1);
	expect_descriptions("inotify", "watches", 1);
	expect_descriptions("inotify", "is_cloexec", 1);
}

/* Several messages in a call: their bytes are added up, the buffers too. */
static void messages(void)
{
	int ends[2];
	must(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0, "socketpair");
	struct iovec v[3] = {{buffer, 10}, {buffer, 20}, {buffer, 30}};
	struct iovec w[3] = {{buffer, 100}, {buffer, 100}, {buffer, 100}};
	struct mmsghdr out[3] = {0};
	struct mmsghdr in[3] = {0};
	for (int i = 0; i < 3; i++) {
		out[i].msg_hdr = (struct msghdr){.msg_iov = &v[i], .msg_iovlen = 1};
		in[i].msg_hdr = (struct msghdr){.msg_iov = &w[i], .msg_iovlen = 1};
	}
	must(sendmmsg(ends[0], out, 3, 0) == 3, "sendmmsg");
	must(recvmmsg(ends[1], in, 3, 0, NULL) == 3, "recvmmsg");
	struct msghdr m = {.msg_iov = v, .msg_iovlen = 3};
	must(sendmsg(ends[1], &m, 0) == 60, "sendmsg");
	m.msg_iov = w;
	must(recvmsg(ends[0], &m, 0) == 60, "recvmsg");
	expect("socket", "all.read.bytes", 120);
	expect("socket", "all.write.bytes", 120);
	expect("socket", "all.read.calls", 2);
	expect("socket", "all.write.calls", 2);
	expect("socket", "all.write.bytes_offered", 120);
	expect("socket", "all.read.bytes_offered", 600);
}

const struct truth truths_sharing[] = {
	{"dup", dups}, {"fork", forks}, {"threads", threads}, {"exec", exec}, {"scm-rights", rights}, {"pidfd-getfd", getfd},
	{"clone-files", clone_files}, {"close-range", ranges}, {"pipe", pipes}, {"watches", watches}, {"messages", messages}, {NULL, NULL}};
