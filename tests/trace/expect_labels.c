// ringside: -a1 -yy -e trace=read,fcntl
/* What -yy says of descriptors: names that are escaped, changed or gone, devices, and descriptors without a name. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void end(int fd)
{
	char byte;
	if (read(fd, &byte, 0) != 0)
		puts("read failed");
}

int main(void)
{
	char dir[] = "/tmp/ringside-XXXXXX";
	if (!mkdtemp(dir) || chdir(dir) < 0)
		return 1;
	int fd = open("a\"<\n>1", O_RDWR | O_CREAT, 0600);
	end(fd);
	printf("read(%d<%s/a\\\"\\74\\n\\0761>, \"\", 0) = 0\n", fd, dir);
	rename("a\"<\n>1", "b");
	end(fd);
	printf("read(%d<%s/b>, \"\", 0) = 0\n", fd, dir);
	unlink("b");
	end(fd);
	printf("read(%d<%s/b>(deleted), \"\", 0) = 0\n", fd, dir);
	close(fd);
	if (open("c (deleted)", O_RDWR | O_CREAT, 0600) != fd)
		return 1;
	end(fd);
	printf("read(%d<%s/c (deleted)>, \"\", 0) = 0\n", fd, dir);
	unlink("c (deleted)");
	if (chdir("/") < 0 || rmdir(dir) < 0)
		return 1;
	int null = open("/dev/null", O_RDWR);
	end(null);
	printf("read(%d</dev/null<char 1:3>>, \"\", 0) = 0\n", null);
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	int sigs = signalfd(-1, &set, 0);
	fcntl(sigs, F_GETFD);
	printf("fcntl(%d<signalfd:[INT]>, F_GETFD) = 0\n", sigs);
	int self = (int)syscall(SYS_pidfd_open, getpid(), 0);
	fcntl(self, F_GETFD);
	printf("fcntl(%d<pid:%d>, F_GETFD) = 0x1 (flags FD_CLOEXEC)\n", self, getpid());
	puts("+++ exited with 0 +++");
	return 0;
}
