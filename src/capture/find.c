/* A path is not checked for being executable: the traced execve shows what is wrong with it better than we could. */
#include "capture/find.h"

#include "base/xalloc.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ANY_EXECUTE = S_IXUSR | S_IXGRP | S_IXOTH };

static int check(const char *path)
{
	struct stat st;
	if (stat(path, &st) < 0)
		return errno;
	return S_ISREG(st.st_mode) && st.st_mode & ANY_EXECUTE ? 0 : EACCES;
}

static char *join(const char *dir, size_t n, const char *name)
{
	if (n)
		return xasprintf("%.*s%s%s", (int)n, dir, dir[n - 1] == '/' ? "" : "/", name);
	char *cwd = getcwd(NULL, 0);
	char *path = xasprintf("%s/%s", cwd ? cwd : ".", name);
	free(cwd);
	return path;
}

static char *find_in(const char *path, const char *name, int *ret_error)
{
	int error = ENOENT;
	for (const char *p = path; p;) {
		size_t n = strcspn(p, ":");
		char *candidate = join(p, n, name);
		int err = check(candidate);
		if (!err)
			return candidate;
		free(candidate);
		if (err == EACCES)
			error = EACCES;
		p = p[n] ? p + n + 1 : NULL;
	}
	*ret_error = error;
	return NULL;
}

char *find_command(const char *name, int *ret_error)
{
	if (strchr(name, '/')) {
		struct stat st;
		if (stat(name, &st) == 0)
			return xstrdup(name);
		*ret_error = errno;
		return NULL;
	}
	*ret_error = ENOENT;
	const char *path = getenv("PATH");
	return *name && path ? find_in(path, name, ret_error) : NULL;
}
