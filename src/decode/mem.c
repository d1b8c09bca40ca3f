/*
 * A list of fetched chunks, newest first. A request that meets unreadable memory is continued page by page, so that
 * an engine which answers all or nothing still yields every byte there is.
 */
#include "decode/mem.h"

enum { LOOK_BACK = 16, FIRST_STRING_READ = 256 };

struct mem_chunk {
	struct mem_chunk *next;
	uint64_t addr;
	uint64_t asked;    /* bytes known about; more than bytes.n where memory ended: to the end of that page */
	struct span bytes;
};

static uint64_t to_page_end(uint64_t addr)
{
	return MEM_PAGE - (addr & (MEM_PAGE - 1));
}

static bool lookup(const struct mem_cache *c, uint64_t addr, uint64_t n, struct span *ret_bytes)
{
	int left = LOOK_BACK;
	for (const struct mem_chunk *k = c->first; k && left--; k = k->next) {
		uint64_t off = addr - k->addr;
		if (addr < k->addr || off > k->asked || k->asked - off < n)
			continue;
		*ret_bytes = span_sub(k->bytes, (size_t)off, (size_t)n);
		return true;
	}
	return false;
}

static size_t read_once(struct mem_cache *c, uint64_t addr, uint8_t *dst, size_t n)
{
	c->requests++;
	size_t got = c->mem->read(c->mem, addr, dst, n);
	return got < n ? got : n;
}

static size_t fetch(struct mem_cache *c, uint64_t addr, uint8_t *dst, size_t n)
{
	size_t got = read_once(c, addr, dst, n);
	while (got < n && c->requests < MEM_REQUESTS) {
		size_t page = to_page_end(addr + got);
		if (got + page >= n && got == 0)
			break; /* one page only: it was asked just now */
		size_t want = page < n - got ? page : n - got;
		size_t more = read_once(c, addr + got, dst + got, want);
		got += more;
		if (more < want)
			break;
	}
	return got;
}

struct span mem_get(struct mem_cache *c, uint64_t addr, uint64_t n)
{
	struct span none = {NULL, 0};
	if (n == 0 || !c->mem)
		return none;
	if (lookup(c, addr, n, &none))
		return none;
	if (n > UINT64_MAX - addr)
		n = UINT64_MAX - addr;
	if (n > MEM_BUDGET - c->fetched)
		n = MEM_BUDGET - c->fetched;
	if (n == 0 || c->requests >= MEM_REQUESTS)
		return none;
	c->fetched += n;
	struct mem_chunk *k = arena_alloc_raw(c->arena, sizeof(*k) + (size_t)n);
	uint8_t *data = (uint8_t *)(k + 1);
	*k = (struct mem_chunk){.next = c->first, .addr = addr, .asked = n};
	k->bytes = (struct span){data, fetch(c, addr, data, (size_t)n)};
	/* Behind the page that could not be read there may be more, which nobody has looked at. */
	uint64_t known = k->bytes.n + to_page_end(addr + k->bytes.n);
	if (k->bytes.n < n && known < n)
		k->asked = known;
	c->first = k;
	return k->bytes;
}

/* How much to look at next: to the end of the page (what is beyond may not exist), then in growing steps. */
static uint64_t next_read(uint64_t addr, uint64_t n)
{
	uint64_t page = to_page_end(addr + n);
	if (n == 0)
		return page < FIRST_STRING_READ ? page : FIRST_STRING_READ;
	return n + page + (page == MEM_PAGE && n > MEM_PAGE ? n / MEM_PAGE * MEM_PAGE : 0);
}

bool mem_string(struct mem_cache *c, uint64_t addr, uint64_t limit, struct span *ret_text, bool *ret_has_nul)
{
	uint64_t n = 0;
	while (n < limit) {
		n = next_read(addr, n);
		if (n > limit)
			n = limit;
		struct span s = mem_get(c, addr, n);
		const uint8_t *nul = s.n ? memchr(s.p, 0, s.n) : NULL;
		if (!nul && s.n < n)
			return false;
		*ret_text = (struct span){s.p, nul ? (size_t)(nul - s.p) : s.n};
		*ret_has_nul = nul;
		if (nul)
			return true;
	}
	return n > 0;
}
