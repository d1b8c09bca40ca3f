// ringside: -a1 -e trace=read,write,writev,readv,pipe2,lseek,close -P /dev/null -P /dev/zero
/* Lengths by the result, vectors that share it, buffers at the end of a page. */
#include "tail.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

int main(void)
{
	int in = open("/dev/zero", O_RDONLY);
	int out = open("/dev/null", O_WRONLY);
	char *buf = tail_alloc(4);
	if (read(in, buf, 4) != 4)
		return 1;
	printf("read(%d, \"\\0\\0\\0\\0\", 4) = 4\n", in);
	memcpy(buf, "\0" "7\x1b\xff", 4);
	if (write(out, buf, 4) != 4)
		return 1;
	printf("write(%d, \"\\0007\\33\\377\", 4) = 4\n", out);
	struct iovec *v = tail_alloc(2 * sizeof(*v));
	v[0] = (struct iovec){tail_copy("ab", 2), 2};
	v[1] = (struct iovec){tail_copy("cdefg", 5), 5};
	if (writev(out, v, 2) != 7)
		return 1;
	printf("writev(%d, [{iov_base=\"ab\", iov_len=2}, {iov_base=\"cdefg\", iov_len=5}], 2) = 7\n", out);
	if (readv(in, v, 2) != 7)
		return 1;
	printf("readv(%d, [{iov_base=\"\\0\\0\", iov_len=2}, {iov_base=\"\\0\\0\\0\\0\\0\", iov_len=5}], 2) = 7\n", in);
	if (read(out, buf, 4) >= 0)
		return 1;
	printf("read(%d, %p, 4) = -1 EBADF (Bad file descriptor)\n", out, (void *)buf);
	close(in);
	printf("close(%d) = 0\n", in);
	puts("+++ exited with 0 +++");
	return 0;
}
