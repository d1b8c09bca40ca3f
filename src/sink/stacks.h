/* stacks: folded stacks, a line for each: frames from the outermost on behind semicolons, then the call, then a number. */
#ifndef SINK_STACKS_H
#define SINK_STACKS_H

#include "opts.h"
#include "sink/out.h"
#include "sink/sink.h"

/* Counts as options->stacks_weight says; written at the end. Owns OUT. */
struct sink *stacks_open(const struct options *options, struct out *out);

#endif
