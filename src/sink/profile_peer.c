/* Which sockets are each other's ends: made as a pair, or with addresses the other way round. */
#include "sink/profile_parts.h"

#include <string.h>

/* Keys of the two ends of "TCP:[A->B]" or "UNIX-STREAM:[1->2,"path"]", as this one has them and as its peer does. */
static bool ends_of(const char *address, uint64_t *ret_own, uint64_t *ret_peer)
{
	const char *open = strchr(address, '[');
	const char *arrow = open ? strstr(open, "->") : NULL;
	size_t rest = arrow ? strcspn(arrow + 2, ",") : 0;
	if (!rest)
		return false;
	rest -= arrow[2 + rest - 1] == ']' && !arrow[2 + rest];
	uint64_t a = hash_bytes(open + 1, (size_t)(arrow - open - 1));
	uint64_t b = hash_bytes(arrow + 2, rest);
	*ret_own = (a * 31 + b) | 1;
	*ret_peer = (b * 31 + a) | 1;
	return true;
}

void profile_find_peers(struct profile *p)
{
	struct map by_ends = {0};
	struct map by_ofd = {0};
	uint64_t own = 0;
	uint64_t peer = 0;
	for (size_t i = 0; i < p->nfiles; i++) {
		struct file *f = p->file_list[i];
		if (f->kind != FD_SOCKET || f->is_group)
			continue;
		if (f->own_ofd)
			map_put(&by_ofd, f->own_ofd, f);
		if (f->address && ends_of(f->address, &own, &peer))
			map_put(&by_ends, own, f);
	}
	for (size_t i = 0; i < p->nfiles; i++) {
		struct file *f = p->file_list[i];
		if (f->kind != FD_SOCKET || f->is_group)
			continue;
		f->peer = f->peer_ofd ? map_get(&by_ofd, f->peer_ofd) : NULL;
		if (!f->peer && f->address && ends_of(f->address, &own, &peer))
			f->peer = map_get(&by_ends, peer);
	}
	map_free(&by_ends);
	map_free(&by_ofd);
}
