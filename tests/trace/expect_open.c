// ringside: -a1 -e trace=openat
/* Flags, modes and paths at the end of a page; a path that runs into unmapped memory. */
#include "tail.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	static const char name[] = "/no such file\n";
	char *path = tail_copy(name, sizeof(name));
	syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	puts("openat(AT_FDCWD, \"/no such file\\n\", O_RDONLY|O_CLOEXEC) = -1 ENOENT (No such file or directory)");
	syscall(SYS_openat, -1, path + 1, O_WRONLY | O_CREAT | O_EXCL, 0640);
	puts("openat(-1, \"no such file\\n\", O_WRONLY|O_CREAT|O_EXCL, 0640) = -1 EBADF (Bad file descriptor)");
	char *open_end = tail_copy("abc", 3);
	syscall(SYS_openat, AT_FDCWD, open_end, O_RDWR);
	printf("openat(AT_FDCWD, %p, O_RDWR) = -1 EFAULT (Bad address)\n", (void *)open_end);
	syscall(SYS_openat, AT_FDCWD, NULL, 0);
	puts("openat(AT_FDCWD, NULL, O_RDONLY) = -1 EFAULT (Bad address)");
	puts("+++ exited with 0 +++");
	return 0;
}
