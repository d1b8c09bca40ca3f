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

/* Who is looked for: called PID at LEVEL, where the namespace SPACE looks. */
struct wanted {
	int level;
	pid_t pid;
	const char *space;
};

/* The first entry of the folder NAME, under /proc, that is the one; with IS_DEEP, or one of its threads. 0 = none. */
static pid_t search(const char *name, const struct wanted *w, bool is_deep)
{
	char path[288];
	snprintf(path, sizeof(path), "/proc/%s", name);
	DIR *dir = opendir(path);
	pid_t found = 0;
	for (const struct dirent *e; !found && dir && (e = readdir(dir));) {
		char entry[288];
		if (e->d_name[0] < '1' || e->d_name[0] > '9')
			continue;
		snprintf(entry, sizeof(entry), is_deep ? "%.16s/task" : "%.16s", e->d_name);
		if (is_deep)
			found = search(entry, w, false);
		else if (is_called(e->d_name, w->level, w->pid, w->space))
			found = (pid_t)strtol(e->d_name, NULL, 10);
	}
	if (dir)
		closedir(dir);
	return found;
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
	const struct wanted w = {numbers_of(task, numbers), pid, space};
	pid_t found = w.level ? search("", &w, false) : 0;
	return found || !w.level ? found : search("", &w, true);
}
