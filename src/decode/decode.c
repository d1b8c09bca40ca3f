/*
 * The call level: which declaration an event belongs to, which register an argument sits in, and when each argument
 * can be decoded. What lies behind a register is the walker's business.
 */
#include "decode/decode.h"

#include "decode/hooks/hooks.h"
#include "decode/walk.h"

#include <string.h>

enum { REGISTERS = 6 };

/* ---- binding: declaration, argument list, register values ---- */

static void start(struct walk *w, const struct call *call, const struct event *ev, struct arena *arena, const struct decode_env *env)
{
	w->mem = (struct mem_cache){.mem = ev ? ev->mem : NULL, .arena = arena};
	w->arena = arena;
	w->env = env;
	w->call = call;
	w->decl = call->decl;
	w->model = desc_abis[call->abi].model;
	w->is_exit = false;
	w->has_result = false;
	w->nargs = 0;
	w->pool = 0;
	w->has_pool = false;
	w->index = 0;
	w->is_count = false;
	w->is_late = false;
	w->is_whole = false;
	w->depth = 0;
	w->budget = WALK_BUDGET;
	w->half = HALF_ALL;
}

static bool is_wide(const struct walk *w)
{
	return desc_abis[w->call->abi].is_wide;
}

static unsigned slot_of(const struct walk *w, const struct desc_field *f)
{
	if (is_wide(w))
		return f->off[0];
	return desc_abis[w->call->abi].aligns_pairs ? f->off[2] : f->off[1];
}

/* A 64-bit argument takes two registers where registers have 32 bits. */
static uint64_t register_of(const struct walk *w, const struct desc_field *f, const uint64_t *regs, unsigned n)
{
	unsigned slot = slot_of(w, f);
	if (slot == SLOT_SP)
		return w->call->sp;
	if (slot >= n)
		return 0;
	const struct desc_type *t = &desc_types[f->type];
	bool is_pair = !is_wide(w) && t->kind == KIND_INT && t->width[w->model] == 8;
	if (!is_pair || slot + 1 >= n)
		return regs[slot];
	unsigned low = f->flags & FIELD_HIGH_FIRST ? slot + 1 : slot;
	unsigned high = f->flags & FIELD_HIGH_FIRST ? slot : slot + 1;
	return (regs[low] & UINT32_MAX) | regs[high] << 32;
}

static void bind(struct walk *w, const struct desc_field *f, const uint64_t *regs, unsigned n)
{
	if (w->nargs >= WALK_ARGS)
		return;
	w->fields[w->nargs] = f;
	w->regs[w->nargs] = register_of(w, f, regs, n);
	w->vals[w->nargs] = NULL;
	w->nargs++;
}

static void bind_list(struct walk *w, const struct desc_call *decl, unsigned from, unsigned to, const uint64_t *regs, unsigned n)
{
	for (unsigned i = from; i < to && i < decl->n; i++)
		bind(w, &desc_fields[decl->first + i], regs, n);
}

/* The arguments of an @unpack call: words in memory where the last register points. */
static unsigned unpack(struct walk *w, const struct desc_call *base, uint64_t *ret_words)
{
	unsigned width = desc_is_lp64(w->model) ? 8 : 4;
	/* A multiplexer takes its number first; any other such call the address alone. */
	unsigned last = base->switch_expr && base->nargs ? base->nargs - 1 : 0;
	if (last >= REGISTERS)
		return 0;
	struct span s = mem_get(&w->mem, w->call->raw[last], REGISTERS * width);
	unsigned n = 0;
	while (n < REGISTERS && span_load(s, n * width, width, &ret_words[n]))
		n++;
	for (unsigned i = n; i < REGISTERS; i++)
		ret_words[i] = 0;
	return n;
}

static void bind_call(struct walk *w, const struct desc_call *base)
{
	const uint64_t *raw = w->call->raw;
	if (base->flags & CALL_UNPACK && base->switch_expr == 0) {
		uint64_t words[REGISTERS];
		unpack(w, base, words);
		bind_list(w, base, 0, base->n, words, REGISTERS);
		return;
	}
	bind_list(w, base, 0, base->n, raw, REGISTERS);
}

/* The variant's own arguments replace those behind the switch argument. */
static void bind_variant(struct walk *w, const struct desc_call *base, const struct desc_call *variant)
{
	bool is_multiplex = base->flags & CALL_MULTIPLEX;
	w->nargs = is_multiplex ? 0 : base->switch_arg < w->nargs ? base->switch_arg : w->nargs;
	if (!(base->flags & CALL_UNPACK)) {
		bind_list(w, variant, 0, variant->n, w->call->raw, REGISTERS);
		return;
	}
	uint64_t words[REGISTERS];
	unpack(w, base, words);
	w->nargs = 0;
	bind_list(w, variant, 0, variant->n, words, REGISTERS);
}

static uint64_t bind_entry(struct walk *w, const struct desc_call *base)
{
	bind_call(w, base);
	if (base->switch_expr == 0)
		return 0;
	uint64_t key = (uint64_t)expr_eval(w, NULL, base->switch_expr);
	w->decl = desc_variant_of(base, w->call->abi, key);
	uint64_t words[REGISTERS];
	if (w->decl != base && base->flags & CALL_UNPACK && unpack(w, base, words) < w->decl->nargs)
		w->decl = base; /* the arguments cannot be read: the call is shown as it was made */
	if (w->decl != base)
		bind_variant(w, base, w->decl);
	return key;
}

/* The arguments as they were bound on entry. */
static void bind_again(struct walk *w, const struct desc_call *base)
{
	const struct call *call = w->call;
	bind_call(w, base);
	if (call->decl && call->decl != base)
		bind_variant(w, base, call->decl);
	if (w->nargs > call->narg_vals)
		w->nargs = call->narg_vals;
	memcpy(w->regs, call->arg_regs, w->nargs * sizeof(w->regs[0]));
	memcpy(w->vals, call->arg_vals, w->nargs * sizeof(w->vals[0]));
}

/* socketcall's SYS_SENDTO is shown as the call it stands for: sendto. */
static const char *unpacked_name(struct walk *w, const struct desc_call *base, uint64_t key)
{
	if (base->switch_arg == 0)
		return w->call->name;
	const struct desc_field *f = &desc_fields[base->first + base->switch_arg - 1];
	uint16_t set = desc_set_of(desc_types[f->type].set, w->call->abi);
	const struct desc_item *item = set ? desc_item_of(&desc_sets[set], key) : NULL;
	const char *name = item && item->name ? strchr(item->name, '_') : NULL;
	if (!name)
		return w->call->name;
	char *lower = arena_dup(w->arena, name + 1, strlen(name + 1));
	for (char *p = lower; *p; p++)
		*p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 'a' - 'A' : *p);
	return lower;
}

/* ---- arguments ---- */

static struct val *placeholder(struct walk *w, unsigned i)
{
	struct val *v = val_new(w, VAL_PTR);
	v->type = w->fields[i]->type;
	v->state = VAL_PENDING | VAL_NOT_READ;
	v->n = w->regs[i];
	return v;
}

static uint16_t resolved_type(struct walk *w, unsigned i)
{
	uint16_t type = w->fields[i]->type;
	if (desc_types[type].kind != KIND_CHOICE)
		return type;
	uint64_t keys[3] = {0, 0, 0};
	struct region none = {.addr = w->regs[i], .is_local = true};
	for (int depth = 0; depth < 4 && desc_types[type].kind == KIND_CHOICE; depth++) {
		struct scope s = {.keys = depth ? keys : NULL};
		type = walk_choose(w, &s, type, &none, keys);
	}
	return type;
}

enum when { NOW, AT_EXIT, AT_BOTH };

static enum when when_of(struct walk *w, unsigned i)
{
	if (w->fields[i]->flags & FIELD_LATE)
		return AT_EXIT;
	const struct desc_type *t = &desc_types[resolved_type(w, i)];
	if (!(t->phases & PHASE_EXIT))
		return NOW;
	if (!(t->phases & PHASE_ENTRY))
		return AT_EXIT;
	/* Readable on entry, but with pieces inside that are not: shown in one go at exit. */
	return t->kind == KIND_PTR && t->flags & TYPE_IN && t->flags & TYPE_OUT ? AT_BOTH : AT_EXIT;
}

static struct val *decode_arg(struct walk *w, unsigned i)
{
	const struct desc_field *f = w->fields[i];
	w->is_count = f->flags & FIELD_COUNT && !w->env->is_verbose;
	struct val *v = walk_register(w, NULL, f->type, w->regs[i]);
	w->is_count = false;
	if (v)
		return v;
	v = val_new(w, VAL_PTR);
	v->n = w->regs[i];
	v->state = VAL_FAULT;
	return v;
}

static bool is_absent(struct walk *w, const struct desc_field *f)
{
	return desc_types[f->type].kind == KIND_NONE || (f->cond && !expr_eval(w, NULL, f->cond));
}

/* Has it, or one of its elements, a member that changes? Arrays and structs nest no deeper than the declarations do. */
static bool has_change_members(const struct val *v)
{
	if (v->kind == VAL_PTR)
		return v->child && has_change_members(v->child);
	if (v->kind != VAL_STRUCT && v->kind != VAL_ARRAY)
		return false;
	for (const struct val *m = v->child; m; m = m->next)
		if (m->attrs & FIELD_CHANGE || (v->kind == VAL_ARRAY && has_change_members(m)))
			return true;
	return false;
}

/* A late argument is looked at on entry too: for the members that change, and to see a bad address at once. */
static struct val *late_arg(struct walk *w, unsigned i)
{
	if (w->regs[i] == 0)
		return decode_arg(w, i);
	w->half = HALF_CHANGE;
	struct val *seen = decode_arg(w, i);
	w->half = HALF_ALL;
	if (seen->state & VAL_FAULT)
		return seen;
	struct val *v = placeholder(w, i);
	if (has_change_members(seen))
		v->before = seen;
	return v;
}

/* Is there nothing but zeros behind the pointer (@hide)? Then the first half says nothing. */
static bool is_blank(struct walk *w, unsigned i)
{
	const struct desc_type *elem = &desc_types[desc_types[w->fields[i]->type].elem];
	struct span s = mem_get(&w->mem, w->regs[i], elem->size[w->model]);
	for (size_t k = 0; k < s.n; k++)
		if (s.p[k])
			return false;
	return s.n && s.n == elem->size[w->model];
}

static struct val *entry_arg(struct walk *w, unsigned i)
{
	const struct desc_field *f = w->fields[i];
	if (f->flags & FIELD_RESULT || is_absent(w, f))
		return NULL;
	struct val *v = NULL;
	if (f->flags & FIELD_LATE)
		v = late_arg(w, i);
	else if (when_of(w, i) == AT_EXIT || (f->flags & FIELD_HIDE && is_blank(w, i)))
		v = placeholder(w, i);
	else
		v = decode_arg(w, i);
	if (v->kind == VAL_PTR && v->child && when_of(w, i) == AT_BOTH)
		v->state |= VAL_AGAIN;
	return v->kind == VAL_VOID ? NULL : v;
}

static bool is_late(struct walk *w, unsigned i)
{
	const struct val *v = w->vals[i];
	if (!v)
		return w->fields[i]->flags & FIELD_RESULT;
	return v->state & (VAL_PENDING | VAL_AGAIN);
}

static struct val *chain_up(const struct walk *w, struct val *const *vals)
{
	struct val *first = NULL;
	struct val **tail = &first;
	for (unsigned i = 0; i < w->nargs; i++) {
		if (!vals[i])
			continue;
		vals[i]->attrs = shown_attrs(w, w->fields[i]->flags);
		vals[i]->next = NULL;
		tail = val_add(tail, w->fields[i]->name, vals[i]);
	}
	return first;
}

static void keep_vals(struct walk *w, struct call *call)
{
	size_t size = w->nargs * sizeof(struct val *);
	call->arg_vals = arena_alloc_raw(w->arena, size);
	memcpy(call->arg_vals, w->vals, size);
	call->narg_vals = w->nargs;
	call->arg_regs = arena_alloc_raw(w->arena, w->nargs * sizeof(uint64_t));
	memcpy(call->arg_regs, w->regs, w->nargs * sizeof(uint64_t));
	call->args = chain_up(w, w->vals);
}

/* Registers only: a call nobody declared, or one asked for raw. */
static void raw_args(struct walk *w, struct call *call, unsigned n)
{
	struct val **tail = &call->args;
	call->args = NULL;
	for (unsigned i = 0; i < n && i < REGISTERS; i++) {
		struct val *v = val_int(w, ROLE_INT, call->raw[i]);
		v->number_format = TYPE_HEX;
		v->width = is_wide(w) ? 8 : 4;
		tail = val_add(tail, NULL, v);
	}
	call->arg_vals = NULL;
	call->narg_vals = 0;
}

static void fill_facts(struct call *call, const struct event *ev)
{
	call->abi = (unsigned)ev->abi < ABI_COUNT ? (enum abi)ev->abi : ABI_X86_64;
	call->nr = ev->nr;
	uint64_t mask = desc_abis[call->abi].is_wide ? UINT64_MAX : UINT32_MAX;
	for (unsigned i = 0; i < REGISTERS; i++)
		call->raw[i] = ev->args[i] & mask;
	call->ip = ev->ip;
	call->sp = ev->sp;
	call->ret = NULL;
	call->aux = NULL;
	call->args = NULL;
	call->arg_vals = NULL;
	call->narg_vals = 0;
	call->has_late_args = false;
	call->result = 0;
	call->tampered = 0;
	call->is_raw = call->is_opaque = false;
	call->dump = NULL;
	call->has_exited = call->has_failed = call->is_ret_known = call->is_entry_only = false;
	call->entry_mono = ev->mono;
	call->entry_stime = ev->stime;
	call->cpu = 0;
	call->entry_wall = ev->wall;
}

static const struct desc_call *base_of(const struct call *call, const struct desc_number **ret_number)
{
	*ret_number = desc_by_number(call->abi, call->nr);
	return *ret_number && (*ret_number)->call ? &desc_calls[(*ret_number)->call] : NULL;
}

/* Arguments that lie in memory which cannot be read: the address is all there is to show. */
static bool is_block_missing(struct walk *w, const struct desc_call *base)
{
	if (!(base->flags & CALL_UNPACK) || base->switch_expr)
		return false;
	unsigned needed = 0;
	for (unsigned i = 0; i < base->n; i++)
		needed += !(desc_fields[base->first + i].flags & FIELD_RESULT);
	uint64_t words[REGISTERS];
	return unpack(w, base, words) < needed;
}

void decode_entry(struct call *call, const struct event *ev, struct arena *arena, const struct decode_env *env)
{
	call->previous = call->name && desc_by_number(call->abi, call->nr) ? desc_by_number(call->abi, call->nr)->name : NULL;
	fill_facts(call, ev);
	const struct desc_number *number = NULL;
	const struct desc_call *base = base_of(call, &number);
	call->decl = base;
	call->name = number ? number->name : arena_printf(arena, "syscall_0x%llx", (unsigned long long)call->nr);
	struct walk w;
	start(&w, call, ev, arena, env);
	call->category = CATEGORY_INFO;
	if (!base) {
		raw_args(&w, call, REGISTERS);
		return;
	}
	call->category = base->category;
	if (env->is_bare && base->switch_expr == 0)
		return;
	uint64_t key = bind_entry(&w, base);
	call->decl = w.decl;
	if (base->flags & (CALL_UNPACK | CALL_MULTIPLEX) && w.decl != base)
		call->name = unpacked_name(&w, base, key);
	if (env->is_bare)
		return;
	if (env->is_raw) {
		raw_args(&w, call, base->nargs);
		return;
	}
	if (is_block_missing(&w, base)) {
		raw_args(&w, call, 1);
		call->args->role = ROLE_ADDR;
		return;
	}
	for (unsigned i = 0; i < w.nargs; i++) {
		w.vals[i] = entry_arg(&w, i);
		call->has_late_args |= is_late(&w, i);
	}
	keep_vals(&w, call);
}

/* ---- exit ---- */

/* Members that have a value before and one after. */
static void pair_members(struct val *now, const struct val *then)
{
	if (now->kind != then->kind)
		return;
	if (now->kind == VAL_PTR && now->child && then->child)
		pair_members(now->child, then->child);
	struct val *old = then->child;
	for (struct val *m = now->kind == VAL_ARRAY ? now->child : NULL; m && old; m = m->next, old = old->next)
		pair_members(m, old);
	for (struct val *m = now->kind == VAL_STRUCT ? now->child : NULL; m; m = m->next) {
		if (!(m->attrs & FIELD_CHANGE))
			continue;
		old = then->child;
		while (old && old->name != m->name)
			old = old->next;
		if (!old)
			continue;
		if (m->kind == VAL_STRUCT)
			pair_members(m, old);
		else if (old->kind == m->kind && old->n != m->n)
			m->before = old;
	}
}

static struct val *late_exit(struct walk *w, unsigned i, struct val *seen)
{
	bool is_in = desc_types[w->fields[i]->type].flags & TYPE_IN;
	bool is_failed = !w->has_result && seen && is_in; /* what is only written is an address then */
	if (is_failed && !(w->fields[i]->flags & FIELD_BOTH))
		return seen; /* strace: a failed recvmsg shows msg_namelen alone */
	w->half = is_failed ? HALF_CHANGE : HALF_ALL;
	w->is_late = true;
	struct val *now = decode_arg(w, i);
	w->is_late = false;
	w->half = HALF_ALL;
	if (seen)
		pair_members(now, seen);
	return now;
}

/* Nothing to show: no members, or none but arrays without elements and such that could not be read. */
static bool is_empty_half(const struct val *v)
{
	if (!v->child || v->child->kind != VAL_STRUCT || !(v->child->state & VAL_OUT_HALF))
		return false;
	for (const struct val *m = v->child->child; m; m = m->next)
		if (!(m->kind == VAL_ARRAY && !m->child) && !(m->kind == VAL_PTR && m->state & VAL_FAULT && !m->type))
			return false;
	return true;
}

static struct val *member_named(const struct val *v, const char *name)
{
	struct val *m = v->kind == VAL_PTR && v->child ? v->child->child : NULL;
	while (m && m->name != name)
		m = m->next;
	return m;
}

/* Both halves in one: what was there on entry stays as it was, but for members that show how they changed. */
static struct val *grown(struct walk *w, unsigned i, struct val *before)
{
	w->is_late = w->is_whole = true;
	struct val *now = decode_arg(w, i);
	w->is_late = w->is_whole = false;
	if (now->kind != VAL_PTR || !now->child || now->child->kind != VAL_STRUCT)
		return before;
	for (struct val *m = now->child->child; m; m = m->next) {
		const struct val *old = member_named(before, m->name);
		struct val *next = m->next;
		if (!old)
			continue;
		if (m->attrs & FIELD_CHANGE) {
			m->before = (struct val *)old;
			m->attrs |= FIELD_GROWS;
		} else {
			*m = *old;
		}
		m->next = next;
	}
	return now;
}

/* A struct that was too big: the kernel says, in its @both members, the size it knows. */
static struct val *told_size(struct walk *w, unsigned i, struct val *before)
{
	enum { E2BIG_RESULT = -7 };
	if (!w->call->has_failed || w->call->result != E2BIG_RESULT)
		return before;
	w->has_result = true;
	struct val *now = decode_arg(w, i);
	w->has_result = false;
	if (now->kind != VAL_PTR || !now->child)
		return before;
	now->before = before;
	return now;
}

static struct val *after(struct walk *w, unsigned i, struct val *before)
{
	before->state &= (uint16_t)~VAL_AGAIN;
	if (w->fields[i]->flags & FIELD_BOTH && w->fields[i]->flags & FIELD_GROWS)
		return grown(w, i, before);
	if (!w->has_result && w->fields[i]->flags & FIELD_BOTH) {
		struct val *unseen = placeholder(w, i);
		unseen->state = VAL_NOT_READ;
		unseen->before = before;
		return unseen;
	}
	if (w->fields[i]->flags & FIELD_INTERRUPTED)
		return told_size(w, i, before);
	/* @apart: written where something was moved, and then shown even where it stayed the same. */
	if (!w->has_result || (w->fields[i]->flags & FIELD_APART && w->call->result == 0))
		return before;
	if (w->fields[i]->flags & FIELD_GROWS)
		return grown(w, i, before);
	struct val *now = decode_arg(w, i);
	if (now->kind != VAL_PTR || !now->child || is_empty_half(now))
		return before;
	now->before = before;
	return now;
}

/* nanosleep's rem: written where the sleep was cut short, and then only. */
static struct val *interrupted_arg(struct walk *w, unsigned i)
{
	enum { ERESTART_FIRST = -516, ERESTART_LAST = -512 };
	bool has_result = w->has_result;
	int64_t result = w->call->result;
	w->has_result = w->call->has_failed && result >= ERESTART_FIRST && result <= ERESTART_LAST;
	struct val *v = decode_arg(w, i);
	w->has_result = has_result;
	return v;
}

static struct val *address_only(struct walk *w, unsigned i)
{
	struct val *v = placeholder(w, i);
	v->state = VAL_NOT_READ;
	return v;
}

static struct val *exit_arg(struct walk *w, unsigned i)
{
	struct val *old = w->vals[i];
	if (!old)
		return NULL;
	if (old->state & VAL_PENDING) {
		if (w->fields[i]->flags & FIELD_LATE)
			return late_exit(w, i, old->before);
		if (w->fields[i]->flags & FIELD_INTERRUPTED)
			return interrupted_arg(w, i);
		if (w->fields[i]->flags & FIELD_HIDE && !w->has_result)
			return address_only(w, i);
		return decode_arg(w, i);
	}
	return old->state & VAL_AGAIN ? after(w, i, old) : old;
}

static struct val *results(struct walk *w)
{
	struct val *aux[WALK_ARGS] = {NULL};
	for (unsigned i = 0; i < w->nargs; i++) {
		const struct desc_field *f = w->fields[i];
		if (!(f->flags & FIELD_RESULT) || is_absent(w, f))
			continue;
		struct val *v = decode_arg(w, i);
		if (v->kind == VAL_VOID)
			continue;
		v->name = f->flags & FIELD_NAMED ? f->name : v->name;
		v->attrs |= f->flags & FIELD_NAMED;
		aux[i] = v;
	}
	/* A hook may answer with a chain: the values to be shown one after the other. */
	struct val *first = NULL;
	struct val **tail = &first;
	for (unsigned i = 0; i < w->nargs; i++) {
		if (!aux[i])
			continue;
		*tail = aux[i];
		while (*tail) {
			(*tail)->attrs |= FIELD_RESULT;
			tail = &(*tail)->next;
		}
	}
	return first;
}

static struct val *result_value(struct walk *w, const struct call *call)
{
	if (!w->has_result || (w->decl && w->decl->flags & CALL_RET_VOID))
		return NULL;
	if (!w->decl || w->decl->ret == 0 || w->env->is_raw) {
		struct val *v = val_int(w, ROLE_INT, (uint64_t)call->result);
		v->number_format = w->env->is_raw ? TYPE_HEX : 0;
		return v;
	}
	return walk_register(w, NULL, w->decl->ret, (uint64_t)call->result);
}

static void exit_args(struct walk *w, struct call *call)
{
	unsigned n = w->nargs;
	struct val *now[WALK_ARGS];
	bool has_changed = false;
	/* Lengths are shown after what they measure, so all are decoded before any is replaced. */
	for (unsigned i = 0; i < n; i++) {
		now[i] = exit_arg(w, i);
		has_changed |= now[i] != w->vals[i];
	}
	if (has_changed) {
		memcpy(w->vals, now, n * sizeof(now[0]));
		memcpy(call->arg_vals, now, n * sizeof(now[0]));
		call->args = chain_up(w, now);
	}
	if (w->has_result)
		call->aux = results(w);
}

void decode_exit(struct call *call, const struct event *ev, struct arena *arena, const struct decode_env *env)
{
	call->has_exited = true;
	call->exit_mono = ev->mono;
	call->cpu = ev->stime > call->entry_stime ? ev->stime - call->entry_stime : 0;
	call->exit_wall = ev->wall;
	call->is_ret_known = !ev->is_unknown_ret;
	call->has_failed = call->is_ret_known && ev->is_error;
	call->result = ev->ret;
	const struct desc_number *number = NULL;
	const struct desc_call *base = base_of(call, &number);
	struct walk w;
	start(&w, call, ev, arena, env);
	w.is_exit = true;
	w.has_result = call->is_ret_known && !call->has_failed;
	if (base && call->has_late_args) {
		bind_again(&w, base);
		exit_args(&w, call);
	}
	w.decl = call->decl;
	call->ret = result_value(&w, call);
}

/* ---- what effects ask for ---- */

const struct val *decode_effect_val(const struct call *call, uint16_t expr)
{
	bool is_deref = false;
	int i = expr_arg(expr, &is_deref);
	if (i < 0 || i >= call->narg_vals || !call->arg_vals)
		return NULL;
	const struct val *v = call->arg_vals[i];
	if (!is_deref || !v)
		return v;
	return v->kind == VAL_PTR ? v->child : NULL;
}

uint64_t decode_effect_value(const struct call *call, uint16_t expr)
{
	static const struct decode_env nothing = {.string_limit = 0};
	const struct desc_number *number = NULL;
	const struct desc_call *base = base_of(call, &number);
	if (!base || !call->arg_vals)
		return 0;
	struct walk w;
	start(&w, call, NULL, NULL, &nothing);
	w.is_exit = call->has_exited;
	w.has_result = call->has_exited && call->is_ret_known && !call->has_failed;
	bind_again(&w, base);
	return (uint64_t)expr_eval(&w, NULL, expr);
}
