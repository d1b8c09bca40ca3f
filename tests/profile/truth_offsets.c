/* Offsets, sizes and patterns. "data" has 64 blocks. */
#include "truth.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { BLOCKS = 64 };
static char buffer[1 << 20] __attribute__((aligned(4096)));

static void sequential(void)
{
	int fd = open_file("data", O_RDONLY);
	unsigned n = 0;
	while (read(fd, buffer, BLOCK) > 0)
		n++;
	close(fd);
	expect("data", "read.calls", n + 1); /* and the one that returns 0 */
	expect("data", "read.bytes", BLOCKS * BLOCK);
	expect("data", "read.SEQ", n);
	expect("data", "read.CONSEC", n);
	expect("data", "read.random", 0);
	expect("data", "read.sizes.1K_10K", n);
	expect("data", "read.sizes.0_100", 1);
	expect("data", "read.common_sizes.0.value", BLOCK);
	expect("data", "read.common_sizes.0.count", n);
	expect("data", "read.MAX_BYTE", BLOCKS * BLOCK - 1);
	expect("data", "read.bytes_again", 0);
	expect("data", "read.bytes_offered", (n + 1) * BLOCK);
	expect("data", "read.short_calls", 1);
	expect("data", "read.end_calls", 1);
	expect("data", "read.addresses", 1);
	expect("data", "read.MEM_NOT_ALIGNED", 0);
	expect("data", "read.FILE_NOT_ALIGNED", 0);
	expect("data", "counts.OPENS", 1);
	expect("data", "counts.CLOSES", 1);
}

static void strided(void)
{
	int fd = open_file("data", O_RDONLY);
	for (int i = 0; i < BLOCKS; i += 4) {
		lseek(fd, i * BLOCK, SEEK_SET);
		must(read(fd, buffer, 100) == 100, "read");
	}
	close(fd);
	expect("data", "counts.SEEKS", BLOCKS / 4);
	expect("data", "seek_pairs", BLOCKS / 4);
	expect("data", "read.SEQ", BLOCKS / 4 - 1);
	expect("data", "read.CONSEC", 0);
	expect("data", "read.strides.0.value", 4 * BLOCK - 100);
	expect("data", "read.strides.0.count", BLOCKS / 4 - 1);
	expect("data", "read.bytes", 100 * BLOCKS / 4);
	expect("data", "read.sizes.0_100", BLOCKS / 4);
}

static void backwards(void)
{
	int fd = open_file("data", O_RDONLY);
	for (int i = BLOCKS; i-- > 0;)
		must(pread(fd, buffer + 1, BLOCK - 1, i * BLOCK + 1) == BLOCK - 1, "pread");
	close(fd);
	expect("data", "read.calls", BLOCKS);
	expect("data", "read.SEQ", 1); /* the first: beyond byte 0 */
	expect("data", "read.random", BLOCKS - 1);
	expect("data", "read.FILE_NOT_ALIGNED", BLOCKS);
	expect("data", "read.MEM_NOT_ALIGNED", BLOCKS);
	expect("data", "read.bytes_distinct", BLOCKS * (BLOCK - 1));
	expect("data", "counts.SEEKS", 0);
}

static void shuffled(void)
{
	int fd = open_file("data", O_RDONLY);
	unsigned forward = 0;
	unsigned consecutive = 0;
	long last = 0;
	for (int i = 0; i < 1000; i++) {
		long block = (i * 37 + i / 7) % BLOCKS;
		must(pread(fd, buffer, BLOCK, block * BLOCK) == BLOCK, "pread");
		forward += block * BLOCK > last;
		consecutive += block * BLOCK == last + 1;
		last = block * BLOCK + BLOCK - 1;
	}
	close(fd);
	expect("data", "read.SEQ", forward);
	expect("data", "read.CONSEC", consecutive);
	expect("data", "read.random", 1000 - forward - 1);
	expect("data", "read.bytes_again", (1000 - BLOCKS) * BLOCK);
	expect("data", "read.bytes_distinct", BLOCKS * BLOCK);
}

/* Two readers in turn: each is consecutive, the file as a whole is not. */
static void interleaved(void)
{
	int a = open_file("data", O_RDONLY);
	int b = open_file("data", O_RDONLY);
	lseek(b, BLOCKS / 2 * BLOCK, SEEK_SET);
	for (int i = 0; i < BLOCKS / 2; i++) {
		must(read(a, buffer, BLOCK) == BLOCK, "read");
		must(read(b, buffer, BLOCK) == BLOCK, "read");
	}
	close(a);
	close(b);
	expect("data", "read.CONSEC", 2 * (BLOCKS / 2) - 2);
	expect("data", "read.SEQ", 2 * (BLOCKS / 2) - 1);
	expect("data", "read.file_CONSEC", 0);
	expect("data", "read.file_SEQ", BLOCKS / 2);
	expect("data", "read.bytes_again", 0);
	expect("data", "counts.OPENS", 2);
	expect_descriptions("data", "count", 2);
	expect_descriptions("data", "bytes_read", BLOCKS * BLOCK);
}

static void vectors(void)
{
	int fd = open_file("data", O_RDWR);
	struct iovec v[3] = {{buffer, 10}, {buffer + 100, 20}, {buffer + 200, 30}};
	must(readv(fd, v, 3) == 60, "readv");
	must(preadv(fd, v, 2, 1000) == 30, "preadv");
	must(preadv2(fd, v, 3, -1, 0) == 60, "preadv2"); /* at the position: 60 */
	must(writev(fd, v, 2) == 30, "writev");          /* at 120 */
	must(pwritev(fd, v, 3, 5000) == 60, "pwritev");
	must(pwritev2(fd, v, 1, -1, 0) == 10, "pwritev2"); /* at 150 */
	must(lseek(fd, 0, SEEK_CUR) == 160, "lseek");
	close(fd);
	expect("data", "read.calls", 3);
	expect("data", "read.bytes", 150);
	expect("data", "read.bytes_offered", 150);
	expect("data", "read.SEQ", 1);    /* 0, 1000, 60 */
	expect("data", "read.random", 1);
	expect("data", "read.addresses", 1);
	expect("data", "write.calls", 3);
	expect("data", "write.bytes", 100);
	expect("data", "write.bytes_offered", 100);
	expect("data", "write.SEQ", 2);   /* 120, 5000, 150 */
	expect("data", "write.random", 1);
	expect("data", "write.MAX_BYTE", 5059);
	expect("data", "RW_SWITCHES", 1);
}

static void append(void)
{
	int a = open_file("log", O_WRONLY | O_CREAT | O_APPEND);
	int b = open_file("log", O_WRONLY | O_APPEND);
	for (int i = 0; i < 10; i++) {
		must(write(a, buffer, 7) == 7, "write");
		must(write(b, buffer, 5) == 5, "write");
	}
	must(pwrite(a, buffer, 1, 3) == 1, "pwrite"); /* appends all the same */
	close(a);
	close(b);
	expect("log", "write.calls", 21);
	expect("log", "write.bytes", 121);
	expect("log", "write.MAX_BYTE", 120);
	expect("log", "write.bytes_again", 0);
	expect("log", "write.file_CONSEC", 20);
	expect("log", "write.SEQ", 20);
	expect("log", "write.random", 0);
}

static void direct(void)
{
	int fd = open("data", O_RDONLY | O_DIRECT);
	if (fd < 0)
		return; /* the file system has none */
	must(read(fd, buffer, BLOCK) == BLOCK, "read");
	must(pread(fd, buffer, BLOCK, 10 * BLOCK) == BLOCK, "pread");
	close(fd);
	expect("data", "read.calls", 2);
	expect("data", "read.bytes", 2 * BLOCK);
	expect("data", "read.SEQ", 1);
	expect("data", "read.failed", 0);
}

static void overwrite(void)
{
	int fd = open_file("fresh", O_RDWR | O_CREAT | O_TRUNC);
	for (int i = 0; i < 8; i++)
		must(pwrite(fd, buffer, 1000, 500 * i) == 1000, "pwrite");
	must(ftruncate(fd, 100) == 0, "ftruncate");
	fsync(fd);
	fdatasync(fd);
	close(fd);
	expect("fresh", "write.bytes", 8000);
	expect("fresh", "write.bytes_again", 3500);
	expect("fresh", "write.bytes_distinct", 4500);
	expect("fresh", "write.MAX_BYTE", 4499);
	expect("fresh", "counts.TRUNCATES", 1);
	expect("fresh", "counts.FSYNCS", 1);
	expect("fresh", "counts.FDSYNCS", 1);
	expect("fresh", "size", 4500);
}

/* The kernel's own counts: rchar, wchar, syscr, syscw. Returns how many bytes it took to ask: one read. */
static long ask_kernel(unsigned long long counts[4])
{
	static const char *const names[] = {"rchar: ", "wchar: ", "syscr: ", "syscw: "};
	char text[512] = "";
	int fd = open("/proc/self/io", O_RDONLY);
	long n = read(fd, text, sizeof(text) - 1);
	close(fd);
	for (int i = 0; i < 4; i++) {
		const char *at = strstr(text, names[i]);
		must(at != NULL, "/proc/self/io");
		counts[i] = strtoull(at + strlen(names[i]), NULL, 10);
	}
	return n;
}

/* Of the same calls. */
static void kernel_agrees(void)
{
	unsigned long long before[4];
	unsigned long long after[4];
	int in = open_file("data", O_RDONLY);
	int out = open_file("copy", O_WRONLY | O_CREAT | O_TRUNC);
	unsigned long long asked = (unsigned long long)ask_kernel(before);
	for (long n; (n = read(in, buffer, 777)) > 0;)
		must(write(out, buffer, (size_t)n) == n, "write");
	pread(in, buffer, 99, 3);
	pwrite(out, buffer, 55, 3);
	struct iovec v[2] = {{buffer, 3}, {buffer, 4}};
	must(writev(out, v, 2) == 7, "writev");
	ask_kernel(after);
	close(in);
	close(out);
	expect("data", "read.bytes", after[0] - before[0] - asked);
	expect("copy", "write.bytes", after[1] - before[1]);
	expect("data", "read.calls", after[2] - before[2] - 1);
	expect("copy", "write.calls", after[3] - before[3]);
}

const struct truth truths_offsets[] = {
	{"sequential", sequential}, {"strided", strided}, {"backwards", backwards}, {"shuffled", shuffled},
	{"interleaved", interleaved}, {"vectors", vectors}, {"append", append}, {"direct", direct}, {"overwrite", overwrite},
	{"kernel-agrees", kernel_agrees}, {NULL, NULL}};
