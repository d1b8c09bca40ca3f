/*
 * Starting a command. Whatever can fail is tried before the fork. The child changes nothing but what was asked for and
 * blocks on a pipe until it is traced; so no signal is needed to hold it, and none is left behind for the command.
 */
#include "capture/spawn.h"

#include "base/diag.h"
#include "capture/find.h"
#include "capture/user.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct plan {
	const struct ptrace_config *config;
	const struct seccomp_programs *filter;
	char *file;
	struct user user;
};

static void change_environment(char **env)
{
	for (; env && *env; env++) {
		if (strchr(*env, '='))
			putenv(*env);
		else
			unsetenv(*env);
	}
}

/* Without the right to install filters, a process may still do so if it gives up gaining rights by exec. */
static bool install_program(const struct sock_fprog *filter)
{
	if (!filter->len || syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, filter) == 0)
		return true;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, filter) == 0)
		return true;
	diag("cannot install the seccomp filter: %s", strerror(errno));
	return false;
}

static bool install_filter(const struct seccomp_programs *programs)
{
	for (size_t i = 0; programs && i < SECCOMP_PROGRAMS; i++)
		if (!install_program(&programs->v[i]))
			return false;
	return true;
}

/* True: go; false: the tracer is gone. */
static bool wait_at(int gate)
{
	char byte;
	ssize_t got;
	while ((got = read(gate, &byte, 1)) < 0 && errno == EINTR)
		;
	return got == 1;
}

_Noreturn static void run(const struct plan *p, int gate)
{
	const struct ptrace_config *c = p->config;
	change_environment(c->env);
	if (c->user && !user_become(&p->user, p->file))
		_exit(1);
	if (!wait_at(gate) || !install_filter(p->filter))
		_exit(1);
	if (c->daemon != PTRACE_DAEMON_NONE)
		prctl(PR_SET_PTRACER, 0, 0, 0, 0);
	if (c->argv0)
		c->argv[0] = (char *)c->argv0;
	execv(p->file, c->argv);
	int err = errno;
	diag("exec: %s", strerror(err));
	_exit(err == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN);
}

/* In the caller's process: the tracer is to be its grandchild, so the child in between has to go first. */
static void become_orphans_tracee(pid_t child)
{
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0,
	      0); /* for Yama: the tracer is no ancestor; undone once it traces */
}

static void leave_group(enum ptrace_daemon daemon)
{
	if (daemon == PTRACE_DAEMON_PGROUP)
		setpgid(0, 0);
	else if (daemon == PTRACE_DAEMON_SESSION)
		setsid();
}

/* Returns in the tracer with the pid of the other; in the command's process it does not return. -1 = errno. */
static pid_t part(const struct plan *p, const int gate[2])
{
	bool is_daemon = p->config->daemon != PTRACE_DAEMON_NONE;
	pid_t caller = getpid();
	pid_t child = fork();
	if (child < 0)
		return -1;
	bool is_command = is_daemon ? child > 0 : child == 0;
	if (is_command) {
		close(gate[1]);
		if (is_daemon)
			become_orphans_tracee(child);
		run(p, gate[0]);
	}
	if (!is_daemon)
		return child;
	if (fork() != 0)
		_exit(0); /* if it failed, the gate is closed now, and the command ends */
	leave_group(p->config->daemon);
	return caller;
}

static bool prepare(struct plan *p, int *ret_status)
{
	const char *name = p->config->argv[0];
	int err = 0;
	*ret_status = 1;
	if (p->config->user && !user_find(p->config->user, &p->user))
		return false;
	p->file = find_command(name, &err);
	if (p->file)
		return true;
	*ret_status = err == ENOENT || err == ENOTDIR ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN;
	if (*ret_status == EXIT_NOT_FOUND)
		diag("Cannot find executable '%s'", name);
	else
		diag("Cannot execute '%s': %s", name, strerror(err));
	return false;
}

int spawn(const struct ptrace_config *config, const struct seccomp_programs *filter, struct spawned *ret, int *ret_status)
{
	struct plan plan = {.config = config, .filter = filter};
	if (!prepare(&plan, ret_status))
		return -1;
	int gate[2];
	if (pipe2(gate, O_CLOEXEC) < 0) {
		diag("pipe: %s", strerror(errno));
		free(plan.file);
		return -1;
	}
	pid_t pid = part(&plan, gate);
	if (pid < 0) {
		diag("fork: %s", strerror(errno));
		close(gate[1]);
	}
	close(gate[0]);
	free(plan.file);
	*ret = (struct spawned){pid, gate[1]};
	return pid < 0 ? -1 : 0;
}

void spawn_go(struct spawned *s)
{
	/* It may have been killed meanwhile: EPIPE then, SIGPIPE being ignored. */
	while (write(s->gate, "", 1) < 0 && errno == EINTR)
		;
	close(s->gate);
	s->gate = -1;
}

void spawn_cancel(struct spawned *s)
{
	close(s->gate);
	kill(s->pid, SIGKILL);
	while (waitpid(s->pid, NULL, __WALL) < 0 && errno == EINTR)
		;
}
