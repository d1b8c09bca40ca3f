/*
 * Layout (internal/abi and cmd/link/internal/ld/pcln.go): a header of offsets; a table of functions sorted by entry; a
 * record for each, which points to sequences of (value, pc) deltas as varints. All of it is read bounded by its section.
 */
#include "stack/gopcln.h"

#include "base/xalloc.h"
#include "stack/module.h"

#include <stdlib.h>
#include <string.h>

enum { MAGIC_118 = 0xfffffff0U, MAGIC_120 = 0xfffffff1U, HEADER_WORDS = 8, PC_STEPS_MAX = 1 << 20 };
/* Offsets in a function's record. */
enum { FUNC_NAME = 4, FUNC_PCSP = 16, FUNC_PCFILE = 20, FUNC_PCLN = 24, FUNC_CU = 32 };

struct gopcln {
	struct span all;
	uint64_t nfunc, text, quantum;
	struct span names, units, files, tables, funcs; /* parts of `all`, each to its end */
};

static uint64_t load(struct span s, uint64_t off, size_t width)
{
	uint64_t v = 0;
	if (off < s.n)
		span_load(s, (size_t)off, width, &v);
	return v;
}

struct gopcln *gopcln_new(const struct module *m)
{
	uint64_t vaddr = 0;
	uint64_t text = 0;
	struct span all = module_section(m, ".gopclntab", &vaddr);
	if (!all.n)
		all = module_section(m, ".data.rel.ro.gopclntab", &vaddr);
	uint64_t magic = load(all, 0, 4);
	bool is_known = (magic == MAGIC_118 || magic == MAGIC_120) && load(all, 7, 1) == 8;
	if (!is_known)
		return NULL;
	uint64_t words[HEADER_WORDS];
	for (size_t i = 0; i < HEADER_WORDS; i++)
		words[i] = load(all, 8 + 8 * i, 8);
	struct gopcln *g = xcalloc(1, sizeof(*g));
	*g = (struct gopcln){.all = all, .nfunc = words[0], .text = words[2], .quantum = load(all, 6, 1)};
	g->names = span_sub(all, (size_t)words[3], SIZE_MAX);
	g->units = span_sub(all, (size_t)words[4], SIZE_MAX);
	g->files = span_sub(all, (size_t)words[5], SIZE_MAX);
	g->tables = span_sub(all, (size_t)words[6], SIZE_MAX);
	g->funcs = span_sub(all, (size_t)words[7], SIZE_MAX);
	if (g->nfunc > g->funcs.n / 8)
		g->nfunc = g->funcs.n / 8;
	/* In a position-independent program the linker leaves that word to a relocation. */
	if (!g->text && module_section(m, ".text", &text).n)
		g->text = text;
	return g;
}

void gopcln_free(struct gopcln *g)
{
	free(g);
}

/* The record of the function that PC lies in; *ret_entry relative to the text's start. */
static struct span record(const struct gopcln *g, uint64_t pc, uint64_t *ret_entry)
{
	struct span none = {NULL, 0};
	uint64_t rel = pc - g->text;
	uint64_t lo = 0;
	uint64_t hi = g->nfunc;
	while (lo < hi) {
		uint64_t mid = (lo + hi) / 2;
		if (load(g->funcs, mid * 8, 4) <= rel)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (pc < g->text || lo == 0 || rel >= load(g->funcs, lo * 8, 4))
		return none;
	*ret_entry = load(g->funcs, (lo - 1) * 8, 4);
	return span_sub(g->funcs, (size_t)load(g->funcs, (lo - 1) * 8 + 4, 4), SIZE_MAX);
}

/* The NUL-terminated string at OFF, NULL where it does not end. */
static const char *string(struct span s, uint64_t off)
{
	struct span t = span_sub(s, (size_t)off, SIZE_MAX);
	return t.n && memchr(t.p, 0, t.n) ? (const char *)t.p : NULL;
}

static bool varint(struct span *s, uint32_t *ret)
{
	uint32_t v = 0;
	for (unsigned shift = 0; s->n && shift < 35; shift += 7) {
		uint8_t b = s->p[0];
		*s = span_sub(*s, 1, SIZE_MAX);
		v |= shift < 32 ? (uint32_t)(b & 0x7f) << shift : 0;
		if (!(b & 0x80)) {
			*ret = v;
			return true;
		}
	}
	return false;
}

/* The value that holds at PC in the sequence at OFF; values begin with -1 at the function's entry. */
static bool value_at(const struct gopcln *g, uint64_t off, uint64_t entry, uint64_t pc, int32_t *ret)
{
	struct span s = span_sub(g->tables, (size_t)off, SIZE_MAX);
	uint64_t at = g->text + entry;
	uint32_t value = UINT32_MAX;
	for (unsigned i = 0; off && i < PC_STEPS_MAX; i++) {
		uint32_t by = 0;
		uint32_t pcs = 0;
		if (!varint(&s, &by) || (by == 0 && i > 0) || !varint(&s, &pcs))
			return false;
		value += by & 1 ? ~(by >> 1) : by >> 1;
		at += (uint64_t)pcs * g->quantum;
		if (pc < at) {
			*ret = (int32_t)value;
			return true;
		}
	}
	return false;
}

static bool is_bottom_name(const char *name)
{
	static const char *const names[] = {"runtime.goexit", "runtime.goexit.abi0", "runtime.mstart", "runtime.mstart.abi0", "runtime.rt0_go",
	    "runtime.rt0_go.abi0", "runtime.systemstack", "runtime.systemstack.abi0", "runtime.mcall", "runtime.asmcgocall",
	    "runtime.asmcgocall.abi0", "runtime.sigreturn", "runtime.sigtramp", "runtime.sigtramp.abi0", "runtime.clone", "runtime.clone.abi0"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

bool gopcln_func(const struct gopcln *g, uint64_t pc, struct gofunc *ret)
{
	uint64_t entry = 0;
	struct span f = record(g, pc, &entry);
	const char *name = f.n ? string(g->names, load(f, FUNC_NAME, 4)) : NULL;
	if (!name)
		return false;
	*ret = (struct gofunc){.name = name, .entry = g->text + entry, .is_bottom = is_bottom_name(name)};
	return true;
}

int64_t gopcln_frame_size(const struct gopcln *g, uint64_t pc)
{
	uint64_t entry = 0;
	int32_t size = 0;
	struct span f = record(g, pc, &entry);
	if (!f.n || !value_at(g, load(f, FUNC_PCSP, 4), entry, pc, &size))
		return -1;
	return size;
}

bool gopcln_line(const struct gopcln *g, uint64_t pc, const char **ret_file, int *ret_line)
{
	uint64_t entry = 0;
	int32_t file = 0;
	int32_t line = 0;
	struct span f = record(g, pc, &entry);
	if (!f.n || !value_at(g, load(f, FUNC_PCFILE, 4), entry, pc, &file) || !value_at(g, load(f, FUNC_PCLN, 4), entry, pc, &line) || file < 0)
		return false;
	uint64_t off = load(g->units, 4 * (load(f, FUNC_CU, 4) + (uint64_t)file), 4);
	const char *name = string(g->files, off);
	if (!name || off == UINT32_MAX)
		return false;
	*ret_file = name;
	*ret_line = line;
	return true;
}
