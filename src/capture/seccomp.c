/*
 * One block per ABI: if the call is not of this ABI, on to the next; else the ranges of wanted numbers in ascending
 * order, each with its answers right behind it, so that no jump is ever longer than BPF's 255.
 *
 *	ld arch; jeq ARCH ? +1 : to the next block, by ja
 *	ld nr;   jset BIT ? ... (where ABIs share an architecture)
 *	jge FIRST ? +1 : ret ALLOW;  jgt LAST ? +1 : ret TRACE
 *	ret ALLOW
 */
#include "capture/seccomp.h"

#include "base/xalloc.h"
#include "capture/arch.h"

#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>

enum { MAX_CODE = BPF_MAXINSNS, OPEN_END = 0x3fffffff };

struct code {
	struct sock_filter *insns; /* owned, MAX_CODE of them */
	size_t n;
	bool is_full;
};

static void emit(struct code *c, uint16_t op, uint32_t k, uint8_t jt, uint8_t jf)
{
	if (c->n == MAX_CODE) {
		c->is_full = true;
		return;
	}
	c->insns[c->n++] = (struct sock_filter){op, jt, jf, k};
}

static void answer(struct code *c, uint32_t action)
{
	emit(c, BPF_RET | BPF_K, action, 0, 0);
}

static void load(struct code *c, size_t offset)
{
	emit(c, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static bool is_wanted(const struct ptrace_calls *calls, const struct arch_abi *abi, bool is_native, uint64_t nr)
{
	const struct ptrace_calls *set = &calls[abi->abi];
	if (is_native && nr == arch_execve)
		return true;
	return set->bits && nr < set->n && set->bits[nr / 64] >> nr % 64 & 1;
}

static void emit_range(struct code *c, uint32_t first, uint32_t last)
{
	emit(c, BPF_JMP | BPF_JGE | BPF_K, first, 1, 0);
	answer(c, SECCOMP_RET_ALLOW);
	emit(c, BPF_JMP | BPF_JGT | BPF_K, last, 1, 0);
	answer(c, SECCOMP_RET_TRACE);
}

static void emit_ranges(struct code *c, const struct ptrace_calls *calls, const struct arch_abi *abi, bool is_native)
{
	uint64_t end = calls[abi->abi].n;
	if (is_native && end <= arch_execve)
		end = arch_execve + 1;
	for (uint64_t nr = 0; nr < end && nr < OPEN_END; nr++) {
		if (!is_wanted(calls, abi, is_native, nr))
			continue;
		uint64_t first = nr;
		while (nr + 1 < end && is_wanted(calls, abi, is_native, nr + 1))
			nr++;
		emit_range(c, (uint32_t)first | abi->nr_bit, (uint32_t)nr | abi->nr_bit);
	}
	answer(c, SECCOMP_RET_ALLOW);
}

/* A jump over all that follows up to where patch_skip is called. */
static size_t emit_skip(struct code *c)
{
	size_t at = c->n;
	emit(c, BPF_JMP | BPF_JA, 0, 0, 0);
	return at;
}

static void patch_skip(struct code *c, size_t at)
{
	if (!c->is_full)
		c->insns[at].k = (uint32_t)(c->n - at - 1);
}

static void emit_abi(struct code *c, const struct ptrace_calls *calls, const struct arch_abi *abi)
{
	bool is_native = abi->abi == arch_native;
	load(c, offsetof(struct seccomp_data, arch));
	emit(c, BPF_JMP | BPF_JEQ | BPF_K, abi->audit_arch, 1, 0);
	size_t other_arch = emit_skip(c);
	load(c, offsetof(struct seccomp_data, nr));
	size_t other_bit = 0;
	if (abi->nr_bit) {
		emit(c, BPF_JMP | BPF_JSET | BPF_K, abi->nr_bit, 1, 0);
		other_bit = emit_skip(c);
	}
	emit_ranges(c, calls, abi, is_native);
	patch_skip(c, other_arch);
	if (abi->nr_bit)
		patch_skip(c, other_bit);
}

bool seccomp_build(const struct ptrace_calls *calls, struct sock_fprog *ret_program)
{
	struct code c = {.insns = xcalloc(MAX_CODE, sizeof(*c.insns))};
	for (size_t i = 0; i < arch_abi_count; i++)
		emit_abi(&c, calls, &arch_abis[i]);
	answer(&c, SECCOMP_RET_ALLOW);
	if (c.is_full) {
		free(c.insns);
		return false;
	}
	*ret_program = (struct sock_fprog){(unsigned short)c.n, c.insns};
	return true;
}

static uint32_t field(uint32_t offset, uint32_t audit_arch, uint32_t nr)
{
	return offset == offsetof(struct seccomp_data, nr) ? nr : audit_arch;
}

static bool is_true(const struct sock_filter *f, uint32_t a)
{
	switch (BPF_OP(f->code)) {
	case BPF_JEQ:
		return a == f->k;
	case BPF_JGE:
		return a >= f->k;
	case BPF_JGT:
		return a > f->k;
	default:
		return a & f->k;
	}
}

uint32_t seccomp_run(const struct sock_fprog *program, uint32_t audit_arch, uint32_t nr)
{
	uint32_t a = 0;
	for (size_t i = 0; i < program->len; i++) {
		const struct sock_filter *f = &program->filter[i];
		if (BPF_CLASS(f->code) == BPF_RET)
			return f->k;
		if (BPF_CLASS(f->code) == BPF_LD)
			a = field(f->k, audit_arch, nr);
		else if (BPF_OP(f->code) == BPF_JA)
			i += f->k;
		else
			i += is_true(f, a) ? f->jt : f->jf;
	}
	return SECCOMP_RET_KILL_PROCESS;
}
