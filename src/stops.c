/* The needs of state are asked of the tables once, before the trace; at a stop it is a look at a bit. */
#include "stops.h"

#include "base/xalloc.h"
#include "desc/desc.h"
#include "stack/stack.h"

#include <stdlib.h>
#include <string.h>

enum { NUMBERS = 1024, WORDS = NUMBERS / 64 }; /* no ABI has numbers beyond, save a few of arm's own */

struct stops {
	uint64_t needed[ABI_COUNT][WORDS];
	uint64_t caught[ABI_COUNT][WORDS]; /* needed or wanted */
	struct ptrace_condition *conditions[ABI_COUNT];
	struct ptrace_calls calls[ABI_COUNT];
	bool catches_all;
};

static bool is_set(const uint64_t *bits, uint64_t nr)
{
	return nr < NUMBERS && bits[nr / 64] >> nr % 64 & 1;
}

static void set(uint64_t *bits, uint64_t nr)
{
	bits[nr / 64] |= 1ULL << nr % 64;
}

/* Births are seen for the flags that say what a child shares, filters because they keep calls from being seen. */
static bool is_needed_verb(const struct state *state, bool has_stacks, enum verb verb)
{
	return (has_stacks && stacks_follow(verb)) || verb == VERB_fork || verb == VERB_filter || (verb == VERB_comm && state->wants_names) || (state->is_following_fds && state_follows(verb));
}

static bool has_needed_verb(const struct state *state, bool has_stacks, const struct desc_call *call)
{
	for (unsigned i = 0; i < call->neffects; i++)
		if (is_needed_verb(state, has_stacks, (enum verb)desc_effects[call->first_effect + i].verb))
			return true;
	return false;
}

static bool is_needed(const struct state *state, bool has_stacks, const struct desc_call *call)
{
	bool is = has_needed_verb(state, has_stacks, call);
	for (unsigned i = 0; i < call->nvariants && !is; i++)
		is = has_needed_verb(state, has_stacks, &desc_calls[desc_variants[call->first_variant + i].call]);
	return is;
}

static void catch_call(struct stops *s, const struct filter *filter, enum abi abi, uint64_t nr)
{
	struct filter_condition found[FILTER_CONDITIONS];
	int n = filter_conditions(filter, abi, nr, found);
	struct ptrace_calls *calls = &s->calls[abi];
	if (n < 0)
		set(s->caught[abi], nr);
	for (int i = 0; i < n; i++) {
		s->conditions[abi] = xgrow(s->conditions[abi], calls->nconditions + 1, sizeof(*s->conditions[abi]));
		s->conditions[abi][calls->nconditions++] =
		    (struct ptrace_condition){(uint32_t)nr, found[i].arg, found[i].value};
	}
}

static void fill(struct stops *s, const struct filter *filter, const struct tamper *tamper, const struct state *state, bool has_stacks, enum abi abi)
{
	for (uint64_t nr = 0; nr < NUMBERS; nr++) {
		const struct desc_number *number = desc_by_number(abi, nr);
		if (number && number->call && is_needed(state, has_stacks, &desc_calls[number->call]))
			set(s->needed[abi], nr);
		if (is_set(s->needed[abi], nr) || tamper_concerns(tamper, abi, nr))
			set(s->caught[abi], nr);
		else if (filter_call_wanted(filter, abi, nr))
			catch_call(s, filter, abi, nr);
		s->catches_all &= !number || is_set(s->caught[abi], nr);
	}
	s->calls[abi].bits = s->caught[abi];
	s->calls[abi].n = NUMBERS;
	s->calls[abi].conditions = s->conditions[abi];
}

struct stops *stops_new(const struct filter *filter, const struct tamper *tamper, const struct state *state, bool has_stacks)
{
	struct stops *s = xcalloc(1, sizeof(*s));
	s->catches_all = true;
	for (int abi = 0; abi < ABI_COUNT; abi++)
		fill(s, filter, tamper, state, has_stacks, (enum abi)abi);
	return s;
}

void stops_free(struct stops *s)
{
	for (int abi = 0; abi < ABI_COUNT; abi++)
		free(s->conditions[abi]);
	free(s);
}

bool stops_are_needed(const struct stops *s, enum abi abi, uint64_t nr)
{
	return is_set(s->needed[abi], nr);
}

const struct ptrace_calls *stops_for_filter(const struct stops *s, bool is_needed_anyway)
{
	return s->catches_all && !is_needed_anyway ? NULL : s->calls;
}
