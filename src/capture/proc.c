/* Reading /proc/PID/status and /proc/PID/task. */
#include "capture/proc.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

int proc_read(pid_t pid, struct proc_facts *ret_facts)
{
	char name[64];
	snprintf(name, sizeof(name), "/proc/%d/status", pid);
	FILE *f = fopen(name, "re");
	if (!f)
		return -errno;
	struct proc_facts facts = {0};
	unsigned long long caps = 0;
	char line[256];
	while (fgets(line, sizeof(line), f)) {
		sscanf(line, "Tgid: %d", &facts.tgid);
		sscanf(line, "TracerPid: %d", &facts.tracer);
		sscanf(line, "Seccomp: %d", &facts.seccomp);
		sscanf(line, "Uid: %u", &facts.uid);
		sscanf(line, "CapEff: %llx", &caps);
		sscanf(line, "State: %c", &facts.state);
	}
	fclose(f);
	facts.cap_eff = caps;
	*ret_facts = facts;
	return facts.tgid ? 0 : -ESRCH;
}

pid_t proc_tgid(pid_t tid)
{
	struct proc_facts facts;
	return proc_read(tid, &facts) < 0 ? tid : facts.tgid;
}

int proc_threads(pid_t pid, bool (*seen)(void *ctx, pid_t tid), void *ctx)
{
	char name[64];
	snprintf(name, sizeof(name), "/proc/%d/task", pid);
	DIR *d = opendir(name);
	if (!d)
		return -errno;
	int n = 0;
	for (const struct dirent *e; (e = readdir(d));) {
		pid_t tid = atoi(e->d_name);
		n += tid > 0 && seen(ctx, tid);
	}
	closedir(d);
	return n;
}
