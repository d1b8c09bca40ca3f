/*
 * The protocol's name comes from the socket's own attribute (net/socket.c: system.sockprotoname); by it one knows
 * which of the kernel's sock_diag families to ask for the addresses.
 */
#include "state/sockinfo.h"

#include "base/buf.h"
#include "base/xalloc.h"
#include "desc/desc.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/netlink_diag.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { REPLY_SIZE = 32768, ALL_STATES = -1 };

/* One message of a dump: true when it is about the wanted socket, and then OUT is written. */
typedef bool reader(const struct nlmsghdr *h, uint64_t inode, struct buf *out);

struct family {
	const char *protocol; /* as system.sockprotoname has it */
	int family;
	int ip_protocol;
	reader *read;
};

static void put_address(struct buf *out, int family, const void *addr, uint16_t port)
{
	char text[INET6_ADDRSTRLEN] = "";
	inet_ntop(family, addr, text, sizeof(text));
	buf_printf(out, family == AF_INET6 ? "[%s]:%u" : "%s:%u", text, ntohs(port));
}

static bool read_inet(const struct nlmsghdr *h, uint64_t inode, struct buf *out)
{
	const struct inet_diag_msg *m = NLMSG_DATA(h);
	if (h->nlmsg_len < NLMSG_LENGTH(sizeof(*m)) || m->idiag_inode != inode)
		return false;
	static const uint8_t zero[16];
	put_address(out, m->idiag_family, m->id.idiag_src, m->id.idiag_sport);
	if (m->id.idiag_dport || memcmp(m->id.idiag_dst, zero, m->idiag_family == AF_INET6 ? 16 : 4) != 0) {
		buf_lit(out, "->");
		put_address(out, m->idiag_family, m->id.idiag_dst, m->id.idiag_dport);
	}
	return true;
}

/* The shortest octal that the next character does not prolong. */
static void put_octal(struct buf *out, uint8_t c, bool is_digit_next)
{
	buf_printf(out, is_digit_next ? "\\%03o" : "\\%o", c);
}

/* A name as strings are quoted in the text. */
static void put_quoted(struct buf *out, const uint8_t *name, size_t n)
{
	static const char escapes[] = "\"\\\t\n\v\f\r";
	static const char letters[] = "\"\\tnvfr";
	buf_c(out, '"');
	for (size_t i = 0; i < n; i++) {
		const char *special = name[i] ? strchr(escapes, name[i]) : NULL;
		bool is_digit_next = i + 1 < n && name[i + 1] >= '0' && name[i + 1] <= '7';
		if (special)
			buf_printf(out, "\\%c", letters[special - escapes]);
		else if (name[i] < ' ' || name[i] > '~')
			put_octal(out, name[i], is_digit_next);
		else
			buf_c(out, (char)name[i]);
	}
	buf_c(out, '"');
}

static void put_unix_name(struct buf *out, const uint8_t *name, size_t n)
{
	bool is_abstract = n && !name[0];
	if (is_abstract) {
		buf_c(out, '@');
		put_quoted(out, name + 1, n - 1);
		return;
	}
	const uint8_t *nul = n ? memchr(name, 0, n) : NULL;
	put_quoted(out, name, nul ? (size_t)(nul - name) : n);
}

/* The tables name the families of netlink. */
static const char *netlink_family(unsigned protocol)
{
	for (size_t i = 0; i < desc_set_count; i++) {
		const struct desc_item *item = desc_sets[i].name && strcmp(desc_sets[i].name, "netlink_family") == 0
						       ? desc_item_of(&desc_sets[i], protocol) : NULL;
		if (item)
			return item->name + strlen("NETLINK_");
	}
	return NULL;
}

static bool read_netlink(const struct nlmsghdr *h, uint64_t inode, struct buf *out)
{
	const struct netlink_diag_msg *m = NLMSG_DATA(h);
	if (h->nlmsg_len < NLMSG_LENGTH(sizeof(*m)) || m->ndiag_ino != inode)
		return false;
	const char *name = netlink_family(m->ndiag_protocol);
	if (name)
		buf_printf(out, "%s:%u", name, m->ndiag_portid);
	else
		buf_printf(out, "%u:%u", m->ndiag_protocol, m->ndiag_portid);
	return true;
}

static bool read_unix(const struct nlmsghdr *h, uint64_t inode, struct buf *out)
{
	const struct unix_diag_msg *m = NLMSG_DATA(h);
	if (h->nlmsg_len < NLMSG_LENGTH(sizeof(*m)) || m->udiag_ino != inode)
		return false;
	uint32_t peer = 0;
	const uint8_t *name = NULL;
	size_t name_len = 0;
	size_t left = h->nlmsg_len - NLMSG_LENGTH(sizeof(*m));
	const char *p = (const char *)(m + 1);
	struct nlattr a;
	for (size_t step; left >= sizeof(a); left -= step, p += step) {
		memcpy(&a, p, sizeof(a));
		step = (size_t)NLA_ALIGN(a.nla_len);
		if (a.nla_len < sizeof(a) || step > left)
			break;
		if (a.nla_type == UNIX_DIAG_PEER && a.nla_len >= sizeof(a) + sizeof(peer))
			memcpy(&peer, p + sizeof(a), sizeof(peer));
		if (a.nla_type == UNIX_DIAG_NAME) {
			name = (const uint8_t *)p + sizeof(a);
			name_len = a.nla_len - sizeof(a);
		}
	}
	buf_udec(out, inode);
	if (peer)
		buf_printf(out, "->%u", peer);
	if (name) {
		buf_c(out, ',');
		put_unix_name(out, name, name_len);
	}
	return true;
}

static int ask(const struct family *f, uint64_t inode)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	if (fd < 0)
		return -1;
	struct {
		struct nlmsghdr h;
		union {
			struct inet_diag_req_v2 inet;
			struct unix_diag_req unix_;
			struct netlink_diag_req netlink;
		};
	} req = {.h = {.nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP}};
	if (f->family == AF_UNIX) {
		req.h.nlmsg_len = NLMSG_LENGTH(sizeof(req.unix_));
		req.unix_ = (struct unix_diag_req){.sdiag_family = AF_UNIX, .udiag_states = (uint32_t)ALL_STATES,
						   .udiag_ino = (uint32_t)inode,
						   .udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_PEER};
	} else if (f->family == AF_NETLINK) {
		req.h.nlmsg_len = NLMSG_LENGTH(sizeof(req.netlink));
		req.netlink = (struct netlink_diag_req){.sdiag_family = AF_NETLINK, .sdiag_protocol = NDIAG_PROTO_ALL};
	} else {
		req.h.nlmsg_len = NLMSG_LENGTH(sizeof(req.inet));
		req.inet = (struct inet_diag_req_v2){.sdiag_family = (uint8_t)f->family,
						     .sdiag_protocol = (uint8_t)f->ip_protocol,
						     .idiag_states = (uint32_t)ALL_STATES};
	}
	if (send(fd, &req, req.h.nlmsg_len, 0) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Reads the dump to the end or to the wanted socket. */
static bool find(const struct family *f, uint64_t inode, struct buf *out)
{
	int fd = ask(f, inode);
	if (fd < 0)
		return false;
	char *reply = xmalloc(REPLY_SIZE);
	bool is_found = false;
	bool is_over = false;
	while (!is_found && !is_over) {
		ssize_t n = recv(fd, reply, REPLY_SIZE, 0);
		if (n <= 0)
			break;
		size_t left = (size_t)n;
		for (const struct nlmsghdr *h = (const void *)reply; !is_found && NLMSG_OK(h, left); h = NLMSG_NEXT(h, left)) {
			is_over = h->nlmsg_type == NLMSG_DONE || h->nlmsg_type == NLMSG_ERROR;
			if (is_over)
				break;
			is_found = f->read(h, inode, out);
		}
	}
	free(reply);
	close(fd);
	return is_found;
}

/* The protocols that strace has names for; sockets of others are known by their number alone. */
static const struct family families[] = {
	{"TCP", AF_INET, IPPROTO_TCP, read_inet},       {"TCPv6", AF_INET6, IPPROTO_TCP, read_inet},
	{"UDP", AF_INET, IPPROTO_UDP, read_inet},       {"UDPv6", AF_INET6, IPPROTO_UDP, read_inet},
	{"UDP-Lite", AF_INET, IPPROTO_UDPLITE, read_inet}, {"UDPLITEv6", AF_INET6, IPPROTO_UDPLITE, read_inet},
	{"RAW", AF_INET, IPPROTO_RAW, read_inet},       {"RAWv6", AF_INET6, IPPROTO_RAW, read_inet},
	{"UNIX", AF_UNIX, 0, read_unix},                {"UNIX-STREAM", AF_UNIX, 0, read_unix},
	{"NETLINK", AF_NETLINK, 0, read_netlink},
	{"DCCP", AF_INET, IPPROTO_DCCP, read_inet},     {"DCCPv6", AF_INET6, IPPROTO_DCCP, read_inet},
	{"SCTP", AF_INET, IPPROTO_SCTP, read_inet},     {"SCTPv6", AF_INET6, IPPROTO_SCTP, read_inet},
	{"PING", AF_INET, IPPROTO_ICMP, read_inet},     {"PINGv6", AF_INET6, IPPROTO_ICMPV6, read_inet},
};

static const struct family *family_of(const char *protocol)
{
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (strcmp(families[i].protocol, protocol) == 0)
			return &families[i];
	return NULL;
}

char *sockinfo(pid_t tid, int fd, uint64_t inode)
{
	char link[64];
	snprintf(link, sizeof(link), "/proc/%d/fd/%d", tid, fd);
	char protocol[64];
	ssize_t n = getxattr(link, "system.sockprotoname", protocol, sizeof(protocol) - 1);
	if (n <= 0)
		return NULL;
	protocol[n] = '\0';
	const struct family *family = family_of(protocol);
	if (!family)
		return NULL;
	struct buf out = {0};
	buf_printf(&out, "%s:[", protocol);
	if (!find(family, inode, &out))
		buf_udec(&out, inode);
	buf_c(&out, ']');
	buf_c(&out, '\0');
	return out.p;
}
