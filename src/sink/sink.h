/* sink: a reader of calls that writes bytes. Several can run at once; none knows of another. */
#ifndef SINK_SINK_H
#define SINK_SINK_H

#include "call.h"
#include "event.h"

struct buf;  /* base/buf.h */
struct task; /* state/task.h */
struct state;

struct sink {
	const struct sink_ops *ops;
};

struct sink_ops {
	const char *name;
	void (*entry)(struct sink *s, const struct task *task, const struct call *call);
	void (*exit)(struct sink *s, const struct task *task, const struct call *call);
	/* signal, stop, exec, fork, attach, death, gap */
	void (*event)(struct sink *s, const struct task *task, const struct event *ev);
	/* A task came into being (after it is in the state), or is about to leave it. */
	void (*task)(struct sink *s, struct task *task, bool is_born);
	/* -errno where output failed earlier; called once per loop, cheap */
	int (*error)(const struct sink *s);
	/* The loop is about to block, NOW (ns, monotonic): hand over what is due, as out_idle. True: something is left. */
	bool (*idle)(struct sink *s, uint64_t now);
	/* Does it write to what others may write to as well (out.is_watched)? */
	bool (*is_watched)(const struct sink *s);
	/* The trace is about to end: adds records of its own, JSON lines, for a sink that writes records. */
	void (*give_records)(struct sink *s, struct buf *lines);
	void (*take_records)(struct sink *s, const struct buf *lines);
	/* The trace ended; writes what is left, closes, frees. Returns 0 or -errno. */
	int (*end)(struct sink *s);
};
/* NULL members are skipped. */

#endif
