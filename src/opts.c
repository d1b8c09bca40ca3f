/*
 * Options as data. Each row has its spelling, argument, group, help and the function that takes it; parsing, help,
 * manual and completion walk the rows.
 */
#include "opts.h"

#include "base/diag.h"
#include "base/xalloc.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char version[] = "ringside 0.1";

struct option_row {
	char letter;          /* 0 = long only */
	const char *word;     /* long name; NULL = letter only */
	const char *argument; /* its name in help; NULL = none; "[X]" = optional, behind = */
	const char *group;
	const char *help;
	void (*set)(struct options *o, const char *value);
};

static long number(const char *what, const char *value, long least, long most)
{
	char *end = NULL;
	long n = strtol(value, &end, 0);
	if (end == value || *end || n < least || n > most)
		diag_usage("Invalid %s argument: '%s'; expected a number from %ld to %ld", what, value, least, most);
	return n;
}

static void qualify(struct options *o, const char *kind, const char *value)
{
	o->qualifiers = xgrow(o->qualifiers, o->nqualifiers + 1, sizeof(*o->qualifiers));
	o->qualifiers[o->nqualifiers++] = (struct qualifier){kind, value};
}

static void set_column(struct options *o, const char *v) { o->text.column = (int)number("-a", v, 0, 10000); }
static void set_append(struct options *o, const char *v) { (void)v; o->appends = true; }
static void set_summary(struct options *o, const char *v) { (void)v; o->wants_summary = true; }
static void set_summary_too(struct options *o, const char *v) { (void)v; o->wants_summary = o->wants_lines_too = true; }
static void set_wall(struct options *o, const char *v) { (void)v; o->is_wall_summary = true; }
static void set_follow(struct options *o, const char *v) { (void)v; o->follow++; }
static void set_separate(struct options *o, const char *v) { (void)v; o->follow = 2; }
static void set_ip(struct options *o, const char *v) { (void)v; o->text.shows_ip = true; }
static void set_number(struct options *o, const char *v) { (void)v; o->text.shows_number = true; }
static void set_arg_names(struct options *o, const char *v) { (void)v; o->text.shows_arg_names = true; }
static void set_output(struct options *o, const char *v) { o->output = v; }
static void set_quiet(struct options *o, const char *v) { (void)v; o->quiet++; }
static void set_limit(struct options *o, const char *v) { o->string_limit = (size_t)number("-s", v, 0, INT_MAX / 4); }
static void set_user(struct options *o, const char *v) { o->user = v; }
static void set_verbose(struct options *o, const char *v) { (void)v; o->is_verbose = true; }
static void set_hex(struct options *o, const char *v) { (void)v; o->text.hex += o->text.hex < HEX_ALL; }
static void set_fds(struct options *o, const char *v) { (void)v; o->text.fd_level += o->text.fd_level < 2; }
static void set_path(struct options *o, const char *v) { qualify(o, "path", v); }
static void set_good(struct options *o, const char *v) { (void)v; qualify(o, "status", "successful"); }
static void set_bad(struct options *o, const char *v) { (void)v; qualify(o, "status", "failed"); }
static void set_kill(struct options *o, const char *v) { (void)v; o->kill_on_exit = true; }
static void set_seccomp_bpf(struct options *o, const char *v) { (void)v; o->seccomp = SECCOMP_ON; }
static void set_entry_only(struct options *o, const char *v) { (void)v; o->is_entry_only = true; }
static void set_argv0(struct options *o, const char *v) { o->argv0 = v; }
static void set_pid_always(struct options *o, const char *v) { (void)v; o->text.pid = PID_BRACKETS_ALWAYS; }

static void set_detach(struct options *o, const char *v)
{
	if (strcmp(v, "execve") != 0)
		diag_usage("Syscall '%s' for -b isn't supported; expected execve", v);
	o->detach_on_exec = true;
}

static void set_interruptible(struct options *o, const char *v)
{
	static const char *const words[][2] = {{"1", "anywhere"}, {"2", "waiting"}, {"3", "never"}, {"4", "never_tstp"}};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(v, words[i][0]) == 0 || strcmp(v, words[i][1]) == 0) {
			o->interruptible = (enum ptrace_interrupt)(PTRACE_INTR_ANYWHERE + i);
			return;
		}
	diag_usage("invalid -I argument: '%s'; expected 1 (anywhere), 2 (waiting), 3 (never) or 4 (never_tstp)", v);
}

static void set_daemon(struct options *o, const char *v)
{
	static const struct { const char *word; enum ptrace_daemon daemon; } words[] = {{"grandchild", PTRACE_DAEMON_GRANDCHILD},
	    {"pgroup", PTRACE_DAEMON_PGROUP}, {"pgrp", PTRACE_DAEMON_PGROUP}, {"session", PTRACE_DAEMON_SESSION}};
	if (!v && o->daemon == PTRACE_DAEMON_SESSION)
		diag_usage("Too many -D's, maximum supported -D count is 3");
	if (!v) {
		o->daemon++;
		return;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(v, words[i].word) == 0) {
			o->daemon = words[i].daemon;
			return;
		}
	diag_usage("invalid --daemonize argument: '%s'; expected grandchild, pgroup or session", v);
}

/* Digits of a second's fraction from the name of a unit; -1 if it is none. */
static int digits_of(const char *unit)
{
	static const struct { const char *name; int digits; } units[] = {{"s", 0}, {"ms", 3}, {"us", 6}, {"ns", 9}};
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(units[i].name, unit) == 0)
			return units[i].digits;
	return -1;
}

static int precision(const char *option, const char *v)
{
	int digits = digits_of(strncmp(v, "precision:", 10) == 0 ? v + 10 : v);
	if (digits < 0)
		diag_usage("invalid %s argument: '%s'; expected s, ms, us or ns", option, v);
	return digits;
}

static void set_relative(struct options *o, const char *v)
{
	o->text.shows_relative = true;
	o->text.relative_digits = v ? precision("--relative-timestamps", v) : 6;
}

static void set_duration(struct options *o, const char *v)
{
	o->text.shows_duration = true;
	o->text.duration_digits = v ? precision("--syscall-times", v) : 6;
}

/* -t is the time of day, -tt with microseconds, -ttt since 1970. */
static void set_stamp(struct options *o, const char *v)
{
	(void)v;
	bool has_fraction = o->text.stamp != STAMP_NONE;
	bool was_fine = has_fraction && o->text.stamp_digits;
	o->text.stamp = was_fine ? STAMP_EPOCH : STAMP_TIME;
	o->text.stamp_digits = has_fraction ? 6 : 0;
}

static void set_timestamps(struct options *o, const char *v)
{
	o->text.stamp = STAMP_TIME;
	o->text.stamp_digits = 0;
	char *list = xstrdup(v ? v : "");
	char *save = NULL;
	for (char *w = strtok_r(list, ",", &save); w; w = strtok_r(NULL, ",", &save)) {
		const char *format = strncmp(w, "format:", 7) == 0 ? w + 7 : w;
		int digits = digits_of(strncmp(w, "precision:", 10) == 0 ? w + 10 : w);
		if (strcmp(format, "none") == 0)
			o->text.stamp = STAMP_NONE;
		else if (strcmp(format, "unix") == 0)
			o->text.stamp = STAMP_EPOCH;
		else if (digits >= 0)
			o->text.stamp_digits = digits;
		else if (strcmp(format, "time") != 0)
			diag_usage("invalid --absolute-timestamps argument: '%s'; expected format:none|time|unix or precision:s|ms|us|ns", w);
	}
	free(list);
}

static void set_strings(struct options *o, const char *v)
{
	static const struct { const char *name; enum text_hex hex; } words[] = {{"none", HEX_NONE}, {"non-ascii", HEX_NON_ASCII}, {"all", HEX_ALL}};
	for (size_t i = 0; i < 3; i++)
		if (!v || strcmp(words[i].name, v) == 0) {
			o->text.hex = v ? words[i].hex : HEX_ALL;
			return;
		}
	diag_usage("invalid --strings-in-hex argument: '%s'; expected none, non-ascii or all", v);
}

static void set_decode_fds(struct options *o, const char *v)
{
	static const struct { const char *name; int level; } words[] = {{"none", 0}, {"path", 1}, {"socket", 2}, {"dev", 2}, {"eventfd", 2}, {"pidfd", 2}, {"signalfd", 2}, {"all", 2}};
	char *list = xstrdup(v ? v : "all");
	char *save = NULL;
	for (char *w = strtok_r(list, ",", &save); w; w = strtok_r(NULL, ",", &save)) {
		size_t i = 0;
		while (i < sizeof(words) / sizeof(words[0]) && strcmp(words[i].name, w) != 0)
			i++;
		if (i == sizeof(words) / sizeof(words[0]))
			diag_usage("invalid --decode-fds argument: '%s'; expected path, socket, dev, eventfd, pidfd, signalfd, all or none", w);
		if (words[i].level > o->text.fd_level || !words[i].level)
			o->text.fd_level = words[i].level;
	}
	free(list);
}

static void set_json(struct options *o, const char *v)
{
	o->wants_json = true;
	o->json = v;
}

static void set_sort(struct options *o, const char *v)
{
	static const char *const keys[] = {"time", "calls", "errors", "name", "count", "error", "syscall", "nothing", "none"};
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(keys[i], v) == 0) {
			o->summary_sort = v;
			return;
		}
	diag_usage("invalid sortby: '%s'; expected time, calls, errors, name or nothing", v);
}

static void set_seccomp(struct options *o, const char *v)
{
	static const char *const modes[] = {[SECCOMP_AUTO] = "auto", [SECCOMP_ON] = "on", [SECCOMP_OFF] = "off"};
	for (int i = 0; i < 3; i++)
		if (strcmp(modes[i], v) == 0) {
			o->seccomp = (enum seccomp_mode)i;
			return;
		}
	diag_usage("invalid --seccomp argument: '%s'; expected auto, on or off", v);
}

static void set_profile(struct options *o, const char *v)
{
	o->wants_profile = true;
	o->profile = v ? v : o->profile;
}

static void set_profile_json(struct options *o, const char *v) { o->profile_json = v; }
static void set_fd_lives(struct options *o, const char *v) { (void)v; o->wants_fds = true; }
static void set_tree(struct options *o, const char *v) { (void)v; o->wants_tree = true; }

static void set_findings(struct options *o, const char *v)
{
	if (v && strcmp(v, "json") != 0 && strcmp(v, "text") != 0)
		diag_usage("invalid --findings argument: '%s'; expected text or json", v);
	o->wants_findings = true;
	o->findings_as_json = v && strcmp(v, "json") == 0;
}

static void set_profile_sort(struct options *o, const char *v)
{
	static const char *const keys[] = {"time", "bytes", "calls", "name"};
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(keys[i], v) == 0) {
			o->profile_sort = v;
			return;
		}
	diag_usage("invalid --profile-sort argument: '%s'; expected time, bytes, calls or name", v);
}

static void set_names(struct options *o, const char *v)
{
	static const char *const names[] = {"abbrev", "raw", "verbose"};
	for (int i = 0; i < 3; i++)
		if (strcmp(names[i], v) == 0) {
			o->text.names = (enum text_names)i;
			return;
		}
	diag_usage("invalid -X argument: '%s'; expected raw, abbrev or verbose", v);
}

static void set_env(struct options *o, const char *v)
{
	o->env = xgrow(o->env, o->nenv + 2, sizeof(*o->env));
	o->env[o->nenv++] = (char *)v;
	o->env[o->nenv] = NULL;
}

static void set_pids(struct options *o, const char *v)
{
	char *list = xstrdup(v);
	char *save = NULL;
	for (char *p = strtok_r(list, ", \t\n", &save); p; p = strtok_r(NULL, ", \t\n", &save)) {
		long pid = number("-p", p, 1, INT_MAX);
		if (pid == getpid())
			diag_usage("I'm sorry, I can't let you do that, Dave: %ld is this process", pid);
		o->pids = xgrow(o->pids, o->npids + 1, sizeof(*o->pids));
		o->pids[o->npids++] = (pid_t)pid;
	}
	free(list);
}

static void set_quiet_words(struct options *o, const char *v)
{
	static const struct { const char *name; size_t at; } words[] = {
	    {"attach", offsetof(struct text_config, hides_attach)}, {"exit", offsetof(struct text_config, hides_exit)},
	    {"superseded", offsetof(struct text_config, hides_superseded)}, {"thread-execve", offsetof(struct text_config, hides_superseded)},
	    {"path-resolution", SIZE_MAX}, {"personality", SIZE_MAX}, {"all", SIZE_MAX - 1}, {"none", SIZE_MAX}};
	char *list = xstrdup(v);
	char *save = NULL;
	for (char *p = strtok_r(list, ",", &save); p; p = strtok_r(NULL, ",", &save)) {
		bool is_known = false;
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
			if (strcmp(words[i].name, p) != 0)
				continue;
			is_known = true;
			if (words[i].at < SIZE_MAX - 1)
				*(bool *)((char *)&o->text + words[i].at) = true;
			if (words[i].at == SIZE_MAX - 1)
				o->text.hides_attach = o->text.hides_exit = o->text.hides_superseded = true;
		}
		if (!is_known)
			diag_usage("invalid -e quiet= argument: '%s'; expected attach, exit, path-resolution, personality, superseded, thread-execve, all or none", p);
	}
	free(list);
}

/* -e [QUALIFIER=]VALUE */
static void set_expression(struct options *o, const char *v)
{
	static const struct { const char *name; const char *kind; } kinds[] = {
	    {"trace", "trace"}, {"t", "trace"}, {"signal", "signal"}, {"signals", "signal"}, {"s", "signal"}, {"status", "status"},
	    {"trace-fds", "trace-fds"}, {"trace-fd", "trace-fds"}, {"fds", "trace-fds"}, {"fd", "trace-fds"}, {"category", "category"},
	    {"abbrev", "abbrev"}, {"verbose", "verbose"}, {"raw", "raw"}};
	const char *eq = strchr(v, '=');
	size_t n = eq ? (size_t)(eq - v) : 0;
	for (size_t i = 0; eq && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strlen(kinds[i].name) == n && strncmp(kinds[i].name, v, n) == 0) {
			if (strcmp(kinds[i].kind, "abbrev") == 0 && strcmp(eq + 1, "none") == 0)
				o->is_verbose = true;
			else
				qualify(o, kinds[i].kind, eq + 1);
			return;
		}
	if (eq && n == 5 && strncmp(v, "quiet", 5) == 0)
		set_quiet_words(o, eq + 1);
	else if (eq && n && isalpha((unsigned char)v[0]) && !strpbrk(v, "/|"))
		diag_usage("'%.*s' is not a qualifier this version of ringside knows; expected trace, signal, status, trace-fds, quiet, category or abbrev", (int)n, v);
	else
		qualify(o, "trace", v);
}
static void set_trace(struct options *o, const char *v) { qualify(o, "trace", v); }
static void set_signals(struct options *o, const char *v) { qualify(o, "signal", v); }
static void set_status(struct options *o, const char *v) { qualify(o, "status", v); }
static void set_trace_fds(struct options *o, const char *v) { qualify(o, "trace-fds", v); }

static void print_help(struct options *o, const char *v);
static void print_version(struct options *o, const char *v);
static void print_man(struct options *o, const char *v);
static void print_completion(struct options *o, const char *v);

static const struct option_row rows[] = {
    {'E', "env", "VAR[=VAL]", "Startup", "set VAR in the command's environment, or remove it", set_env},
    {'p', "attach", "PID", "Startup", "trace the process PID, and others behind commas; may be repeated", set_pids},
    {'u', "user", "NAME", "Startup", "run the command as user NAME", set_user},
    {0, "argv0", "NAME", "Startup", "the command's argv[0]", set_argv0},
    {'b', "detach-on", "SYSCALL", "Tracing", "let go of a process that calls SYSCALL; only execve is supported", set_detach},
    {'D', "daemonize", "[WHERE]", "Tracing", "the tracer is a grandchild of the command, not its parent; -DD (pgroup): in its own process group; -DDD (session): in its own session", set_daemon},
    {'I', "interruptible", "N", "Tracing", "signals that end the trace act 1 anywhere, 2 while waiting, 3 never, 4 never and SIGTSTP neither", set_interruptible},
    {0, "seccomp", "WHEN", "Tracing", "let calls that nobody asked for run without a stop, by a seccomp filter: on, off, or auto (a command that we start, with -f, where not all calls are traced). A filter can't be taken back: under one the tracer stays until the command ends, silently where it would have left, and its death by SIGKILL kills the command", set_seccomp},
    {0, "seccomp-bpf", NULL, "Tracing", "the same as --seccomp=on; needs -f, implies --kill-on-exit", set_seccomp_bpf},
    {0, "entry-only", NULL, "Tracing", "stop at the entry of calls only, where a filter is in force: half the cost, and results are shown as not captured", set_entry_only},
    {'f', "follow-forks", NULL, "Tracing", "follow children and threads; -ff with -o: a file FILE.PID each", set_follow},
    {0, "output-separately", NULL, "Tracing", "with -o: a file FILE.PID for each task (-ff)", set_separate},
    {0, "kill-on-exit", NULL, "Tracing", "kill all traced processes when the tracer dies", set_kill},
    {'e', NULL, "EXPR", "Filtering", "[QUALIFIER=][!]VALUE[,VALUE]...: trace, signal, status, trace-fds, quiet, category; trace where none is named", set_expression},
    {0, "trace", "SET", "Filtering", "calls to trace: names, ?name, name@64|32|x32, %class, /regex, all, none", set_trace},
    {0, "signals", "SET", "Filtering", "signals to show", set_signals},
    {0, "signal", "SET", "Filtering", "the same", set_signals},
    {0, "status", "SET", "Filtering", "calls to show by result: successful, failed, unfinished, unavailable, detached", set_status},
    {0, "trace-fds", "SET", "Filtering", "calls on these descriptors only", set_trace_fds},
    {'P', "trace-path", "PATH", "Filtering", "calls that name PATH or work on a descriptor of it; may be repeated", set_path},
    {'z', "successful-only", NULL, "Filtering", "calls that succeeded only", set_good},
    {'Z', "failed-only", NULL, "Filtering", "calls that failed only", set_bad},
    {'a', "columns", "N", "Output", "the column that results start in (40)", set_column},
    {'A', "output-append-mode", NULL, "Output", "append to the -o file", set_append},
    {'i', "instruction-pointer", NULL, "Output", "show the instruction pointer of each call", set_ip},
    {'n', "syscall-number", NULL, "Output", "show the number of each call", set_number},
    {'N', "arg-names", NULL, "Output", "show the names of arguments", set_arg_names},
    {'o', "output", "FILE", "Output", "write to FILE, or to a command: |COMMAND", set_output},
    {'q', NULL, NULL, "Output", "say less: -q attaching, -qq exits too", set_quiet},
    {0, "quiet", "SET", "Output", "say less about: attach, exit, path-resolution, personality, superseded, thread-execve", set_quiet_words},
    {'r', "relative-timestamps", "[PRECISION]", "Output", "show the time since the line before", set_relative},
    {'s', "string-limit", "N", "Output", "show at most N bytes of strings (32)", set_limit},
    {'t', NULL, NULL, "Output", "show the time of day; -tt with microseconds, -ttt since 1970", set_stamp},
    {0, "absolute-timestamps", "[FORMAT]", "Output", "the same: format:none|time|unix, precision:s|ms|us|ns, behind commas", set_timestamps},
    {0, "timestamps", "[FORMAT]", "Output", "the same", set_timestamps},
    {'T', "syscall-times", "[PRECISION]", "Output", "show how long each call took", set_duration},
    {'v', "no-abbrev", NULL, "Output", "show whole structures", set_verbose},
    {'x', NULL, NULL, "Output", "non-ASCII strings in hex; -xx: all strings", set_hex},
    {0, "strings-in-hex", "[WHICH]", "Output", "the same: none, non-ascii or all", set_strings},
    {'X', "const-print-style", "STYLE", "Output", "constants: raw, abbrev or verbose", set_names},
    {'y', NULL, NULL, "Output", "show what descriptors refer to; -yy: sockets and devices in detail", set_fds},
    {0, "decode-fds", "[SET]", "Output", "the same: path, socket, dev, eventfd, pidfd, signalfd, all, none", set_decode_fds},
    {0, "always-show-pid", NULL, "Output", "show the pid although there is just one task", set_pid_always},
    {0, "json", "[FILE]", "Output", "typed records, one a line, to FILE (standard error if none); beside text where -o is given", set_json},
    {'c', "summary-only", NULL, "Statistics", "count calls, errors and time; print a table at the end", set_summary},
    {'C', "summary", NULL, "Statistics", "the same beside the lines", set_summary_too},
    {'S', "summary-sort-by", "KEY", "Statistics", "sort by time, calls, errors, name or nothing", set_sort},
    {'w', "summary-wall-clock", NULL, "Statistics", "sum the time calls took, not the CPU time", set_wall},
    {0, "profile", "[FILE]", "Profile", "what the program did with its files, pipes, sockets and devices, in place of the lines (beside them with -o); to FILE or standard error", set_profile},
    {0, "profile-sort", "KEY", "Profile", "sort files by time, bytes, calls or name", set_profile_sort},
    {0, "profile-json", "FILE", "Profile", "the whole profile as one JSON document (contrib/ringside-profile.schema.json)", set_profile_json},
    {0, "fds", NULL, "Profile", "the life of each open file description, and descriptors by process", set_fd_lives},
    {0, "tree", NULL, "Profile", "the tree of processes: what they used, waited for and exchanged; inputs, outputs, programs and libraries", set_tree},
    {0, "findings", "[FORMAT]", "Profile", "what the program's author should look at, as text or json; --profile has it too", set_findings},
    {'h', "help", NULL, "Other", "this help", print_help},
    {'V', "version", NULL, "Other", "the version", print_version},
    {0, "man", NULL, "Other", "the manual page, in mdoc", print_man},
    {0, "completion", "SHELL", "Other", "a completion script: bash", print_completion},
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static bool is_optional(const struct option_row *r)
{
	return r->argument && r->argument[0] == '[';
}

static void spell(char text[static 64], const struct option_row *r)
{
	char letter[8] = "";
	if (r->letter)
		snprintf(letter, sizeof(letter), "-%c", r->letter);
	snprintf(text, 64, "%s%s%s%s%s%s", letter, r->letter && r->word ? ", " : "", r->word ? "--" : "", r->word ? r->word : "",
		 r->argument ? (is_optional(r) ? "[=" : r->word ? "=" : " ") : "", r->argument ? r->argument + is_optional(r) : "");
}

static void print_help(struct options *o, const char *v)
{
	(void)o;
	(void)v;
	puts("Usage: ringside [OPTIONS] COMMAND [ARGS]\n       ringside [OPTIONS] -p PID\n\nShows every system call a program makes.");
	const char *group = "";
	for (int i = 0; i < ROWS; i++) {
		char text[64];
		spell(text, &rows[i]);
		if (strcmp(group, rows[i].group) != 0)
			printf("\n%s:\n", rows[i].group);
		group = rows[i].group;
		printf("  %-34s %s\n", text, rows[i].help);
	}
	exit(0);
}

static void print_version(struct options *o, const char *v)
{
	(void)o;
	(void)v;
	puts(version);
	exit(0);
}

static void print_man(struct options *o, const char *v)
{
	(void)o;
	(void)v;
	puts(".Dd $Mdocdate$\n.Dt RINGSIDE 1\n.Os\n.Sh NAME\n.Nm ringside\n.Nd show the system calls of a program\n.Sh SYNOPSIS\n.Nm\n"
	     ".Op Ar options\n.Ar command Op Ar args\n.Nm\n.Op Ar options\n.Fl p Ar pid\n.Sh DESCRIPTION\n"
	     ".Nm\nruns a command, or attaches to a process, and shows each system call with its arguments and result.\n"
	     "The default format is that of\n.Xr strace 1 .\n.Fl -json\nwrites typed records, one a call.\n.Sh OPTIONS");
	const char *group = "";
	for (int i = 0; i < ROWS; i++) {
		if (strcmp(group, rows[i].group) != 0)
			printf("%s.Ss %s\n.Bl -tag -width Ds\n", *group ? ".El\n" : "", rows[i].group);
		group = rows[i].group;
		char text[64];
		spell(text, &rows[i]);
		printf(".It %s\n%s.\n", text, rows[i].help);
	}
	puts(".El\n.Sh EXIT STATUS\nThat of the command; if a signal killed it, the tracer is killed by the same.\n"
	     "2 for a bad option, 126 and 127 for a command that cannot run or be found, 1 if output could not be written.\n"
	     ".Sh SEE ALSO\n.Xr strace 1 ,\n.Xr ptrace 2");
	exit(0);
}

static void print_completion(struct options *o, const char *v)
{
	(void)o;
	if (strcmp(v, "bash") != 0)
		diag_usage("no completion for '%s'; expected bash", v);
	fputs("complete -o default -c ringside -W '", stdout);
	for (int i = 0; i < ROWS; i++)
		if (rows[i].word)
			printf("--%s%s ", rows[i].word, rows[i].argument ? "=" : "");
	puts("'");
	exit(0);
}

static _Noreturn void hint(const char *problem, const char *what)
{
	diag("%s%s%s%s", problem, *what ? " '" : "", what, *what ? "'" : "");
	diag_usage("Try 'ringside -h' for more information.");
}

/* The row of a long option; unambiguous beginnings count. */
static const struct option_row *long_row(const char *word, size_t n)
{
	const struct option_row *found = NULL;
	for (int i = 0; i < ROWS; i++) {
		if (!rows[i].word || strncmp(rows[i].word, word, n) != 0)
			continue;
		if (strlen(rows[i].word) == n)
			return &rows[i];
		if (found)
			hint("option is ambiguous:", word);
		found = &rows[i];
	}
	return found;
}

/* Takes the long option argv[*i]. */
static void take_long(struct options *o, char **argv, int *i)
{
	const char *word = argv[*i] + 2;
	size_t n = strcspn(word, "=");
	const struct option_row *r = long_row(word, n);
	const char *value = word[n] ? word + n + 1 : NULL;
	if (!r)
		hint("unrecognized option", argv[*i]);
	if (value && !r->argument)
		hint("option doesn't allow an argument:", argv[*i]);
	if (!value && r->argument && !is_optional(r)) {
		value = argv[++*i];
		if (!value)
			hint("option requires an argument:", r->word);
	}
	r->set(o, value);
}

/* Takes the bundle of letters argv[*i]. */
static void take_letters(struct options *o, char **argv, int *i)
{
	for (const char *p = argv[*i] + 1; *p; p++) {
		const struct option_row *r = NULL;
		for (int k = 0; k < ROWS; k++)
			if (rows[k].letter == *p)
				r = &rows[k];
		char letter[2] = {*p, '\0'};
		if (!r)
			hint("invalid option --", letter);
		if (!r->argument || is_optional(r)) {
			r->set(o, NULL);
			continue;
		}
		const char *value = p[1] ? p + 1 : argv[++*i];
		if (!value)
			hint("option requires an argument --", letter);
		r->set(o, value);
		return;
	}
}

/* A filter can be installed by the command only, outlives exec and fork, and makes calls fail where no tracer is. */
static void settle_seccomp(struct options *o)
{
	const char *why = o->detach_on_exec	     ? "it is not compatible with -b"
			  : o->npids || !o->argv ? "it does not work on processes attached with -p"
			  : !o->follow	     ? "it needs -f/--follow-forks"
						     : NULL;
	if (why && o->seccomp == SECCOMP_ON)
		diag("--seccomp-bpf is not enabled because %s", why);
	if (why)
		o->seccomp = SECCOMP_OFF;
	if (o->is_entry_only && o->seccomp == SECCOMP_OFF)
		diag_usage("--entry-only needs a seccomp filter%s%s", why ? ", but " : "", why ? why : "");
	o->kill_on_exit |= o->seccomp == SECCOMP_ON;
}

static void settle(struct options *o)
{
	if (!o->argv && !o->npids)
		hint("must have PROG [ARGS] or -p PID", "");
	if (o->follow > 1 && !o->output)
		o->follow = 1;
	if (o->appends && !o->output)
		diag_usage("-A needs -o FILE");
	if ((o->user || o->nenv || o->argv0) && !o->argv)
		diag_usage("-u, -E and --argv0 need a command to start");
	if (o->daemon && !o->argv)
		hint("PROG [ARGS] must be specified with -D/--daemonize", "");
	if (o->kill_on_exit && o->npids)
		hint("--kill-on-exit and -p/--attach are mutually exclusive options", "");
	if (!o->interruptible && o->output && o->argv)
		o->interruptible = o->daemon ? PTRACE_INTR_NEVER_TSTP : PTRACE_INTR_NEVER;
	settle_seccomp(o);
	o->text.string_limit = o->string_limit;
	o->text.hides_attach |= o->quiet > 0 || (o->output && o->argv);
	o->text.hides_exit |= o->quiet > 1;
	o->text.hides_superseded |= o->quiet > 2;
	if (o->text.pid == PID_NONE && o->follow < 2)
		o->text.pid = o->output && (o->follow || o->npids > 1) ? PID_COLUMN : PID_BRACKETS;
	else if (o->text.pid == PID_BRACKETS_ALWAYS && o->output)
		o->text.pid = PID_COLUMN;
}

void opts_parse(struct options *o, int argc, char **argv)
{
	*o = (struct options){.string_limit = 32, .text.column = 40};
	int i = 1;
	for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
		if (strcmp(argv[i], "--") == 0) {
			i++;
			break;
		}
		if (argv[i][1] == '-')
			take_long(o, argv, &i);
		else
			take_letters(o, argv, &i);
	}
	if (i < argc)
		o->argv = argv + i;
	settle(o);
}
