/*
 * module: a file (or the vdso) that code runs from. Opened once for all processes that map it, by device and inode; what
 * it holds is hostile: every read is bounded.
 */
#ifndef STACK_MODULE_H
#define STACK_MODULE_H

#include "base/map.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct symbols; /* symbol.c's, of one module */
struct gopcln;  /* gopcln.c's */

enum { MODULE_SEGMENTS = 16, BUILD_ID_MAX = 20 };

struct segment {
	uint64_t offset, vaddr, size; /* in the file, as linked, bytes in the file */
};

struct module {
	char *path;          /* as the process sees it; owned */
	struct span image;   /* the file's bytes; empty where it could not be opened */
	bool is_mapped;      /* image is a mapping of a file, else owned memory */
	int fd;              /* of the file, or of a copy; -1 = none. Kept: libdw reads it when a symbol is asked for */
	struct segment segments[MODULE_SEGMENTS]; /* PT_LOAD */
	unsigned nsegments;
	uint64_t hdr;        /* vaddr of .eh_frame_hdr, 0 = none */
	uint64_t table;      /* vaddr of its sorted table, 0 = none that can be searched */
	uint64_t nentries;   /* of it, or of made_table */
	uint8_t *made_table; /* what the file lacks, made of .eh_frame, relative to made_base; NULL = not made */
	uint64_t made_base;  /* vaddr of .eh_frame */
	uint8_t build_id[BUILD_ID_MAX];
	unsigned build_id_size;
	struct gopcln *go;   /* NULL: not a Go program */
	struct symbols *symbols; /* NULL until one is asked for */
	bool is_runtime;     /* part of libc, the loader, the vdso: not a caller of interest */
};

/*
 * The module that is mapped from PATH ("[vdso]" and the like too) at START to END in the process PID. It is looked up
 * in MODULES by KEY, made where it is new. Never NULL; without image where the file is gone.
 */
struct module *module_get(struct map *modules, uint64_t key, pid_t pid, const char *path, uint64_t start, uint64_t end);
void module_free(struct module *m);
/* The address as linked of what lies at OFFSET in the file; false: it is in no segment. */
bool module_vaddr(const struct module *m, uint64_t offset, uint64_t *ret_vaddr);
/* Up to N bytes of the file from OFFSET on, 0 where there are none. */
struct span module_bytes(const struct module *m, uint64_t offset, size_t n);
/* The section NAME and its address as linked; empty where there is none. */
struct span module_section(const struct module *m, const char *name, uint64_t *ret_vaddr);
/* The same, at an address as linked. */
struct span module_at(const struct module *m, uint64_t vaddr, size_t n);

#endif
