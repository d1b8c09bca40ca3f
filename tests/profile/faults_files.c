/* Faults in how a file is read and written. */
#include "faults.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SIZE = 2 << 20, BLOCK = 4096 };
static char buffer[SIZE] __attribute__((aligned(4096)));

static void read_by(size_t n, long most)
{
	int fd = open_file("data", O_RDONLY);
	for (long i = 0; i < most && read(fd, buffer, n) > 0; i++)
		;
	close(fd);
}

static void small_reads(void) { read_by(64, 2000); }
static void large_reads(void) { read_by(65536, 2000); }

static void write_by(size_t n, int times)
{
	int fd = open_file("out", O_WRONLY | O_CREAT | O_TRUNC);
	for (int i = 0; i < times; i++)
		must(write(fd, buffer, n) == (ssize_t)n, "write");
	close(fd);
}

static void small_writes(void) { write_by(64, 2000); }
static void large_writes(void) { write_by(64000, 2); }

/* A reader behind the writer of a log. */
static void follow(size_t offered)
{
	int out = open_file("out", O_RDWR | O_CREAT | O_TRUNC);
	int in = open_file("out", O_RDONLY);
	for (int i = 0; i < 200; i++) {
		must(write(out, buffer, 512) == 512, "write");
		must(read(in, buffer, offered) == 512, "read");
	}
	close(in);
	close(out);
}

static void exact_buffer(void) { follow(BLOCK); }
static void oversized(void) { follow(SIZE); }

static void seek_pairs(void)
{
	int fd = open_file("data", O_RDONLY);
	for (int i = 0; i < 200; i++) {
		lseek(fd, i * 8192L, SEEK_SET);
		must(read(fd, buffer, BLOCK) == BLOCK, "read");
	}
	close(fd);
}

static void preads(void)
{
	int fd = open_file("data", O_RDONLY);
	for (int i = 0; i < 200; i++)
		must(pread(fd, buffer, BLOCK, i * 8192L) == BLOCK, "pread");
	close(fd);
}

static void read_again(void)
{
	for (int i = 0; i < 4; i++)
		read_by(65536, 1000);
}

static void read_once(void) { read_by(65536, 1000); }

static void random_reads(void)
{
	int fd = open_file("data", O_RDONLY);
	for (int i = 0; i < SIZE / BLOCK; i++)
		must(pread(fd, buffer, BLOCK, (i * 173L % (SIZE / BLOCK)) * BLOCK) == BLOCK, "pread");
	close(fd);
}

static void sorted_reads(void)
{
	int fd = open_file("data", O_RDONLY);
	for (int i = 0; i < SIZE / BLOCK; i++)
		must(pread(fd, buffer, BLOCK, i * (long)BLOCK) == BLOCK, "pread");
	close(fd);
}

static void sync_after(int writes)
{
	int fd = open_file("out", O_WRONLY | O_CREAT | O_TRUNC);
	for (int i = 0; i < 40; i++) {
		must(write(fd, buffer, 100) == 100, "write");
		if (i % writes == writes - 1)
			fdatasync(fd);
	}
	close(fd);
}

static void sync_each(void) { sync_after(1); }
static void sync_groups(void) { sync_after(10); }

static void write_synchronously(int flags)
{
	int fd = open_file("out", O_WRONLY | O_CREAT | O_TRUNC | flags);
	for (int i = 0; i < 150; i++)
		must(write(fd, buffer, 200) == 200, "write");
	close(fd);
}

static void synchronous(void) { write_synchronously(O_DSYNC); }
static void not_synchronous(void) { write_synchronously(0); }

static void direct(size_t shift)
{
	int fd = open("data", O_RDONLY | O_DIRECT | O_CLOEXEC);
	must(fd >= 0, "O_DIRECT");
	for (int i = 0; i < 4; i++)
		if (read(fd, buffer + shift, BLOCK) < 0)
			break;
	close(fd);
}

static void misaligned(void) { direct(1); }
static void aligned(void) { direct(0); }

static void open_each_time(void)
{
	for (int i = 0; i < 150; i++) {
		int fd = open_file("data", O_RDONLY);
		must(pread(fd, buffer, 16, i * 16L) == 16, "pread");
		close(fd);
	}
}

static void open_once(void)
{
	int fd = open_file("data", O_RDONLY);
	for (int i = 0; i < 150; i++)
		must(pread(fd, buffer, 16, i * 16L) == 16, "pread");
	close(fd);
}

static void stat_often(int times)
{
	struct stat st;
	for (int i = 0; i < times; i++)
		must(stat("data", &st) == 0, "stat");
}

static void ask_always(void) { stat_often(300); }
static void ask_twice(void) { stat_often(2); }

static void search(int missing)
{
	char path[64] = "no/such/place/a/b.so";
	struct stat st;
	for (int i = 0; i < missing; i++) {
		path[3] = (char)('a' + i % 26);
		if (stat(path, &st) == 0)
			_exit(1);
	}
	must(stat("data", &st) == 0, "stat");
}

static void search_everywhere(void) { search(300); }
static void search_little(void) { search(3); }

const struct fault faults_files[] = {
	{"small-reads", small_reads, large_reads},
	{"small-writes", small_writes, large_writes},
	{"oversized-buffer", oversized, exact_buffer},
	{"seek-pairs", seek_pairs, preads},
	{"read-again", read_again, read_once},
	{"random-reads", random_reads, sorted_reads},
	{"sync-each-write", sync_each, sync_groups},
	{"synchronous-small-writes", synchronous, not_synchronous},
	{"misaligned-direct", misaligned, aligned},
	{"opened-again", open_each_time, open_once},
	{"asked-again", ask_always, ask_twice},
	{"missing-paths", search_everywhere, search_little},
	{NULL, NULL, NULL}};
