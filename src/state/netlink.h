/*
 * netlink: which protocol a netlink socket speaks, asked of the kernel. As strace knows it, a socket that was not bound
 * yet (nor has sent anything, which binds it) speaks none that could be known.
 */
#ifndef STATE_NETLINK_H
#define STATE_NETLINK_H

#include <stdint.h>
#include <sys/types.h>

enum { NETLINK_NOT_A_SOCKET = -1, NETLINK_UNKNOWN = -2 };

/* The last answer: messages come in rows. Zeroed to start with. */
struct netlink_memory {
	uint64_t inode;
	int protocol;
};

/* Protocol of TID's descriptor FD, or one of the above. FALLBACK where the kernel has no list of sockets to show. */
int netlink_protocol(struct netlink_memory *memory, pid_t tid, int fd, int fallback);

#endif
