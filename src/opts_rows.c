/* The options, one row each, and what each does to the wishes. Nothing is judged here that needs more than one option. */
#include "opts_rows.h"

#include "base/diag.h"
#include "base/xalloc.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- arguments ---- */

static _Noreturn void refuse(const struct option_use *use)
{
	if (use->is_long)
		diag_help("invalid --%s argument: '%s'", use->row->word, use->value);
	diag_help("invalid -%c argument: '%s'", use->row->letter, use->value);
}

static int number(const struct option_use *use, int most)
{
	int n = num_of_digits(use->value);
	if (n < 0 || n > most)
		refuse(use);
	return n;
}

struct choice {
	const char *word;
	int value;
};

/* The value of WORD in CHOICES, which a row without word ends; -1 where it is none of them. */
static int choose(const struct choice *choices, const char *word)
{
	for (; choices->word; choices++)
		if (strcmp(choices->word, word) == 0)
			return choices->value;
	return -1;
}

static int chosen(const struct option_use *use, const struct choice *choices)
{
	int value = choose(choices, use->value);
	if (value < 0)
		refuse(use);
	return value;
}

/* ---- the language of -e ---- */

static void qualify(struct options *o, const char *kind, const char *value)
{
	o->qualifiers = xgrow(o->qualifiers, o->nqualifiers + 1, sizeof(*o->qualifiers));
	o->qualifiers[o->nqualifiers++] = (struct qualifier){kind, value};
}

/* The low bits of a set of words: bit n for the word with value n. */
static unsigned bits_of(const char *what, num_of_word *number_of, const char *text)
{
	struct num_set set = {0};
	num_set_parse(&set, what, number_of, text);
	unsigned bits = 0;
	for (unsigned i = 0; i < 8; i++)
		bits |= (unsigned)num_set_has(&set, i) << i;
	num_set_free(&set);
	return bits;
}

static int quiet_of(const char *word)
{
	static const struct choice words[] = {{"attach", 0}, {"exit", 1}, {"path-resolution", 2}, {"path-resolve", 2}, {"personality", 3},
	    {"thread-execve", 4}, {"superseded", 4}, {NULL, 0}};
	return choose(words, word);
}

static int fd_detail_of(const char *word)
{
	static const struct choice words[] = {{"path", 0}, {"socket", 1}, {"dev", 2}, {"pidfd", 3}, {"eventfd", 4}, {"signalfd", 5}, {NULL, 0}};
	return choose(words, word);
}

static int pid_detail_of(const char *word)
{
	static const struct choice words[] = {{"comm", 0}, {"pidns", 1}, {NULL, 0}};
	return choose(words, word);
}

static void qualify_quiet(struct options *o, const char *v)
{
	o->text.quiet = bits_of("quiet", quiet_of, v) & QUIET_ALL;
	o->states_quiet = true;
}

static void qualify_fds(struct options *o, const char *v) { o->text.fds = bits_of("decode-fds", fd_detail_of, v) & FDS_ALL; }
static void qualify_pids(struct options *o, const char *v) { o->text.pids = bits_of("decode-pids", pid_detail_of, v) & PIDS_ALL; }

static void qualify_kvm(struct options *o, const char *v)
{
	(void)o;
	if (strcmp(v, "vcpu") != 0)
		diag_usage("invalid -e kvm= argument: '%s'", v);
	diag("exit reasons of virtual processors are not shown");
}

static void qualify_namespace(struct options *o, const char *v)
{
	(void)o;
	if (strcmp(v, "new") != 0)
		diag_usage("invalid namespace '%s'", v);
	diag("new namespaces are not shown");
}

struct qualifier_row {
	const char *word;
	const char *kind;                                /* kept under this name for who knows more; or */
	void (*set)(struct options *o, const char *value); /* NULL = kept */
};

static const struct qualifier_row qualifier_rows[] = {
    {"trace", "trace", NULL}, {"t", "trace", NULL},
    {"abbrev", "abbrev", NULL}, {"a", "abbrev", NULL},
    {"verbose", "verbose", NULL}, {"v", "verbose", NULL},
    {"raw", "raw", NULL}, {"x", "raw", NULL},
    {"signal", "signal", NULL}, {"signals", "signal", NULL}, {"s", "signal", NULL},
    {"status", "status", NULL},
    {"errno", "errno", NULL},
    {"category", "category", NULL},
    {"caller", "caller", NULL},
    {"trace-fds", "trace-fds", NULL}, {"trace-fd", "trace-fds", NULL}, {"fds", "trace-fds", NULL}, {"fd", "trace-fds", NULL},
    {"read", "read", NULL}, {"reads", "read", NULL}, {"r", "read", NULL},
    {"write", "write", NULL}, {"writes", "write", NULL}, {"w", "write", NULL},
    {"inject", "inject", NULL}, {"fault", "fault", NULL},
    {"quiet", NULL, qualify_quiet}, {"silent", NULL, qualify_quiet}, {"silence", NULL, qualify_quiet}, {"q", NULL, qualify_quiet},
    {"decode-fds", NULL, qualify_fds}, {"decode-fd", NULL, qualify_fds},
    {"decode-pids", NULL, qualify_pids}, {"decode-pid", NULL, qualify_pids},
    {"kvm", NULL, qualify_kvm}, {"namespace", NULL, qualify_namespace},
};

static bool take_qualifier(struct options *o, const char *word, size_t n, const char *value)
{
	for (size_t i = 0; i < sizeof(qualifier_rows) / sizeof(qualifier_rows[0]); i++) {
		const struct qualifier_row *q = &qualifier_rows[i];
		if (strlen(q->word) != n || strncmp(q->word, word, n) != 0)
			continue;
		if (q->set)
			q->set(o, value);
		else
			qualify(o, q->kind, value);
		return true;
	}
	return false;
}

/* -e [QUALIFIER=]VALUE */
static void set_expression(struct options *o, const struct option_use *use)
{
	const char *eq = strchr(use->value, '=');
	if (!eq || !take_qualifier(o, use->value, (size_t)(eq - use->value), eq + 1))
		qualify(o, "trace", use->value);
}

/* --QUALIFIER=VALUE */
static void set_qualifier(struct options *o, const struct option_use *use)
{
	take_qualifier(o, use->row->word, strlen(use->row->word), use->value);
}

static void set_quiet_words(struct options *o, const struct option_use *use)
{
	qualify_quiet(o, use->value ? use->value : "attach,personality");
}

static void set_path(struct options *o, const struct option_use *use) { qualify(o, "path", use->value); }
static void set_good(struct options *o, const struct option_use *use) { (void)use; qualify(o, "status", "successful"); }
static void set_bad(struct options *o, const struct option_use *use) { (void)use; qualify(o, "status", "failed"); }
static void set_whole(struct options *o, const struct option_use *use) { (void)use; qualify(o, "abbrev", "none"); }

/* ---- startup and tracing ---- */

static void set_user(struct options *o, const struct option_use *use) { o->user = use->value; }
static void set_argv0(struct options *o, const struct option_use *use) { o->argv0 = use->value; }
static void set_seccomp_bpf(struct options *o, const struct option_use *use) { (void)use; o->seccomp = SECCOMP_ON; }

static void set_env(struct options *o, const struct option_use *use)
{
	o->env = xgrow(o->env, o->nenv + 2, sizeof(*o->env));
	o->env[o->nenv++] = (char *)use->value;
	o->env[o->nenv] = NULL;
}

static void set_pids(struct options *o, const struct option_use *use)
{
	char *list = xstrdup(use->value);
	char *save = NULL;
	for (char *p = strtok_r(list, ", \t\n", &save); p; p = strtok_r(NULL, ", \t\n", &save)) {
		int pid = num_of_digits(p);
		if (pid <= 0)
			diag_usage("Invalid process id: '%s'", p);
		if (pid == getpid())
			diag_usage("I'm sorry, I can't let you do that, Dave.");
		o->pids = xgrow(o->pids, o->npids + 1, sizeof(*o->pids));
		o->pids[o->npids++] = (pid_t)pid;
	}
	free(list);
}

static void set_detach(struct options *o, const struct option_use *use)
{
	if (strcmp(use->value, "execve") != 0)
		diag_usage("Syscall '%s' for -b isn't supported", use->value);
	o->detach_on_exec = true;
}

static void set_interruptible(struct options *o, const struct option_use *use)
{
	static const struct choice words[] = {{"1", 1}, {"anywhere", 1}, {"2", 2}, {"waiting", 2}, {"3", 3}, {"never", 3}, {"4", 4}, {"never_tstp", 4}, {NULL, 0}};
	o->interruptible = (enum ptrace_interrupt)(PTRACE_INTR_ANYWHERE + chosen(use, words) - 1);
}

static void set_daemon(struct options *o, const struct option_use *use)
{
	static const struct choice words[] = {{"grandchild", PTRACE_DAEMON_GRANDCHILD}, {"pgroup", PTRACE_DAEMON_PGROUP}, {"pgrp", PTRACE_DAEMON_PGROUP},
	    {"session", PTRACE_DAEMON_SESSION}, {NULL, 0}};
	if (use->value)
		o->daemon = (enum ptrace_daemon)chosen(use, words);
	else
		o->daemon += o->daemon <= PTRACE_DAEMON_SESSION; /* one too many is told at the end */
}

static void set_seccomp(struct options *o, const struct option_use *use)
{
	static const struct choice words[] = {{"auto", SECCOMP_AUTO}, {"on", SECCOMP_ON}, {"off", SECCOMP_OFF}, {NULL, 0}};
	o->seccomp = (enum seccomp_mode)chosen(use, words);
}

static void set_follow(struct options *o, const struct option_use *use)
{
	(void)use;
	o->is_separate = o->is_following;
	o->is_following = true;
}

static void set_call_limit(struct options *o, const struct option_use *use)
{
	char *end = NULL;
	unsigned long long n = strtoull(use->value, &end, 10);
	if (strspn(use->value, "0123456789") != strlen(use->value) || *end || !n)
		refuse(use);
	o->call_limit = n;
}

/* ---- output ---- */

static void set_column(struct options *o, const struct option_use *use) { o->text.column = number(use, INT_MAX); }
static void set_output(struct options *o, const struct option_use *use) { o->output = use->value; }
static void set_limit(struct options *o, const struct option_use *use) { o->string_limit = (size_t)number(use, INT_MAX / 2); }

static void set_quiet(struct options *o, const struct option_use *use)
{
	(void)use;
	o->text.quiet |= o->text.quiet & QUIET_EXIT ? QUIET_ALL : o->text.quiet & QUIET_ATTACH ? QUIET_EXIT : QUIET_ATTACH | QUIET_PERSONALITY;
}

static void set_hex(struct options *o, const struct option_use *use)
{
	(void)use;
	o->text.hex = o->text.hex == HEX_NONE ? HEX_NON_ASCII : HEX_ALL;
}

static void set_strings(struct options *o, const struct option_use *use)
{
	static const struct choice words[] = {{"none", HEX_NONE}, {"non-ascii-chars", HEX_NON_ASCII_CHARS}, {"non-ascii", HEX_NON_ASCII}, {"all", HEX_ALL}, {NULL, 0}};
	o->text.hex = use->value ? (enum text_hex)chosen(use, words) : HEX_ALL;
}

static void set_names(struct options *o, const struct option_use *use)
{
	static const struct choice words[] = {{"abbrev", NAMES_ABBREV}, {"raw", NAMES_RAW}, {"verbose", NAMES_VERBOSE}, {NULL, 0}};
	o->text.names = (enum text_names)chosen(use, words);
}

static void set_fds(struct options *o, const struct option_use *use)
{
	if (use->is_long)
		qualify_fds(o, use->value ? use->value : "path");
	else
		o->text.fds = o->text.fds ? FDS_ALL : FDS_PATH;
}

static void set_comms(struct options *o, const struct option_use *use)
{
	if (use->is_long)
		qualify_pids(o, use->value);
	else
		o->text.pids |= PIDS_COMM;
}

static void set_translation(struct options *o, const struct option_use *use) { (void)use; o->text.pids |= PIDS_NAMESPACE; }

static void set_secontext(struct options *o, const struct option_use *use)
{
	(void)o;
	(void)use;
	if (access("/sys/fs/selinux/enforce", F_OK) == 0)
		diag("security contexts are not shown");
}

/* Digits of a second's fraction from the name of a unit; -1 if it is none. */
static int digits_of(const char *unit)
{
	static const struct choice units[] = {{"s", 0}, {"ms", 3}, {"us", 6}, {"ns", 9}, {NULL, 0}};
	return choose(units, strncmp(unit, "precision:", 10) == 0 ? unit + 10 : unit);
}

static int precision(const struct option_use *use)
{
	int digits = use->value ? digits_of(use->value) : 6;
	if (digits < 0)
		refuse(use);
	return digits;
}

static void set_relative(struct options *o, const struct option_use *use)
{
	o->text.shows_relative = true;
	o->text.relative_digits = precision(use);
}

static void set_duration(struct options *o, const struct option_use *use)
{
	o->text.shows_duration = true;
	o->text.duration_digits = precision(use);
}

/* -t is the time of day, -tt with microseconds, -ttt since 1970. */
static void set_stamp(struct options *o, const struct option_use *use)
{
	(void)use;
	bool is_second = o->text.stamp != STAMP_NONE;
	o->text.stamp = is_second && o->text.stamp_digits ? STAMP_EPOCH : STAMP_TIME;
	o->text.stamp_digits = is_second ? 6 : 0;
}

static void set_stamp_word(struct options *o, const struct option_use *use, const char *word)
{
	static const struct choice formats[] = {{"none", STAMP_NONE}, {"time", STAMP_TIME}, {"unix", STAMP_EPOCH}, {NULL, 0}};
	int format = choose(formats, strncmp(word, "format:", 7) == 0 ? word + 7 : word);
	int digits = digits_of(word);
	if (format >= 0)
		o->text.stamp = (enum text_stamp)format;
	else if (digits >= 0)
		o->text.stamp_digits = digits;
	else
		refuse(use);
}

static void set_timestamps(struct options *o, const struct option_use *use)
{
	if (!use->is_long) {
		set_stamp(o, use);
		return;
	}
	o->text.stamp = STAMP_TIME;
	o->text.stamp_digits = 0;
	char *list = xstrdup(use->value ? use->value : "");
	char *save = NULL;
	for (char *w = strtok_r(list, ",", &save); w; w = strtok_r(NULL, ",", &save))
		set_stamp_word(o, use, w);
	free(list);
}

static void set_color(struct options *o, const struct option_use *use)
{
	static const struct choice words[] = {{"auto", COLOR_AUTO}, {"always", COLOR_ALWAYS}, {"never", COLOR_NEVER}, {NULL, 0}};
	o->text.color = use->value ? (enum text_color)chosen(use, words) : COLOR_ALWAYS;
}

static void set_json(struct options *o, const struct option_use *use)
{
	o->wants_json = true;
	o->json = use->value;
}

/* ---- statistics ---- */

static const struct choice column_words[] = {
    {"time-percent", SUMMARY_PERCENT}, {"time_percent", SUMMARY_PERCENT}, {"time", SUMMARY_PERCENT},
    {"total-time", SUMMARY_TOTAL}, {"total_time", SUMMARY_TOTAL},
    {"min-time", SUMMARY_MIN}, {"min_time", SUMMARY_MIN}, {"shortest", SUMMARY_MIN},
    {"max-time", SUMMARY_MAX}, {"max_time", SUMMARY_MAX}, {"longest", SUMMARY_MAX},
    {"avg-time", SUMMARY_AVG}, {"avg_time", SUMMARY_AVG},
    {"wall-total", SUMMARY_WALL_TOTAL}, {"wall-total-time", SUMMARY_WALL_TOTAL},
    {"wall-min", SUMMARY_WALL_MIN}, {"wall-min-time", SUMMARY_WALL_MIN},
    {"wall-max", SUMMARY_WALL_MAX}, {"wall-max-time", SUMMARY_WALL_MAX},
    {"wall-avg", SUMMARY_WALL_AVG}, {"wall-avg-time", SUMMARY_WALL_AVG},
    {"calls", SUMMARY_CALLS}, {"count", SUMMARY_CALLS},
    {"errors", SUMMARY_ERRORS}, {"error", SUMMARY_ERRORS},
    {"name", SUMMARY_NAME}, {"syscall", SUMMARY_NAME}, {"syscall-name", SUMMARY_NAME}, {"syscall_name", SUMMARY_NAME},
    {NULL, 0}};

static void set_stack_trace(struct options *o, const struct option_use *use)
{
	static const struct choice words[] = {{"symbol", 1}, {"source", 2}, {NULL, 0}};
	if (!use->is_long)
		o->stack_level += o->stack_level < 2;
	else
		o->stack_level = use->value ? chosen(use, words) : 1;
	o->text.stack_level = o->stack_level;
}

static void set_frame_limit(struct options *o, const struct option_use *use)
{
	enum { FRAMES_MAX = 4096 };
	o->stack_frames = (unsigned)number(use, FRAMES_MAX);
	if (!o->stack_frames)
		refuse(use);
}

static void set_stacks(struct options *o, const struct option_use *use) { o->stacks = use->value; }

static void set_stacks_by(struct options *o, const struct option_use *use)
{
	static const struct choice words[] = {{"count", STACKS_COUNT}, {"bytes", STACKS_BYTES}, {"time", STACKS_TIME}, {NULL, 0}};
	o->stacks_weight = (enum stacks_weight)chosen(use, words);
}

static void set_by(struct options *o, const struct option_use *use)
{
	static const struct choice words[] = {{"syscall", 0}, {"caller", 1}, {NULL, 0}};
	o->sums_by_caller = chosen(use, words);
}

static void set_sort(struct options *o, const struct option_use *use)
{
	static const struct choice none[] = {{"nothing", SUMMARY_NONE}, {"none", SUMMARY_NONE}, {NULL, 0}};
	int column = choose(column_words, use->value);
	if (column < 0)
		column = choose(none, use->value);
	if (column < 0)
		diag_help("invalid sortby: '%s'", use->value);
	o->sort = (enum summary_column)column;
}

static void set_columns(struct options *o, const struct option_use *use)
{
	char *list = xstrdup(use->value);
	char *save = NULL;
	unsigned seen = 0;
	o->ncolumns = 0;
	for (char *w = strtok_r(list, ",", &save); w; w = strtok_r(NULL, ",", &save)) {
		int column = choose(column_words, w);
		if (column < 0)
			diag_help("unknown column name: '%s'", use->value + (w - list));
		if (seen >> column & 1)
			diag_help("call summary column has been provided more than once: '%s' (-U option residual: '%s')", w, use->value + (w - list));
		seen |= 1U << column;
		o->columns[o->ncolumns++] = (enum summary_column)column;
	}
	free(list);
}

/* A time: a number, which may have a fraction, and a unit; microseconds where it has none. */
static void set_overhead(struct options *o, const struct option_use *use)
{
	static const struct choice units[] = {{"", 1000}, {"us", 1000}, {"s", 1000000000}, {"ms", 1000000}, {"ns", 1}, {NULL, 0}};
	char *end = NULL;
	double n = strtod(use->value, &end);
	int unit = choose(units, end);
	if (end == use->value || unit < 0 || !(n >= 0))
		refuse(use);
	o->overhead = (uint64_t)(n * unit);
}

static void set_summary(struct options *o, const struct option_use *use)
{
	enum summary_wish wish = use->row->letter == 'c' ? SUMMARY_ONLY : SUMMARY_TOO;
	if (o->summary && o->summary != wish)
		diag_help("-c/--summary-only and -C/--summary are mutually exclusive");
	o->summary = wish;
}

/* ---- profile ---- */

static void set_profile_json(struct options *o, const struct option_use *use) { o->profile_json = use->value; }

static void set_profile(struct options *o, const struct option_use *use)
{
	o->wants_profile = true;
	o->profile = use->value ? use->value : o->profile;
}

static void set_findings(struct options *o, const struct option_use *use)
{
	static const struct choice words[] = {{"text", false}, {"json", true}, {NULL, 0}};
	o->wants_findings = true;
	o->findings_as_json = use->value && chosen(use, words);
}

static void set_profile_sort(struct options *o, const struct option_use *use)
{
	static const struct choice words[] = {{"time", 0}, {"bytes", 0}, {"calls", 0}, {"name", 0}, {NULL, 0}};
	chosen(use, words);
	o->profile_sort = use->value;
}

/* ---- other ---- */

static void set_tips(struct options *o, const struct option_use *use)
{
	static const struct choice words[] = {{"none", 0}, {"compact", 0}, {"full", 0}, {"random", 0}, {NULL, 0}};
	(void)o;
	char *list = xstrdup(use->value ? use->value : "");
	char *save = NULL;
	for (char *w = strtok_r(list, ",", &save); w; w = strtok_r(NULL, ",", &save)) {
		const char *word = strncmp(w, "id:", 3) == 0 ? w + 3 : strncmp(w, "format:", 7) == 0 ? w + 7 : w;
		if (choose(words, word) < 0 && num_of_digits(word) < 0)
			refuse(use);
	}
	free(list);
}

static void show_help(struct options *o, const struct option_use *use) { (void)o; (void)use; opts_print_help(); }
static void show_version(struct options *o, const struct option_use *use) { (void)o; (void)use; opts_print_version(); }
static void show_man(struct options *o, const struct option_use *use) { (void)o; (void)use; opts_print_man(); }
static void show_completion(struct options *o, const struct option_use *use) { (void)o; opts_print_completion(use->value); }

#define TEXT(member) .flag = offsetof(struct options, text.member)
#define FLAG(member) .flag = offsetof(struct options, member)

static const char start[] = "Startup", tracing[] = "Tracing", filters[] = "Filtering", output[] = "Output", statistics[] = "Statistics",
		  tampering[] = "Tampering", stacks[] = "Stacks", profile[] = "Profile", other[] = "Other";

#define FILE_NAME "<file>"
#define PRECISIONS "s ms us ns"
#define CLASSES "all none %clock %creds %desc %file %fstat %fstatfs %ipc %lstat %memory %net %process %pure %signal %stat %%stat %statfs %%statfs"
#define COLUMNS "time-percent total-time min-time max-time avg-time wall-total wall-min wall-max wall-avg calls errors name"

const struct option_row option_rows[] = {
    {'E', "env", NULL, "VAR[=VAL]", start, "set VAR in the command's environment, or remove it", .set = set_env},
    {'p', "attach", NULL, "PID", start, "trace the process PID, and others behind commas; may be repeated", .set = set_pids},
    {'u', "user", NULL, "NAME", start, "run the command as user NAME", .set = set_user},
    {0, "argv0", NULL, "NAME", start, "the command's argv[0]", .set = set_argv0},
    {'b', "detach-on", NULL, "SYSCALL", tracing, "let go of a process that calls SYSCALL; only execve is supported", "execve", .set = set_detach},
    {'D', "daemonize", "daemonized daemonise daemonised", "[WHERE]", tracing, "the tracer is a grandchild of the command, not its parent; -DD (pgroup): in its own process group; -DDD (session): in its own session", "grandchild pgroup session", .set = set_daemon},
    {'I', "interruptible", NULL, "N", tracing, "signals that end the trace act 1 anywhere, 2 while waiting, 3 never, 4 never and SIGTSTP neither", "anywhere waiting never never_tstp", .set = set_interruptible},
    {0, "seccomp", NULL, "WHEN", tracing, "let calls that nobody asked for run without a stop, by a seccomp filter: on, off, or auto (a command that we start, with -f, where not all calls are traced). A filter can't be taken back: under one the tracer stays until the command ends, silently where it would have left, and its death by SIGKILL kills the command", "auto on off", .set = set_seccomp},
    {0, "seccomp-bpf", NULL, NULL, tracing, "the same as --seccomp=on; needs -f, implies --kill-on-exit", .set = set_seccomp_bpf},
    {0, "entry-only", NULL, NULL, tracing, "stop at the entry of calls only, where a filter is in force: half the cost, and results are shown as not captured", FLAG(is_entry_only)},
    {'f', "follow-forks", NULL, NULL, tracing, "follow children and threads; -ff with -o: a file FILE.PID each", .set = set_follow},
    {0, "output-separately", NULL, NULL, tracing, "with -o: a file FILE.PID for each task (-ff)", FLAG(is_separate)},
    {0, "kill-on-exit", NULL, NULL, tracing, "kill all traced processes when the tracer dies", FLAG(kill_on_exit)},
    {0, "syscall-limit", NULL, "N", tracing, "let go of all after N calls were shown", .set = set_call_limit},
    {'e', NULL, NULL, "EXPR", filters, "[QUALIFIER=][!]VALUE[,VALUE]...: trace, signal, status, errno, trace-fds, category, caller (functions or files, * and ? as in the shell), abbrev, verbose, raw, read, write, quiet, decode-fds, decode-pids, inject, fault; trace where none is named", "trace= signal= status= errno= trace-fds= category= caller= abbrev= verbose= raw= read= write= quiet= decode-fds= decode-pids= inject= fault=", .set = set_expression},
    {0, "trace", NULL, "SET", filters, "calls to trace: names, ?name, numbers, %class, /regex, each with @64, @32 or @x32; all, none; !: all but those", CLASSES, .set = set_qualifier},
    {0, "trace-fds", "trace-fd fd", "SET", filters, "calls on these descriptors only", .set = set_qualifier},
    {0, "signals", "signal", "SET", filters, "signals to show", "all none", .set = set_qualifier},
    {0, "status", NULL, "SET", filters, "calls to show by result: successful, failed, unfinished, unavailable, detached", "successful failed unfinished unavailable detached", .set = set_qualifier},
    {'P', "trace-path", NULL, "PATH", filters, "calls that name PATH (or glob:PATTERN, prefix:PATH) or work on a descriptor of it; may be repeated", FILE_NAME, .set = set_path},
    {'z', "successful-only", NULL, NULL, filters, "calls that succeeded only", .set = set_good},
    {'Z', "failed-only", NULL, NULL, filters, "calls that failed only", .set = set_bad},
    {'a', "columns", NULL, "N", output, "the column that results start in (40)", .set = set_column},
    {0, "abbrev", NULL, "SET", output, "calls whose structures are abbreviated", CLASSES, .set = set_qualifier},
    {0, "verbose", NULL, "SET", output, "calls whose pointers are followed", CLASSES, .set = set_qualifier},
    {0, "raw", NULL, "SET", output, "calls whose arguments are shown as they are in registers", CLASSES, .set = set_qualifier},
    {0, "read", "reads", "SET", output, "dump what is read from these descriptors", .set = set_qualifier},
    {0, "write", "writes", "SET", output, "dump what is written to these descriptors", .set = set_qualifier},
    {'A', "output-append-mode", NULL, NULL, output, "append to the -o file", FLAG(appends)},
    {'i', "instruction-pointer", NULL, NULL, output, "show the instruction pointer of each call", TEXT(shows_ip)},
    {'n', "syscall-number", NULL, NULL, output, "show the number of each call", TEXT(shows_number)},
    {'N', "arg-names", "argument-names", NULL, output, "show the names of arguments", TEXT(shows_arg_names)},
    {'o', "output", NULL, "FILE", output, "write to FILE, or to a command: |COMMAND or !COMMAND", FILE_NAME, .set = set_output},
    {'q', NULL, NULL, NULL, output, "say less: -q about attaching and personalities, -qq about exits too, -qqq about all", .set = set_quiet},
    {0, "quiet", "silent silence", "[SET]", output, "say less about: attach, exit, path-resolution, personality, thread-execve", "attach exit path-resolution personality thread-execve all none", .set = set_quiet_words},
    {'r', "relative-timestamps", NULL, "[PRECISION]", output, "show the time since the line before", PRECISIONS, .set = set_relative},
    {'s', "string-limit", NULL, "N", output, "show at most N bytes of strings (32)", .set = set_limit},
    {'t', "absolute-timestamps", "timestamps", "[FORMAT]", output, "show the time of day; -tt with microseconds, -ttt since 1970; FORMAT: format:none|time|unix, precision:s|ms|us|ns, behind commas", "none time unix " PRECISIONS, .set = set_timestamps},
    {'T', "syscall-times", NULL, "[PRECISION]", output, "show how long each call took", PRECISIONS, .set = set_duration},
    {'v', "no-abbrev", NULL, NULL, output, "show whole structures", .set = set_whole},
    {'x', NULL, NULL, NULL, output, "non-ASCII strings in hex; -xx: all strings", .set = set_hex},
    {0, "strings-in-hex", NULL, "[WHICH]", output, "the same: none, non-ascii-chars, non-ascii or all", "none non-ascii-chars non-ascii all", .set = set_strings},
    {'X', "const-print-style", NULL, "STYLE", output, "constants: raw, abbrev or verbose", "raw abbrev verbose", .set = set_names},
    {'y', "decode-fds", "decode-fd", "[SET]", output, "show what descriptors refer to: path (-y); also socket, dev, pidfd, eventfd, signalfd (all: -yy)", "all none path socket dev pidfd eventfd signalfd", .set = set_fds},
    {'Y', NULL, NULL, NULL, output, "show the names of programs behind pids", .set = set_comms},
    {0, "decode-pids", "decode-pid", "SET", output, "show with pids: comm (-Y), pidns (their numbers in our pid namespace)", "comm pidns all none", .set = set_comms},
    {0, "pidns-translation", NULL, NULL, output, "the same as --decode-pids=pidns", .set = set_translation},
    {0, "always-show-pid", NULL, NULL, output, "show the pid although there is just one task", TEXT(always_shows_pid)},
    {0, "secontext", NULL, "[SET]", output, "show security contexts, which there are none of without SELinux", .set = set_secontext},
    {0, "color", "colour", "[WHEN]", output, "colour names, strings and errors: auto (on a terminal, unless NO_COLOR is set), always or never (the default)", "auto always never", .set = set_color},
    {0, "json", NULL, "[FILE]", output, "typed records, one a line, to FILE (standard error if none); beside text where -o is given", FILE_NAME, .set = set_json},
    {'k', "stack-trace", "stack-traces", "[HOW]", stacks, "show the stack of each call; -kk (source): with files and lines", "symbol source", .set = set_stack_trace},
    {0, "stack-trace-frame-limit", NULL, "N", stacks, "show at most N frames of a stack (256)", .set = set_frame_limit},
    {0, "callers", NULL, NULL, stacks, "show at each call who made it: the nearest function outside the C library and the language's runtime, and what it called there", TEXT(shows_callers)},
    {0, "stacks", NULL, "FILE", stacks, "write folded stacks to FILE, for flame graphs", FILE_NAME, .set = set_stacks},
    {0, "stacks-by", NULL, "WHAT", stacks, "what they count: count (of calls), bytes (moved) or time (microseconds)", "count bytes time", .set = set_stacks_by},
    {'c', "summary-only", NULL, NULL, statistics, "count calls, errors and time; print a table at the end", .set = set_summary},
    {'C', "summary", NULL, NULL, statistics, "the same beside the lines", .set = set_summary},
    {'O', "summary-syscall-overhead", NULL, "TIME", statistics, "subtract TIME (s, ms, us, ns; us if none) from each call's", .set = set_overhead},
    {0, "by", NULL, "WHAT", statistics, "a row for each syscall, or for each caller", "syscall caller", .set = set_by},
    {'S', "summary-sort-by", NULL, "KEY", statistics, "sort by a column, or nothing (time)", COLUMNS " nothing", .set = set_sort},
    {'U', "summary-columns", NULL, "COLUMNS", statistics, "columns of the table, behind commas: " COLUMNS, COLUMNS, .set = set_columns},
    {'w', "summary-wall-clock", NULL, NULL, statistics, "sum the time that calls took, not their CPU time", FLAG(is_wall_summary)},
    {0, "profile", NULL, "[FILE]", profile, "what the program did with its files, pipes, sockets and devices, in place of the lines (beside them with -o); to FILE or standard error", FILE_NAME, .set = set_profile},
    {0, "profile-sort", NULL, "KEY", profile, "sort files by time, bytes, calls or name", "time bytes calls name", .set = set_profile_sort},
    {0, "profile-json", NULL, "FILE", profile, "the whole profile as one JSON document (contrib/ringside-profile.schema.json)", FILE_NAME, .set = set_profile_json},
    {0, "fds", NULL, NULL, profile, "the life of each open file description, and descriptors by process", FLAG(wants_fds)},
    {0, "tree", NULL, NULL, profile, "the tree of processes: what they used, waited for and exchanged; inputs, outputs, programs and libraries", FLAG(wants_tree)},
    {0, "findings", NULL, "[FORMAT]", profile, "what the program's author should look at, as text or json; --profile has it too", "text json", .set = set_findings},
    {0, "inject", NULL, "SET:ACTIONS", tampering, "tamper with the calls in SET: error=ERRNO or retval=N, signal=SIG, syscall=NAME, delay_enter=TIME, delay_exit=TIME, poke_enter=@argN=HEX, poke_exit=@argN=HEX, when=FIRST[..LAST][+[STEP]], behind colons", .set = set_qualifier},
    {0, "fault", NULL, "SET", tampering, "the same, with error=ENOSYS where no error is given", .set = set_qualifier},
    {0, "kvm", NULL, "WHAT", other, "accepted for compatibility", "vcpu", .set = set_qualifier},
    {0, "namespace", NULL, "WHAT", other, "accepted for compatibility", "new", .set = set_qualifier},
    {0, "tips", NULL, "[WHICH]", other, "accepted for compatibility: there are none", "none compact full random", .set = set_tips},
    {'d', "debug", NULL, NULL, other, "tell every event on standard error", FLAG(is_debugging)},
    {'h', "help", NULL, NULL, other, "this help", .set = show_help},
    {'V', "version", NULL, NULL, other, "the version", .set = show_version},
    {0, "man", NULL, NULL, other, "the manual page, in mdoc", .set = show_man},
    {0, "completion", NULL, "SHELL", other, "a completion script: bash, zsh or fish", "bash zsh fish", .set = show_completion},
};
const size_t option_row_count = sizeof(option_rows) / sizeof(option_rows[0]);

bool option_is_optional(const struct option_row *row)
{
	return row->argument && row->argument[0] == '[';
}
