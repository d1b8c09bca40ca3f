/* user: whom the command runs as (option -u). */
#ifndef CAPTURE_USER_H
#define CAPTURE_USER_H

#include <stdbool.h>
#include <sys/types.h>

struct user {
	const char *name; /* NULL: given by numbers, no supplementary groups */
	uid_t uid;
	gid_t gid;
};

/* NAME is a user's name or UID:GID. False: there is none; it was said. */
bool user_find(const char *name, struct user *ret_user);
/* Makes the calling process that user's; FILE, if set-uid or set-gid, still runs with its owner's rights. False: said.
 */
bool user_become(const struct user *user, const char *file);

#endif
