/* sinks: the formats of this run, together. */
#ifndef SINK_SINKS_H
#define SINK_SINKS_H

#include "opts.h"
#include "sink/sink.h"

struct sinks;

/* Opens what the options ask for. Faults are told and end the program with EXIT_USAGE. */
struct sinks *sinks_open(const struct options *options);
/* Does any of them show descriptors, so that state has to follow them? */
bool sinks_need_fds(const struct sinks *s);
void sinks_task(struct sinks *s, struct task *task, bool is_born);
void sinks_entry(struct sinks *s, const struct task *task, const struct call *call);
void sinks_exit(struct sinks *s, const struct task *task, const struct call *call);
void sinks_event(struct sinks *s, const struct task *task, const struct event *ev);
int sinks_error(const struct sinks *s); /* the first sink's -errno, or 0 */
void sinks_idle(struct sinks *s);       /* the loop is about to wait */
int sinks_close(struct sinks *s);       /* ends and frees all; 0 or the first -errno */

#endif
