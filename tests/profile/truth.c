/* Runs one of the truths by name; --list names them. Expectations go to the file named by TRUTH_OUT at the end. */
#include "truth.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char said[65536];
static size_t nsaid;

static void say(char kind, const char *file, const char *field, unsigned long long value)
{
	nsaid += (size_t)snprintf(said + nsaid, sizeof(said) - nsaid, "%c %s %s %llu\n", kind, file, field, value);
}

void expect(const char *file, const char *field, unsigned long long value) { say('F', file, field, value); }
void expect_descriptions(const char *file, const char *field, unsigned long long value) { say('D', file, field, value); }
void expect_process(const char *field, unsigned long long value) { say('P', "-", field, value); }

void must(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	_exit(99);
}

int open_file(const char *name, int flags)
{
	int fd = open(name, flags, 0666);
	must(fd >= 0, name);
	return fd;
}

int main(int argc, char **argv)
{
	const struct truth *const tables[] = {truths_offsets, truths_kernel, truths_sharing};
	if (argc < 2)
		return 2;
	for (int i = 0; i < 3; i++)
		for (const struct truth *t = tables[i]; t->name; t++) {
			if (strcmp(argv[1], "--list") == 0)
				puts(t->name);
			if (strcmp(argv[1], t->name) != 0)
				continue;
			t->run();
			const char *out = getenv("TRUTH_OUT");
			int fd = out ? open(out, O_WRONLY | O_CREAT | O_TRUNC, 0666) : 1;
			must(write(fd, said, nsaid) == (ssize_t)nsaid, "write");
			return 0;
		}
	return strcmp(argv[1], "--list") != 0;
}
