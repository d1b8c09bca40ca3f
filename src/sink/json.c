/*
 * Records. Values are rendered by kind and role alone: plain integers and strings stay plain; sets carry value and names;
 * descriptors say what they are; what was not followed is an address.
 */
#include "sink/json.h"

#include "base/xalloc.h"
#include "decode/decode.h"
#include "sink/json_stack.h"
#include "sink/json_write.h"
#include "state/task.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>

enum { SCHEMA_VERSION = 1 };

struct json_sink {
	struct sink sink;
	struct out *out;
	struct arena arena;
	const struct options *options;
	uint64_t start;       /* monotonic, of the header; 0 = not written yet */
	uint64_t calls, signals, processes, gaps, undecoded;
};

static void value(struct buf *b, const struct val *v);

static void names_of_flags(struct buf *b, const struct desc_set *set, uint64_t n)
{
	uint64_t rest = n;
	json_key(b, "names");
	json_open_array(b);
	for (unsigned i = 0; i < set->n; i++) {
		const struct desc_item *it = &desc_items[set->first + i];
		if (it->look) {
			continue; /* a number: it is among what has no name */
		} else if (it->subset) {
			const struct desc_item *named = desc_sets[it->subset].is_flags ? NULL : desc_item_of(&desc_sets[it->subset], n & it->value);
			if (named)
				json_text(b, named->name);
			rest &= named ? ~it->value : UINT64_MAX;
		} else if (it->value ? (rest & it->value) == it->value : !n) {
			json_text(b, it->name);
			rest &= ~it->value;
		}
	}
	if (rest)
		json_uint(b, rest);
	json_close_array(b);
}

static void set_value(struct buf *b, const struct val *v)
{
	const struct desc_set *set = &desc_sets[v->set];
	json_open_object(b);
	json_key(b, "value");
	json_uint(b, val_masked(v));
	if (set->is_flags) {
		names_of_flags(b, set, val_masked(v));
	} else {
		const struct desc_item *it = desc_item_of(set, val_masked(v));
		if (it || v->bytes.n) {
			json_key(b, "name");
			json_text(b, v->bytes.n ? (const char *)v->bytes.p : it->name);
		}
	}
	json_close_object(b);
}

static void fd_value(struct buf *b, const struct val *v)
{
	json_open_object(b);
	json_key(b, "fd");
	json_int(b, (int)v->n);
	if (v->role == ROLE_FD_AT && (int)v->n == -100) {
		json_key(b, "name");
		json_text(b, "AT_FDCWD");
		if (v->comment) {
			json_key(b, "path");
			json_bytes(b, (struct span){(const uint8_t *)v->comment, strlen(v->comment)}, strlen(v->comment));
		}
	}
	if (v->ofd) {
		json_key(b, "kind");
		json_text(b, fd_kind_names[v->ofd->kind]);
		if (v->ofd->path) {
			json_key(b, "path");
			json_bytes(b, (struct span){(const uint8_t *)v->ofd->path, strlen(v->ofd->path)}, strlen(v->ofd->path));
		}
		if (v->ofd->is_deleted) {
			json_key(b, "deleted");
			json_bool(b, true);
		}
		if (v->ofd->details) {
			json_key(b, "details");
			json_text(b, v->ofd->details);
		}
		json_key(b, "ofd");
		json_uint(b, v->ofd->id);
	}
	json_close_object(b);
}

static void named_value(struct buf *b, int64_t n, const char *name)
{
	json_open_object(b);
	json_key(b, "value");
	json_int(b, n);
	if (name) {
		json_key(b, "name");
		json_text(b, name);
	}
	json_close_object(b);
}

static void address_text(struct buf *b, const struct val *v)
{
	char text[INET6_ADDRSTRLEN] = "";
	uint32_t n = (uint32_t)v->n;
	if (v->role == ROLE_IPV4)
		inet_ntop(AF_INET, &n, text, sizeof(text));
	else if (v->bytes.n >= 16)
		inet_ntop(AF_INET6, v->bytes.p, text, sizeof(text));
	json_text(b, text);
}

static void device_value(struct buf *b, const struct val *v)
{
	json_open_object(b);
	json_key(b, "major");
	json_uint(b, major(v->n));
	json_key(b, "minor");
	json_uint(b, minor(v->n));
	json_close_object(b);
}

static void int_value(struct buf *b, const struct val *v)
{
	switch (v->role) {
	case ROLE_FD:
	case ROLE_FD_AT:
		fd_value(b, v);
		break;
	case ROLE_SIGNO:
		named_value(b, (int)v->n, desc_signal_name((int)v->n));
		break;
	case ROLE_ERRNO:
		named_value(b, (int)v->n, desc_errno_name((int)v->n));
		break;
	case ROLE_NERRNO:
		named_value(b, (int)v->n, (int)v->n < 0 ? desc_errno_name(-(int)v->n) : NULL);
		break;
	case ROLE_GENL_FAMILY:
		named_value(b, (int)v->n, v->bytes.n ? (const char *)v->bytes.p : NULL);
		break;
	case ROLE_IFINDEX:
		named_value(b, (int)v->n, v->comment);
		break;
	case ROLE_ADDR:
		if (v->n)
			json_hex(b, val_masked(v));
		else
			json_null(b);
		break;
	case ROLE_IPV4:
	case ROLE_IPV6:
		address_text(b, v);
		break;
	case ROLE_DEV:
		device_value(b, v);
		break;
	default:
		if (v->set)
			set_value(b, v);
		else if (desc_types[v->type].flags & TYPE_SIGNED || !v->type)
			json_int(b, (int64_t)v->n);
		else
			json_uint(b, val_masked(v));
	}
}

static void members(struct buf *b, const struct val *first)
{
	json_open_object(b);
	unsigned unnamed = 0;
	for (const struct val *m = first; m; m = m->next) {
		char key[32];
		bool has_name = m->name && *m->name;
		if (m->kind == VAL_VOID)
			continue;
		if (!has_name)
			snprintf(key, sizeof(key), "_%u", unnamed++);
		json_key(b, has_name ? m->name : key);
		value(b, m);
	}
	json_close_object(b);
}

static void array_value(struct buf *b, const struct val *v)
{
	bool is_partial = v->state & (VAL_CUT | VAL_FAULT);
	if (is_partial) {
		json_open_object(b);
		json_key(b, "items");
	}
	json_open_array(b);
	for (const struct val *m = v->child; m; m = m->next)
		value(b, m);
	json_close_array(b);
	if (is_partial) {
		json_key(b, "len");
		json_uint(b, v->n);
		json_close_object(b);
	}
}

static void pointer_value(struct buf *b, const struct val *v)
{
	if (!v->n) {
		json_null(b);
		return;
	}
	if (!v->child) {
		json_hex(b, v->n);
		return;
	}
	const struct val *before = v->before ? v->before->child : NULL;
	if (!before) {
		value(b, v->child);
		return;
	}
	json_open_object(b);
	json_key(b, "before");
	value(b, before);
	json_key(b, "after");
	value(b, v->child);
	json_close_object(b);
}

static void bits(struct buf *b, const struct val *v, unsigned first, const char *(*name)(int))
{
	json_open_array(b);
	for (unsigned i = 0; i < v->bytes.n * 8 && (v->kind == VAL_SIGSET || i < v->n); i++) {
		if (!(v->bytes.p[i / 8] >> (i % 8) & 1))
			continue;
		const struct desc_item *item = v->set ? desc_item_of(&desc_sets[v->set], i) : NULL;
		const char *text = item ? item->name : name ? name((int)(i + first)) : NULL;
		if (text)
			json_text(b, text);
		else
			json_uint(b, i + first);
	}
	json_close_array(b);
}

static void hardware_address(struct buf *b, const struct val *v)
{
	struct buf text = {0};
	for (size_t i = 0; i < v->bytes.n; i++)
		buf_printf(&text, i ? ":%02x" : "%02x", v->bytes.p[i]);
	json_bytes(b, (struct span){(const uint8_t *)text.p, text.n}, text.n);
	buf_free(&text);
}

/* A socket's name in the abstract name space starts with a NUL; a path does not. */
static void abstract_name(struct buf *b, const struct val *v)
{
	struct buf name = {0};
	buf_c(&name, '\0');
	buf_put(&name, v->bytes.p, v->bytes.n);
	json_bytes(b, (struct span){(const uint8_t *)name.p, name.n}, name.n);
	buf_free(&name);
}

static void value(struct buf *b, const struct val *v)
{
	switch ((enum val_kind)v->kind) {
	case VAL_INT:
		int_value(b, v);
		break;
	case VAL_BYTES16:
		if (v->role == ROLE_IPV6)
			address_text(b, v);
		else if (v->role == ROLE_MAC)
			hardware_address(b, v);
		else
			json_bytes(b, v->bytes, v->bytes.n);
		break;
	case VAL_STR:
		if (v->state & VAL_ABSTRACT)
			abstract_name(b, v);
		else
			json_bytes(b, v->bytes, v->state & (VAL_CUT | VAL_NO_TERM) && v->n > v->bytes.n ? v->n : v->bytes.n + ((v->state & (VAL_CUT | VAL_NO_TERM)) != 0));
		break;
	case VAL_STRUCT:
		members(b, v->child);
		break;
	case VAL_ARRAY:
		array_value(b, v);
		break;
	case VAL_PTR:
		pointer_value(b, v);
		break;
	case VAL_SIGSET:
		bits(b, v, v->set ? 0 : 1, v->set ? NULL : desc_signal_name);
		break;
	case VAL_FDSET:
		bits(b, v, 0, NULL);
		break;
	case VAL_RAW:
		if (v->child)
			value(b, v->child);
		else
			json_bytes(b, v->bytes, v->bytes.n);
		break;
	case VAL_VOID:
		json_null(b);
		break;
	}
}

/* ---- records ---- */

static struct buf *start(struct json_sink *j, const char *type)
{
	struct buf *b = &j->out->buf;
	json_open_object(b);
	json_key(b, "type");
	json_text(b, type);
	return b;
}

static void finish(struct json_sink *j)
{
	json_close_object(&j->out->buf);
	buf_c(&j->out->buf, '\n');
	out_commit(j->out);
}

static void boot_id(char text[static 64])
{
	FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");
	if (!f || !fgets(text, 64, f))
		text[0] = '\0';
	if (f)
		fclose(f);
	text[strcspn(text, "\n")] = '\0';
}

static void header(struct json_sink *j, uint64_t mono, uint64_t wall)
{
	if (j->start)
		return;
	j->start = mono;
	struct buf *b = start(j, "header");
	json_key(b, "schema");
	json_int(b, SCHEMA_VERSION);
	json_key(b, "version");
	json_text(b, "0.1");
	json_key(b, "command");
	json_open_array(b);
	for (char **p = j->options->argv; p && *p; p++)
		json_text(b, *p);
	json_close_array(b);
	struct utsname u;
	uname(&u);
	char boot[64];
	boot_id(boot);
	json_key(b, "host");
	json_text(b, u.nodename);
	json_key(b, "kernel");
	json_text(b, u.release);
	json_key(b, "boot_id");
	json_text(b, boot);
	char stamp[64];
	time_t s = (time_t)(wall / 1000000000U);
	struct tm tm;
	gmtime_r(&s, &tm);
	strftime(stamp, sizeof(stamp), "%FT%T", &tm);
	json_key(b, "start");
	char whole[96];
	snprintf(whole, sizeof(whole), "%s.%09lluZ", stamp, (unsigned long long)(wall % 1000000000U));
	json_text(b, whole);
	json_key(b, "filters");
	json_open_array(b);
	for (size_t i = 0; i < j->options->nqualifiers; i++) {
		char text[512];
		snprintf(text, sizeof(text), "%s=%s", j->options->qualifiers[i].kind, j->options->qualifiers[i].value);
		json_text(b, text);
	}
	json_close_array(b);
	finish(j);
}

static void put_task(struct buf *b, const struct task *task)
{
	json_key(b, "pid");
	json_int(b, task->process->pid);
	json_key(b, "tid");
	json_int(b, task->tid);
	json_key(b, "proc");
	json_uint(b, task->process->id);
	json_key(b, "comm");
	json_text(b, task->comm);
}

static void put_result(struct buf *b, const struct call *call)
{
	if (!call->is_ret_known)
		return;
	if (call->has_failed) {
		int err = (int)-call->result;
		json_key(b, "error");
		json_open_object(b);
		json_key(b, "number");
		json_int(b, err);
		if (desc_errno_name(err)) {
			json_key(b, "name");
			json_text(b, desc_errno_name(err));
		}
		if (desc_errno_message(err)) {
			json_key(b, "message");
			json_text(b, desc_errno_message(err));
		}
		json_close_object(b);
		return;
	}
	json_key(b, "ret");
	if (call->ret)
		value(b, call->ret);
	else
		json_int(b, call->result);
}

static void put_arguments(struct buf *b, const struct call *call)
{
	json_key(b, "args");
	if (call->decl) {
		members(b, call->args);
		return;
	}
	json_open_object(b);
	for (int i = 0; i < 6; i++) {
		char key[16];
		snprintf(key, sizeof(key), "arg%d", i);
		json_key(b, key);
		json_hex(b, call->raw[i]);
	}
	json_close_object(b);
}

/* What -e inject= changed of the call. */
static void put_tampering(struct buf *b, unsigned tampered)
{
	static const struct { unsigned bit; const char *what; } whats[] = {{TAMPERED_RESULT, "result"}, {TAMPERED_ARGS, "args"}, {TAMPERED_TIME, "time"}};
	if (!tampered)
		return;
	json_key(b, "injected");
	json_open_array(b);
	for (size_t i = 0; i < sizeof(whats) / sizeof(whats[0]); i++)
		if (tampered & whats[i].bit)
			json_text(b, whats[i].what);
	json_close_array(b);
}

static void on_exit_(struct sink *s, const struct task *task, const struct call *call)
{
	struct json_sink *j = (struct json_sink *)s;
	header(j, call->entry_mono, call->entry_wall);
	task_comm((struct task *)task);
	struct buf *b = start(j, "call");
	json_key(b, "seq");
	json_uint(b, call->seq);
	json_key(b, "t");
	json_int(b, (int64_t)(call->entry_mono - j->start));
	put_tampering(b, call->tampered);
	json_key(b, "dur");
	json_uint(b, call->exit_mono - call->entry_mono);
	put_task(b, task);
	json_key(b, "abi");
	json_text(b, desc_abis[call->abi].name);
	json_key(b, "nr");
	json_uint(b, call->nr);
	json_key(b, "name");
	json_text(b, call->name);
	json_key(b, "category");
	json_text(b, desc_category_names[call->category]);
	json_key(b, "classes");
	json_open_array(b);
	for (int i = 0; call->decl && i < CLASS_COUNT; i++)
		if (call->decl->classes >> i & 1 && desc_class_names[i][0] != '%')
			json_text(b, desc_class_names[i]);
	json_close_array(b);
	put_arguments(b, call);
	put_result(b, call);
	if (call->aux) {
		json_key(b, "aux");
		members(b, call->aux);
	}
	if (task->stack)
		json_stack(b, task->stack);
	finish(j);
	j->calls++;
	j->undecoded += !call->decl;
}

static void on_event(struct sink *s, const struct task *task, const struct event *ev)
{
	static const char *const types[] = {[EVENT_SIGNAL] = "signal", [EVENT_STOP] = "stop", [EVENT_CONT] = "cont", [EVENT_EXEC] = "exec",
					    [EVENT_FORK] = "fork", [EVENT_DEATH] = "exit", [EVENT_ATTACH] = "attach", [EVENT_GAP] = "gap"};
	struct json_sink *j = (struct json_sink *)s;
	if (ev->kind == EVENT_ABI)
		return; /* calls tell theirs */
	if (ev->kind == EVENT_DYING) { /* in a call that never returned: no result */
		on_exit_(s, task, &task->call);
		return;
	}
	header(j, ev->mono, ev->wall);
	task_comm((struct task *)task);
	struct buf *b = start(j, types[ev->kind]);
	json_key(b, "t");
	json_int(b, (int64_t)(ev->mono - j->start));
	put_task(b, task);
	if (ev->kind == EVENT_SIGNAL || ev->kind == EVENT_STOP) {
		json_key(b, "signal");
		named_value(b, ev->si.si_signo, desc_signal_name(ev->si.si_signo));
		j->signals++;
	}
	if (ev->kind == EVENT_SIGNAL && ev->has_si) {
		json_key(b, "info");
		value(b, decode_siginfo(&ev->si, &j->arena));
		arena_reset(&j->arena);
	}
	if (ev->kind == EVENT_FORK) {
		json_key(b, "child");
		json_int(b, ev->other);
		json_key(b, "is_thread");
		json_bool(b, ev->is_thread);
	}
	if (ev->kind == EVENT_DEATH && WIFEXITED(ev->status)) {
		json_key(b, "status");
		json_int(b, WEXITSTATUS(ev->status));
	} else if (ev->kind == EVENT_DEATH) {
		json_key(b, "signal");
		named_value(b, WTERMSIG(ev->status), desc_signal_name(WTERMSIG(ev->status)));
		json_key(b, "core_dumped");
		json_bool(b, WCOREDUMP(ev->status));
	}
	if (ev->kind == EVENT_GAP && ev->text) {
		json_key(b, "text");
		json_text(b, ev->text);
		j->gaps++;
	}
	finish(j);
}

static void on_task(struct sink *s, struct task *task, bool is_born)
{
	(void)task;
	((struct json_sink *)s)->processes += is_born;
}

static int error(const struct sink *s)
{
	return ((const struct json_sink *)s)->out->error;
}

static bool is_watched(const struct sink *s)
{
	return ((const struct json_sink *)s)->out->is_watched;
}

static bool idle(struct sink *s, uint64_t now)
{
	return out_idle(((struct json_sink *)s)->out, now);
}

static void take_records(struct sink *s, const struct buf *lines)
{
	buf_put(&((struct json_sink *)s)->out->buf, lines->p, lines->n);
}

static int end(struct sink *s)
{
	struct json_sink *j = (struct json_sink *)s;
	struct buf *b = start(j, "completeness");
	json_key(b, "calls");
	json_uint(b, j->calls);
	json_key(b, "signals");
	json_uint(b, j->signals);
	json_key(b, "tasks");
	json_uint(b, j->processes);
	json_key(b, "gaps");
	json_uint(b, j->gaps);
	json_key(b, "undecoded");
	json_uint(b, j->undecoded);
	json_key(b, "follows_children");
	json_bool(b, j->options->is_following);
	finish(j);
	int err = out_close(j->out);
	arena_free(&j->arena);
	free(j);
	return err;
}

static const struct sink_ops json_ops = {
    .name = "json", .exit = on_exit_, .event = on_event, .task = on_task, .error = error, .idle = idle, .is_watched = is_watched,
    .take_records = take_records, .end = end};

struct sink *json_open(const struct options *options, struct out *out)
{
	struct json_sink *j = xcalloc(1, sizeof(*j));
	j->sink.ops = &json_ops;
	j->out = out;
	j->options = options;
	return &j->sink;
}
