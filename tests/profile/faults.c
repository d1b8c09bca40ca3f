/* faults ID bad|good: commits the fault that finding ID is about, or does the same work without it. "data" has 2 MiB. */
#include "faults.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void must(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	_exit(99);
}

int open_file(const char *name, int flags)
{
	int fd = open(name, flags | O_CLOEXEC, 0666);
	must(fd >= 0, name);
	return fd;
}

int main(int argc, char **argv)
{
	const struct fault *const tables[] = {faults_files, faults_descriptors};
	for (int i = 0; i < 2; i++)
		for (const struct fault *f = tables[i]; f->finding; f++) {
			if (argc == 2 && strcmp(argv[1], "--list") == 0)
				puts(f->finding);
			else if (argc == 3 && strcmp(argv[1], f->finding) == 0)
				(strcmp(argv[2], "bad") == 0 ? f->faulty : f->corrected)();
		}
	return argc < 2;
}
