/* The controller (nlctrl) lists all families: CTRL_CMD_GETFAMILY as a dump. */
#include "state/genl.h"

#include "base/xalloc.h"

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REPLY_SIZE = 65536 };

static int ask(void)
{
	struct {
		struct nlmsghdr h;
		struct genlmsghdr g;
	} req = {.h = {.nlmsg_len = sizeof(req), .nlmsg_type = GENL_ID_CTRL, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
		 .g = {.cmd = CTRL_CMD_GETFAMILY, .version = 1}};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (fd >= 0 && send(fd, &req, sizeof(req), 0) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* One family of the dump: its attributes are an id and a name, among others. */
static void add(struct genl_families *g, const struct nlmsghdr *h)
{
	size_t left = h->nlmsg_len > NLMSG_LENGTH(GENL_HDRLEN) ? h->nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN) : 0;
	const char *p = (const char *)NLMSG_DATA(h) + GENL_HDRLEN;
	unsigned id = 0;
	char name[GENL_NAME + 1] = "";
	struct nlattr a;
	for (size_t step = 0; left >= sizeof(a); left -= step, p += step) {
		memcpy(&a, p, sizeof(a));
		step = (size_t)NLA_ALIGN(a.nla_len);
		if (a.nla_len < sizeof(a) || step > left)
			break;
		size_t n = a.nla_len - sizeof(a);
		uint16_t number = 0;
		if (a.nla_type == CTRL_ATTR_FAMILY_ID && n >= sizeof(number)) {
			memcpy(&number, p + sizeof(a), sizeof(number));
			id = number;
		}
		if (a.nla_type == CTRL_ATTR_FAMILY_NAME)
			memcpy(name, p + sizeof(a), n < GENL_NAME ? n : GENL_NAME);
	}
	if (!id || !*name || g->n == GENL_FAMILIES)
		return;
	g->family[g->n].id = id;
	memcpy(g->family[g->n++].name, name, sizeof(name));
}

static void read_all(struct genl_families *g, int fd)
{
	char *reply = xmalloc(REPLY_SIZE);
	bool is_over = false;
	while (!is_over) {
		ssize_t n = recv(fd, reply, REPLY_SIZE, 0);
		if (n <= 0)
			break;
		size_t left = (size_t)n;
		for (const struct nlmsghdr *h = (const void *)reply; NLMSG_OK(h, left) && !is_over; h = NLMSG_NEXT(h, left)) {
			is_over = h->nlmsg_type == NLMSG_DONE || h->nlmsg_type == NLMSG_ERROR;
			if (!is_over)
				add(g, h);
		}
	}
	free(reply);
}

const char *genl_family_name(struct genl_families *g, unsigned id)
{
	if (!g->is_asked) {
		g->is_asked = true;
		int fd = ask();
		if (fd >= 0) {
			read_all(g, fd);
			close(fd);
		}
	}
	for (unsigned i = 0; i < g->n; i++)
		if (g->family[i].id == id)
			return g->family[i].name;
	return NULL;
}
