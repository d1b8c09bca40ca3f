/* Why ptrace refuses: the kernel says EPERM for five different things (kernel/ptrace.c, ptrace_attach); /proc tells them apart. */
#include "capture/attach.h"

#include "base/diag.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct facts {
	int tgid;
	int tracer;
	int seccomp;
	unsigned uid;
	char state;
};

static int read_facts(pid_t pid, struct facts *ret)
{
	char name[64];
	snprintf(name, sizeof(name), "/proc/%d/status", pid);
	FILE *f = fopen(name, "re");
	if (!f)
		return -errno;
	char line[256];
	while (fgets(line, sizeof(line), f)) {
		sscanf(line, "Tgid: %d", &ret->tgid);
		sscanf(line, "TracerPid: %d", &ret->tracer);
		sscanf(line, "Seccomp: %d", &ret->seccomp);
		sscanf(line, "Uid: %u", &ret->uid);
		sscanf(line, "State: %c", &ret->state);
	}
	fclose(f);
	return 0;
}

pid_t attach_tgid(pid_t tid)
{
	struct facts facts = {0};
	return read_facts(tid, &facts) < 0 ? 0 : facts.tgid;
}

static int yama_scope(void)
{
	FILE *f = fopen("/proc/sys/kernel/yama/ptrace_scope", "re");
	int scope = 0;
	if (f && fscanf(f, "%d", &scope) != 1)
		scope = 0;
	if (f)
		fclose(f);
	return scope;
}

static int has_capability(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	unsigned long long caps = 0;
	char line[256];
	while (f && fgets(line, sizeof(line), f))
		sscanf(line, "CapEff: %llx", &caps);
	if (f)
		fclose(f);
	return (int)(caps >> 19 & 1); /* CAP_SYS_PTRACE */
}

void attach_explain(pid_t tid, int err)
{
	struct facts target = {0};
	struct facts self = {0};
	if (err == ESRCH || read_facts(tid, &target) < 0) {
		diag("attach: ptrace(PTRACE_SEIZE, %d): No such process", tid);
		return;
	}
	read_facts(getpid(), &self);
	const char *why = "the kernel gives no further reason";
	char text[128];
	if (target.tracer) {
		snprintf(text, sizeof(text), "it is already traced by process %d", target.tracer);
		why = text;
	} else if (target.state == 'Z')
		why = "it is a zombie: it has ended and waits for its parent";
	else if (target.tgid == self.tgid)
		why = "that is this process itself";
	else if (yama_scope() == 3)
		why = "Yama forbids all tracing until the next boot (kernel.yama.ptrace_scope is 3)";
	else if (!has_capability() && target.uid != self.uid)
		why = "it belongs to another user, and CAP_SYS_PTRACE is missing; try as root";
	else if (!has_capability() && yama_scope() > 0)
		why = "Yama allows tracing only of one's own children (kernel.yama.ptrace_scope is not 0); try as root";
	else if (self.seccomp)
		why = "a seccomp filter, as containers have one, is in force on this tracer";
	else if (!has_capability())
		why = "it is not dumpable (a setuid program, or PR_SET_DUMPABLE 0), and CAP_SYS_PTRACE is missing";
	diag("attach: ptrace(PTRACE_SEIZE, %d): %s: %s", tid, strerror(err), why);
}
