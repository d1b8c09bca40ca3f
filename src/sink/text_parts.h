/* text_parts: what the files of the text sink that show values share; text_value is for all others. */
#ifndef SINK_TEXT_PARTS_H
#define SINK_TEXT_PARTS_H

#include "sink/text.h"

/* A number in the look of its role, set or format. */
void text_scalar(struct buf *b, const struct text_config *c, const struct val *v);
/* A descriptor, with what it refers to as -y and -yy ask. */
void text_fd(struct buf *b, const struct text_config *c, const struct val *v);
/* The date as a comment, FRACTION in units of 10 to the -DIGITS seconds. */
void text_date(struct buf *b, int64_t sec, uint64_t fraction, int digits);
/* The signals in the low BITS of MASK: [HUP INT], or what is not in it: ~[...]. */
void text_signals(struct buf *b, const struct text_config *c, uint64_t mask, unsigned bits);
/* The names of V, whatever -X says. */
void text_set_names(struct buf *b, const struct desc_set *set, uint64_t v, bool is_verbose);

#endif
