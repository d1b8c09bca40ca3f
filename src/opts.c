/* Parsing by the rows of opts_rows.c, then what several options mean together. */
#include "opts_rows.h"

#include "base/diag.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- words of the command line ---- */

enum { ROWS_MOST = 128 };

struct parser {
	struct options *options;
	char **argv;
	int i;                      /* index of the word at hand */
	unsigned shorts[ROWS_MOST]; /* how often each row came, in its short form */
	bool longs[ROWS_MOST];
};

static void take(struct parser *p, const struct option_row *row, const char *value, bool is_long)
{
	size_t at = (size_t)(row - option_rows);
	p->shorts[at] += !is_long;
	p->longs[at] |= is_long;
	const struct option_use use = {row, value, is_long};
	if (row->set)
		row->set(p->options, &use);
	else
		*(bool *)((char *)p->options + row->flag) = true;
}

/* Is WORD, of N bytes, in LIST, behind spaces? */
static bool is_listed(const char *list, const char *word, size_t n)
{
	for (const char *p = list; p && *p;) {
		size_t length = strcspn(p, " ");
		if (length == n && strncmp(p, word, n) == 0)
			return true;
		p += length + strspn(p + length, " ");
	}
	return false;
}

static _Noreturn void refuse_ambiguous(const char *word, size_t n)
{
	char list[1024] = "";
	for (size_t i = 0; i < option_row_count; i++)
		if (option_rows[i].word && strncmp(option_rows[i].word, word, n) == 0) {
			size_t used = strlen(list);
			char *item = xasprintf(" '--%s'", option_rows[i].word);
			strncat(list, item, sizeof(list) - used - 1);
			free(item);
		}
	diag_help("option '--%.*s' is ambiguous; possibilities:%s", (int)n, word, list);
}

/* The row of a long option; unambiguous beginnings count. */
static const struct option_row *long_row(const char *word, size_t n)
{
	const struct option_row *found = NULL;
	unsigned likely = 0;
	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *r = &option_rows[i];
		if ((r->word && strlen(r->word) == n && strncmp(r->word, word, n) == 0) || is_listed(r->also, word, n))
			return r;
		if (r->word && strncmp(r->word, word, n) == 0) {
			found = r;
			likely++;
		}
	}
	if (likely > 1)
		refuse_ambiguous(word, n);
	if (!found)
		diag_help("unrecognized option '--%.*s'", (int)n, word);
	return found;
}

static void take_long(struct parser *p)
{
	const char *word = p->argv[p->i] + 2;
	size_t n = strcspn(word, "=");
	const struct option_row *r = long_row(word, n);
	const char *value = word[n] ? word + n + 1 : NULL;
	if (value && !r->argument)
		diag_help("option '--%s' doesn't allow an argument", r->word);
	if (!value && r->argument && !option_is_optional(r)) {
		value = p->argv[++p->i];
		if (!value)
			diag_help("option '--%s' requires an argument", r->word);
	}
	take(p, r, value, true);
}

static const struct option_row *letter_row(char letter)
{
	for (size_t i = 0; i < option_row_count; i++)
		if (option_rows[i].letter == letter)
			return &option_rows[i];
	diag_help("invalid option -- '%c'", letter);
}

/* A bundle of letters, of which the last may have its argument behind it. */
static void take_letters(struct parser *p)
{
	for (const char *c = p->argv[p->i] + 1; *c; c++) {
		const struct option_row *r = letter_row(*c);
		if (!r->argument || option_is_optional(r)) {
			take(p, r, NULL, false);
			continue;
		}
		const char *value = c[1] ? c + 1 : p->argv[++p->i];
		if (!value)
			diag_help("option requires an argument -- '%c'", *c);
		take(p, r, value, false);
		return;
	}
}

/* ---- what several options mean together ---- */

static bool came(const struct parser *p, const char *word, bool is_long)
{
	for (size_t i = 0; i < option_row_count; i++)
		if (option_rows[i].word && strcmp(option_rows[i].word, word) == 0)
			return is_long ? p->longs[i] : p->shorts[i];
	return false;
}

static unsigned letter_count(const struct parser *p, char letter)
{
	return p->shorts[letter_row(letter) - option_rows];
}

static void refuse_two_forms(const struct parser *p)
{
	static const struct {
		char letter;
		const char *word;
	} forms[] = {{'t', "absolute-timestamps"}, {'x', "strings-in-hex"}, {'y', "decode-fds"}, {'D', "daemonize"}};
	if (letter_count(p, 'q') && p->options->states_quiet)
		diag_usage("-q and -e quiet/--quiet cannot be provided simultaneously");
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (letter_count(p, forms[i].letter) && came(p, forms[i].word, true))
			diag_usage("-%c and --%s cannot be provided simultaneously", forms[i].letter, forms[i].word);
}

/* A filter can be installed by the command only, outlives exec and fork, and makes calls fail where no tracer is. */
static const char *why_not_seccomp(const struct options *o)
{
	return o->npids || !o->argv ? "is not enabled for processes attached with -p"
	       : !o->is_following   ? "cannot be used without -f/--follow-forks, disabling"
	       : o->detach_on_exec  ? "is not compatible with -b/--detach-on, disabling"
	       : o->call_limit      ? "is not compatible with --syscall-limit, disabling"
				    : NULL;
}

static void settle_seccomp(struct options *o)
{
	const char *why = why_not_seccomp(o);
	if (why && o->seccomp == SECCOMP_ON)
		diag("--seccomp-bpf %s", why);
	if (why)
		o->seccomp = SECCOMP_OFF;
	if (o->seccomp == SECCOMP_AUTO && o->text.shows_number && !o->is_entry_only)
		o->seccomp = SECCOMP_OFF; /* signals and ends show the last call's number, asked for or not */
	if (o->is_entry_only && o->seccomp == SECCOMP_OFF)
		diag_usage("--entry-only needs a seccomp filter%s%s", why ? ", which " : "", why ? why : "");
	o->kill_on_exit |= o->seccomp == SECCOMP_ON;
}

static void tell_what_summaries_ignore(const struct options *o)
{
	const struct {
		bool is_set;
		const char *option;
	} ignored[] = {{o->text.shows_ip, "-i/--instruction-pointer"},
		       {o->text.shows_number, "-n/--syscall-number"},
		       {o->text.shows_relative, "-r/--relative-timestamps"},
		       {o->text.stamp != STAMP_NONE, "-t/--absolute-timestamps"},
		       {o->text.shows_duration, "-T/--syscall-times"},
		       {o->text.fds, "-y/--decode-fds"}};
	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		if (ignored[i].is_set)
			diag("%s has no effect with -c/--summary-only", ignored[i].option);
}

static void settle_summary(struct options *o, const struct parser *p)
{
	static const enum summary_column usual[] = {SUMMARY_PERCENT, SUMMARY_TOTAL,  SUMMARY_AVG,
						    SUMMARY_CALLS,   SUMMARY_ERRORS, SUMMARY_NAME};
	static const char needed[] = "(-c/--summary-only or -C/--summary)";
	if (o->is_separate && o->summary)
		diag_help("%s and -ff/--output-separately are mutually exclusive", needed);
	if (o->is_wall_summary && !o->summary)
		diag_help("-w/--summary-wall-clock must be given with %s", needed);
	if (o->ncolumns && !o->summary)
		diag_help("-U/--summary-columns must be given with %s", needed);
	if ((letter_count(p, 'S') || came(p, "summary-sort-by", true)) && !o->summary)
		diag("-S/--summary-sort-by has no effect without %s", needed);
	if (o->summary == SUMMARY_ONLY)
		tell_what_summaries_ignore(o);
	bool has_name = false;
	for (size_t i = 0; i < o->ncolumns; i++)
		has_name |= o->columns[i] == SUMMARY_NAME;
	if (o->ncolumns && !has_name)
		o->columns[o->ncolumns++] = SUMMARY_NAME;
	if (o->ncolumns)
		return;
	o->ncolumns = sizeof(usual) / sizeof(usual[0]);
	memcpy(o->columns, usual, sizeof(usual));
}

static void settle_output(struct options *o, const struct parser *p)
{
	if (!o->output && o->is_separate && came(p, "output-separately", true))
		diag("--output-separately has no effect without -o/--output");
	if (!o->output && o->appends)
		diag("-A/--output-append-mode has no effect without -o/--output");
	o->is_separate &= o->output != NULL;
	if (o->is_separate && (*o->output == '|' || *o->output == '!'))
		diag_help("piping the output and -ff/--output-separately are mutually exclusive");
	o->text.appends = o->appends;
	if (!o->interruptible && o->output && o->argv)
		o->interruptible = o->daemon ? PTRACE_INTR_NEVER_TSTP : PTRACE_INTR_NEVER;
	if (o->output && o->argv && !letter_count(p, 'q') && !o->states_quiet)
		o->text.quiet |= QUIET_ATTACH | QUIET_PERSONALITY;
	o->text.string_limit = o->string_limit;
	if (o->is_separate)
		o->text.pid = o->text.always_shows_pid ? PID_COLUMN : PID_NONE;
	else if (o->output)
		o->text.pid = o->is_following || o->npids > 1 || o->text.always_shows_pid ? PID_COLUMN : PID_BRACKETS;
	else
		o->text.pid = o->text.always_shows_pid ? PID_BRACKETS_ALWAYS : PID_BRACKETS;
	const char *no_color = getenv("NO_COLOR");
	bool is_terminal = !o->output && isatty(STDERR_FILENO) && (!no_color || !*no_color);
	o->text.is_colored = o->text.color == COLOR_ALWAYS || (o->text.color == COLOR_AUTO && is_terminal);
}

static void settle(struct options *o, const struct parser *p)
{
	if (!o->argv && !o->npids)
		diag_help("must have PROG [ARGS] or -p PID");
	if (!o->argv && o->daemon)
		diag_help("PROG [ARGS] must be specified with -D/--daemonize");
	if (letter_count(p, 'D') > PTRACE_DAEMON_SESSION)
		diag_help("Too many -D's (%u), maximum supported -D count is %d", letter_count(p, 'D'),
			  PTRACE_DAEMON_SESSION);
	refuse_two_forms(p);
	if (o->user && !o->argv)
		diag_help("PROG [ARGS] must be specified with -u/--user");
	if (o->nenv && !o->argv)
		diag_help("PROG [ARGS] must be specified with -E/--env");
	if (o->argv0 && !o->argv)
		diag_help("PROG [ARGS] must be specified with --argv0");
	if (o->kill_on_exit && o->npids)
		diag_help("--kill-on-exit and -p/--attach are mutually exclusive options");
	settle_seccomp(o);
	settle_summary(o, p);
	settle_output(o, p);
	if (letter_count(p, 'z') + letter_count(p, 'Z') + came(p, "successful-only", true) +
		came(p, "failed-only", true) >
	    1)
		diag("Only the last of -z/--successful-only/-Z/--failed-only options will take effect. "
		     "See status qualifier for more complex filters.");
}

void opts_parse(struct options *o, int argc, char **argv)
{
	*o = (struct options){.string_limit = 32, .stack_frames = 256, .text.column = 40};
	struct parser p = {.options = o, .argv = argv, .i = 1};
	for (; p.i < argc && argv[p.i][0] == '-' && argv[p.i][1]; p.i++) {
		if (strcmp(argv[p.i], "--") == 0) {
			p.i++;
			break;
		}
		if (argv[p.i][1] == '-')
			take_long(&p);
		else
			take_letters(&p);
	}
	if (p.i < argc)
		o->argv = argv + p.i;
	settle(o, &p);
}

void opts_free(struct options *o)
{
	free(o->env);
	free(o->pids);
	free(o->qualifiers);
}
