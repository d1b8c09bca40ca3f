/* notice: what strace tells on standard error whatever the format is: processes attached and let go, changes of ABI. */
#ifndef SINK_NOTICE_H
#define SINK_NOTICE_H

#include "sink/sink.h"

/* QUIET: QUIET_* of sink/text.h. */
struct sink *notice_open(unsigned quiet);

#endif
