/*
 * Follows a command and compares, at the return of every call of every task, the state's descriptor table with
 * /proc/TID/fd and fdinfo of the live target: which descriptors exist, their close-on-exec bits, which of them share
 * an open file description (kcmp). Prints one TAP line.
 */
#include "base/xalloc.h"
#include "capture/ptrace.h"
#include "decode/decode.h"
#include "state/task.h"

#include <dirent.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct verify {
	struct state state;
	unsigned long checks;
	unsigned long faults;
};

static bool in_proc(pid_t tid, int fd, bool *ret_cloexec)
{
	char name[64];
	snprintf(name, sizeof(name), "/proc/%d/fdinfo/%d", tid, fd);
	FILE *f = fopen(name, "re");
	if (!f)
		return false;
	unsigned long flags = 0;
	char line[256];
	while (fgets(line, sizeof(line), f))
		sscanf(line, "flags: %lo", &flags);
	fclose(f);
	*ret_cloexec = flags & 02000000;
	return true;
}

static void fault(struct verify *v, const struct task *task, int fd, const char *what)
{
	if (v->faults++ < 20)
		printf("# after %s in %d: fd %d %s\n", task->call.name ? task->call.name : "?", task->tid, fd, what);
}

static void check_known(struct verify *v, const struct task *task)
{
	for (size_t i = 0; i < task->fds->n; i++) {
		const struct fd_slot *s = &task->fds->slots[i];
		bool is_cloexec = false;
		if (!s->ofd)
			continue;
		if (!in_proc(task->tid, (int)i, &is_cloexec))
			fault(v, task, (int)i, "is closed, state has it open");
		else if (is_cloexec != s->is_cloexec)
			fault(v, task, (int)i, "has another close-on-exec bit");
		for (size_t j = 0; j < i && j < 16; j++) {
			if (!task->fds->slots[j].ofd)
				continue;
			bool is_same = syscall(SYS_kcmp, task->tid, task->tid, KCMP_FILE, i, j) == 0;
			if (is_same != (task->fds->slots[j].ofd == s->ofd))
				fault(v, task, (int)i, "shares its description otherwise");
		}
	}
}

static void check_task(struct verify *v, struct task *task)
{
	char name[64];
	snprintf(name, sizeof(name), "/proc/%d/fd", task->tid);
	DIR *d = opendir(name);
	if (!d)
		return;
	v->checks++;
	for (struct dirent *e; (e = readdir(d));)
		if (e->d_name[0] != '.' && !fd_table_get(task->fds, atoi(e->d_name)))
			fault(v, task, atoi(e->d_name), "is open, state doesn't have it");
	closedir(d);
	check_known(v, task);
}

static const struct ofd *ask_fd(void *ctx, int fd)
{
	(void)ctx;
	(void)fd;
	return NULL;
}

static void handle(struct verify *v, const struct event *ev)
{
	struct task *task = task_get(&v->state, ev->tid);
	const struct decode_env env = {.fd = ask_fd, .string_limit = 32};
	switch (ev->kind) {
	case EVENT_ATTACH:
		if (!task)
			task_add(&v->state, ev->tid, ev->tgid);
		break;
	case EVENT_FORK:
		if (task)
			task_fork(&v->state, task, ev->other, ev->flags | state_fork_flags(&task->call), ev->is_thread);
		break;
	case EVENT_EXEC:
		if (task)
			task_exec(&v->state, task);
		break;
	case EVENT_ENTRY:
		if (task) {
			task_begin_call(task);
			decode_entry(&task->call, ev, &task->arena, &env);
			task->is_in_call = true;
		}
		break;
	case EVENT_EXIT:
		if (task && task->is_in_call) {
			decode_exit(&task->call, ev, &task->arena, &env);
			state_apply(&v->state, task, &task->call);
			check_task(v, task);
			task->is_in_call = false;
		}
		break;
	case EVENT_DEATH:
		if (task)
			task_remove(&v->state, task);
		break;
	default:
		break;
	}
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	int status = 0;
	const struct ptrace_config config = {.argv = argv + 1, .follow = true};
	struct engine *engine = ptrace_open(&config, &status);
	if (!engine)
		return status;
	struct verify v = {.state.is_following_fds = true};
	struct event ev;
	while (engine->ops->next(engine, -1, &ev) == 0 && ev.kind != EVENT_DONE) {
		handle(&v, &ev);
		engine->ops->resume(engine, &ev);
	}
	engine->ops->close(engine);
	printf("%s state of %s (%lu points compared)\n", v.checks && !v.faults ? "ok" : "not ok", argv[1], v.checks);
	return v.faults != 0;
}
