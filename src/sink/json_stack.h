/* json_stack: stacks and callers in JSON records. */
#ifndef SINK_JSON_STACK_H
#define SINK_JSON_STACK_H

#include "base/buf.h"

struct stack;

/* The members stack_id and stack (frames, innermost first), and caller where there is one, of the record being written. */
void json_stack(struct buf *b, const struct stack *stack);

#endif
