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
/* Does any want to know what calls did, so that state has to make acts? */
bool sinks_need_acts(const struct sinks *s);
/* Does any show what strings and buffers hold? */
bool sinks_show_strings(const struct sinks *s);
bool sinks_need_values(const struct sinks *s); /* does any look at arguments? */
void sinks_task(struct sinks *s, struct task *task, bool is_born);
void sinks_entry(struct sinks *s, const struct task *task, const struct call *call);
void sinks_exit(struct sinks *s, const struct task *task, const struct call *call);
void sinks_event(struct sinks *s, const struct task *task, const struct event *ev);
int sinks_error(const struct sinks *s); /* the first sink's -errno, or 0 */
bool sinks_are_watched(const struct sinks *s); /* does one write where others may write too: a terminal, standard error? */
bool sinks_idle(struct sinks *s, uint64_t now); /* the loop is about to wait; true: some output is still held back */
int sinks_close(struct sinks *s);       /* ends and frees all; 0 or the first -errno */

#endif
