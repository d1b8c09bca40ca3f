/* dump: the data that a call moved, all of it, for who wants more than -s shows. */
#ifndef DECODE_DUMP_H
#define DECODE_DUMP_H

#include "base/arena.h"
#include "call.h"
#include "event.h"

/*
 * What is behind the buffers among the arguments of a call whose exit EV tells of: a chain of STR (a buffer), ARRAY of STR
 * (an iovec) or ARRAY of such ARRAYs (an array of messages). NULL: nothing.
 */
struct val *decode_dump(const struct call *call, const struct event *ev, struct arena *arena);

#endif
