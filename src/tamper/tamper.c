/* Of the rules for a call the last counts. A task counts its calls by number, for when=. */
#include "tamper/tamper.h"

#include "base/diag.h"
#include "base/xalloc.h"
#include "tamper/rule.h"

#include <stdlib.h>
#include <string.h>

struct tamper {
	struct tamper_rule *rules; /* owned */
	size_t n;
};

struct tamper *tamper_new(const struct options *o)
{
	struct tamper *t = NULL;
	for (size_t i = 0; i < o->nqualifiers; i++) {
		const struct qualifier *q = &o->qualifiers[i];
		if (strcmp(q->kind, "inject") != 0 && strcmp(q->kind, "fault") != 0)
			continue;
		t = t ? t : xcalloc(1, sizeof(*t));
		t->rules = xgrow(t->rules, t->n + 1, sizeof(*t->rules));
		rule_parse(&t->rules[t->n++], q->kind, q->value);
	}
	return t;
}

void tamper_free(struct tamper *t)
{
	for (size_t i = 0; t && i < t->n; i++)
		rule_free(&t->rules[i]);
	if (t)
		free(t->rules);
	free(t);
}

static const struct tamper_rule *rule_for(const struct tamper *t, enum abi abi, uint64_t nr)
{
	for (size_t i = t ? t->n : 0; i-- > 0;)
		if (call_set_has(&t->rules[i].calls, abi, nr))
			return &t->rules[i];
	return NULL;
}

bool tamper_concerns(const struct tamper *t, enum abi abi, uint64_t nr)
{
	return rule_for(t, abi, nr);
}

/* Is the call that the task makes now one that the rule is about? */
static bool is_due(const struct tamper_rule *r, struct task *task, const struct event *ev)
{
	if (!task->counts)
		task->counts = xcalloc((size_t)ABI_COUNT * CALL_SET_NUMBERS, sizeof(*task->counts));
	unsigned n = ++task->counts[(size_t)ev->abi * CALL_SET_NUMBERS + ev->nr];
	if (n < r->first || n > r->last)
		return false;
	return r->step ? (n - r->first) % r->step == 0 : n == r->first;
}

static bool poke_one(const struct poke *p, const char *name, unsigned nargs, unsigned arg, const struct event *ev)
{
	if (arg > nargs) {
		diag("Failed to tamper with process %d: argument #%u was asked for, but system call '%s' has only %u", ev->tid, arg, name,
		     nargs);
		return false;
	}
	if (ev->mem && ev->mem->write && ev->mem->write(ev->mem, ev->args[arg - 1], p->bytes, p->n) == p->n)
		return true;
	diag("Failed to tamper with process %d: argument #%u of '%s' points to nothing that can be written", ev->tid, arg, name);
	return false;
}

/* Were any bytes written? What could not be is told. */
static bool poke(const struct poke *pokes, const struct event *ev)
{
	const struct desc_number *number = desc_by_number((enum abi)ev->abi, ev->nr);
	unsigned nargs = number && number->call ? desc_calls[number->call].nargs : RULE_ARGS;
	bool is_done = false;
	for (unsigned arg = 1; arg < RULE_ARGS; arg++)
		if (pokes[arg].bytes)
			is_done |= poke_one(&pokes[arg], number ? number->name : "", nargs, arg, ev);
	return is_done;
}

void tamper_entry(const struct tamper *t, struct task *task, struct event *ev)
{
	const struct tamper_rule *r = rule_for(t, (enum abi)ev->abi, ev->nr);
	task->tampering = r && is_due(r, task, ev) ? r : NULL;
	if (!task->tampering)
		return;
	task->has_poked = poke(r->poke_enter, ev);
	if (r->has & RULE_SIGNAL)
		ev->orders.signo = r->signo;
	if (r->has & RULE_DELAY_ENTER)
		ev->orders.delay = r->delay_enter;
	if (!(r->has & (RULE_ERROR | RULE_RETVAL)))
		return;
	ev->orders.sets_nr = true;
	ev->orders.nr = r->has & RULE_SYSCALL ? r->nr[ev->abi] : -1;
}

uint8_t tamper_exit(struct task *task, struct event *ev)
{
	const struct tamper_rule *r = task->tampering;
	uint8_t done = 0;
	task->tampering = NULL;
	if (!r)
		return 0;
	if (poke(r->poke_exit, ev) || task->has_poked)
		done |= TAMPERED_ARGS;
	if (r->has & (RULE_DELAY_ENTER | RULE_DELAY_EXIT))
		done |= TAMPERED_TIME;
	ev->orders.delay = r->delay_exit;
	if (!(r->has & (RULE_ERROR | RULE_RETVAL)))
		return done;
	ev->orders.sets_ret = true;
	ev->orders.ret = ev->ret = r->result;
	ev->is_error = r->has & RULE_ERROR;
	return done | TAMPERED_RESULT;
}
