/*
 * decode: from an event's bytes to a call's values. Pure: asks the outside only for memory, and for what an fd is.
 * Never fails; what can't be read becomes a value that says so.
 */
#ifndef DECODE_DECODE_H
#define DECODE_DECODE_H

#include "base/arena.h"
#include "call.h"
#include "event.h"

struct ofd;

/* What the decoder may ask of the state. NULL functions mean "not known". */
struct decode_env {
	const struct ofd *(*fd)(void *ctx, int fd);
	int (*socket_protocol)(void *ctx, int fd);  /* netlink's; -1: no such socket, -2: it is one, more is not known */
	const char *(*interface)(struct arena *arena, unsigned index); /* the name of a network interface, NULL = none */
	const char *(*genl_family)(void *ctx, unsigned id); /* the name of a family of generic netlink, NULL = none */
	void *ctx;
	size_t string_limit;  /* -s: bytes fetched of strings and buffers */
	bool is_verbose;      /* -v: decode what is abbreviated too */
	bool is_bare;         /* nobody looks at arguments: declaration, name and result only */
	bool is_raw;          /* registers only */
};

/* Fills CALL from an entry event: declaration, name, arguments that are known now; the others are PENDING. */
void decode_entry(struct call *call, const struct event *ev, struct arena *arena, const struct decode_env *env);
/* Completes CALL from its exit event. */
void decode_exit(struct call *call, const struct event *ev, struct arena *arena, const struct decode_env *env);
/* The siginfo of a signal event as a value tree. */
struct val *decode_siginfo(const siginfo_t *si, struct arena *arena);
/* The value of an effect's expression after exit; and the argument value it names, where it names one (else NULL). */
uint64_t decode_effect_value(const struct call *call, uint16_t expr);
const struct val *decode_effect_val(const struct call *call, uint16_t expr);

#endif
