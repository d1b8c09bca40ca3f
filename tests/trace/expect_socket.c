// ringside: -a1 -e trace=socketpair,sendmsg,recvmsg,setsockopt,getsockopt,bind,getsockname,poll,pselect6,select,sendmmsg,recvmmsg
/* Addresses with lengths before and after, descriptors that travel, several messages at once, what is ready. */
#include "tail.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/un.h>

static int pair[2];

static void options(void)
{
	int *one = tail_alloc(sizeof(*one));
	*one = 1;
	setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, one, sizeof(*one));
	printf("setsockopt(%d, SOL_SOCKET, SO_PASSCRED, [1], 4) = 0\n", pair[0]);
	*one = 0;
	setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, one, sizeof(*one));
	printf("setsockopt(%d, SOL_SOCKET, SO_PASSCRED, [0], 4) = 0\n", pair[0]);
	socklen_t *length = tail_alloc(sizeof(*length));
	*length = 3;
	getsockopt(pair[0], SOL_SOCKET, SO_TYPE, tail_alloc(3), length);
	printf("getsockopt(%d, SOL_SOCKET, SO_TYPE, \"\\2\\0\\0\", [3]) = 0\n", pair[0]);
}

static void addresses(void)
{
	struct sockaddr_un *a = tail_alloc(sizeof(*a));
	memset(a, 0, sizeof(*a));
	socklen_t *length = tail_alloc(sizeof(*length));
	*length = sizeof(*a);
	getsockname(pair[0], (struct sockaddr *)a, length);
	printf("getsockname(%d, {sa_family=AF_UNIX}, [110 => 2]) = 0\n", pair[0]);
	getsockname(-1, (struct sockaddr *)a, length);
	printf("getsockname(-1, %p, [2]) = -1 EBADF (Bad file descriptor)\n", (void *)a);
}

static void a_descriptor(void)
{
	char *control = tail_alloc(CMSG_SPACE(sizeof(int)));
	memset(control, 0, CMSG_SPACE(sizeof(int)));
	struct iovec v = {tail_copy("hello", 5), 5};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = CMSG_SPACE(sizeof(int))};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &pair[0], sizeof(int));
	sendmsg(pair[0], &m, MSG_DONTWAIT);
	const char *text = "msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[%d]}], msg_controllen=%d, msg_flags=0}";
	printf("sendmsg(%d, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=\"hello\", iov_len=5}], msg_iovlen=1, ", pair[0]);
	printf(text, pair[0], 24);
	puts(", MSG_DONTWAIT) = 5");
	v = (struct iovec){tail_alloc(9), 9};
	recvmsg(pair[1], &m, 0);
	int got = 0;
	memcpy(&got, CMSG_DATA(c), sizeof(got));
	printf("recvmsg(%d, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=\"hello\", iov_len=9}], msg_iovlen=1, ", pair[1]);
	printf(text, got, 24);
	puts(", 0) = 5");
}

static void several_messages(void)
{
	struct iovec v[2] = {{tail_copy("ab", 2), 2}, {tail_copy("c", 1), 1}};
	struct mmsghdr *m = tail_alloc(2 * sizeof(*m));
	memset(m, 0, 2 * sizeof(*m));
	for (int i = 0; i < 2; i++)
		m[i].msg_hdr = (struct msghdr){.msg_iov = &v[i], .msg_iovlen = 1};
	sendmmsg(pair[0], m, 2, 0);
	const char *text = "{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=\"%s\", iov_len=%d}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=%d}";
	printf("sendmmsg(%d, [", pair[0]);
	printf(text, "ab", 2, 2);
	printf(", ");
	printf(text, "c", 1, 1);
	puts("], 2, 0) = 2");
	v[0] = (struct iovec){tail_alloc(9), 9};
	recvmmsg(pair[1], m, 1, 0, NULL);
	printf("recvmmsg(%d, [", pair[1]);
	printf(text, "ab", 9, 2);
	puts("], 1, 0, NULL) = 1");
}

static void what_is_ready(void)
{
	struct pollfd *p = tail_alloc(2 * sizeof(*p));
	p[0] = (struct pollfd){.fd = -1, .events = POLLIN};
	p[1] = (struct pollfd){.fd = pair[1], .events = POLLIN};
	poll(p, 2, 5);
	printf("poll([{fd=-1}, {fd=%d, events=POLLIN}], 2, 5) = 1 ([{fd=%d, revents=POLLIN}])\n", pair[1], pair[1]);
	fd_set set;
	FD_ZERO(&set);
	FD_SET(pair[1], &set);
	select(pair[1] + 1, &set, NULL, NULL, NULL);
	printf("pselect6(%d, [%d], NULL, NULL, NULL, NULL) = 1 (in [%d])\n", pair[1] + 1, pair[1], pair[1]);
}

int main(void)
{
	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair))
		return 1;
	printf("socketpair(AF_UNIX, SOCK_DGRAM|SOCK_CLOEXEC, 0, [%d, %d]) = 0\n", pair[0], pair[1]);
	options();
	addresses();
	a_descriptor();
	several_messages();
	what_is_ready();
	puts("+++ exited with 0 +++");
	return 0;
}
