/* summary: counts and times per call, as strace -c prints them. */
#ifndef SINK_SUMMARY_H
#define SINK_SUMMARY_H

#include "opts.h"
#include "sink/out.h"
#include "sink/sink.h"

struct sink *summary_open(const struct options *options, struct out *out);

#endif
