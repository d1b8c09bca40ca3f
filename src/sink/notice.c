/* Stands behind the text sink, which hands over its half line before a message is written. */
#include "sink/notice.h"

#include "base/diag.h"
#include "base/xalloc.h"
#include "sink/text.h"
#include "state/task.h"

#include <stdlib.h>

struct notice_sink {
	struct sink sink;
	unsigned quiet;
};

/* A process is told once, with the number of its threads. */
static void on_attach(const struct event *ev)
{
	if (ev->nthreads > 1)
		diag("Process %d attached with %u threads", ev->tid, ev->nthreads);
	else if (ev->nthreads || !(ev->is_command || ev->is_thread))
		diag("Process %d attached", ev->tid);
}

static void on_event(struct sink *s, const struct task *task, const struct event *ev)
{
	const struct notice_sink *n = (const struct notice_sink *)s;
	if (ev->kind == EVENT_ABI && !(n->quiet & QUIET_PERSONALITY))
		diag_bare("[ Process PID=%d runs in %s mode. ]", task->tid, text_abi_mode(ev->abi));
	if (n->quiet & QUIET_ATTACH)
		return;
	if (ev->kind == EVENT_EXEC && ev->is_detached)
		diag("Process %d detached", ev->tid);
	else if (ev->kind == EVENT_FORK)
		diag("Process %d attached", ev->other);
	else if (ev->kind == EVENT_ATTACH)
		on_attach(ev);
}

static int end(struct sink *s)
{
	free(s);
	return 0;
}

static const struct sink_ops notice_ops = {.name = "notice", .event = on_event, .end = end};

struct sink *notice_open(unsigned quiet)
{
	struct notice_sink *n = xcalloc(1, sizeof(*n));
	n->sink.ops = &notice_ops;
	n->quiet = quiet;
	return &n->sink;
}
