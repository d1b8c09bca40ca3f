/* map: from a non-zero 64-bit key to a pointer. Open addressing; the map does not own what it points to. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stddef.h>
#include <stdint.h>

struct map_slot {
	uint64_t key; /* 0 = free */
	void *value;
};

struct map {
	struct map_slot *slots; /* owned; NULL until the first put */
	size_t cap;             /* slots, a power of two */
	size_t n;               /* entries */
};

void *map_get(const struct map *m, uint64_t key); /* NULL if absent */
void map_put(struct map *m, uint64_t key, void *value);
void *map_remove(struct map *m, uint64_t key); /* what was there, or NULL */
/* Walks the entries: start with *at = 0; NULL at the end. The map must not change on the way. */
void *map_next(const struct map *m, size_t *at);
void map_free(struct map *m);

#endif
