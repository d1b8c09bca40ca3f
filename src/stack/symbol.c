/*
 * A libdw session for each module that somebody asks about. It finds separate debug files as libdw does: by build id,
 * by debug link, under /usr/lib/debug, and through debuginfod where the environment names a server.
 */
#include "stack/symbol.h"

#include "base/xalloc.h"
#include "stack/gopcln.h"

#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <libiberty/demangle.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { INLINES_MAX = 32, UNITS_MAX = 1 << 16 };

struct symbols {
	Dwfl *dwfl;
	Dwfl_Module *mod; /* NULL: libdw can make nothing of the file */
	GElf_Addr bias;   /* between addresses as linked and libdw's */
	Dwarf_Die *last_unit; /* unit_of's place in its walk */
	struct map symbols; /* of struct stack_symbol by offset and kind */
};

static const Dwfl_Callbacks callbacks = {
    .find_elf = dwfl_build_id_find_elf, .find_debuginfo = dwfl_standard_find_debuginfo, .section_address = dwfl_offline_section_address};

static void open_symbols(struct module *m)
{
	struct symbols *s = xcalloc(1, sizeof(*s));
	m->symbols = s;
	int fd = m->fd >= 0 ? fcntl(m->fd, F_DUPFD_CLOEXEC, 0) : -1;
	if (fd < 0)
		return;
	s->dwfl = dwfl_begin(&callbacks);
	if (s->dwfl)
		s->mod = dwfl_report_offline(s->dwfl, m->path, m->path, fd);
	if (!s->mod)
		close(fd); /* else libdw's */
	if (s->dwfl)
		dwfl_report_end(s->dwfl, NULL, NULL);
	if (s->mod && !dwfl_module_getelf(s->mod, &s->bias))
		s->mod = NULL;
}

static char *readable(const char *name)
{
	char *plain = cplus_demangle(name, DMGL_AUTO | DMGL_PARAMS | DMGL_ANSI);
	return plain ? plain : xstrndup(name, strcspn(name, "@")); /* without the version that libelf appends */
}

/* A symbol counts only where the place lies inside it: in a stripped library the nearest exported one is often another's. */
static void find_name(const struct symbols *s, GElf_Addr addr, struct stack_symbol *ret)
{
	GElf_Off off = 0;
	GElf_Sym sym;
	const char *name = dwfl_module_addrinfo(s->mod, addr, &off, &sym, NULL, NULL, NULL);
	if (!name || (sym.st_size && off >= sym.st_size))
		return;
	ret->name = readable(name);
	ret->offset = off;
}

static const char *name_of(Dwarf_Die *die)
{
	Dwarf_Attribute attr;
	const char *name = dwarf_formstring(dwarf_attr_integrate(die, DW_AT_linkage_name, &attr));
	return name ? name : dwarf_diename(die);
}

/* Where in its caller an inlined function stands. */
struct site {
	const char *file; /* libdw's; NULL = not known */
	int line;
};

static struct site call_site(Dwarf_Die *cu, Dwarf_Die *die)
{
	Dwarf_Attribute attr;
	Dwarf_Word file = 0;
	Dwarf_Word line = 0;
	Dwarf_Files *files = NULL;
	size_t n = 0;
	struct site site = {NULL, 0};
	if (dwarf_formudata(dwarf_attr(die, DW_AT_call_file, &attr), &file) == 0 && dwarf_getsrcfiles(cu, &files, &n) == 0 && file < n)
		site.file = dwarf_filesrc(files, (size_t)file, NULL, NULL);
	if (dwarf_formudata(dwarf_attr(die, DW_AT_call_line, &attr), &line) == 0)
		site.line = (int)line;
	return site;
}

/* The compilation unit of ADDR. Without a table of address ranges (Go and clang write none) all units are asked. */
static Dwarf_Die *unit_of(const struct symbols *s, GElf_Addr addr, Dwarf_Addr *ret_bias)
{
	Dwarf_Die *cu = dwfl_module_addrdie(s->mod, addr, ret_bias);
	for (unsigned i = 0; !cu && i < UNITS_MAX; i++) {
		cu = dwfl_module_nextcu(s->mod, i ? s->last_unit : NULL, ret_bias);
		((struct symbols *)s)->last_unit = cu;
		if (!cu)
			return NULL;
		if (dwarf_haspc(cu, addr - *ret_bias) <= 0)
			cu = NULL;
	}
	return cu;
}

/* The chain of inlined functions around ADDR, innermost first; each is told with the place where the next one calls it. */
static void find_inlines(const struct symbols *s, GElf_Addr addr, struct stack_symbol *ret)
{
	Dwarf_Addr bias = 0;
	Dwarf_Die *cu = unit_of(s, addr, &bias);
	Dwarf_Die *scopes = NULL;
	int n = cu ? dwarf_getscopes(cu, addr - bias, &scopes) : 0;
	Dwarf_Die *around = NULL;
	int nscopes = n > 0 ? dwarf_getscopes_die(&scopes[0], &around) : 0;
	struct site site = {ret->file, ret->line};
	for (int i = 0; i < nscopes && ret->ninlines < INLINES_MAX; i++) {
		if (dwarf_tag(&around[i]) != DW_TAG_inlined_subroutine)
			continue;
		const char *name = name_of(&around[i]);
		ret->inlines = xgrow(ret->inlines, ret->ninlines + 1, sizeof(*ret->inlines));
		struct stack_inline *in = &ret->inlines[ret->ninlines++];
		*in = (struct stack_inline){.name = readable(name ? name : "?"), .file = site.file ? xstrdup(site.file) : NULL, .line = site.line};
		site = call_site(cu, &around[i]);
	}
	if (ret->ninlines) {
		char *own = site.file ? xstrdup(site.file) : NULL;
		free(ret->file);
		ret->file = own; /* of the function itself */
		ret->line = site.line;
	}
	free(around);
	free(scopes);
}

static void find_line(const struct symbols *s, GElf_Addr addr, struct stack_symbol *ret)
{
	Dwfl_Line *line = dwfl_module_getsrc(s->mod, addr);
	int number = 0;
	const char *file = line ? dwfl_lineinfo(line, NULL, &number, NULL, NULL, NULL) : NULL;
	if (!file)
		return;
	ret->file = xstrdup(file);
	ret->line = number;
}

static void find_go(const struct module *m, uint64_t vaddr, uint64_t place, struct stack_symbol *ret)
{
	struct gofunc f;
	const char *file = NULL;
	if (!gopcln_func(m->go, place, &f))
		return;
	free(ret->name);
	ret->name = xstrdup(f.name);
	ret->offset = vaddr - f.entry;
	if (!ret->file && gopcln_line(m->go, place, &file, &ret->line))
		ret->file = xstrdup(file);
}

static struct stack_symbol *resolve(const struct module *m, uint64_t offset, bool is_caller)
{
	struct stack_symbol *r = xcalloc(1, sizeof(*r));
	const struct symbols *s = m->symbols;
	uint64_t vaddr = 0;
	if (!module_vaddr(m, offset, &vaddr))
		return r;
	uint64_t place = vaddr - is_caller;
	if (s->mod) {
		find_name(s, place + s->bias, r);
		r->offset += r->name ? is_caller : 0;
		find_line(s, place + s->bias, r);
		find_inlines(s, place + s->bias, r);
	}
	if (m->go)
		find_go(m, vaddr, place, r);
	return r;
}

const struct stack_symbol *symbol_at(struct module *m, uint64_t offset, bool is_caller)
{
	if (!m->symbols)
		open_symbols(m);
	uint64_t key = 2 * offset + is_caller + 1;
	struct stack_symbol *r = map_get(&m->symbols->symbols, key);
	if (!r) {
		r = resolve(m, offset, is_caller);
		map_put(&m->symbols->symbols, key, r);
	}
	return r;
}

static void free_symbol(struct stack_symbol *r)
{
	for (unsigned i = 0; i < r->ninlines; i++) {
		free(r->inlines[i].name);
		free(r->inlines[i].file);
	}
	free(r->inlines);
	free(r->name);
	free(r->file);
	free(r);
}

void symbols_free(struct module *m)
{
	size_t at = 0;
	if (!m->symbols)
		return;
	for (struct stack_symbol *r; (r = map_next(&m->symbols->symbols, &at));)
		free_symbol(r);
	map_free(&m->symbols->symbols);
	if (m->symbols->dwfl)
		dwfl_end(m->symbols->dwfl);
	free(m->symbols);
	m->symbols = NULL;
}
