/*
 * The kernel's order of checks (kernel/ptrace.c, ptrace_attach and __ptrace_may_access; security/yama/yama_lsm.c) is
 * followed, asking /proc for the facts behind each.
 */
#include "capture/refusal.h"

#include "base/diag.h"
#include "capture/proc.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CAP_SYS_PTRACE_BIT = 19 };

static int yama_scope(void)
{
	FILE *f = fopen("/proc/sys/kernel/yama/ptrace_scope", "re");
	if (!f)
		return 0;
	int scope = 0;
	if (fscanf(f, "%d", &scope) != 1)
		scope = 0;
	fclose(f);
	return scope;
}

static const char *tracer_name(pid_t tracer, char *buf, size_t n)
{
	char name[64];
	char comm[32] = "";
	snprintf(name, sizeof(name), "/proc/%d/comm", tracer);
	FILE *f = fopen(name, "re");
	if (f && fgets(comm, sizeof(comm), f))
		comm[strcspn(comm, "\n")] = '\0';
	if (f)
		fclose(f);
	snprintf(buf, n, "it is already traced by process %d%s%s%s", tracer, *comm ? " (" : "", comm, *comm ? ")" : "");
	return buf;
}

/* Why a task that isn't in anybody's hands is refused. */
static const char *permission(const struct proc_facts *self, const struct proc_facts *target)
{
	bool is_capable = self->cap_eff >> CAP_SYS_PTRACE_BIT & 1;
	int scope = yama_scope();
	if (scope == 3)
		return "Yama forbids all tracing until the next boot (kernel.yama.ptrace_scope is 3)";
	if (!is_capable && target->uid != self->uid)
		return "it belongs to another user and CAP_SYS_PTRACE is missing; try as root";
	if (!is_capable && scope == 2)
		return "Yama allows tracing with CAP_SYS_PTRACE only (kernel.yama.ptrace_scope is 2); try as root";
	if (!is_capable && scope == 1)
		return "Yama allows tracing of one's own children only (kernel.yama.ptrace_scope is 1); try as root, "
		       "or "
		       "start the command with the tracer";
	if (self->seccomp)
		return "a seccomp filter, as containers have one, is in force on the tracer";
	if (!is_capable)
		return "it is not dumpable (a program with more rights, or PR_SET_DUMPABLE), or in another user "
		       "namespace, and "
		       "CAP_SYS_PTRACE is missing";
	return "it is a kernel thread, in another user namespace, or protected by a security module";
}

void refusal_explain(pid_t tid, int err)
{
	struct proc_facts target;
	struct proc_facts self = {0};
	if (err == ESRCH || proc_read(tid, &target) < 0) {
		diag("attach: ptrace(PTRACE_SEIZE, %d): %s", tid, strerror(ESRCH));
		return;
	}
	if (err == EIO) {
		diag("attach: ptrace(PTRACE_SEIZE, %d): the kernel does not know an option: Linux 5.3 or newer is "
		     "needed",
		     tid);
		return;
	}
	(void)proc_read(getpid(), &self);
	char buf[128];
	const char *why;
	if (target.tgid == self.tgid)
		why = "that is the tracer itself";
	else if (target.tracer)
		why = tracer_name(target.tracer, buf, sizeof(buf));
	else if (target.state == 'Z' || target.state == 'X')
		why = "it has ended and waits for its parent (a zombie)";
	else
		why = permission(&self, &target);
	diag("attach: ptrace(PTRACE_SEIZE, %d): %s: %s", tid, strerror(err), why);
}
