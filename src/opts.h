/* opts: what the user asked for. One table (opts.c) makes the parser, --help, the manual page and the completion. */
#ifndef OPTS_H
#define OPTS_H

#include "capture/ptrace.h"
#include "sink/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Words of a -e qualifier or a short form of one, in the order given; filter/ gives them meaning. */
struct qualifier {
	const char *kind;  /* "trace", "signal", "status", "quiet", "trace-fds", "path" … */
	const char *value; /* the rest */
};

/* Whether calls that nobody asked for run without a stop. AUTO: where a filter is safe and saves something. */
enum seccomp_mode { SECCOMP_AUTO, SECCOMP_ON, SECCOMP_OFF };

struct options {
	struct text_config text;
	size_t string_limit;       /* -s */
	bool is_verbose;           /* -v */
	int follow;                /* -f 1, -ff 2 */
	int quiet;                 /* -q 1 … */
	const char *output;        /* -o */
	bool appends;              /* -A */
	bool wants_json;           /* --json */
	const char *json;          /* its FILE, NULL = standard error's place */
	bool wants_summary;        /* -c or -C */
	bool wants_lines_too;      /* -C */
	bool is_wall_summary;      /* -w */
	const char *summary_sort;  /* -S, NULL = time */
	bool wants_profile;        /* --profile */
	const char *profile;       /* its FILE, NULL = standard error */
	const char *profile_json;  /* --profile-json */
	const char *profile_sort;  /* NULL = time */
	bool wants_fds;            /* --fds */
	bool wants_tree;           /* --tree */
	bool wants_findings;       /* --findings */
	bool findings_as_json;
	bool kill_on_exit;
	bool detach_on_exec;       /* -b execve */
	enum seccomp_mode seccomp; /* --seccomp, --seccomp-bpf */
	bool is_entry_only;        /* --entry-only */
	enum ptrace_interrupt interruptible; /* -I */
	enum ptrace_daemon daemon; /* -D */
	const char *user;          /* -u */
	const char *argv0;
	char **env;                /* -E, NULL-terminated */
	size_t nenv;
	pid_t *pids;               /* -p */
	size_t npids;
	struct qualifier *qualifiers;
	size_t nqualifiers;
	char **argv;               /* the command, NULL if none */
};

/* Fills OPTIONS from the command line. Faults are told and end the program with EXIT_USAGE; --help and its like end it with 0. */
void opts_parse(struct options *options, int argc, char **argv);

#endif
