/*
 * Random registers, memory and short reads over every call of every ABI: the walker must neither crash nor hand out a
 * span it may not. `fuzz_walk [N [SEED]]` runs by itself; with -fsanitize=fuzzer -Dmain=unused_main it is a libFuzzer
 * target.
 */
#include "decode/decode.h"
#include "desc/desc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BASE = 0x10000, MEMORY = 3 * 4096, EVENTS = 20000, VALS_MAX = 200000 };

struct source {
	const uint8_t *p;
	size_t n;
	uint64_t state; /* once the input is used up, numbers go on from here */
};

struct fake {
	struct mem mem;
	uint8_t bytes[MEMORY];
	size_t readable; /* bytes from BASE on */
	uint64_t reads;
};

static uint64_t next(struct source *s)
{
	uint64_t v = 0;
	if (s->n >= sizeof(v)) {
		memcpy(&v, s->p, sizeof(v));
		s->p += sizeof(v);
		s->n -= sizeof(v);
		s->state ^= v;
		return v;
	}
	s->state += 0x9e3779b97f4a7c15; /* splitmix64 */
	v = s->state;
	v = (v ^ v >> 30) * 0xbf58476d1ce4e5b9;
	v = (v ^ v >> 27) * 0x94d049bb133111eb;
	return v ^ v >> 31;
}

static size_t fake_read(struct mem *mem, uint64_t addr, void *dst, size_t n)
{
	struct fake *f = mem->engine;
	f->reads++;
	if (addr < BASE || addr >= BASE + f->readable)
		return 0;
	size_t left = BASE + f->readable - addr;
	n = n < left ? n : left;
	memcpy(dst, f->bytes + (addr - BASE), n);
	return n;
}

/* Small numbers, addresses of the fake memory, and noise. */
static uint64_t likely(struct source *s)
{
	uint64_t r = next(s);
	switch (r & 7) {
	case 0: return r >> 8 & 3;
	case 1: return r >> 8 & 0xff;
	case 2: return 0;
	case 3: return (uint64_t)-(int64_t)(r >> 8 & 0xff);
	case 4: return r;
	default: return BASE + (r >> 8) % MEMORY;
	}
}

static void fill(struct source *s, struct fake *f, enum abi abi)
{
	size_t word = desc_abis[abi].model == MODEL_LP64 ? 8 : 4;
	for (size_t i = 0; i + word <= MEMORY; i += word) {
		uint64_t v = likely(s);
		memcpy(f->bytes + i, &v, word);
	}
	f->readable = next(s) & 1 ? MEMORY : next(s) % MEMORY;
}

struct count {
	uint64_t vals;
	unsigned sum; /* of every byte, so that the sanitizer sees them read */
};

static void touch(const struct val *v, struct count *c, unsigned depth)
{
	if (depth > 64)
		abort();
	for (; v; v = v->next) {
		if (++c->vals > VALS_MAX)
			abort();
		for (size_t i = 0; i < v->bytes.n; i++)
			c->sum += v->bytes.p[i];
		if (v->name)
			c->sum += (unsigned)strlen(v->name);
		if (v->comment)
			c->sum += (unsigned)strlen(v->comment);
		touch(v->child, c, depth + 1);
		if (v->before)
			touch(v->before->child, c, depth + 1);
	}
}

static void effects(const struct call *call, struct count *c)
{
	for (unsigned i = 0; call->decl && i < call->decl->neffects; i++) {
		const struct desc_effect *e = &desc_effects[call->decl->first_effect + i];
		for (unsigned k = 0; k < e->nargs; k++) {
			c->sum += (unsigned)decode_effect_value(call, e->args[k]);
			const struct val *v = decode_effect_val(call, e->args[k]);
			c->sum += v ? v->kind : 0;
		}
	}
}

static uint64_t pick_number(struct source *s, enum abi abi)
{
	uint64_t r = next(s);
	if ((r & 63) == 0 || desc_number_count[abi] == 0)
		return r;
	uint64_t nr = 0;
	for (int i = 0; i < 16; i++) {
		nr = (r >> 8) % desc_number_count[abi];
		const struct desc_number *number = desc_by_number(abi, nr);
		if (number && number->call)
			break;
		r = next(s);
	}
	return nr;
}

/* The switch arguments of multiplexers: a value that has a variant, now and then. */
static uint64_t variant_key(struct source *s, enum abi abi, uint64_t nr)
{
	const struct desc_number *number = desc_by_number(abi, nr);
	const struct desc_call *call = number && number->call ? &desc_calls[number->call] : NULL;
	if (!call || call->nvariants == 0)
		return likely(s);
	return desc_variants[call->first_variant + next(s) % call->nvariants].key[abi];
}

static int answer_fd_protocol(void *ctx, int fd)
{
	(void)ctx;
	return fd & 31;
}

static void one(struct source *s, struct arena *arena, struct fake *f, struct count *c)
{
	enum abi abi = (enum abi)(next(s) % ABI_COUNT);
	uint64_t options = next(s);
	struct decode_env env = {
		.socket_protocol = answer_fd_protocol,
		.string_limit = options & 1 ? 32 : options >> 8 & 4095,
		.is_verbose = options & 2,
		.is_raw = (options & 0xfc) == 0xfc,
	};
	fill(s, f, abi);
	struct event ev = {.kind = EVENT_ENTRY, .abi = (int)abi, .nr = pick_number(s, abi), .mem = &f->mem};
	for (unsigned i = 0; i < 6; i++)
		ev.args[i] = likely(s);
	ev.args[(options >> 32) % 3] = variant_key(s, abi, ev.nr);
	struct call call = {.seq = 1};
	decode_entry(&call, &ev, arena, &env);
	touch(call.args, c, 0);
	ev.kind = EVENT_EXIT;
	ev.ret = (int64_t)likely(s);
	ev.is_error = (options >> 40 & 7) == 0;
	ev.is_unknown_ret = (options >> 40 & 63) == 1;
	if (options >> 50 & 1)
		fill(s, f, abi);
	decode_exit(&call, &ev, arena, &env);
	touch(call.args, c, 0);
	touch(call.aux, c, 0);
	touch(call.ret, c, 0);
	effects(&call, c);
	siginfo_t si;
	for (size_t i = 0; i < sizeof(si); i += 8)
		memcpy((char *)&si + i, &(uint64_t){likely(s)}, 8);
	touch(decode_siginfo(&si, arena), c, 0);
	arena_reset(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct source s = {.p = data, .n = n};
	struct arena arena = {NULL};
	struct fake *f = calloc(1, sizeof(*f));
	if (!f)
		return 0;
	f->mem = (struct mem){.read = fake_read, .engine = f};
	struct count c = {0};
	one(&s, &arena, f, &c);
	arena_free(&arena);
	free(f);
	return 0;
}

int main(int argc, char **argv)
{
	uint64_t n = argc > 1 ? strtoull(argv[1], NULL, 0) : EVENTS;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
	struct arena arena = {NULL};
	static struct fake f;
	f.mem = (struct mem){.read = fake_read, .engine = &f};
	uint64_t vals = 0;
	for (uint64_t i = 0; i < n; i++) {
		struct source s = {.state = seed + i};
		struct count c = {0};
		one(&s, &arena, &f, &c);
		vals += c.vals;
	}
	arena_free(&arena);
	printf("ok walker survives %llu random events (%llu values, %llu reads)\n", (unsigned long long)n,
	       (unsigned long long)vals, (unsigned long long)f.reads);
	return 0;
}
