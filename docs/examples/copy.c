/* copy FROM TO SIZE: copies with a buffer of SIZE bytes. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	size_t size = (size_t)atol(argv[3]);
	char *buffer = malloc(size);
	int in = open(argv[1], O_RDONLY);
	int out = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (!buffer || in < 0 || out < 0)
		return 1;
	for (ssize_t n; (n = read(in, buffer, size)) > 0;)
		for (ssize_t done = 0, k; done < n; done += k)
			if ((k = write(out, buffer + done, (size_t)(n - done))) < 0)
				return 1;
	return close(out) < 0;
}
