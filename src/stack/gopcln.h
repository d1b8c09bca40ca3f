/*
 * gopcln: the tables by which Go's runtime unwinds (src/runtime/symtab.go, Go 1.18 and newer): for each function how far
 * the stack pointer is from its return address, its name, files and lines. A Go binary has them even when it is stripped.
 */
#ifndef STACK_GOPCLN_H
#define STACK_GOPCLN_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct module;
struct gopcln;

/* Reads the table of M; NULL where it has none of a version that is known. */
struct gopcln *gopcln_new(const struct module *m);
void gopcln_free(struct gopcln *g);

struct gofunc {
	const char *name; /* in the module's image, NUL-terminated */
	uint64_t entry;   /* address as linked */
	bool is_bottom;   /* nothing calls it that a stack could show: goexit, mstart, a switch of stacks */
};

/* The function of the address (as linked) PC. False: it is in none. */
bool gopcln_func(const struct gopcln *g, uint64_t pc, struct gofunc *ret);
/* How many bytes above the stack pointer the return address lies while PC runs. -1: not known. */
int64_t gopcln_frame_size(const struct gopcln *g, uint64_t pc);
/* File and line of PC; the file's name lies in the module's image. False: not known. */
bool gopcln_line(const struct gopcln *g, uint64_t pc, const char **ret_file, int *ret_line);

#endif
