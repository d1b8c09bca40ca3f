/*
 * space: what is mapped where in a process, as far as code goes. Read from /proc once; after that the tables' verbs map,
 * unmap and remap keep it, and only an address that is in no known mapping, after something was mapped, reads it anew.
 */
#ifndef STACK_SPACE_H
#define STACK_SPACE_H

#include "stack/module.h"

struct region {
	uint64_t start, end;
	uint64_t offset;       /* in the file, of start */
	struct module *module; /* NULL: no file */
	bool is_code;
};

struct space {
	pid_t pid;
	struct region *regions; /* sorted; owned */
	size_t n;
	bool is_read;
	bool may_have_more;     /* something was mapped since */
	unsigned reads;         /* of /proc, for tests and figures */
};

/* The region of ADDR, or NULL. */
const struct region *space_find(struct space *s, struct map *modules, uint64_t addr);
/* Something was mapped or unmapped at ADDR: what was known of it is no longer true. True: code was there. */
bool space_forget(struct space *s, uint64_t addr, uint64_t size, bool is_mapped);
/* Another program runs. */
void space_reset(struct space *s);
/* Where in the file of its module, in which the region lies: an address. */
static inline uint64_t region_offset(const struct region *r, uint64_t addr)
{
	return addr - r->start + r->offset;
}

#endif
