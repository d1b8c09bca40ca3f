/*
 * fd: open file descriptions and the tables of descriptors that refer to them, shared, copied and closed as the
 * kernel does it. What a description is (path, socket, device) is read from /proc once, when somebody first asks.
 */
#ifndef STATE_FD_H
#define STATE_FD_H

#include "base/map.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum fd_kind {
	FD_UNKNOWN,
	FD_FILE,
	FD_DIR,
	FD_CHAR,
	FD_BLOCK,
	FD_PIPE, /* also FIFOs */
	FD_SOCKET,
	FD_ANON, /* anon_inode: eventfd, epoll, timerfd, pidfd, memfd … */
	FD_KIND_COUNT
};
extern const char *const fd_kind_names[FD_KIND_COUNT]; /* as JSON shows them */

/* What the traced world knows of an inode, shared by its open file descriptions. */
struct inode {
	unsigned refs;       /* open file descriptions */
	uint64_t dev, ino;
	uint64_t size;       /* end of the file, as far as seen */
	uint32_t block_size; /* st_blksize */
	struct map *inodes;  /* where it is found by number; NULL = another has its place there */
};

/* A member of an epoll instance, or what an inotify instance watches. */
struct watched {
	int fd;       /* epoll: the member; inotify: the watch descriptor */
	uint64_t ofd; /* epoll: id of what it referred to when added; 0 = a path */
	char *label;  /* what it was called then; owned */
};

/* What F_SETFL may change (fs/fcntl.c). */
#define OFD_SETTABLE (O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME | O_ASYNC)

/* An open file description: what open() makes and dup() shares. */
struct ofd {
	unsigned refs;       /* descriptors and calls that refer to it */
	unsigned fds;        /* descriptors that refer to it; with none, and none on the way, nobody can use it any more */
	unsigned flying;     /* sent over a socket and not yet seen to arrive */
	uint64_t id;         /* unique in the trace, from 1 */
	enum fd_kind kind;
	char *path;          /* what /proc/PID/fd shows: "/etc/passwd", "pipe:[12]"; NULL = not known; owned */
	char *first_path;    /* what path was before names changed; NULL = the same; owned */
	uint64_t dev, ino;   /* of the inode; 0 = not known */
	uint64_t rdev;       /* devices */
	struct inode *inode; /* NULL = not known; a reference */
	uint64_t position;   /* of reads and writes, where it has one */
	uint64_t peer;       /* id of the other end: pipes and socket pairs made in sight; 0 = not known */
	struct watched *watched; /* owned */
	size_t nwatched;
	uint32_t flags;      /* open flags as far as seen */
	int domain, type, protocol; /* sockets; -1 = not known */
	char *details;       /* sockets: "TCP:[127.0.0.1:1->127.0.0.1:2]" as -yy shows it; devices: "char 1:3"; pidfd and its like: "pid:7";
			      * NULL = not known; owned */
	bool is_deleted;     /* path was unlinked when last read */
	uint64_t named;      /* state's count of changed names when the path was read */
	bool is_resolved;    /* /proc was asked */
	bool is_details_stale; /* a call may have changed its addresses since they were asked */
	uint64_t opened_seq; /* call record that made it; UINT64_MAX = before the trace */
};

struct fd_slot {
	struct ofd *ofd; /* NULL = closed or not known; holds a reference */
	bool is_cloexec;
};

struct fd_table {
	unsigned refs;  /* processes and threads that share it */
	struct fd_slot *slots; /* owned */
	size_t n;       /* slots allocated */
};

struct ofd *ofd_new(uint64_t id);
/* Do reads and writes happen at an offset? */
static inline bool ofd_has_position(const struct ofd *o)
{
	return o->kind == FD_FILE || o->kind == FD_BLOCK;
}
/* FD is now watched by O, a poll instance or the like; what it was called. */
void ofd_watch(struct ofd *o, int fd, uint64_t target, const char *label);
void ofd_unwatch(struct ofd *o, int fd);
struct ofd *ofd_ref(struct ofd *o);
void ofd_unref(struct ofd *o); /* frees with the last reference */

/* Text inside <> as strace -y shows it: a path, "socket:[5]"; NULL if not known. */
const char *ofd_label(const struct ofd *o);
/* The same as -yy shows it: protocol and addresses of sockets where known, devices with numbers. */
const char *ofd_details(const struct ofd *o);
/* Reads what O is from /proc/TID/fd/FD, once. */
void ofd_resolve(struct ofd *o, struct map *inodes, pid_t tid, int fd);
/* Reads its path again: names have changed. */
void ofd_read_path(struct ofd *o, pid_t tid, int fd);
/* The same from /proc/TID/fdinfo: position and flags of a description that nobody saw being opened. True if FD is close-on-exec. */
bool ofd_read_info(struct ofd *o, pid_t tid, int fd);
/* Category of a call that works on it; FALLBACK where it says nothing. */
uint8_t ofd_category(const struct ofd *o, uint8_t fallback);

struct fd_table *fd_table_new(void);
struct fd_table *fd_table_copy(const struct fd_table *t); /* as fork does */
struct fd_table *fd_table_ref(struct fd_table *t);
void fd_table_unref(struct fd_table *t);
struct fd_slot *fd_table_get(struct fd_table *t, int fd); /* NULL where closed, not known or negative */
/* FD now refers to O (a reference is taken); what it referred to is dropped. */
void fd_table_set(struct fd_table *t, int fd, struct ofd *o, bool is_cloexec);
void fd_table_close(struct fd_table *t, int fd);
void fd_table_close_on_exec(struct fd_table *t);

#endif
