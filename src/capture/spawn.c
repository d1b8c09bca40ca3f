/*
 * Starting a command. Everything that can fail is tried before the fork; the child changes nothing but what was asked
 * for (environment, user), blocks on a pipe until it is traced, and execs.
 */
#include "capture/spawn.h"

#include "base/diag.h"
#include "base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a shell would do with the name: 0 = runs, else the errno of the best candidate. */
static int runnable(const char *path)
{
	struct stat st;
	if (stat(path, &st) < 0)
		return errno;
	if (!S_ISREG(st.st_mode))
		return EACCES;
	return access(path, X_OK) < 0 ? errno : 0;
}

/* The file that NAME means, found through PATH; NULL and *ret_error where there is none. To be freed. */
static char *find(const char *name, int *ret_error)
{
	*ret_error = ENOENT;
	if (strchr(name, '/')) {
		*ret_error = runnable(name);
		return *ret_error ? NULL : xstrdup(name);
	}
	const char *path = getenv("PATH");
	for (const char *p = path ? path : "/bin:/usr/bin"; *name && p;) {
		size_t n = strcspn(p, ":");
		char *candidate = n ? xasprintf("%.*s/%s", (int)n, p, name) : xasprintf("./%s", name);
		int err = runnable(candidate);
		if (!err)
			return candidate;
		if (err != ENOENT && err != ENOTDIR)
			*ret_error = err;
		free(candidate);
		p = p[n] ? p + n + 1 : NULL;
	}
	return NULL;
}

static bool become(const char *user, const struct passwd *pw)
{
	if (initgroups(user, pw->pw_gid) == 0 && setregid(pw->pw_gid, pw->pw_gid) == 0 && setreuid(pw->pw_uid, pw->pw_uid) == 0)
		return true;
	diag("cannot become user %s: %s", user, strerror(errno));
	return false;
}

static void change_environment(char **env)
{
	for (; env && *env; env++) {
		if (strchr(*env, '='))
			putenv(*env);
		else
			unsetenv(*env);
	}
}

/* A file with no interpreter line is a shell script to execvp(3) and to shells, but a tracer shows what the kernel says. */
_Noreturn static void run(const struct ptrace_config *c, const char *file, const struct passwd *pw, int gate)
{
	change_environment(c->env);
	if (c->user && !become(c->user, pw))
		_exit(1);
	char byte;
	while (read(gate, &byte, 1) < 0 && errno == EINTR)
		;
	char **argv = c->argv;
	if (c->argv0)
		argv[0] = (char *)c->argv0;
	execv(file, argv);
	int err = errno;
	diag("exec: %s", strerror(err));
	_exit(err == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN);
}

pid_t spawn(const struct ptrace_config *config, int *ret_gate, int *ret_status)
{
	int err = 0;
	char *file = find(config->argv[0], &err);
	if (!file) {
		diag(err == ENOENT ? "Cannot find executable '%s'" : "Cannot run '%s': %s", config->argv[0], strerror(err));
		*ret_status = err == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN;
		return -1;
	}
	const struct passwd *pw = config->user ? getpwnam(config->user) : NULL;
	int gate[2];
	if (config->user && !pw) {
		diag("Cannot find user '%s'", config->user);
		*ret_status = EXIT_USAGE;
		return -1;
	}
	*ret_status = 1;
	if (pipe2(gate, O_CLOEXEC) < 0) {
		diag("pipe: %s", strerror(errno));
		return -1;
	}
	pid_t pid = fork();
	if (pid == 0) {
		close(gate[1]);
		run(config, file, pw, gate[0]);
	}
	close(gate[0]);
	free(file);
	if (pid < 0) {
		diag("fork: %s", strerror(errno));
		close(gate[1]);
		return -1;
	}
	*ret_gate = gate[1];
	return pid;
}
