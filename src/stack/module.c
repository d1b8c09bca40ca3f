/*
 * ELF, as little of it as unwinding needs: segments, the table of .eh_frame_hdr, the build id, and whether Go's own
 * tables are there. Sections, symbols and lines are libdw's business (symbol.c).
 */
#include "stack/module.h"

#include "base/xalloc.h"
#include "stack/ehframe.h"
#include "stack/gopcln.h"
#include "stack/symbol.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { VDSO_MAX = 64 * 1024, PHDRS_MAX = 64, SECTIONS_MAX = 1024 };
enum { ENC_SDATA4 = 0x0b, ENC_UDATA4 = 0x03, ENC_DATAREL_SDATA4 = 0x3b, ENC_FORMAT = 0x0f, HDR_SIZE = 12 }; /* DW_EH_PE_* */

static uint64_t load(struct span s, uint64_t off, size_t width)
{
	uint64_t v = 0;
	if (off < s.n)
		span_load(s, (size_t)off, width, &v);
	return v;
}

struct span module_bytes(const struct module *m, uint64_t offset, size_t n)
{
	return span_sub(m->image, (size_t)offset, n);
}

struct span module_at(const struct module *m, uint64_t vaddr, size_t n)
{
	for (unsigned i = 0; i < m->nsegments; i++) {
		const struct segment *s = &m->segments[i];
		if (vaddr - s->vaddr >= s->size)
			continue;
		uint64_t left = s->size - (vaddr - s->vaddr);
		return module_bytes(m, s->offset + (vaddr - s->vaddr), n < left ? n : (size_t)left);
	}
	return (struct span){NULL, 0};
}

bool module_vaddr(const struct module *m, uint64_t offset, uint64_t *ret_vaddr)
{
	/* Mappings are of whole pages: the last one may reach a little before or beyond its segment. */
	const uint64_t page = 4095;
	for (unsigned i = 0; i < m->nsegments; i++) {
		const struct segment *s = &m->segments[i];
		uint64_t first = s->offset & ~page;
		if (offset - first >= ((s->size + (s->offset & page) + page) & ~page))
			continue;
		*ret_vaddr = s->vaddr - s->offset + offset;
		return true;
	}
	return false;
}

struct span module_section(const struct module *m, const char *name, uint64_t *ret_vaddr)
{
	struct span none = {NULL, 0};
	uint64_t at = load(m->image, offsetof(Elf64_Ehdr, e_shoff), 8);
	uint64_t n = load(m->image, offsetof(Elf64_Ehdr, e_shnum), 2);
	uint64_t index = load(m->image, offsetof(Elf64_Ehdr, e_shstrndx), 2);
	if (at >= m->image.n || index >= n)
		return none;
	struct span headers = module_bytes(m, at, (size_t)n * sizeof(Elf64_Shdr));
	struct span strings = module_bytes(m, load(headers, index * sizeof(Elf64_Shdr) + offsetof(Elf64_Shdr, sh_offset), 8), SIZE_MAX);
	for (uint64_t i = 0; i < n && i < SECTIONS_MAX; i++) {
		struct span h = span_sub(headers, (size_t)i * sizeof(Elf64_Shdr), sizeof(Elf64_Shdr));
		struct span text = span_sub(strings, (size_t)load(h, offsetof(Elf64_Shdr, sh_name), 4), strlen(name) + 1);
		if (text.n <= strlen(name) || memcmp(text.p, name, text.n) != 0)
			continue;
		*ret_vaddr = load(h, offsetof(Elf64_Shdr, sh_addr), 8);
		return module_bytes(m, load(h, offsetof(Elf64_Shdr, sh_offset), 8), (size_t)load(h, offsetof(Elf64_Shdr, sh_size), 8));
	}
	return none;
}

/* The sorted table that .eh_frame_hdr ends in (LSB, "Exception Frames"); other encodings can't be searched. */
static void read_frame_header(struct module *m, uint64_t vaddr)
{
	struct span h = module_at(m, vaddr, HDR_SIZE);
	m->hdr = vaddr;
	bool is_known = h.n == HDR_SIZE && h.p[0] == 1 && (h.p[1] & ENC_FORMAT) == ENC_SDATA4 && (h.p[2] & ENC_FORMAT) == ENC_UDATA4 &&
			h.p[3] == ENC_DATAREL_SDATA4;
	if (!is_known)
		return;
	m->table = vaddr + HDR_SIZE;
	m->nentries = load(h, 8, 4);
}

static void read_note(struct module *m, uint64_t offset, uint64_t size)
{
	struct span notes = module_bytes(m, offset, (size_t)size);
	for (size_t at = 0; at + sizeof(Elf64_Nhdr) <= notes.n;) {
		size_t name = (size_t)load(notes, at, 4);
		size_t desc = (size_t)load(notes, at + 4, 4);
		size_t name_at = at + sizeof(Elf64_Nhdr);
		size_t desc_at = name_at + ((name + 3) & ~(size_t)3);
		struct span id = span_sub(notes, desc_at, desc);
		if (load(notes, at + 8, 4) == NT_GNU_BUILD_ID && name == 4 && id.n == desc && desc <= BUILD_ID_MAX) {
			memcpy(m->build_id, id.p, id.n);
			m->build_id_size = (unsigned)id.n;
			return;
		}
		at = desc_at + ((desc + 3) & ~(size_t)3);
	}
}

static void read_program_header(struct module *m, struct span p)
{
	uint64_t type = load(p, offsetof(Elf64_Phdr, p_type), 4);
	uint64_t offset = load(p, offsetof(Elf64_Phdr, p_offset), 8);
	uint64_t vaddr = load(p, offsetof(Elf64_Phdr, p_vaddr), 8);
	uint64_t size = load(p, offsetof(Elf64_Phdr, p_filesz), 8);
	if (type == PT_LOAD && m->nsegments < MODULE_SEGMENTS)
		m->segments[m->nsegments++] = (struct segment){offset, vaddr, size};
	else if (type == PT_GNU_EH_FRAME)
		m->hdr = vaddr;
	else if (type == PT_NOTE && !m->build_id_size)
		read_note(m, offset, size);
}

static void read_elf(struct module *m)
{
	struct span e = module_bytes(m, 0, sizeof(Elf64_Ehdr));
	if (e.n < sizeof(Elf64_Ehdr) || memcmp(e.p, ELFMAG, SELFMAG) != 0 || e.p[EI_CLASS] != ELFCLASS64)
		return;
	uint64_t at = load(e, offsetof(Elf64_Ehdr, e_phoff), 8);
	uint64_t n = load(e, offsetof(Elf64_Ehdr, e_phnum), 2);
	for (uint64_t i = 0; i < n && i < PHDRS_MAX; i++)
		read_program_header(m, module_bytes(m, at + i * sizeof(Elf64_Phdr), sizeof(Elf64_Phdr)));
	if (m->hdr)
		read_frame_header(m, m->hdr);
	m->go = gopcln_new(m);
	struct span frames = m->table || m->go ? (struct span){NULL, 0} : module_section(m, ".eh_frame", &m->made_base);
	if (frames.n)
		m->made_table = ehframe_table(frames, m->made_base, &m->nentries);
}

/* The file may be another one by now under its path, or in another root: by its mapping it is found as it is mapped. */
static int open_file(pid_t pid, const char *path, uint64_t start, uint64_t end)
{
	char *by_map = xasprintf("/proc/%d/map_files/%llx-%llx", pid, (unsigned long long)start, (unsigned long long)end);
	char *by_root = xasprintf("/proc/%d/root%s", pid, path);
	int fd = open(by_map, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		fd = open(by_root, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	free(by_map);
	free(by_root);
	return fd;
}

static void map_image(struct module *m)
{
	struct stat st;
	if (m->fd < 0 || fstat(m->fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size <= 0)
		return;
	void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, m->fd, 0);
	if (p == MAP_FAILED)
		return;
	m->image = (struct span){p, (size_t)st.st_size};
	m->is_mapped = true;
}

/* The kernel's own code in the process: no file, so its memory is copied, to a file too as libdw wants one. */
static void copy_image(struct module *m, pid_t pid, uint64_t start, uint64_t end)
{
	size_t n = end - start < VDSO_MAX ? (size_t)(end - start) : VDSO_MAX;
	uint8_t *bytes = xmalloc(n);
	struct iovec local = {bytes, n};
	struct iovec remote = {(void *)(uintptr_t)start, n};
	ssize_t got = process_vm_readv(pid, &local, 1, &remote, 1, 0);
	m->image = (struct span){bytes, got > 0 ? (size_t)got : 0};
	m->fd = memfd_create("vdso", MFD_CLOEXEC);
	if (m->fd >= 0 && write(m->fd, bytes, m->image.n) != (ssize_t)m->image.n) {
		close(m->fd);
		m->fd = -1;
	}
}

/* What a program calls through, rather than what calls: the C library's files and the loader. */
static bool is_runtime_path(const char *path)
{
	static const char *const names[] = {"libc.so", "libc-2.", "ld-linux", "ld-2.", "ld-musl", "libpthread", "libc.musl", "libstdc++", "libgcc_s"};
	const char *name = strrchr(path, '/');
	name = name ? name + 1 : path;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strncmp(name, names[i], strlen(names[i])) == 0)
			return true;
	return path[0] == '[';
}

struct module *module_get(struct map *modules, uint64_t key, pid_t pid, const char *path, uint64_t start, uint64_t end)
{
	struct module *m = map_get(modules, key);
	if (m)
		return m;
	m = xcalloc(1, sizeof(*m));
	m->path = xstrdup(path);
	m->fd = -1;
	m->is_runtime = is_runtime_path(path);
	if (path[0] == '[') {
		copy_image(m, pid, start, end);
	} else {
		m->fd = open_file(pid, path, start, end);
		map_image(m);
	}
	read_elf(m);
	map_put(modules, key, m);
	return m;
}

void module_free(struct module *m)
{
	symbols_free(m);
	gopcln_free(m->go);
	free(m->made_table);
	if (m->is_mapped)
		munmap((void *)(uintptr_t)m->image.p, m->image.n);
	else
		free((void *)(uintptr_t)m->image.p);
	if (m->fd >= 0)
		close(m->fd);
	free(m->path);
	free(m);
}
