/*
 * opts: what the user asked for. One table (opts_rows.c) makes the parser (opts.c), --help, the manual page and the
 * completions (opts_doc.c).
 */
#ifndef OPTS_H
#define OPTS_H

#include "base/num_set.h"
#include "capture/ptrace.h"
#include "sink/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Whether calls that nobody asked for run without a stop. AUTO: where a filter is safe and saves something. */
enum seccomp_mode { SECCOMP_AUTO, SECCOMP_ON, SECCOMP_OFF };

/* Words of a -e qualifier or a short form of one, in the order given; filter/ and tamper/ give them meaning. */
struct qualifier {
	const char *kind;  /* "trace", "signal", "status", "inject", "trace-fds", "path" … */
	const char *value; /* the rest */
};

/* Columns of the table of -c, in the order of --help; -U chooses, -S sorts by one of them. */
enum summary_column {
	SUMMARY_PERCENT,
	SUMMARY_TOTAL,
	SUMMARY_MIN,
	SUMMARY_MAX,
	SUMMARY_AVG,
	SUMMARY_WALL_TOTAL,
	SUMMARY_WALL_MIN,
	SUMMARY_WALL_MAX,
	SUMMARY_WALL_AVG,
	SUMMARY_CALLS,
	SUMMARY_ERRORS,
	SUMMARY_NAME,
	SUMMARY_COLUMNS,
	SUMMARY_NONE = SUMMARY_COLUMNS,
};
enum summary_wish { SUMMARY_OFF, SUMMARY_ONLY /* -c */, SUMMARY_TOO /* -C */ };

/* What the lines of folded stacks count. */
enum stacks_weight { STACKS_COUNT, STACKS_BYTES, STACKS_TIME };

struct options {
	struct text_config text;
	bool states_quiet;   /* -e quiet= was given */
	size_t string_limit; /* -s */
	bool is_following;   /* -f */
	bool is_separate;    /* -ff */
	const char *output;  /* -o */
	bool appends;        /* -A */
	bool wants_json;     /* --json */
	const char *json;    /* its FILE, NULL = standard error's place */
	enum summary_wish summary;
	bool is_wall_summary;                         /* -w */
	uint64_t overhead;                            /* -O, ns */
	enum summary_column sort;                     /* -S */
	enum summary_column columns[SUMMARY_COLUMNS]; /* -U, in this order */
	size_t ncolumns;
	uint64_t call_limit;      /* --syscall-limit, 0 = none */
	bool is_debugging;        /* -d */
	bool wants_profile;       /* --profile */
	const char *profile;      /* its FILE, NULL = standard error */
	const char *profile_json; /* --profile-json */
	const char *profile_sort; /* NULL = time */
	bool wants_fds;           /* --fds */
	bool wants_tree;          /* --tree */
	bool wants_findings;      /* --findings */
	bool findings_as_json;
	int stack_level;                  /* -k 1, -kk 2: with files and lines */
	unsigned stack_frames;            /* --stack-trace-frame-limit */
	const char *stacks;               /* --stacks: file for folded stacks, NULL = none */
	enum stacks_weight stacks_weight; /* --stacks-by */
	bool sums_by_caller;              /* -c --by=caller */
	bool kill_on_exit;
	bool detach_on_exec;                 /* -b execve */
	enum seccomp_mode seccomp;           /* --seccomp, --seccomp-bpf */
	bool is_entry_only;                  /* --entry-only */
	enum ptrace_interrupt interruptible; /* -I */
	enum ptrace_daemon daemon;           /* -D */
	const char *user;                    /* -u */
	const char *argv0;
	char **env; /* -E, NULL-terminated */
	size_t nenv;
	pid_t *pids; /* -p */
	size_t npids;
	struct qualifier *qualifiers;
	size_t nqualifiers;
	char **argv; /* the command, NULL if none */
};

/* Fills OPTIONS from the command line. Faults are told and end the program with EXIT_USAGE; --help and its like end it
 * with 0. */
void opts_parse(struct options *options, int argc, char **argv);
void opts_free(struct options *options);

#endif
