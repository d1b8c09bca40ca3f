/* A short list of sinks, and the table of how each is made. */
#include "sink/sinks.h"

#include "base/diag.h"
#include "base/xalloc.h"
#include "sink/json.h"
#include "sink/notice.h"
#include "sink/profile.h"
#include "sink/stacks.h"
#include "sink/summary.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SINKS_MAX = 8 };

struct sinks {
	struct sink *v[SINKS_MAX];
	size_t n;
	bool needs_fds;
	bool needs_values;
	bool needs_acts;
	bool shows_strings;
};

static struct out *open_out(const char *target, bool appends)
{
	if (!target)
		return out_of_fd(STDERR_FILENO);
	struct out *o = out_open(target, appends);
	if (!o)
		diag_usage("Can't fopen '%s': %s", target, strerror(errno));
	return o;
}

static bool wants_profile_text(const struct options *o)
{
	return o->wants_profile || o->wants_fds || o->wants_tree || o->wants_findings;
}

static bool wants_profile(const struct options *o)
{
	return wants_profile_text(o) || o->profile_json;
}

/* Without -o, what replaces the lines stands alone. */
static bool wants_lines(const struct options *o)
{
	bool is_replaced = o->wants_json || wants_profile(o);
	return o->summary != SUMMARY_ONLY && (!is_replaced || o->output);
}

static struct sink *open_profile(const struct options *o)
{
	struct out *text = wants_profile_text(o) ? open_out(o->profile, false) : NULL;
	return profile_open(o, text, o->profile_json ? open_out(o->profile_json, false) : NULL);
}

struct sinks *sinks_open(const struct options *o)
{
	struct sinks *s = xcalloc(1, sizeof(*s));
	bool wants_text = wants_lines(o);
	struct out *lines = wants_text && !o->is_separate ? open_out(o->output, o->appends) : NULL;
	if (wants_text && o->is_separate)
		s->v[s->n++] = text_open(&o->text, NULL, o->output);
	else if (wants_text)
		s->v[s->n++] = text_open(&o->text, lines, NULL);
	if (wants_text || o->summary)
		s->v[s->n++] = notice_open(o->text.quiet | (wants_text ? QUIET_PERSONALITY : 0));
	if (o->wants_json)
		s->v[s->n++] = json_open(o, open_out(o->json, false));
	if (o->stacks)
		s->v[s->n++] = stacks_open(o, open_out(o->stacks, false));
	if (o->summary)
		s->v[s->n++] = summary_open(o, lines ? out_share(lines) : open_out(o->output, o->appends));
	if (wants_profile(o))
		s->v[s->n++] = open_profile(o);
	s->needs_acts = wants_profile(o);
	s->shows_strings = wants_text || o->wants_json;
	s->needs_values = s->shows_strings || s->needs_acts || o->stacks;
	s->needs_fds = s->needs_acts || o->wants_json || (wants_text && o->text.fds);
	return s;
}

bool sinks_need_fds(const struct sinks *s)
{
	return s->needs_fds;
}

bool sinks_need_values(const struct sinks *s)
{
	return s->needs_values;
}

bool sinks_need_acts(const struct sinks *s)
{
	return s->needs_acts;
}

bool sinks_show_strings(const struct sinks *s)
{
	return s->shows_strings;
}

void sinks_task(struct sinks *s, struct task *task, bool is_born)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i]->ops->task)
			s->v[i]->ops->task(s->v[i], task, is_born);
}

void sinks_entry(struct sinks *s, const struct task *task, const struct call *call)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i]->ops->entry)
			s->v[i]->ops->entry(s->v[i], task, call);
}

void sinks_exit(struct sinks *s, const struct task *task, const struct call *call)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i]->ops->exit)
			s->v[i]->ops->exit(s->v[i], task, call);
}

void sinks_event(struct sinks *s, const struct task *task, const struct event *ev)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i]->ops->event)
			s->v[i]->ops->event(s->v[i], task, ev);
}

int sinks_error(const struct sinks *s)
{
	for (size_t i = 0; i < s->n; i++) {
		int err = s->v[i]->ops->error ? s->v[i]->ops->error(s->v[i]) : 0;
		if (err)
			return err;
	}
	return 0;
}

bool sinks_are_watched(const struct sinks *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i]->ops->is_watched && s->v[i]->ops->is_watched(s->v[i]))
			return true;
	return false;
}

bool sinks_idle(struct sinks *s, uint64_t now)
{
	bool is_left = false;
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i]->ops->idle)
			is_left |= s->v[i]->ops->idle(s->v[i], now);
	return is_left;
}

/* What one finds at the end belongs into another's stream of records too. */
static void hand_records_over(struct sinks *s)
{
	struct buf lines = {0};
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i]->ops->give_records)
			s->v[i]->ops->give_records(s->v[i], &lines);
	for (size_t i = 0; i < s->n && lines.n; i++)
		if (s->v[i]->ops->take_records)
			s->v[i]->ops->take_records(s->v[i], &lines);
	buf_free(&lines);
}

int sinks_close(struct sinks *s)
{
	int err = 0;
	hand_records_over(s);
	for (size_t i = 0; i < s->n; i++) {
		int e = s->v[i]->ops->end(s->v[i]);
		err = err ? err : e;
	}
	free(s);
	return err;
}
