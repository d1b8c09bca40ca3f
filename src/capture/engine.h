/*
 * engine: where events come from. next yields one event; until resume that task stands still and its memory answers.
 * Knows registers, ptrace, seccomp, /proc, restarts; does not know what a single call means.
 */
#ifndef CAPTURE_ENGINE_H
#define CAPTURE_ENGINE_H

#include "event.h"

struct engine {
	const struct engine_ops *ops;
};

struct engine_ops {
	/*
	 * Waits for the next event. TIMEOUT_MS < 0: for ever; 0: EVENT_NONE at once where nothing waits. Returns 0 or
	 * -errno; -EINTR: a signal asked for the end of the trace.
	 */
	int (*next)(struct engine *e, int timeout_ms, struct event *ret_event);
	/* Lets the task of the event go on; a SIGNAL event's signal is delivered. */
	void (*resume)(struct engine *e, const struct event *ev);
	/* Detaches from all; they run on untraced. */
	void (*detach)(struct engine *e);
	void (*close)(struct engine *e);
};

#endif
