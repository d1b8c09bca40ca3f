/* Open file descriptions are counted; tables are arrays of references to them. */
#include "state/fd.h"

#include "base/xalloc.h"
#include "desc/desc.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* A descriptor number beyond this is refused by the kernel's own ceiling (fs/file.c, sysctl nr_open max). */
enum { FD_MAX = 1 << 30, FIRST_SLOTS = 16 };

const char *const fd_kind_names[FD_KIND_COUNT] = {
	[FD_UNKNOWN] = "unknown", [FD_FILE] = "file", [FD_DIR] = "directory", [FD_CHAR] = "char device",
	[FD_BLOCK] = "block device", [FD_PIPE] = "pipe", [FD_SOCKET] = "socket", [FD_ANON] = "anon",
};

struct ofd *ofd_new(uint64_t id)
{
	struct ofd *o = xcalloc(1, sizeof(*o));
	o->refs = 1;
	o->id = id;
	o->domain = o->type = o->protocol = -1;
	o->opened_seq = UINT64_MAX;
	return o;
}

struct ofd *ofd_ref(struct ofd *o)
{
	o->refs++;
	return o;
}

void ofd_unref(struct ofd *o)
{
	if (!o || --o->refs)
		return;
	free(o->path);
	free(o->details);
	free(o);
}

const char *ofd_label(const struct ofd *o)
{
	return o->path;
}

const char *ofd_details(const struct ofd *o)
{
	return o->details ? o->details : o->path;
}

static enum fd_kind kind_of(mode_t mode, const char *path)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return FD_FILE;
	case S_IFDIR:
		return FD_DIR;
	case S_IFCHR:
		return FD_CHAR;
	case S_IFBLK:
		return FD_BLOCK;
	case S_IFIFO:
		return FD_PIPE;
	case S_IFSOCK:
		return FD_SOCKET;
	default:
		return strncmp(path, "anon_inode:", strlen("anon_inode:")) == 0 ? FD_ANON : FD_UNKNOWN;
	}
}

void ofd_resolve(struct ofd *o, pid_t tid, int fd)
{
	if (o->is_resolved)
		return;
	o->is_resolved = true;
	char link[64];
	snprintf(link, sizeof(link), "/proc/%d/fd/%d", tid, fd);
	char path[PATH_MAX + 1];
	ssize_t n = readlink(link, path, sizeof(path) - 1);
	if (n < 0)
		return;
	path[n] = '\0';
	free(o->path);
	o->path = xstrdup(path);
	struct stat st;
	if (stat(link, &st) < 0)
		return;
	o->kind = kind_of(st.st_mode, path);
	o->dev = st.st_dev;
	o->ino = st.st_ino;
	o->rdev = st.st_rdev;
	o->is_deleted = st.st_nlink == 0;
	if (o->kind == FD_CHAR || o->kind == FD_BLOCK)
		o->details = xasprintf("%s<%s %u:%u>", path, o->kind == FD_CHAR ? "char" : "block", major(st.st_rdev),
				       minor(st.st_rdev));
}

uint8_t ofd_category(const struct ofd *o, uint8_t fallback)
{
	switch (o->kind) {
	case FD_FILE:
	case FD_DIR:
		if (o->path && (strncmp(o->path, "/proc/", 6) == 0 || strncmp(o->path, "/sys/", 5) == 0))
			return CATEGORY_INFO;
		return CATEGORY_FILE;
	case FD_CHAR:
	case FD_BLOCK:
		return CATEGORY_DEVICE;
	case FD_PIPE:
	case FD_SOCKET:
		return CATEGORY_COMM;
	default:
		return fallback;
	}
}

struct fd_table *fd_table_new(void)
{
	struct fd_table *t = xcalloc(1, sizeof(*t));
	t->refs = 1;
	return t;
}

struct fd_table *fd_table_copy(const struct fd_table *from)
{
	struct fd_table *t = fd_table_new();
	t->n = from->n;
	t->slots = xcalloc(t->n, sizeof(*t->slots));
	for (size_t i = 0; i < t->n; i++) {
		t->slots[i] = from->slots[i];
		if (t->slots[i].ofd)
			ofd_ref(t->slots[i].ofd);
	}
	return t;
}

struct fd_table *fd_table_ref(struct fd_table *t)
{
	t->refs++;
	return t;
}

void fd_table_unref(struct fd_table *t)
{
	if (!t || --t->refs)
		return;
	for (size_t i = 0; i < t->n; i++)
		ofd_unref(t->slots[i].ofd);
	free(t->slots);
	free(t);
}

struct fd_slot *fd_table_get(struct fd_table *t, int fd)
{
	if (fd < 0 || (size_t)fd >= t->n || !t->slots[fd].ofd)
		return NULL;
	return &t->slots[fd];
}

void fd_table_set(struct fd_table *t, int fd, struct ofd *o, bool is_cloexec)
{
	if (fd < 0 || fd >= FD_MAX)
		return;
	if ((size_t)fd >= t->n) {
		size_t n = t->n ? t->n : FIRST_SLOTS;
		while (n <= (size_t)fd)
			n *= 2;
		t->slots = xgrow(t->slots, n, sizeof(*t->slots));
		memset(t->slots + t->n, 0, (n - t->n) * sizeof(*t->slots));
		t->n = n;
	}
	struct ofd *old = t->slots[fd].ofd;
	t->slots[fd] = (struct fd_slot){ofd_ref(o), is_cloexec};
	ofd_unref(old);
}

void fd_table_close(struct fd_table *t, int fd)
{
	struct fd_slot *s = fd_table_get(t, fd);
	if (!s)
		return;
	struct ofd *old = s->ofd;
	*s = (struct fd_slot){0};
	ofd_unref(old);
}

void fd_table_close_on_exec(struct fd_table *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->slots[i].ofd && t->slots[i].is_cloexec)
			fd_table_close(t, (int)i);
}
