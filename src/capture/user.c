/*
 * The kernel ignores set-uid bits of traced programs unless the tracer could have traced the result; a tracer that
 * runs as root gives the process the effective ids itself, which the exec keeps.
 */
#include "capture/user.h"

#include "base/diag.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool user_find(const char *name, struct user *ret_user)
{
	if (getuid() != 0) {
		diag("You must be root to use the -u option");
		return false;
	}
	const struct passwd *pw = getpwnam(name);
	if (pw) {
		*ret_user = (struct user){name, pw->pw_uid, pw->pw_gid};
		return true;
	}
	unsigned uid = 0;
	unsigned gid = 0;
	char rest = 0;
	if (sscanf(name, "%u:%u%c", &uid, &gid, &rest) != 2) {
		diag("Cannot find user '%s'", name);
		return false;
	}
	*ret_user = (struct user){NULL, uid, gid};
	return true;
}

bool user_become(const struct user *user, const char *file)
{
	struct stat st = {0};
	if (stat(file, &st) < 0)
		st.st_mode = 0;
	uid_t euid = st.st_mode & S_ISUID ? st.st_uid : user->uid;
	gid_t egid = (st.st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP) ? st.st_gid : user->gid;
	int err = user->name ? initgroups(user->name, user->gid) : setgroups(0, NULL);
	if (err == 0 && setregid(user->gid, egid) == 0 && setreuid(user->uid, euid) == 0)
		return true;
	diag("cannot become user %s: %s", user->name ? user->name : "given by number", strerror(errno));
	return false;
}
