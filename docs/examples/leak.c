/* leak DIRECTORY: reads the first line of each file in it, and forgets to close those that are empty. */
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	DIR *d = argc > 1 ? opendir(argv[1]) : NULL;
	if (!d)
		return 2;
	int lines = 0;
	for (struct dirent *e; (e = readdir(d));) {
		int fd = openat(dirfd(d), e->d_name, O_RDONLY | O_CLOEXEC);
		char line[256];
		if (e->d_name[0] == '.' || fd < 0 || read(fd, line, sizeof(line)) <= 0)
			continue; /* the fault */
		lines++;
		close(fd);
	}
	closedir(d);
	return lines == 0;
}
