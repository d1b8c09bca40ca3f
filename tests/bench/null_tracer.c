/*
 * The least a ptrace tracer can cost: two stops a call and nothing else. Bound for what any such tracer can reach.
 * Usage: null_tracer COMMAND [ARG...]; follows children.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static void resume(pid_t pid, int status)
{
	int sig = WSTOPSIG(status);
	int event = status >> 16;
	int deliver = sig == (SIGTRAP | 0x80) || event ? 0 : sig;
	ptrace(event == PTRACE_EVENT_STOP && sig != SIGTRAP ? PTRACE_LISTEN : PTRACE_SYSCALL, pid, NULL, (void *)(long)deliver);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	pid_t child = fork();
	if (child == 0) {
		raise(SIGSTOP);
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	int status = 0;
	waitpid(child, &status, WUNTRACED);
	long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK;
	if (ptrace(PTRACE_SEIZE, child, NULL, (void *)options) < 0) {
		perror("PTRACE_SEIZE");
		return 1;
	}
	kill(child, SIGCONT);
	int result = 0;
	for (pid_t pid; (pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR;) {
		if (pid > 0 && WIFSTOPPED(status))
			resume(pid, status);
		else if (pid == child)
			result = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
	}
	return result;
}
