/* json: one record a line (DESIGN §6); the contract is contrib/ringside.schema.json. */
#ifndef SINK_JSON_H
#define SINK_JSON_H

#include "opts.h"
#include "sink/out.h"
#include "sink/sink.h"

struct sink *json_open(const struct options *options, struct out *out);

#endif
