/*
 * ehframe: the sorted table of functions that .eh_frame_hdr holds, made of .eh_frame where a linker left it out (static
 * programs). Entries as there: two signed 32-bit numbers, the function's start and its FDE, relative to a base.
 */
#ifndef STACK_EHFRAME_H
#define STACK_EHFRAME_H

#include "base/span.h"

#include <stdint.h>

/* Of the section's bytes, which lie at VADDR; relative to VADDR. NULL: nothing in it. *ret_n entries; to be freed. */
uint8_t *ehframe_table(struct span section, uint64_t vaddr, uint64_t *ret_n);

#endif
