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

/* Mixes both numbers into a key of the map; inodes that collide are told apart in inode_get. */
static uint64_t inode_key(uint64_t dev, uint64_t ino)
{
	return (ino ^ dev << 40 ^ dev >> 24) | 1ULL << 63;
}

/* The inode that ST tells of, with a reference more. */
static struct inode *inode_get(struct map *inodes, const struct stat *st)
{
	uint64_t key = inode_key(st->st_dev, st->st_ino);
	struct inode *i = map_get(inodes, key);
	if (!i || i->dev != st->st_dev || i->ino != st->st_ino) {
		bool is_free = !i;
		i = xcalloc(1, sizeof(*i));
		i->dev = st->st_dev;
		i->ino = st->st_ino;
		if (is_free) {
			i->inodes = inodes;
			map_put(inodes, key, i);
		}
	}
	i->refs++;
	i->size = (uint64_t)st->st_size;
	i->block_size = (uint32_t)st->st_blksize;
	return i;
}

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

static void inode_unref(struct inode *i)
{
	if (!i || --i->refs)
		return;
	if (i->inodes)
		map_remove(i->inodes, inode_key(i->dev, i->ino));
	free(i);
}

void ofd_unref(struct ofd *o)
{
	if (!o || --o->refs)
		return;
	for (size_t i = 0; i < o->nwatched; i++)
		free(o->watched[i].label);
	free(o->watched);
	inode_unref(o->inode);
	free(o->path);
	free(o->first_path);
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

/* The kernel writes " (deleted)" behind the path of what has no name any more; a file may be called that, too. */
static bool is_gone(const char *path, size_t n, const char *link)
{
	static const char mark[] = " (deleted)";
	size_t len = sizeof(mark) - 1;
	if (n <= len || memcmp(path + n - len, mark, len) != 0)
		return false;
	struct stat named;
	struct stat open;
	return stat(path, &named) < 0 || stat(link, &open) < 0 || named.st_dev != open.st_dev || named.st_ino != open.st_ino;
}

void ofd_read_path(struct ofd *o, pid_t tid, int fd)
{
	char link[64];
	snprintf(link, sizeof(link), "/proc/%d/fd/%d", tid, fd);
	char path[PATH_MAX + 1];
	ssize_t n = readlink(link, path, sizeof(path) - 1);
	if (n < 0)
		return;
	path[n] = '\0';
	o->is_deleted = is_gone(path, (size_t)n, link);
	if (!o->first_path)
		o->first_path = o->path;
	else
		free(o->path);
	o->path = xstrndup(path, o->is_deleted ? (size_t)n - strlen(" (deleted)") : (size_t)n);
}

void ofd_resolve(struct ofd *o, struct map *inodes, pid_t tid, int fd)
{
	if (o->is_resolved)
		return;
	o->is_resolved = true;
	ofd_read_path(o, tid, fd);
	char link[64];
	snprintf(link, sizeof(link), "/proc/%d/fd/%d", tid, fd);
	struct stat st;
	if (!o->path || stat(link, &st) < 0)
		return;
	o->kind = kind_of(st.st_mode, o->path);
	o->dev = st.st_dev;
	o->ino = st.st_ino;
	o->rdev = st.st_rdev;
	if (ofd_has_position(o))
		o->inode = inode_get(inodes, &st);
	if (o->kind == FD_CHAR || o->kind == FD_BLOCK)
		o->details = xasprintf("%s %u:%u", o->kind == FD_CHAR ? "char" : "block", major(st.st_rdev), minor(st.st_rdev));
}

bool ofd_read_info(struct ofd *o, pid_t tid, int fd)
{
	char name[64];
	snprintf(name, sizeof(name), "/proc/%d/fdinfo/%d", tid, fd);
	FILE *f = fopen(name, "re");
	unsigned long flags = 0;
	unsigned long long position = 0;
	char line[128];
	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "pos: %llu", &position) == 1)
			o->position = position;
		if (sscanf(line, "flags: %lo", &flags) == 1)
			break;
	}
	if (f)
		fclose(f);
	o->flags = (uint32_t)(flags & ~(unsigned long)O_CLOEXEC);
	return flags & O_CLOEXEC;
}

void ofd_watch(struct ofd *o, int fd, uint64_t target, const char *label)
{
	o->watched = xgrow(o->watched, o->nwatched + 1, sizeof(*o->watched));
	o->watched[o->nwatched++] = (struct watched){fd, target, xstrdup(label)};
}

void ofd_unwatch(struct ofd *o, int fd)
{
	for (size_t i = 0; i < o->nwatched; i++) {
		if (o->watched[i].fd != fd)
			continue;
		free(o->watched[i].label);
		o->watched[i] = o->watched[--o->nwatched];
		return;
	}
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

/* A descriptor no longer refers to O. */
static void drop(struct ofd *o)
{
	if (o)
		o->fds--;
	ofd_unref(o);
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
			ofd_ref(t->slots[i].ofd)->fds++;
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
		drop(t->slots[i].ofd);
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
	o->fds++;
	drop(old);
}

void fd_table_close(struct fd_table *t, int fd)
{
	struct fd_slot *s = fd_table_get(t, fd);
	if (!s)
		return;
	struct ofd *old = s->ofd;
	*s = (struct fd_slot){0};
	drop(old);
}

void fd_table_close_on_exec(struct fd_table *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->slots[i].ofd && t->slots[i].is_cloexec)
			fd_table_close(t, (int)i);
}
