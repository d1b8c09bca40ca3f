/* Linear probing; removal moves later entries of the cluster back, so that there are no tombstones. */
#include "base/map.h"

#include "base/xalloc.h"

#include <stdlib.h>

enum { FIRST_CAP = 64 };

static size_t home(const struct map *m, uint64_t key)
{
	return (size_t)((key * 0x9e3779b97f4a7c15ULL) >> 32) & (m->cap - 1);
}

static struct map_slot *find(const struct map *m, uint64_t key)
{
	for (size_t i = home(m, key);; i = (i + 1) & (m->cap - 1))
		if (m->slots[i].key == key || !m->slots[i].key)
			return &m->slots[i];
}

void *map_get(const struct map *m, uint64_t key)
{
	return m->cap ? find(m, key)->value : NULL;
}

static void grow(struct map *m)
{
	struct map old = *m;
	m->cap = old.cap ? old.cap * 2 : FIRST_CAP;
	m->slots = xcalloc(m->cap, sizeof(*m->slots));
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i].key)
			*find(m, old.slots[i].key) = old.slots[i];
	free(old.slots);
}

void map_put(struct map *m, uint64_t key, void *value)
{
	if (2 * (m->n + 1) > m->cap)
		grow(m);
	struct map_slot *s = find(m, key);
	m->n += !s->key;
	*s = (struct map_slot){key, value};
}

void *map_remove(struct map *m, uint64_t key)
{
	if (!m->cap)
		return NULL;
	struct map_slot *s = find(m, key);
	if (!s->key)
		return NULL;
	void *value = s->value;
	*s = (struct map_slot){0};
	m->n--;
	size_t mask = m->cap - 1;
	for (size_t i = ((size_t)(s - m->slots) + 1) & mask; m->slots[i].key; i = (i + 1) & mask) {
		struct map_slot moved = m->slots[i];
		m->slots[i] = (struct map_slot){0};
		*find(m, moved.key) = moved;
	}
	return value;
}

void *map_next(const struct map *m, size_t *at)
{
	while (*at < m->cap) {
		const struct map_slot *s = &m->slots[(*at)++];
		if (s->key)
			return s->value;
	}
	return NULL;
}

void map_free(struct map *m)
{
	free(m->slots);
	*m = (struct map){0};
}
