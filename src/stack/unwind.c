/*
 * libunwind over our own accessors. Registers are asked of the engine once for a stack. Memory comes from the module's file
 * where the file holds it unchanged (code and unwind tables), else from pages of the task's stack, a handful a time. The
 * tables of a place are looked up once for a process: libunwind caches what they say, and modules are found by us.
 */
#include "stack/unwind.h"

#include "base/xalloc.h"
#include "stack/gopcln.h"

#include <libunwind.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW = 8192, WORD = 8, CACHE_ENTRIES = 1024, ENTRY_SIZE = 8, STACK_NEAR = 1 << 26 };

/* An address that no process has. */
#define MADE_AT (UINT64_C(1) << 63)

/* Exported for debuggers (libunwind's include/libunwind_i.h and dwarf.h); finds the FDE in a table of .eh_frame_hdr. */
extern int UNW_OBJ(dwarf_search_unwind_table)(unw_addr_space_t as, unw_word_t ip, unw_dyn_info_t *di, unw_proc_info_t *pi, int need_unwind_info,
					      void *arg);

/* One unwinding. */
struct walk_up {
	struct space *space;
	struct map *modules;
	struct mem *mem;
	const struct event *ev;
	struct registers regs;
	bool has_regs;
	uint8_t window[WINDOW];
	uint64_t window_at;
	size_t window_size;
	struct span made; /* the table being searched, where it is not in memory: found at MADE_AT */
	bool is_told;     /* reads are written down */
	struct memo_read reads[MEMO_READS];
	size_t nreads;
};

struct unwinder {
	unw_addr_space_t as;
	struct walk_up walk; /* the one of the task that stands still */
};

static void tell(struct walk_up *w, uint64_t where, uint64_t value)
{
	if (w->nreads == MEMO_READS)
		w->is_told = false;
	if (w->is_told)
		w->reads[w->nreads++] = (struct memo_read){where, value};
}

static bool read_window(struct walk_up *w, uint64_t addr)
{
	w->window_at = addr & ~(uint64_t)(WORD - 1);
	w->window_size = w->mem->read(w->mem, w->window_at, w->window, WINDOW);
	if (w->window_size < WORD) /* it may reach beyond what is mapped: up to the page's end it is there */
		w->window_size = w->mem->read(w->mem, w->window_at, w->window, 4096 - (size_t)(w->window_at & 4095));
	return w->window_size >= WORD;
}

static bool read_file(const struct walk_up *w, uint64_t addr, uint64_t *ret)
{
	const struct region *r = space_find(w->space, w->modules, addr);
	if (!r || !r->module)
		return false;
	return span_load(module_bytes(r->module, region_offset(r, addr), WORD), 0, WORD, ret);
}

static bool read_stack(struct walk_up *w, uint64_t addr, uint64_t *ret)
{
	uint64_t off = addr - w->window_at;
	if (addr < w->window_at || off + WORD > w->window_size) {
		if (!read_window(w, addr))
			return false;
		off = addr - w->window_at;
	}
	return span_load((struct span){w->window, w->window_size}, (size_t)off, WORD, ret);
}

static bool read_word(struct walk_up *w, uint64_t addr, uint64_t *ret)
{
	if (addr >= MADE_AT)
		return span_load(w->made, (size_t)(addr - MADE_AT), WORD, ret);
	bool is_near_stack = addr - w->regs.v[w->regs.sp] < STACK_NEAR;
	if (!is_near_stack && read_file(w, addr, ret))
		return true;
	if (!read_stack(w, addr, ret)) {
		w->is_told = false; /* another time it may be there */
		return false;
	}
	tell(w, addr, *ret);
	return true;
}

bool unwind_read(void *ctx, uint64_t where, uint64_t *ret_value)
{
	struct walk_up *w = ctx;
	if (where >= MEMO_REGISTERS)
		return read_stack(w, where, ret_value);
	*ret_value = w->regs.v[where];
	return w->has_regs && where < w->regs.n;
}

/* ---- libunwind's questions ---- */

static int find_proc_info(unw_addr_space_t as, unw_word_t ip, unw_proc_info_t *pi, int need, void *arg)
{
	struct walk_up *w = arg;
	uint64_t vaddr = 0;
	const struct region *r = space_find(w->space, w->modules, ip);
	const struct module *m = r ? r->module : NULL;
	if (!m || !(m->table || m->made_table) || !module_vaddr(m, region_offset(r, ip), &vaddr))
		return -UNW_ENOINFO;
	uint64_t bias = ip - vaddr;
	unw_dyn_info_t di = {.format = UNW_INFO_FORMAT_REMOTE_TABLE, .start_ip = r->start, .end_ip = r->end};
	w->made = m->table ? (struct span){NULL, 0} : (struct span){m->made_table, (size_t)m->nentries * ENTRY_SIZE};
	di.u.rti.segbase = (m->table ? m->hdr : m->made_base) + bias;
	di.u.rti.table_data = m->table ? m->table + bias : MADE_AT;
	di.u.rti.table_len = m->nentries * ENTRY_SIZE / sizeof(unw_word_t);
	return UNW_OBJ(dwarf_search_unwind_table)(as, ip, &di, pi, need, arg);
}

static void put_unwind_info(unw_addr_space_t as, unw_proc_info_t *pi, void *arg)
{
	(void)as;
	(void)pi;
	(void)arg;
}

static int get_dyn_info_list_addr(unw_addr_space_t as, unw_word_t *ret, void *arg)
{
	(void)as;
	(void)ret;
	(void)arg;
	return -UNW_ENOINFO;
}

static int access_mem(unw_addr_space_t as, unw_word_t addr, unw_word_t *value, int is_write, void *arg)
{
	(void)as;
	uint64_t v = 0;
	if (is_write || !read_word(arg, addr, &v))
		return -UNW_EINVAL;
	*value = v;
	return 0;
}

static int access_reg(unw_addr_space_t as, unw_regnum_t reg, unw_word_t *value, int is_write, void *arg)
{
	(void)as;
	struct walk_up *w = arg;
	if (is_write || reg < 0 || reg >= w->regs.n)
		return -UNW_EREADONLYREG;
	*value = w->regs.v[reg];
	tell(w, (uint64_t)reg, *value);
	return 0;
}

static int access_fpreg(unw_addr_space_t as, unw_regnum_t reg, unw_fpreg_t *value, int is_write, void *arg)
{
	(void)as;
	(void)reg;
	(void)value;
	(void)is_write;
	(void)arg;
	return -UNW_EBADREG;
}

static int resume(unw_addr_space_t as, unw_cursor_t *cursor, void *arg)
{
	(void)as;
	(void)cursor;
	(void)arg;
	return -UNW_EINVAL;
}

struct unwinder *unwinder_new(void)
{
	static unw_accessors_t accessors = {
	    .find_proc_info = find_proc_info,
	    .put_unwind_info = put_unwind_info,
	    .get_dyn_info_list_addr = get_dyn_info_list_addr,
	    .access_mem = access_mem,
	    .access_reg = access_reg,
	    .access_fpreg = access_fpreg,
	    .resume = resume,
	};
	struct unwinder *u = xcalloc(1, sizeof(*u));
	u->as = unw_create_addr_space(&accessors, 0);
	if (u->as) {
		unw_set_caching_policy(u->as, UNW_CACHE_GLOBAL);
		unw_set_cache_size(u->as, CACHE_ENTRIES, 0);
	}
	return u;
}

void unwinder_free(struct unwinder *u)
{
	if (u->as)
		unw_destroy_addr_space(u->as);
	free(u);
}

void unwinder_flush(struct unwinder *u, uint64_t addr, uint64_t size)
{
	if (u->as)
		unw_flush_cache(u->as, addr, addr + size);
}

/* ---- Go ---- */

/* The module, where IP lies in Go code; *ret_vaddr: IP as linked. */
static const struct module *go_module(struct walk_up *w, uint64_t ip, uint64_t *ret_vaddr)
{
	const struct region *r = space_find(w->space, w->modules, ip);
	bool is_go = r && r->module && r->module->go && module_vaddr(r->module, region_offset(r, ip), ret_vaddr);
	return is_go ? r->module : NULL;
}

/* One frame up by Go's table: the return address lies a known way above the stack pointer. */
static bool step_go(struct walk_up *w, bool is_innermost)
{
	uint64_t vaddr = 0;
	struct gofunc f;
	const struct module *m = go_module(w, w->regs.v[w->regs.ip], &vaddr);
	uint64_t place = vaddr - !is_innermost;
	if (!m || !gopcln_func(m->go, place, &f) || f.is_bottom)
		return false;
	int64_t size = gopcln_frame_size(m->go, place);
	uint64_t ip = 0;
	if (size < 0 || size % WORD || !read_word(w, w->regs.v[w->regs.sp] + (uint64_t)size, &ip) || !ip)
		return false;
	uint64_t bp = 0;
	if (size >= WORD && read_word(w, w->regs.v[w->regs.sp] + (uint64_t)size - WORD, &bp))
		w->regs.v[w->regs.fp] = bp;
	w->regs.v[w->regs.sp] += (uint64_t)size + WORD;
	w->regs.v[w->regs.ip] = ip;
	return true;
}

/* ---- the walk ---- */

static bool is_code(struct walk_up *w, uint64_t ip)
{
	const struct region *r = space_find(w->space, w->modules, ip);
	return r && r->is_code;
}

/* Frames outside Go, from the registers at hand; up to Go code, whose registers are then at hand. */
static unsigned walk_c(struct unwinder *u, struct walk_up *w, struct unwound *ret, unsigned n, unsigned max)
{
	unw_cursor_t cursor;
	uint64_t vaddr = 0;
	if (n)
		w->is_told = false; /* registers are no longer those of the stop */
	unw_word_t ip = w->regs.v[w->regs.ip];
	unw_word_t sp = w->regs.v[w->regs.sp];
	bool is_exact = n == 0;
	bool is_good = u->as && unw_init_remote(&cursor, u->as, w) == 0;
	while (n < max && is_code(w, ip)) {
		if (go_module(w, ip, &vaddr)) {
			unw_word_t fp = 0;
			if (unw_get_reg(&cursor, w->regs.fp, &fp) == 0)
				w->regs.v[w->regs.fp] = fp;
			w->regs.v[w->regs.ip] = ip;
			w->regs.v[w->regs.sp] = sp;
			return n;
		}
		/* The trampoline of a signal handler returns nowhere, and what is above it was interrupted. */
		bool is_trampoline = is_good && unw_is_signal_frame(&cursor) > 0;
		ret[n++] = (struct unwound){ip, is_exact || is_trampoline};
		unw_word_t last = sp;
		is_exact = is_trampoline;
		if (!is_good || unw_step(&cursor) <= 0 || unw_get_reg(&cursor, UNW_REG_IP, &ip) != 0 || unw_get_reg(&cursor, UNW_REG_SP, &sp) != 0)
			break;
		if (sp == last && n > 1 && ip == ret[n - 1].ip)
			break; /* it goes nowhere */
	}
	w->regs.v[w->regs.ip] = 0;
	return n;
}

static unsigned walk_go(struct walk_up *w, struct unwound *ret, unsigned n, unsigned max)
{
	uint64_t vaddr = 0;
	while (n < max && go_module(w, w->regs.v[w->regs.ip], &vaddr)) {
		ret[n++] = (struct unwound){w->regs.v[w->regs.ip], n == 0};
		if (!step_go(w, n == 1)) {
			w->regs.v[w->regs.ip] = 0;
			break;
		}
	}
	return n;
}

struct walk_up *unwind_begin(struct unwinder *u, struct space *space, struct map *modules, const struct event *ev)
{
	struct walk_up *w = &u->walk;
	w->space = space;
	w->modules = modules;
	w->mem = ev->mem;
	w->ev = ev;
	w->window_size = 0;
	w->made = (struct span){NULL, 0};
	w->nreads = 0;
	w->has_regs = ev->mem->registers && ev->mem->registers(ev->mem, &w->regs);
	w->is_told = w->has_regs;
	return w;
}

const struct memo_read *unwind_reads(const struct walk_up *w, size_t *ret_n)
{
	*ret_n = w->is_told ? w->nreads : 0;
	return w->reads;
}

unsigned unwind(struct unwinder *u, struct unwound *ret, unsigned max)
{
	struct walk_up *w = &u->walk;
	unsigned n = 0;
	if (!max)
		return 0;
	if (!w->has_regs) {
		ret[0] = (struct unwound){w->ev->ip, true};
		return w->ev->ip != 0;
	}
	tell(w, w->regs.ip, w->regs.v[w->regs.ip]);
	tell(w, w->regs.sp, w->regs.v[w->regs.sp]);
	/* C and Go may call each other. */
	while (n < max && w->regs.v[w->regs.ip]) {
		unsigned before = n;
		n = walk_go(w, ret, n, max);
		if (n < max && w->regs.v[w->regs.ip])
			n = walk_c(u, w, ret, n, max);
		if (n == before)
			break;
	}
	return n;
}
