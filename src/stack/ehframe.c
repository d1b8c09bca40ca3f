/* Format: Linux Standard Base, "Exception Frames". Only the encodings that compilers write for code are read. */
#include "stack/ehframe.h"

#include "base/xalloc.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { PCREL_SDATA4 = 0x1b, ABSPTR = 0x00, UDATA4 = 0x03, EXTENDED = 0xffffffffU, ENTRIES_MAX = 1 << 22, ENTRY_SIZE = 8 };

struct entry {
	int32_t start, fde;
};

static bool uleb(struct span s, size_t *at)
{
	while (*at < s.n)
		if (!(s.p[(*at)++] & 0x80))
			return true;
	return false;
}

/* How a CIE's functions are told: the operand of R in its augmentation. -1: unknown. */
static int encoding_of(struct span cie)
{
	enum { AUGMENTATION = 9 };
	size_t at = AUGMENTATION;
	const char *text = (const char *)cie.p + at;
	if (cie.n <= at || !memchr(text, 0, cie.n - at))
		return -1;
	size_t n = strlen(text);
	at += n + 1;
	if (text[0] != 'z')
		return n ? -1 : ABSPTR;
	/* code and data alignment, return address, size of the augmentation's operands */
	for (int i = 0; i < 4; i++)
		if (!uleb(cie, &at))
			return -1;
	for (size_t i = 1; i < n && at < cie.n; i++) {
		if (text[i] == 'R')
			return cie.p[at];
		if (text[i] == 'P')
			at += (cie.p[at] & 7) == 4 || (cie.p[at] & 15) == 0 ? 9 : 5; /* encoding, pointer of 8 or 4 bytes */
		else if (text[i] == 'L')
			at++;
	}
	return ABSPTR;
}

/* Where the function of an FDE starts, relative to the section. */
static bool start_of(struct span section, uint64_t vaddr, size_t fde, int encoding, int64_t *ret)
{
	enum { PC_BEGIN = 8 };
	uint64_t v = 0;
	if (encoding == ABSPTR && span_load(section, fde + PC_BEGIN, 8, &v))
		*ret = (int64_t)(v - vaddr);
	else if (encoding == UDATA4 && span_load(section, fde + PC_BEGIN, 4, &v))
		*ret = (int64_t)(v - vaddr);
	else if (encoding == PCREL_SDATA4 && span_load(section, fde + PC_BEGIN, 4, &v))
		*ret = (int32_t)v + (int64_t)fde + PC_BEGIN;
	else
		return false;
	return *ret == (int32_t)*ret;
}

static int by_start(const void *a, const void *b)
{
	const struct entry *x = a;
	const struct entry *y = b;
	return (x->start > y->start) - (x->start < y->start);
}

uint8_t *ehframe_table(struct span section, uint64_t vaddr, uint64_t *ret_n)
{
	struct entry *entries = NULL;
	size_t n = 0;
	size_t cap = 0;
	uint64_t length = 0;
	for (size_t at = 0; span_load(section, at, 4, &length) && length && length != EXTENDED && n < ENTRIES_MAX; at += 4 + (size_t)length) {
		uint64_t back = 0;
		int64_t start = 0;
		if (at > INT32_MAX || !span_load(section, at + 4, 4, &back) || back == 0 || back > at + 4)
			continue;
		size_t cie = at + 4 - (size_t)back;
		if (!start_of(section, vaddr, at, encoding_of(span_sub(section, cie, SIZE_MAX)), &start))
			continue;
		if (n == cap) {
			cap = cap ? 2 * cap : 256;
			entries = xgrow(entries, cap, sizeof(*entries));
		}
		entries[n++] = (struct entry){(int32_t)start, (int32_t)at};
	}
	if (n)
		qsort(entries, n, sizeof(*entries), by_start);
	*ret_n = n;
	return (uint8_t *)entries;
}
