/*
 * out: where a format's bytes go: a file, a descriptor, a command's standard input. Buffered; a failed write is kept and
 * told, never retried.
 */
#ifndef SINK_OUT_H
#define SINK_OUT_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct out {
	unsigned refs;   /* users beyond the first */
	int fd;
	bool owns_fd;
	pid_t child;     /* of "|command"; 0 = none */
	struct buf buf;  /* not yet written */
	uint64_t written; /* bytes that left buf so far */
	int error;       /* -errno of the first failure, 0 = none */
	bool is_watched; /* somebody reads along: hand over what is there before waiting. A file of our own isn't: OUT_AGE_NS will do */
	uint64_t flushed; /* ns, CLOCK_MONOTONIC: when out_idle last wrote */
};

/* TARGET: a path, or "|command" / "!command". NULL and errno set on failure, which is the caller's to tell. */
struct out *out_open(const char *target, bool appends);
struct out *out_of_fd(int fd);
/* Writes what is buffered once it is much. */
void out_commit(struct out *o);
void out_flush(struct out *o);
/* The loop is about to wait, NOW (ns, CLOCK_MONOTONIC; OUT_ALL: whatever its age). Writes what is due; true: something is left. */
bool out_idle(struct out *o, uint64_t now);
enum { OUT_AGE_NS = 100 * 1000 * 1000 };
#define OUT_ALL UINT64_MAX
struct out *out_share(struct out *o); /* for another user, who closes it too */
int out_close(struct out *o); /* the last user's: flushes, waits for a command, frees; 0 or -errno */

#endif
