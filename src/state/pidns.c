/* /proc/PID/status lists a process's numbers, from the namespace of /proc's mount down to its own. */
#include "state/pidns.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LEVELS = 32 }; /* MAX_PID_NS_LEVEL, include/linux/pid_namespace.h */

/* Its numbers, outermost first; how many. */
static int numbers_of(const char *process, pid_t ret[static LEVELS])
{
	char name[288];
	snprintf(name, sizeof(name), "/proc/%s/status", process);
	FILE *f = fopen(name, "re");
	if (!f)
		return 0;
	char line[512];
	int n = 0;
	while (fgets(line, sizeof(line), f)) {
		if (strncmp(line, "NSpid:", 6) != 0)
			continue;
		char *save = NULL;
		for (char *w = strtok_r(line + 6, " \t\n", &save); w && n < LEVELS; w = strtok_r(NULL, " \t\n", &save))
			ret[n++] = (pid_t)strtol(w, NULL, 10);
		break;
	}
	fclose(f);
	return n;
}

static bool namespace_of(const char *process, char ret[static 64])
{
	char name[288];
	snprintf(name, sizeof(name), "/proc/%s/ns/pid", process);
	ssize_t n = readlink(name, ret, 63);
	ret[n > 0 ? n : 0] = '\0';
	return n > 0;
}

/* Is PROCESS called PID where the namespace SPACE, at LEVEL, looks? A process of a deeper one is taken on trust. */
static bool is_called(const char *process, int level, pid_t pid, const char *space)
{
	pid_t numbers[LEVELS];
	char own[64];
	int n = numbers_of(process, numbers);
	if (n < level || numbers[level - 1] != pid)
		return false;
	return n > level || (namespace_of(process, own) && strcmp(own, space) == 0);
}

pid_t pidns_ours(pid_t tid, pid_t pid)
{
	char task[32];
	char space[64];
	char ours[64];
	pid_t numbers[LEVELS];
	snprintf(task, sizeof(task), "%d", tid);
	if (!namespace_of(task, space) || !namespace_of("self", ours))
		return 0;
	if (strcmp(space, ours) == 0)
		return pid;
	int level = numbers_of(task, numbers);
	DIR *dir = level ? opendir("/proc") : NULL;
	pid_t found = 0;
	for (const struct dirent *e; !found && dir && (e = readdir(dir));)
		if (e->d_name[0] >= '1' && e->d_name[0] <= '9' && is_called(e->d_name, level, pid, space))
			found = (pid_t)strtol(e->d_name, NULL, 10);
	if (dir)
		closedir(dir);
	return found;
}
