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
enum text_hex { HEX_NONE, HEX_NON_ASCII_CHARS, HEX_NON_ASCII, HEX_ALL }; /* \x in place of octal; -x: whole strings; -xx */
enum text_stamp { STAMP_NONE, STAMP_TIME, STAMP_EPOCH };    /* -t, -ttt */
enum text_pid { PID_NONE, PID_BRACKETS, PID_COLUMN, PID_BRACKETS_ALWAYS };
enum text_color { COLOR_NEVER, COLOR_AUTO, COLOR_ALWAYS };
/* What is left unsaid (-q); what descriptors (-y) and pids (-Y) are shown with. */
enum text_quiet { QUIET_ATTACH = 1, QUIET_EXIT = 2, QUIET_PATH_RESOLUTION = 4, QUIET_PERSONALITY = 8, QUIET_THREAD_EXECVE = 16, QUIET_ALL = 31 };
enum text_fds { FDS_PATH = 1, FDS_SOCKET = 2, FDS_DEV = 4, FDS_PIDFD = 8, FDS_EVENTFD = 16, FDS_SIGNALFD = 32, FDS_ALL = 63 };
enum text_pids { PIDS_COMM = 1, PIDS_NAMESPACE = 2, PIDS_ALL = 3 };

/* Who knows the names of pids. NULL functions: nobody. */
struct text_names_of {
	const char *(*comm)(void *ctx, pid_t pid); /* of the program; NULL: there is no such task */
	pid_t (*ours)(void *ctx, pid_t pid);       /* the number, in the tracer's pid namespace, of what the task at hand calls so; 0 = not known */
	void *ctx;
};

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
	bool always_shows_pid;
	unsigned quiet;           /* QUIET_* */
	unsigned fds;             /* FDS_* */
	unsigned pids;            /* PIDS_* */
	struct text_names_of names_of;
	enum text_color color;
	bool is_colored;
	bool appends;             /* -A, for files of tasks */
	bool is_opaque;           /* of the call at hand: pointers to other than text are shown as addresses (-e verbose=) */
	int stack_level;          /* -k 1, -kk 2 */
	bool shows_callers;
	int column;               /* -a */
};

/* A sink that writes to OUT, which it owns; or, where SEPARATE is not NULL, to a file SEPARATE.TID a task. CONFIG is copied. */
struct sink *text_open(const struct text_config *config, struct out *out, const char *separate);

/* The pieces, for tests and for other formats that quote strace's look. */
void text_value(struct buf *b, const struct text_config *c, const struct val *v);
void text_string(struct buf *b, const struct text_config *c, const struct val *v);
/* Bytes as between the quotes of a string; HEX_ALL where IS_HEX. */
void text_escape(struct buf *b, struct span s, enum text_hex hex, char quote);
void text_comm(struct buf *b, const struct text_config *c, pid_t pid); /* "<comm>", where asked for and known */
const char *text_abi_mode(int abi); /* "32 bit" … */
void text_dump(struct buf *b, const struct val *dump); /* hex dumps of decode_dump's buffers, lines of their own */
void text_set(struct buf *b, const struct text_config *c, const struct desc_set *set, uint64_t v, int width, int format);

struct stack;
/* Lines for the frames, as -k. */
void text_stack(struct buf *b, const struct stack *stack, bool has_source);
/* Two spaces and who made the call; nothing where that isn't known. */
void text_caller(struct buf *b, const struct stack *stack);

#endif
