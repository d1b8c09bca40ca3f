/* A sorted list of regions, made of the lines of /proc/PID/maps; a look-up is a binary search. */
#include "stack/space.h"

#include "base/xalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_ = 4096 + 128, REGIONS_MAX = 65536 };

/* Device and inode are a file's; the kernel's own code is the same in every process of one word size. */
static uint64_t key_of(const char *path, unsigned major, unsigned minor, uint64_t inode)
{
	uint64_t h = UINT64_C(14695981039346656037);
	const uint64_t parts[] = {inode ? inode : 0, major, minor};
	for (size_t i = 0; i < 3; i++)
		h = (h ^ parts[i]) * UINT64_C(1099511628211);
	for (const char *p = inode ? "" : path; *p; p++)
		h = (h ^ (uint8_t)*p) * UINT64_C(1099511628211);
	return h ? h : 1;
}

static void add_line(struct space *s, struct map *modules, char *line)
{
	uint64_t start = 0, end = 0, offset = 0, inode = 0;
	unsigned major = 0, minor = 0;
	char perms[8] = "";
	int at = 0;
	if (s->n >= REGIONS_MAX)
		return;
	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %" SCNx64 " %x:%x %" SCNu64 " %n", &start, &end, perms, &offset, &major, &minor, &inode, &at) < 7)
		return;
	char *path = line + at;
	path[strcspn(path, "\n")] = '\0';
	bool has_module = path[0] == '/' || strcmp(path, "[vdso]") == 0;
	struct region r = {.start = start, .end = end, .offset = offset, .is_code = perms[2] == 'x'};
	uint64_t key = key_of(path, major, minor, inode);
	if (has_module) /* a file that no code runs from is not opened */
		r.module = r.is_code ? module_get(modules, key, s->pid, path, start, end) : map_get(modules, key);
	s->regions = xgrow(s->regions, s->n + 1, sizeof(r));
	s->regions[s->n++] = r;
}

static void read_maps(struct space *s, struct map *modules)
{
	char *name = xasprintf("/proc/%d/maps", s->pid);
	FILE *f = fopen(name, "re");
	char line[LINE_MAX_];
	free(name);
	s->n = 0;
	s->is_read = true;
	s->may_have_more = false;
	s->reads++;
	if (!f)
		return;
	while (fgets(line, sizeof(line), f))
		add_line(s, modules, line);
	fclose(f);
}

static const struct region *look_up(const struct space *s, uint64_t addr)
{
	size_t lo = 0;
	size_t hi = s->n;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (s->regions[mid].end <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < s->n && s->regions[lo].start <= addr ? &s->regions[lo] : NULL;
}

const struct region *space_find(struct space *s, struct map *modules, uint64_t addr)
{
	if (!s->is_read)
		read_maps(s, modules);
	const struct region *r = look_up(s, addr);
	if (r || !s->may_have_more)
		return r;
	read_maps(s, modules);
	return look_up(s, addr);
}

bool space_forget(struct space *s, uint64_t addr, uint64_t size, bool is_mapped)
{
	size_t kept = 0;
	bool had_code = false;
	for (size_t i = 0; i < s->n; i++)
		if (s->regions[i].end <= addr || s->regions[i].start >= addr + size)
			s->regions[kept++] = s->regions[i];
		else
			had_code |= s->regions[i].is_code;
	/* What is left of a region that lost a part is found again in /proc. */
	s->may_have_more |= is_mapped || kept < s->n;
	s->n = kept;
	return had_code;
}

void space_reset(struct space *s)
{
	s->n = 0;
	s->is_read = false;
	s->may_have_more = false;
}
