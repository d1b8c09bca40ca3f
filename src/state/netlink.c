/* A socket's kind is its attribute system.sockprotoname, its protocol a column of /proc/PID/net/netlink. */
#include "state/netlink.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

static bool is_netlink(const char *link)
{
	char name[64] = "";
	ssize_t n = getxattr(link, "system.sockprotoname", name, sizeof(name) - 1);
	return n > 0 && strcmp(name, "NETLINK") == 0;
}

/* sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode (net/netlink/af_netlink.c, netlink_native_seq_show) */
static bool find(FILE *list, uint64_t inode, int *ret_protocol)
{
	char line[256];
	while (fgets(line, sizeof(line), list)) {
		int protocol = 0;
		uint64_t ino = 0;
		if (sscanf(line, "%*s %d %*s %*s %*s %*s %*s %*s %*s %" SCNu64, &protocol, &ino) == 2 && ino == inode) {
			*ret_protocol = protocol;
			return true;
		}
	}
	return false;
}

int netlink_protocol(struct netlink_memory *memory, pid_t tid, int fd, int fallback)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", tid, fd);
	struct stat st;
	if (!is_netlink(path) || stat(path, &st) != 0)
		return NETLINK_NOT_A_SOCKET;
	if (memory->inode && memory->inode == st.st_ino)
		return memory->protocol;
	snprintf(path, sizeof(path), "/proc/%d/net/netlink", tid);
	FILE *list = fopen(path, "re");
	if (!list)
		return fallback;
	int protocol = NETLINK_UNKNOWN;
	if (find(list, st.st_ino, &protocol))
		*memory = (struct netlink_memory){st.st_ino, protocol};
	fclose(list);
	return protocol;
}
