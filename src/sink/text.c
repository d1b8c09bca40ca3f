/*
 * The lines of strace's format. A line is begun at entry with the arguments known then and finished at exit; when
 * another task has to say something in between, the half line is closed with <unfinished ...> and resumed later.
 */
#include "sink/text.h"

#include "base/diag.h"
#include "base/xalloc.h"
#include "decode/decode.h"
#include "state/task.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

enum { NS_PER_S = 1000000000 };

/* A file of lines, and the line that is being written there. */
struct log {
	struct out *out;     /* NULL: closed, its task is gone */
	pid_t open;          /* the task whose line is begun; 0 = none */
	uint64_t line_start; /* position in the output */
	unsigned unseen;     /* bytes of the line that take no column */
};

struct text_sink {
	struct sink sink;
	struct text_config config;
	struct log *log;     /* the one being written; NULL = none yet */
	struct map logs;     /* all: with -ff by tid, else one */
	char *target;        /* -ff: the stem of the files */
	uint64_t last_wall;  /* -r: of the line before */
	unsigned tasks;      /* alive */
	int error;           /* of a file that is closed already */
	struct arena arena;  /* for a signal's values */
};

static struct text_sink *of(struct sink *s)
{
	return (struct text_sink *)s;
}

static struct buf *line(struct text_sink *t)
{
	return &t->log->out->buf;
}

static uint64_t position(const struct text_sink *t)
{
	return t->log->out->written + t->log->out->buf.n;
}

/* ---- what stands before a line ---- */

/* The fraction of a second in NS, with its point; nothing for no digits. */
static void put_fraction(struct buf *b, uint64_t ns, int digits)
{
	if (!digits)
		return;
	uint64_t unit = 1;
	for (int i = digits; i < 9; i++)
		unit *= 10;
	buf_c(b, '.');
	buf_udec_pad(b, ns % NS_PER_S / unit, digits);
}

static void put_clock(struct text_sink *t, uint64_t wall)
{
	struct buf *b = line(t);
	time_t s = (time_t)(wall / NS_PER_S);
	struct tm tm;
	char text[32] = "";
	if (t->config.stamp == STAMP_NONE)
		return;
	if (t->config.stamp == STAMP_EPOCH)
		buf_dec(b, s);
	else if (localtime_r(&s, &tm) && strftime(text, sizeof(text), "%T", &tm))
		buf_puts(b, text);
	put_fraction(b, wall, t->config.stamp_digits);
	buf_c(b, ' ');
}

static void put_relative(struct text_sink *t, uint64_t wall)
{
	uint64_t passed = t->last_wall && wall > t->last_wall ? wall - t->last_wall : 0;
	t->last_wall = wall;
	bool is_second = t->config.stamp != STAMP_NONE; /* behind a time of day */
	buf_printf(line(t), is_second ? "(+%6" PRIu64 : "%6" PRIu64, passed / NS_PER_S);
	put_fraction(line(t), passed, t->config.relative_digits);
	buf_puts(line(t), is_second ? ") " : " ");
}

static void put_pid(struct text_sink *t, pid_t tid)
{
	struct buf *b = line(t);
	bool is_column = t->config.pid == PID_COLUMN;
	if (t->config.pid == PID_NONE || (t->config.pid == PID_BRACKETS && t->tasks <= 1))
		return;
	buf_printf(b, is_column ? "%-5d" : "[pid %5d", tid);
	text_comm(b, &t->config, tid);
	if (is_column)
		buf_c(b, ' ');
	else
		buf_lit(b, "] ");
}

/* The file of TID; one that was closed is gone on with. */
static struct out *open_file(const struct text_sink *t, pid_t tid, bool appends)
{
	char *name = xasprintf("%s.%d", t->target, tid);
	struct out *o = out_open(name, appends);
	if (!o) { /* the trace ends with this task's first line */
		int err = errno;
		diag("Can't fopen '%s': %s", name, strerror(err));
		o = out_of_fd(-1);
		o->error = -err;
	}
	free(name);
	return o;
}

static void choose_log(struct text_sink *t, pid_t tid)
{
	if (!t->target)
		return;
	struct log *log = map_get(&t->logs, (uint64_t)tid);
	bool is_new = !log;
	if (is_new) {
		log = xcalloc(1, sizeof(*log));
		map_put(&t->logs, (uint64_t)tid, log);
	}
	if (!log->out)
		log->out = open_file(t, tid, !is_new || t->config.appends);
	t->log = log;
}

/* The task whose file this is has gone; there may be thousands. */
static void close_log(struct text_sink *t, pid_t tid)
{
	struct log *log = t->target ? map_get(&t->logs, (uint64_t)tid) : NULL;
	if (!log || !log->out || log->out->error)
		return;
	int err = out_close(log->out);
	log->out = NULL;
	t->error = t->error ? t->error : err;
	t->log = t->log == log ? NULL : t->log;
}

static void interrupt_line(struct text_sink *t)
{
	if (t->log->open)
		buf_lit(line(t), " <unfinished ...>\n");
	t->log->open = 0;
}

/* Of what a line tells; NR, ABI: of the call it is in or was in last; IP 0: not known. */
struct moment {
	pid_t tid;
	uint64_t wall, nr, ip;
	int abi; /* -1: not known */
};

static bool is_narrow(int abi)
{
	return abi == ABI_I386 || abi == ABI_X32 || abi == ABI_ARM;
}

static void put_ip(struct text_sink *t, uint64_t ip, int abi)
{
	int digits = is_narrow(abi) ? 8 : 16;
	if (ip)
		buf_printf(line(t), "[%0*" PRIx64 "] ", digits, ip);
	else
		buf_printf(line(t), "[%.*s] ", digits, "????????????????");
}

static void begin(struct text_sink *t, const struct moment *m)
{
	choose_log(t, m->tid);
	interrupt_line(t);
	t->log->line_start = position(t);
	t->log->unseen = 0;
	put_pid(t, m->tid);
	put_clock(t, m->wall);
	if (t->config.shows_relative)
		put_relative(t, m->wall);
	if (t->config.shows_number)
		buf_printf(line(t), "[%4" PRIu64 "] ", m->nr);
	if (t->config.shows_ip)
		put_ip(t, m->ip, m->abi);
}

static void begin_call(struct text_sink *t, pid_t tid, const struct call *call, uint64_t wall)
{
	const struct moment m = {tid, wall, call->nr, call->ip, (int)call->abi};
	begin(t, &m);
}

static void begin_event(struct text_sink *t, const struct event *ev)
{
	const struct moment m = {ev->tid, ev->wall, ev->nr, ev->ip, ev->abi};
	begin(t, &m);
}

static const char COLOR_OF_NAME[] = "\033[36m", COLOR_OF_ERROR[] = "\033[31m", COLOR_OFF[] = "\033[0m";

static void put_color(struct text_sink *t, const char *color)
{
	if (!t->config.is_colored)
		return;
	buf_puts(line(t), color);
	t->log->unseen += (unsigned)strlen(color);
}

static void put_colored(struct text_sink *t, const char *color, const char *text)
{
	put_color(t, color);
	buf_puts(line(t), text);
	put_color(t, COLOR_OFF);
}

/* TASK: whose stack belongs to the line; NULL = none does. */
static void end_line(struct text_sink *t, const struct task *task)
{
	const struct stack *stack = task ? task->stack : NULL;
	if (t->config.shows_callers)
		text_caller(line(t), stack);
	buf_c(line(t), '\n');
	if (t->config.stack_level && stack)
		text_stack(line(t), stack, t->config.stack_level > 1);
	t->log->open = 0;
	out_commit(t->log->out);
}

static void pad(struct text_sink *t)
{
	uint64_t column = position(t) - t->log->line_start - t->log->unseen;
	if (column < (uint64_t)t->config.column)
		buf_fill(line(t), ' ', (size_t)((uint64_t)t->config.column - column));
}

/* ---- calls ---- */

static bool is_shown(const struct val *v)
{
	return v->kind != VAL_VOID && !(v->attrs & FIELD_RESULT);
}

static void put_argument(struct text_sink *t, const struct val *v)
{
	if ((t->config.shows_arg_names || v->attrs & FIELD_NAMED) && v->name) {
		buf_puts(line(t), v->name);
		buf_c(line(t), '=');
	}
	text_value(line(t), &t->config, v);
}

struct note {
	unsigned shown;  /* arguments printed at entry */
	bool is_half;    /* of the next, its first half too */
	bool is_whole;   /* all of them */
	bool is_begun;   /* the entry was printed, the exit not yet */
};

static struct note *note_of(const struct task *task)
{
	return task->sink_data;
}

/* Is the value, in whatever depth, still to come at exit? */
static bool is_pending(const struct val *v)
{
	return v->state & (VAL_PENDING | VAL_AGAIN);
}

/* A struct that is read and written: what was read is told at entry, and what was written behind " => " at exit. */
static bool has_halves(const struct val *v)
{
	return v->kind == VAL_PTR && v->child && v->child->kind == VAL_STRUCT && !(v->attrs & FIELD_GROWS);
}

static void put_second_half(struct text_sink *t, const struct val *v)
{
	if (!v->before)
		return;
	buf_lit(line(t), " => ");
	if (v->child)
		text_value(line(t), &t->config, v->child);
	else
		buf_hex(line(t), v->n);
}

/* Arguments from the I-th on; at entry up to the first that is not known yet. Returns the index of the next. */
static unsigned put_arguments(struct text_sink *t, const struct call *call, struct note *note, bool is_entry)
{
	unsigned from = is_entry ? 0 : note->shown;
	unsigned i = 0;
	for (const struct val *v = call->args; v; v = v->next) {
		if (!is_shown(v))
			continue;
		if (i >= from) {
			/* strace tells a clone's results, which have names, wholly at exit: with the comma before them. */
			bool is_apart = v->attrs & FIELD_NAMED && (is_entry ? is_pending(v) : i == from);
			if (i && (is_apart ? !is_entry : i > from))
				buf_lit(line(t), ", ");
			if (is_entry && is_pending(v)) {
				note->is_half = v->state & VAL_AGAIN && has_halves(v);
				if (note->is_half)
					put_argument(t, v);
				return i;
			}
			if (!is_entry && i == from && note->is_half)
				put_second_half(t, v);
			else
				put_argument(t, v);
		}
		i++;
	}
	return i;
}

static void put_raw(struct text_sink *t, const struct call *call)
{
	/* As many registers as the call takes, whatever its variant shows of them. */
	const struct desc_number *number = desc_by_number(call->abi, call->nr);
	unsigned n = number && number->call ? desc_registers(&desc_calls[number->call], call->abi) : 6;
	for (unsigned i = 0; i < n && i < 6; i++) {
		buf_puts(line(t), i ? ", " : "");
		buf_hex(line(t), call->raw[i]);
	}
}

static void on_entry(struct sink *s, const struct task *task, const struct call *call)
{
	struct text_sink *t = of(s);
	struct note *note = note_of(task);
	begin_call(t, task->tid, call, call->entry_wall);
	put_colored(t, COLOR_OF_NAME, call->name);
	buf_c(line(t), '(');
	t->config.is_opaque = call->is_opaque;
	if (!call->decl || call->is_raw) {
		put_raw(t, call);
		note->shown = UINT_MAX;
		note->is_whole = true;
	} else {
		note->is_half = false;
		note->shown = put_arguments(t, call, note, true);
		note->is_whole = true;
		for (const struct val *v = call->args; v; v = v->next)
			if (is_shown(v) && is_pending(v))
				note->is_whole = false;
	}
	note->is_begun = true;
	t->log->open = task->tid;
}

/* [dec] and [hex] on a result's type: the number so, and its names without a word before them. */
static void put_flags_result(struct text_sink *t, const struct val *v)
{
	struct buf names = {0};
	struct text_config look = t->config;
	const struct desc_set *set = &desc_sets[v->set];
	/* As strace does: flags alone follow -X; enums and flags with fields in them are named always. */
	unsigned format = desc_types[v->type].flags & (TYPE_DEC | TYPE_HEX);
	if (!set->is_split && (format || !set->is_flags || desc_items[set->first].subset))
		look.names = NAMES_ABBREV;
	if (format & TYPE_DEC)
		buf_dec(line(t), (int64_t)v->n);
	else
		if (set->is_decimal)
		buf_dec(line(t), (int64_t)v->n);
	else
		buf_hex(line(t), v->n);
	text_set(&names, &look, set, v->n, v->width, 0);
	const char *word = set->word ? set->word : set->is_flags && !format ? "flags" : "";
	/* A number alone is no name; an unknown part with a comment of its own is. */
	bool is_number = names.n && names.p[0] >= '0' && names.p[0] <= '9';
	bool has_names = names.n && (!is_number || set->is_split);
	if (set->is_flags && !set->is_split && format && t->config.names == NAMES_RAW)
		has_names = false;
	if (has_names || (v->n && look.names != NAMES_ABBREV))
		buf_printf(line(t), " (%s%s%.*s)", word, word[0] ? " " : "", (int)names.n, names.p);
	else if (v->n && word[0] && !format)
		buf_printf(line(t), " (%s %#" PRIx64 ")", word, v->n);
	buf_free(&names);
}

static void put_signal_result(struct text_sink *t, int signo)
{
	const char *name = desc_signal_name(signo);
	buf_dec(line(t), signo);
	if (name)
		buf_printf(line(t), " (%s)", name);
}

static void put_mask_result(struct text_sink *t, const struct val *v)
{
	buf_hex(line(t), v->n);
	buf_puts(line(t), v->role == ROLE_OLD_SIGSET ? " (old mask " : " (mask ");
	text_value(line(t), &t->config, v);
	buf_c(line(t), ')');
}

/* A result without a look of its own is unsigned, as wide as the ABI's words. */
static void put_plain_result(struct buf *b, const struct call *call)
{
	buf_udec(b, is_narrow((int)call->abi) ? (uint32_t)call->result : (uint64_t)call->result);
}

static void put_ioprio_result(struct text_sink *t, const struct val *v)
{
	struct text_config abbrev = t->config;
	abbrev.names = NAMES_ABBREV;
	buf_udec(line(t), v->n);
	buf_lit(line(t), " (");
	text_value(line(t), &abbrev, v);
	buf_c(line(t), ')');
}

/* The date, elsewhere a comment, in parentheses. */
static void put_time_result(struct text_sink *t, const struct val *v)
{
	struct buf text = {0};
	text_value(&text, &t->config, v);
	const char *date = text.n ? memchr(text.p, '/', text.n) : NULL;
	buf_dec(line(t), (int64_t)v->n);
	if (date)
		buf_printf(line(t), " (%.*s)", (int)(text.n - (size_t)(date - text.p) - strlen("/*  */")), date + strlen("/* "));
	buf_free(&text);
}

static void put_value_result(struct text_sink *t, const struct call *call)
{
	const struct val *v = call->ret;
	if (call->is_raw && call->decl)
		buf_hex(line(t), (uint64_t)call->result);
	else if (!v || (v->kind == VAL_INT && v->role == ROLE_INT && !v->set && !v->number_format && !v->comment))
		put_plain_result(line(t), call);
	else if (v->kind == VAL_INT && v->set && v->role == ROLE_INT)
		put_flags_result(t, v);
	else if (v->kind == VAL_INT && v->role == ROLE_ADDR)
		buf_hex(line(t), v->n);
	else if (v->kind == VAL_INT && v->role == ROLE_SIGNO)
		put_signal_result(t, (int)v->n);
	else if (v->kind == VAL_INT && v->role == ROLE_IOPRIO)
		put_ioprio_result(t, v);
	else if (v->kind == VAL_INT && v->role == ROLE_TIME)
		put_time_result(t, v);
	else if (v->kind == VAL_INT && (v->role == ROLE_SIGSET || v->role == ROLE_OLD_SIGSET))
		put_mask_result(t, v);
	else
		text_value(line(t), &t->config, v);
}

/* Results that programs never see: include/linux/errno.h. */
static const char *restart_message(int64_t err)
{
	switch (err) {
	case 512:
		return "? ERESTARTSYS (To be restarted if SA_RESTART is set)";
	case 513:
		return "? ERESTARTNOINTR (To be restarted)";
	case 514:
		return "? ERESTARTNOHAND (To be restarted if no handler)";
	case 516:
		return "? ERESTART_RESTARTBLOCK (Interrupted by signal)";
	default:
		return NULL;
	}
}

static void put_failure(struct text_sink *t, const struct call *call)
{
	int err = (int)-call->result;
	const char *restart = restart_message(err);
	const char *name = desc_errno_name(err);
	const char *message = desc_errno_message(err);
	if (restart)
		buf_puts(line(t), restart);
	else if (name && message)
		buf_printf(line(t), "-1 %s (%s)", name, message);
	else if (name)
		buf_printf(line(t), "-1 %s", name);
	else
		buf_printf(line(t), "-1 (errno %d)", err);
}

static void put_failure_colored(struct text_sink *t, const struct call *call)
{
	put_color(t, COLOR_OF_ERROR);
	put_failure(t, call);
	put_color(t, COLOR_OFF);
}

static void put_duration(struct text_sink *t, uint64_t ns)
{
	buf_lit(line(t), " <");
	buf_udec(line(t), ns / NS_PER_S);
	put_fraction(line(t), ns, t->config.duration_digits);
	buf_c(line(t), '>');
}

static void put_tampering(struct text_sink *t, unsigned tampered)
{
	static const char *const notes[] = {[TAMPERED_RESULT] = " (INJECTED)", [TAMPERED_ARGS] = " (INJECTED: args)",
					    [TAMPERED_RESULT | TAMPERED_ARGS] = " (INJECTED: args, retval)"};
	const char *note = notes[tampered & (TAMPERED_RESULT | TAMPERED_ARGS)];
	if (note)
		buf_puts(line(t), note);
	if (tampered & TAMPERED_TIME)
		buf_lit(line(t), " (DELAYED)");
}

/* What stands in parentheses behind the result; of structures that are not to be shown there is nothing to say. */
/* A @named one is name=number, without the brackets of what lies behind an address. */
static void put_remark(struct text_sink *t, const struct val *v)
{
	bool is_named = v->attrs & FIELD_NAMED && v->name;
	if (is_named)
		buf_printf(line(t), "%s=", v->name);
	text_value(line(t), &t->config, is_named && v->kind == VAL_PTR && v->child ? v->child : v);
}

static void put_remarks(struct text_sink *t, const struct call *call)
{
	const char *sep = " (";
	for (const struct val *v = call->is_raw ? NULL : call->aux; v; v = v->next) {
		if (v->kind == VAL_VOID || (call->is_opaque && v->kind != VAL_RAW && v->kind != VAL_STR))
			continue;
		buf_puts(line(t), sep);
		put_remark(t, v);
		sep = ", ";
	}
	if (sep[0] == ',')
		buf_c(line(t), ')');
}

static void put_result(struct text_sink *t, const struct call *call)
{
	buf_lit(line(t), ") ");
	pad(t);
	buf_lit(line(t), "= ");
	if (call->is_entry_only)
		buf_lit(line(t), "? <not captured>");
	else if (!call->is_ret_known)
		buf_lit(line(t), "? <unavailable>");
	else if (call->has_failed)
		put_failure_colored(t, call);
	else
		put_value_result(t, call);
	put_remarks(t, call);
	put_tampering(t, call->tampered);
	uint64_t took = call->exit_mono - call->entry_mono;
	if (t->config.shows_duration && call->is_ret_known)
		put_duration(t, took);
}

/* Goes on with the line of TASK's call, or begins the one that resumes it. */
static void resume_line(struct text_sink *t, const struct task *task, const struct call *call, uint64_t wall)
{
	choose_log(t, task->tid);
	if (t->log->open == task->tid)
		return;
	begin_call(t, task->tid, call, wall);
	buf_printf(line(t), "<... %s resumed>", call->name);
}

static void on_exit_(struct sink *s, const struct task *task, const struct call *call)
{
	struct text_sink *t = of(s);
	resume_line(t, task, call, call->exit_wall);
	t->config.is_opaque = call->is_opaque;
	if (call->decl && !call->is_raw)
		put_arguments(t, call, note_of(task), false);
	put_result(t, call);
	note_of(task)->is_begun = false;
	end_line(t, task);
	text_dump(line(t), call->dump);
}

/* ---- everything else ---- */

static void say(struct text_sink *t, const struct event *ev, const char *text)
{
	begin_event(t, ev);
	buf_puts(line(t), text);
	end_line(t, NULL);
}

static const char *signal_text(struct text_sink *t, int signo)
{
	const char *name = desc_signal_name(signo);
	return name ? name : arena_printf(&t->arena, "%d", signo);
}

static void on_signal(struct text_sink *t, const struct task *task, const struct event *ev)
{
	begin_event(t, ev);
	buf_printf(line(t), "--- %s ", signal_text(t, ev->si.si_signo));
	if (ev->has_si) {
		text_value(line(t), &t->config, decode_siginfo(&ev->si, &t->arena));
		buf_c(line(t), ' ');
	}
	buf_lit(line(t), "---");
	end_line(t, task);
}

/* A task that dies in a call: its line is closed without a result. */
static void close_call(struct text_sink *t, const struct task *task, const struct event *ev)
{
	if (!note_of(task)->is_begun)
		return;
	note_of(task)->is_begun = false;
	resume_line(t, task, &task->call, ev->wall);
	if (!note_of(task)->is_whole)
		buf_lit(line(t), " <unfinished ...>");
	buf_lit(line(t), ") ");
	pad(t);
	buf_lit(line(t), "= ?");
	end_line(t, task);
}

static void on_death(struct text_sink *t, const struct task *task, const struct event *ev)
{
	if (WIFEXITED(ev->status) && t->config.quiet & QUIET_EXIT) {
		t->tasks--;
		return;
	}
	if (WIFEXITED(ev->status))
		say(t, ev, arena_printf(&t->arena, "+++ exited with %d +++", WEXITSTATUS(ev->status)));
	else if (!task->hides_death)
		say(t, ev, arena_printf(&t->arena, "+++ killed by %s %s+++", signal_text(t, WTERMSIG(ev->status)),
					WCOREDUMP(ev->status) ? "(core dumped) " : ""));
	t->tasks--;
}

/* A message on standard error follows: what is there of the present line comes before it. */
static void make_way(struct text_sink *t)
{
	if (!t->target && t->log->out->is_watched)
		out_flush(t->log->out);
}

/* The engine lets go of a task in the middle of its call. */
static void on_detached(struct text_sink *t, const struct event *ev)
{
	make_way(t);
	t->tasks--;
	choose_log(t, ev->tid);
	if (t->log->open != ev->tid)
		return; /* its line was closed as unfinished, for another task's */
	buf_lit(line(t), " <detached ...>");
	end_line(t, NULL);
}

const char *text_abi_mode(int abi)
{
	static const char *const modes[ABI_COUNT] = {[ABI_X86_64] = "64 bit", [ABI_I386] = "32 bit", [ABI_X32] = "x32", [ABI_AARCH64] = "64 bit", [ABI_ARM] = "32 bit"};
	return modes[abi];
}

/* A thread execs, and from here on is its leader: its line goes on in another file. */
static void leave_file(struct text_sink *t, const struct event *ev)
{
	choose_log(t, ev->other);
	if (t->log->open)
		buf_printf(line(t), " <pid changed to %d ...>\n", ev->tid);
	t->log->open = 0;
}

static void on_event(struct sink *s, const struct task *task, const struct event *ev)
{
	struct text_sink *t = of(s);
	switch (ev->kind) {
	case EVENT_SIGNAL:
		on_signal(t, task, ev);
		break;
	case EVENT_STOP:
		say(t, ev, arena_printf(&t->arena, "--- stopped by %s ---", signal_text(t, ev->si.si_signo)));
		break;
	case EVENT_DYING:
		close_call(t, task, ev);
		break;
	case EVENT_DEATH:
		on_death(t, task, ev);
		break;
	case EVENT_EXEC:
		t->tasks -= ev->other != 0; /* the former leader */
		if (ev->other && t->target)
			leave_file(t, ev);
		if (ev->is_detached)
			on_detached(t, ev);
		else if (ev->other && !(t->config.quiet & QUIET_THREAD_EXECVE))
			say(t, ev, arena_printf(&t->arena, "+++ superseded by execve in pid %d +++", ev->other));
		break;
	case EVENT_FORK:
	case EVENT_ATTACH:
		make_way(t);
		break;
	case EVENT_ABI:
		if (!(t->config.quiet & QUIET_PERSONALITY))
			say(t, ev, arena_printf(&t->arena, "[ Process PID=%d runs in %s mode. ]", ev->tid, text_abi_mode(ev->abi)));
		break;
	default:
		break;
	}
	arena_reset(&t->arena);
}

static void on_task(struct sink *s, struct task *task, bool is_born)
{
	struct text_sink *t = of(s);
	if (is_born) {
		task->sink_data = xcalloc(1, sizeof(struct note));
		t->tasks++;
	} else {
		free(task->sink_data);
		task->sink_data = NULL;
		close_log(t, task->tid);
	}
}

static int error(const struct sink *s)
{
	const struct text_sink *t = (const struct text_sink *)s;
	return t->log && t->log->out->error ? t->log->out->error : t->error;
}

static bool is_watched(const struct sink *s)
{
	const struct text_sink *t = (const struct text_sink *)s;
	return !t->target && t->log->out->is_watched;
}

static bool idle(struct sink *s, uint64_t now)
{
	struct text_sink *t = of(s);
	size_t at = 0;
	for (struct log *log; t->target && now == OUT_ALL && (log = map_next(&t->logs, &at));)
		if (log->out)
			out_idle(log->out, now);
	return t->log && out_idle(t->log->out, now);
}

static int end(struct sink *s)
{
	struct text_sink *t = of(s);
	int err = t->error;
	size_t at = 0;
	for (struct log *log; (log = map_next(&t->logs, &at));) {
		if (log->out && log->open)
			buf_lit(&log->out->buf, " <detached ...>\n");
		int e = log->out ? out_close(log->out) : 0;
		err = err ? err : e;
		free(log);
	}
	map_free(&t->logs);
	arena_free(&t->arena);
	free(t->target);
	free(t);
	return err;
}

static const struct sink_ops text_ops = {
    .name = "text", .entry = on_entry, .exit = on_exit_, .event = on_event, .task = on_task, .error = error, .idle = idle, .is_watched = is_watched, .end = end};

struct sink *text_open(const struct text_config *config, struct out *out, const char *separate)
{
	struct text_sink *t = xcalloc(1, sizeof(*t));
	t->sink.ops = &text_ops;
	t->config = *config;
	if (out) {
		t->log = xcalloc(1, sizeof(*t->log));
		t->log->out = out;
		map_put(&t->logs, 1, t->log);
	}
	t->target = separate ? xstrdup(separate) : NULL;
	return &t->sink;
}
