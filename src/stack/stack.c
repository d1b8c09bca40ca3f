/*
 * Stacks are told apart by their frames' modules and offsets, which are the same in every process that runs a program,
 * wherever it was loaded. Each process has its map of regions and libunwind's memory of it.
 */
#include "stack/stack.h"

#include "base/xalloc.h"
#include "decode/decode.h"
#include "event.h"
#include "stack/memo.h"
#include "stack/unwind.h"

#include <stdlib.h>
#include <string.h>

enum { FRAMES_MAX = 4096 };

struct known_process {
	struct space space;
	struct unwinder *unwinder;
	struct memo *memo;
};

struct stacks {
	struct map processes; /* of struct known_process, by the instance's id */
	struct map modules;
	struct map by_hash;   /* of struct stack */
	unsigned limit;
	uint64_t taken, unwound, last_id, map_reads;
	struct unwound *ips;      /* of the stack being taken */
	struct stack_frame *frames;
};

struct stacks *stacks_new(unsigned frames)
{
	struct stacks *s = xcalloc(1, sizeof(*s));
	s->limit = frames < FRAMES_MAX ? frames : FRAMES_MAX;
	s->ips = xcalloc(s->limit + 1, sizeof(*s->ips));
	s->frames = xcalloc(s->limit + 1, sizeof(*s->frames));
	return s;
}

static void free_process(struct stacks *s, struct known_process *p)
{
	s->map_reads += p->space.reads;
	unwinder_free(p->unwinder);
	memo_free(p->memo);
	free(p->space.regions);
	free(p);
}

void stacks_free(struct stacks *s)
{
	size_t at = 0;
	for (struct known_process *p; (p = map_next(&s->processes, &at));)
		free_process(s, p);
	at = 0;
	for (struct stack *st; (st = map_next(&s->by_hash, &at));)
		for (struct stack *next; st; st = next) {
			next = st->next;
			free(st->caller);
			free(st->text[0]);
			free(st->text[1]);
			free(st);
		}
	at = 0;
	for (struct module *m; (m = map_next(&s->modules, &at));)
		module_free(m);
	map_free(&s->processes);
	map_free(&s->by_hash);
	map_free(&s->modules);
	free(s->ips);
	free(s->frames);
	free(s);
}

static struct known_process *process_of(struct stacks *s, const struct task *task)
{
	struct known_process *p = map_get(&s->processes, task->process->id);
	if (!p) {
		p = xcalloc(1, sizeof(*p));
		p->space.pid = task->process->pid;
		p->unwinder = unwinder_new();
		p->memo = memo_new();
		map_put(&s->processes, task->process->id, p);
	}
	return p;
}

static uint64_t hash_of(const struct stack_frame *frames, unsigned n)
{
	uint64_t h = UINT64_C(14695981039346656037);
	for (unsigned i = 0; i < n; i++)
		h = (h ^ (uintptr_t)frames[i].module ^ frames[i].offset << 20) * UINT64_C(1099511628211);
	return h ? h : 1;
}

static bool is_same(const struct stack *st, const struct stack_frame *frames, unsigned n, bool is_cut)
{
	if (st->n != n || st->is_cut != is_cut)
		return false;
	for (unsigned i = 0; i < n; i++)
		if (st->frames[i].module != frames[i].module || st->frames[i].offset != frames[i].offset || st->frames[i].is_exact != frames[i].is_exact)
			return false;
	return true;
}

static const struct stack *intern(struct stacks *s, unsigned n, bool is_cut)
{
	uint64_t hash = hash_of(s->frames, n);
	struct stack *first = map_get(&s->by_hash, hash);
	for (struct stack *st = first; st; st = st->next)
		if (is_same(st, s->frames, n, is_cut))
			return st;
	struct stack *st = xcalloc(1, sizeof(*st) + n * sizeof(st->frames[0]));
	*st = (struct stack){.id = ++s->last_id, .hash = hash, .next = first, .n = n, .is_cut = is_cut};
	memcpy(st->frames, s->frames, n * sizeof(st->frames[0]));
	map_put(&s->by_hash, hash, st);
	return st;
}

const struct stack *stacks_take(struct stacks *s, const struct task *task, const struct event *ev)
{
	struct known_process *p = process_of(s, task);
	p->space.pid = task->process->pid;
	s->taken++;
	struct walk_up *walk = unwind_begin(p->unwinder, &p->space, &s->modules, ev);
	const struct stack *known = memo_find(p->memo, unwind_read, walk);
	if (known)
		return known;
	s->unwound++;
	unsigned n = unwind(p->unwinder, s->ips, s->limit + 1);
	bool is_cut = n > s->limit;
	n -= is_cut;
	for (unsigned i = 0; i < n; i++) {
		const struct region *r = space_find(&p->space, &s->modules, s->ips[i].ip);
		s->frames[i] = (struct stack_frame){.module = r ? r->module : NULL, .offset = s->ips[i].ip, .is_exact = s->ips[i].is_exact};
		if (s->frames[i].module)
			s->frames[i].offset = region_offset(r, s->ips[i].ip);
	}
	if (!n)
		return NULL;
	known = intern(s, n, is_cut);
	size_t nreads = 0;
	const struct memo_read *reads = unwind_reads(walk, &nreads);
	if (nreads)
		memo_add(p->memo, reads, nreads, known);
	return known;
}

bool stacks_follow(enum verb verb)
{
	return verb == VERB_map || verb == VERB_unmap || verb == VERB_remap;
}

static void forget(struct known_process *p, uint64_t addr, uint64_t size, bool is_mapped)
{
	if (space_forget(&p->space, addr, size, is_mapped)) {
		unwinder_flush(p->unwinder, addr, size);
		memo_clear(p->memo);
	}
}

void stacks_apply(struct stacks *s, const struct task *task, const struct call *call)
{
	struct known_process *p = map_get(&s->processes, task->process->id);
	for (unsigned i = 0; p && call->decl && !call->has_failed && i < call->decl->neffects; i++) {
		const struct desc_effect *e = &desc_effects[call->decl->first_effect + i];
		uint64_t v[4] = {0};
		for (unsigned k = 0; stacks_follow((enum verb)e->verb) && k < e->nargs && k < 4; k++)
			v[k] = decode_effect_value(call, e->args[k]);
		bool is_file = e->verb == VERB_map && (int)v[2] >= 0;
		if (is_file)
			memo_clear(p->memo); /* a stack that ended in unknown code may go on now */
		if (e->verb == VERB_map)
			forget(p, v[0], v[1], true);
		else if (e->verb == VERB_unmap)
			forget(p, v[0], v[1], false);
		else if (e->verb == VERB_remap) {
			forget(p, v[0], v[2], true);
			forget(p, v[1], v[2], true);
		}
	}
}

void stacks_exec(struct stacks *s, const struct process *process)
{
	stacks_forget(s, process);
}

void stacks_forget(struct stacks *s, const struct process *process)
{
	struct known_process *p = map_remove(&s->processes, process->id);
	if (p)
		free_process(s, p);
}

const struct stack_symbol *stack_symbol(const struct stack *st, unsigned i)
{
	return st->frames[i].module ? symbol_at(st->frames[i].module, st->frames[i].offset, !st->frames[i].is_exact) : NULL;
}

struct stacks_figures stacks_figures(const struct stacks *s)
{
	struct stacks_figures f = {.taken = s->taken, .unwound = s->unwound, .distinct = s->last_id, .map_reads = s->map_reads, .modules = s->modules.n};
	size_t at = 0;
	for (const struct known_process *p; (p = map_next(&s->processes, &at));)
		f.map_reads += p->space.reads;
	return f;
}
