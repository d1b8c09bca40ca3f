/*
 * text: strace's format (DESIGN §5). It knows roles (descriptor, mode, address …), never calls; what a call looks like
 * follows from its values.
 */
#ifndef SINK_TEXT_H
#define SINK_TEXT_H

#include "base/buf.h"
#include "decode/val.h"
#include "sink/out.h"
#include "sink/sink.h"

#include <stdbool.h>

enum text_names { NAMES_ABBREV, NAMES_RAW, NAMES_VERBOSE }; /* -X */
enum text_hex { HEX_NONE, HEX_NON_ASCII, HEX_ALL };         /* -x, -xx */
enum text_stamp { STAMP_NONE, STAMP_TIME, STAMP_EPOCH };    /* -t, -ttt */
enum text_pid { PID_NONE, PID_BRACKETS, PID_COLUMN, PID_BRACKETS_ALWAYS };

struct text_config {
	size_t string_limit;      /* -s */
	enum text_names names;
	enum text_hex hex;
	enum text_stamp stamp;
	int stamp_digits;         /* of the fraction of a second, here and below: 0, 3, 6 or 9 */
	enum text_pid pid;
	bool shows_relative;      /* -r */
	int relative_digits;
	bool shows_duration;      /* -T */
	int duration_digits;
	bool shows_ip;            /* -i */
	bool shows_number;        /* -n */
	bool shows_arg_names;     /* -N */
	bool hides_exit;          /* quiet=exit */
	bool hides_attach;        /* quiet=attach */
	bool hides_superseded;    /* quiet=superseded */
	int fd_level;             /* 0; 1 = paths (-y), 2 = also sockets and devices (-yy) */
	int column;               /* -a */
};

/* A sink that writes to OUT, which it owns; or, where SEPARATE is not NULL, to a file SEPARATE.TID a task. CONFIG is copied. */
struct sink *text_open(const struct text_config *config, struct out *out, const char *separate);

/* The pieces, for tests and for other formats that quote strace's look. */
void text_value(struct buf *b, const struct text_config *c, const struct val *v);
void text_string(struct buf *b, const struct text_config *c, const struct val *v);
/* Bytes as between the quotes of a string; HEX_ALL where IS_HEX. */
void text_escape(struct buf *b, struct span s, enum text_hex hex, char quote);
void text_set(struct buf *b, const struct text_config *c, const struct desc_set *set, uint64_t v, int width, int format);

#endif
