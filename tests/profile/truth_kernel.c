/* Bytes that move within the kernel, or unseen. */
#include "truth.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

static char buffer[65536];

static void sendfiles(void)
{
	int in = open_file("data", O_RDONLY);
	int out = open_file("copy", O_WRONLY | O_CREAT | O_TRUNC);
	off_t at = 10000;
	must(sendfile(out, in, &at, 5000) == 5000, "sendfile"); /* 10000 to 14999; the position stays */
	must(sendfile(out, in, NULL, 1000) == 1000, "sendfile"); /* 0 to 999 */
	must(read(in, buffer, 10) == 10, "read");                /* 1000 */
	must(write(out, buffer, 10) == 10, "write");             /* 6000 */
	close(in);
	close(out);
	expect("data", "read.calls", 3);
	expect("data", "read.bytes", 6010);
	expect("data", "read.SEQ", 2);
	expect("data", "read.CONSEC", 1);
	expect("data", "read.random", 1);
	expect("data", "read.MAX_BYTE", 14999);
	expect("copy", "write.calls", 3);
	expect("copy", "write.bytes", 6010);
	expect("copy", "write.CONSEC", 2);
	expect("copy", "write.MAX_BYTE", 6009);
}

static void copies(void)
{
	int in = open_file("data", O_RDONLY);
	int out = open_file("copy", O_WRONLY | O_CREAT | O_TRUNC);
	loff_t from = 4096;
	loff_t to = 100;
	must(copy_file_range(in, &from, out, &to, 2000, 0) == 2000, "copy_file_range");
	must(copy_file_range(in, NULL, out, NULL, 50, 0) == 50, "copy_file_range");
	close(in);
	close(out);
	expect("data", "read.bytes", 2050);
	expect("data", "read.MAX_BYTE", 6095);
	expect("data", "read.random", 1);
	expect("copy", "write.bytes", 2050);
	expect("copy", "write.MAX_BYTE", 2099);
	expect("copy", "write.random", 1);
}

static void splices(void)
{
	int ends[2];
	must(pipe(ends) == 0, "pipe");
	int in = open_file("data", O_RDONLY);
	int out = open_file("copy", O_WRONLY | O_CREAT | O_TRUNC);
	loff_t from = 300;
	must(splice(in, &from, ends[1], NULL, 1000, 0) == 1000, "splice");
	must(splice(ends[0], NULL, out, NULL, 1000, 0) == 1000, "splice");
	must(splice(in, NULL, ends[1], NULL, 77, 0) == 77, "splice");
	must(read(ends[0], buffer, 100) == 77, "read");
	close(in);
	close(out);
	expect("data", "read.bytes", 1077);
	expect("data", "read.MAX_BYTE", 1299);
	expect("copy", "write.bytes", 1000);
	expect("pipe", "read.bytes", 1077);
	expect("pipe", "write.bytes", 1077);
	expect("pipe", "read.calls", 2);
	expect("pipe", "write.calls", 2);
}

static void maps(void)
{
	int fd = open_file("data", O_RDONLY);
	volatile char *p = mmap(NULL, 65536, PROT_READ, MAP_SHARED, fd, 0);
	must(p != MAP_FAILED, "mmap");
	(void)p[5000];
	close(fd);
	munmap((void *)p, 65536);
	expect("data", "counts.MMAPS", 1);
	expect("data", "read", 0); /* nothing is guessed */
}

const struct truth truths_kernel[] = {{"sendfile", sendfiles}, {"copy-file-range", copies}, {"splice", splices}, {"mmap", maps}, {NULL, NULL}};
