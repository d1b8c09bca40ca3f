/* fdinfo is text of name and value; each kind of descriptor has a few lines of its own (fs/eventfd.c, fs/signalfd.c, fs/pidfs.c). */
#include "state/anon.h"

#include "base/buf.h"
#include "base/xalloc.h"
#include "desc/desc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The value behind NAME, in BASE; false where there is no such line. */
static bool value_of(const char *text, const char *name, int base, uint64_t *ret_value)
{
	const char *at = strstr(text, name);
	if (!at)
		return false;
	*ret_value = strtoull(at + strlen(name), NULL, base);
	return true;
}

static char *pidfd(const char *text)
{
	uint64_t pid = 0;
	return value_of(text, "Pid:", 10, &pid) ? xasprintf("pid:%d", (int)pid) : NULL;
}

static char *eventfd(const char *text)
{
	uint64_t count = 0;
	uint64_t id = 0;
	uint64_t is_semaphore = 0;
	if (!value_of(text, "eventfd-count:", 16, &count))
		return NULL;
	value_of(text, "eventfd-id:", 10, &id);
	value_of(text, "eventfd-semaphore:", 10, &is_semaphore);
	return xasprintf("eventfd:{eventfd-count=%#" PRIx64 ", eventfd-id=%d, eventfd-semaphore=%d}", count, (int)id, (int)is_semaphore);
}

static char *signalfd(const char *text)
{
	uint64_t mask = 0;
	if (!value_of(text, "sigmask:", 16, &mask))
		return NULL;
	struct buf b = {0};
	buf_lit(&b, "signalfd:[");
	const char *sep = "";
	for (int i = 0; i < 64; i++) {
		const char *name = mask >> i & 1 ? desc_signal_name(i + 1) : NULL;
		if (!name)
			continue;
		buf_printf(&b, "%s%s", sep, name + strlen("SIG"));
		sep = " ";
	}
	buf_c(&b, ']');
	char *details = xstrndup(b.p, b.n);
	buf_free(&b);
	return details;
}

void anon_ask(struct ofd *o, pid_t tid, int fd)
{
	static const struct { const char *path; char *(*details)(const char *text); } kinds[] = {
	    {"anon_inode:[pidfd]", pidfd}, {"anon_inode:[eventfd]", eventfd}, {"anon_inode:[signalfd]", signalfd}};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!o->path || strcmp(o->path, kinds[i].path) != 0)
			continue;
		char name[64];
		char text[1024] = "";
		snprintf(name, sizeof(name), "/proc/%d/fdinfo/%d", tid, fd);
		FILE *f = fopen(name, "re");
		size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;
		text[n] = '\0';
		if (f)
			fclose(f);
		free(o->details);
		o->details = kinds[i].details(text);
	}
}
