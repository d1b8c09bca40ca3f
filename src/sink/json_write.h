/* json_write: JSON into a buf. Commas are put where they belong; the caller closes what it opens. */
#ifndef SINK_JSON_WRITE_H
#define SINK_JSON_WRITE_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

void json_open_object(struct buf *b);
void json_close_object(struct buf *b);
void json_open_array(struct buf *b);
void json_close_array(struct buf *b);
void json_key(struct buf *b, const char *key);
void json_text(struct buf *b, const char *s);                  /* NUL-terminated; bytes that are no UTF-8 become U+FFFD */
void json_bytes(struct buf *b, struct span s, uint64_t full);  /* a string, or {"text","b64"[,"len"]} where bytes are no UTF-8 or were cut */
void json_int(struct buf *b, int64_t v);                       /* a string beyond 2^53 */
void json_uint(struct buf *b, uint64_t v);
void json_hex(struct buf *b, uint64_t v);                      /* "0x…" */
void json_bool(struct buf *b, bool v);
void json_null(struct buf *b);

#endif
