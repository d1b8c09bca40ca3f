/*
 * genl: the families of generic netlink as the running kernel numbers them, asked once when somebody first wants to know.
 */
#ifndef STATE_GENL_H
#define STATE_GENL_H

#include <stdbool.h>

enum { GENL_FAMILIES = 128, GENL_NAME = 16 };

/* Zeroed to start with. */
struct genl_families {
	bool is_asked;
	unsigned n;
	struct { unsigned id; char name[GENL_NAME + 1]; } family[GENL_FAMILIES];
};

/* The name of family ID; NULL if there is none. */
const char *genl_family_name(struct genl_families *g, unsigned id);

#endif
