/* What users read of the options: help, manual page, completions; all from the rows. */
#include "opts_rows.h"

#include "base/diag.h"
#include "sink/profile_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char version[] = "0.1";

static void spell(char text[static 80], const struct option_row *r)
{
	char letter[8] = "";
	bool is_optional = option_is_optional(r);
	if (r->letter)
		snprintf(letter, sizeof(letter), "-%c", r->letter);
	snprintf(text, 80, "%s%s%s%s%s%s", letter, r->letter && r->word ? ", " : "", r->word ? "--" : "",
		 r->word ? r->word : "",
		 r->argument ? (is_optional ? "[="
				: r->word   ? "="
					    : " ")
			     : "",
		 r->argument ? r->argument + is_optional : "");
}

void opts_print_help(void)
{
	puts("Usage: ringside [OPTIONS] COMMAND [ARGS]\n       ringside [OPTIONS] -p PID\n\nShows every system call a "
	     "program makes.");
	const char *group = "";
	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *r = &option_rows[i];
		char text[80];
		spell(text, r);
		if (strcmp(group, r->group) != 0)
			printf("\n%s:\n", r->group);
		group = r->group;
		printf("  %-34s %s\n", text, r->help);
	}
	exit(0);
}

void opts_print_version(void)
{
	printf("ringside -- version %s\n", version);
	exit(0);
}

/* TEXT with what mdoc would take for its own escaped. */
static void put_mdoc(const char *text)
{
	for (const char *p = text; *p; p++) {
		if (*p == '\\')
			fputs("\\e", stdout);
		else if (*p == '-')
			fputs("\\-", stdout);
		else
			putchar(*p);
	}
}

static void put_man_row(const struct option_row *r)
{
	char text[80];
	spell(text, r);
	fputs(".It ", stdout);
	put_mdoc(text);
	putchar('\n');
	put_mdoc(r->help);
	puts(".");
	if (r->also)
		printf("Also spelled \\-\\-%s.\n", r->also);
}

void opts_print_man(void)
{
	puts(
	    ".Dd $Mdocdate$\n.Dt RINGSIDE 1\n.Os\n.Sh NAME\n.Nm ringside\n.Nd show the system calls of a program\n.Sh "
	    "SYNOPSIS\n.Nm\n"
	    ".Op Ar options\n.Ar command Op Ar args\n.Nm\n.Op Ar options\n.Fl p Ar pid\n.Sh DESCRIPTION\n"
	    ".Nm\nruns a command, or attaches to a process, and shows each system call with its arguments and result.\n"
	    "The default format is that of\n.Xr strace 1 .\n.Fl -json\nwrites typed records, one a call.\n.Sh OPTIONS");
	const char *group = "";
	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *r = &option_rows[i];
		if (strcmp(group, r->group) != 0)
			printf("%s.Ss %s\n.Bl -tag -width Ds\n", *group ? ".El\n" : "", r->group);
		group = r->group;
		put_man_row(r);
	}
	puts(".El\n.Sh FILTERS\n"
	     "A set of calls is a list behind commas of names, numbers, %classes and /regular expressions, each with "
	     "an optional\n"
	     "@64, @32 or @x32; ?name may be missing; !list is all others.\n"
	     "With\n.Fl P ,\nglob:PATTERN and prefix:PATH match many paths;\n.Fl e\nerrno=ENOENT,EACCES shows calls "
	     "that failed with these;\n"
	     ".Fl e\ncategory=comm those of a category: process, file, device, info, comm, by what a descriptor is.\n"
	     ".Sh FINDINGS\nA finding of\n.Fl -profile\nor\n.Fl -findings\nnames the process, the file, the figures "
	     "and the numbers of the first records (those of\n"
	     ".Fl -json )\nthat show it. It is reported where all of its limits are reached.\n.Bl -tag -width Ds");
	profile_print_rules();
	puts(".El\n.Sh EXIT STATUS\nThat of the command; if a signal killed it, the tracer is killed by the same.\n"
	     "2 for a bad option, 126 and 127 for a command that cannot run or be found, 1 if output could not be "
	     "written.\n"
	     ".Sh SEE ALSO\n.Xr strace 1 ,\n.Xr ptrace 2");
	exit(0);
}

/* ---- completions ---- */

static void put_bash(void)
{
	fputs(
	    "_ringside() {\n\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n\tcase $prev in\n",
	    stdout);
	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *r = &option_rows[i];
		if (!r->values)
			continue;
		bool is_file = strcmp(r->values, "<file>") == 0;
		if (r->letter)
			printf("\t-%c", r->letter);
		if (r->word)
			printf("%s--%s", r->letter ? "|" : "\t", r->word);
		if (is_file)
			puts(") COMPREPLY=($(compgen -f -- \"$cur\")); return ;;");
		else
			printf(") COMPREPLY=($(compgen -W '%s' -- \"$cur\")); return ;;\n", r->values);
	}
	fputs("\tesac\n\tif [[ $cur == -* ]]; then\n\t\tCOMPREPLY=($(compgen -W '", stdout);
	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *r = &option_rows[i];
		if (r->letter)
			printf("-%c ", r->letter);
		if (r->word)
			printf("--%s ", r->word);
	}
	puts("' -- \"$cur\"))\n\telse\n\t\tCOMPREPLY=($(compgen -A command -A file -- \"$cur\"))\n\tfi\n}\ncomplete -F "
	     "_ringside ringside");
}

/* TEXT between single quotes, without what zsh and fish would take for their own. */
static void put_quoted(const char *text)
{
	for (const char *p = text; *p; p++)
		if (!strchr("'[]:\\", *p))
			putchar(*p);
}

static void put_zsh_argument(const struct option_row *r)
{
	if (!r->argument)
		return;
	printf(":%s", option_is_optional(r) ? ":" : "");
	put_quoted(r->argument);
	if (!r->values)
		fputs(":", stdout);
	else if (strcmp(r->values, "<file>") == 0)
		fputs(":_files", stdout);
	else
		printf(":(%s)", r->values);
}

static void put_zsh(void)
{
	puts("#compdef ringside\n_arguments -s -S \\");
	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *r = &option_rows[i];
		for (int is_long = 0; is_long < 2; is_long++) {
			if (is_long ? !r->word : !r->letter)
				continue;
			if (is_long)
				printf("\t'*--%s%s[", r->word, r->argument ? "=-" : "");
			else
				printf("\t'*-%c[", r->letter);
			put_quoted(r->help);
			putchar(']');
			if (is_long || !option_is_optional(r))
				put_zsh_argument(r);
			puts("' \\");
		}
	}
	puts("\t'(-)1:command:_command_names -e' \\\n\t'*::arguments:_normal'");
}

static void put_fish(void)
{
	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *r = &option_rows[i];
		fputs("complete -c ringside", stdout);
		if (r->letter)
			printf(" -s %c", r->letter);
		if (r->word)
			printf(" -l %s", r->word);
		bool is_file = r->values && strcmp(r->values, "<file>") == 0;
		if (r->argument && !option_is_optional(r))
			fputs(is_file ? " -r -F" : " -x", stdout);
		if (r->values && !is_file)
			printf(" -a '%s'", r->values);
		fputs(" -d '", stdout);
		put_quoted(r->help);
		puts("'");
	}
	puts("complete -c ringside -n '__fish_is_first_token' -a '(__fish_complete_command)'");
}

void opts_print_completion(const char *shell)
{
	static const struct {
		const char *shell;
		void (*put)(void);
	} shells[] = {{"bash", put_bash}, {"zsh", put_zsh}, {"fish", put_fish}};
	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++)
		if (strcmp(shells[i].shell, shell) == 0) {
			shells[i].put();
			exit(0);
		}
	diag_usage("no completion for '%s'; expected bash, zsh or fish", shell);
}
