/* Makes children that ask not to be traced, by clone and by clone3; each calls getppid. Exits 0 if all got an answer. */
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int wait_for(pid_t child)
{
	int status = 0;
	if (child < 0 || waitpid(child, &status, __WALL) != child)
		return 1;
	return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

static void be_child(void)
{
	_exit(syscall(SYS_getppid) > 0 ? 0 : 1);
}

int main(void)
{
	pid_t child = (pid_t)syscall(SYS_clone, CLONE_UNTRACED | SIGCHLD, 0, 0, 0, 0);
	if (child == 0)
		be_child();
	int bad = wait_for(child);
	struct clone_args args = {.flags = CLONE_UNTRACED, .exit_signal = SIGCHLD};
	child = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
	if (child == 0)
		be_child();
	bad |= wait_for(child);
	return bad || args.flags != CLONE_UNTRACED;
}
