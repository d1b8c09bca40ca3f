/* profile: what a program did with its files, pipes, sockets and devices, and what its author should know (docs/profile.md). */
#ifndef SINK_PROFILE_H
#define SINK_PROFILE_H

#include "opts.h"
#include "sink/out.h"
#include "sink/sink.h"

/* Needs acts (state/act.h). OUT: for the text that the options ask for, JSON: for the document; either may be NULL. */
struct sink *profile_open(const struct options *options, struct out *out, struct out *json);

#endif
