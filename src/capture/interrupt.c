/*
 * A signal can arrive between the look at the flag and the wait that it should end. So its handler also starts a
 * repeating timer: the wait is interrupted soon after, whenever it began.
 */
#include "capture/interrupt.h"

#include <errno.h>
#include <signal.h>
#include <sys/time.h>

enum { RETRY_MS = 20 };

static volatile sig_atomic_t caught;

void interrupt_arm_timer(int ms)
{
	struct timeval tv = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
	struct itimerval timer = {.it_interval = tv, .it_value = tv};
	setitimer(ITIMER_REAL, &timer, NULL);
}

static void on_signal(int sig)
{
	int saved = errno;
	caught = sig;
	interrupt_arm_timer(RETRY_MS);
	errno = saved;
}

static void on_timer(int sig)
{
	(void)sig;
}

int interrupt_caught(void)
{
	return caught;
}

static void handle(int sig, void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler}; /* no SA_RESTART */
	sigaction(sig, &action, NULL);
	sigset_t one;
	sigemptyset(&one);
	sigaddset(&one, sig);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
}

/* The signals that -I decides on; a terminal sends its own to the command as well. */
static const struct {
	int signo;
	bool is_terminals;
} fatal[] = {{SIGHUP, false}, {SIGINT, true}, {SIGQUIT, true}, {SIGTERM, false}};

void interrupt_setup(enum ptrace_interrupt mode, bool has_command)
{
	handle(SIGCHLD, SIG_DFL); /* ignored, it would make wait4 lose deaths */
	handle(SIGALRM, on_timer);
	handle(SIGPIPE, SIG_IGN); /* an error of write instead */
	handle(SIGTTOU, SIG_IGN); /* the log goes on when the command is in the background */
	handle(SIGTTIN, SIG_IGN);
	if (mode == PTRACE_INTR_ANYWHERE)
		return;
	if (mode == PTRACE_INTR_NEVER_TSTP)
		handle(SIGTSTP, SIG_IGN);
	bool is_never = mode == PTRACE_INTR_NEVER || mode == PTRACE_INTR_NEVER_TSTP;
	for (size_t i = 0; i < sizeof(fatal) / sizeof(*fatal); i++) {
		bool is_left = mode == PTRACE_INTR_DEFAULT && has_command && fatal[i].is_terminals;
		handle(fatal[i].signo, is_never || is_left ? SIG_IGN : on_signal);
	}
}
