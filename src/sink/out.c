/* One write for many lines: a write of its own for each would cost as much as the stop that it tells of. */
#include "sink/out.h"

#include "base/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { COMMIT_SIZE = 64 * 1024, MODE = 0666 };

struct out *out_of_fd(int fd)
{
	struct out *o = xcalloc(1, sizeof(*o));
	o->fd = fd;
	o->is_watched = true;
	return o;
}

static struct out *open_command(const char *command)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) < 0)
		return NULL;
	pid_t pid = fork();
	if (pid == 0) {
		signal(SIGPIPE, SIG_DFL);
		dup2(ends[0], STDIN_FILENO);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	close(ends[0]);
	if (pid < 0) {
		close(ends[1]);
		return NULL;
	}
	struct out *o = out_of_fd(ends[1]);
	o->owns_fd = true;
	o->child = pid;
	return o;
}

struct out *out_open(const char *target, bool appends)
{
	if (*target == '|' || *target == '!')
		return open_command(target + 1);
	int fd = open(target, O_WRONLY | O_CREAT | O_CLOEXEC | (appends ? O_APPEND : O_TRUNC), MODE);
	if (fd < 0)
		return NULL;
	struct out *o = out_of_fd(fd);
	o->owns_fd = true;
	struct stat st;
	o->is_watched = fstat(fd, &st) < 0 || !S_ISREG(st.st_mode);
	return o;
}

void out_flush(struct out *o)
{
	size_t done = 0;
	while (done < o->buf.n && !o->error) {
		ssize_t n = write(o->fd, o->buf.p + done, o->buf.n - done);
		if (n >= 0)
			done += (size_t)n;
		else if (errno != EINTR)
			o->error = -errno;
	}
	o->written += o->buf.n;
	o->buf.n = 0;
}

bool out_idle(struct out *o, uint64_t now)
{
	if (!o->buf.n)
		return false;
	if (!o->is_watched && now < o->flushed + OUT_AGE_NS)
		return true;
	out_flush(o);
	o->flushed = now == OUT_ALL ? o->flushed : now;
	return false;
}

void out_commit(struct out *o)
{
	if (o->buf.n >= COMMIT_SIZE)
		out_flush(o);
}

struct out *out_share(struct out *o)
{
	o->refs++;
	return o;
}

int out_close(struct out *o)
{
	if (o->refs) {
		o->refs--;
		return o->error;
	}
	out_flush(o);
	int err = o->error;
	if (o->owns_fd && close(o->fd) < 0 && !err)
		err = -errno;
	while (o->child && waitpid(o->child, NULL, __WALL) < 0 && errno == EINTR)
		;
	buf_free(&o->buf);
	free(o);
	return err;
}
