/* Most nodes have one edge, which lies in the node; further ones are in a map. */
#include "stack/memo.h"

#include "base/map.h"
#include "base/xalloc.h"

#include <stdlib.h>

enum { NODES_MAX = 1 << 18 };

struct node {
	uint64_t where;
	uint64_t value;             /* of the first edge */
	struct node *child;         /* along it */
	struct map others;          /* of struct node, by value + 1 */
	const struct stack *stack;  /* a leaf: no `where` */
};

struct memo {
	struct node *root; /* NULL = nothing known */
	size_t n;
};

struct memo *memo_new(void)
{
	return xcalloc(1, sizeof(struct memo));
}

/* Depth-first along the first edges, which are the long way; recursion only where paths part. */
static void free_node(struct node *node)
{
	while (node) {
		struct node *child = node->child;
		size_t at = 0;
		for (struct node *other; (other = map_next(&node->others, &at));)
			free_node(other);
		map_free(&node->others);
		free(node);
		node = child;
	}
}

void memo_clear(struct memo *m)
{
	free_node(m->root);
	*m = (struct memo){0};
}

void memo_free(struct memo *m)
{
	memo_clear(m);
	free(m);
}

static struct node *along(const struct node *node, uint64_t value)
{
	if (node->child && node->value == value)
		return node->child;
	return node->others.n ? map_get(&node->others, value + 1) : NULL;
}

const struct stack *memo_find(const struct memo *m, bool (*read)(void *ctx, uint64_t where, uint64_t *ret_value), void *ctx)
{
	const struct node *node = m->root;
	uint64_t value = 0;
	while (node && !node->stack)
		node = read(ctx, node->where, &value) ? along(node, value) : NULL;
	return node ? node->stack : NULL;
}

static struct node *node_new(struct memo *m, uint64_t where)
{
	struct node *node = xcalloc(1, sizeof(*node));
	node->where = where;
	m->n++;
	return node;
}

static struct node *grow(struct memo *m, struct node *node, uint64_t value, uint64_t next_where)
{
	struct node *child = along(node, value);
	if (child)
		return child;
	child = node_new(m, next_where);
	if (!node->child) {
		node->value = value;
		node->child = child;
	} else if (value != UINT64_MAX) { /* the map has no key for it */
		map_put(&node->others, value + 1, child);
	} else {
		free(child);
		return NULL;
	}
	return child;
}

void memo_add(struct memo *m, const struct memo_read *reads, size_t n, const struct stack *stack)
{
	if (!n || m->n + n > NODES_MAX)
		memo_clear(m);
	if (!n)
		return;
	if (!m->root)
		m->root = node_new(m, reads[0].where);
	struct node *node = m->root;
	for (size_t i = 0; i < n && node && !node->stack; i++)
		node = grow(m, node, reads[i].value, i + 1 < n ? reads[i + 1].where : 0);
	if (node && !node->stack && !node->child)
		node->stack = stack;
}
