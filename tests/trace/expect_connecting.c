// ringside: -a1 -yy -e trace=fcntl
/* A socket whose connect is in progress has its addresses, though they were asked before it had any. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>

static struct sockaddr_in name_of(int fd)
{
	struct sockaddr_in a = {0};
	socklen_t n = sizeof(a);
	if (getsockname(fd, (struct sockaddr *)&a, &n) < 0)
		perror("getsockname");
	return a;
}

int main(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(listener, (struct sockaddr *)&at, sizeof(at)) < 0 || listen(listener, 1) < 0)
		return 1;
	at = name_of(listener);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct stat st;
	fstat(fd, &st);
	fcntl(fd, F_GETFD);
	printf("fcntl(%d<TCP:[%lu]>, F_GETFD) = 0\n", fd, (unsigned long)st.st_ino);
	if (connect(fd, (struct sockaddr *)&at, sizeof(at)) < 0 && errno != EINPROGRESS)
		return 1;
	fcntl(fd, F_GETFD);
	printf("fcntl(%d<TCP:[127.0.0.1:%d->127.0.0.1:%d]>, F_GETFD) = 0\n", fd, ntohs(name_of(fd).sin_port), ntohs(at.sin_port));
	puts("+++ exited with 0 +++");
	return 0;
}
