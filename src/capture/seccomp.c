/*
 * libseccomp makes one program of the sets of all ABIs. It names calls: a foreign ABI's number goes in by the name that
 * it has there, and what is newer than the library has none. Such calls go into a second program, by number. Of two
 * programs the kernel takes the stricter answer, so a call stops that either of them wants.
 */
#include "capture/seccomp.h"

#include "base/xalloc.h"
#include "capture/arch.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MAGIC = 0x5269, BINARY_TREE = 2 };

struct maker {
	scmp_filter_ctx ctx; /* of the ABI at hand */
	const struct arch_abi *abi;
	struct sock_fprog *rest; /* for what the library can't name */
};

/* All numbers of the ABI are allowed so far, and all other ABIs. */
static scmp_filter_ctx context_of(const struct arch_abi *abi)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	if (!ctx)
		return NULL;
	seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW);
	seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, BINARY_TREE);
	if (abi->library == seccomp_arch_native())
		return ctx;
	if (seccomp_arch_remove(ctx, seccomp_arch_native()) == 0 && seccomp_arch_add(ctx, abi->library) == 0)
		return ctx;
	seccomp_release(ctx);
	return NULL;
}

/* The library's number of a call: the ABI's own for the native one, else by its name. __NR_SCMP_ERROR: it has no name. */
static int number_of(const struct arch_abi *abi, uint32_t nr)
{
	char *name = seccomp_syscall_resolve_num_arch(abi->library, (int)(nr | abi->nr_bit));
	int number = name ? seccomp_syscall_resolve_name(name) : __NR_SCMP_ERROR;
	free(name);
	return number;
}

static struct sock_filter insn(uint16_t op, uint32_t k, uint8_t jt, uint8_t jf)
{
	return (struct sock_filter){op, jt, jf, k};
}

/* Numbers FIRST to LAST of an ABI. The last instruction, which allows, is overwritten by the next of these. */
static void add_by_number(struct sock_fprog *p, const struct arch_abi *abi, uint32_t first, uint32_t last)
{
	const struct sock_filter code[] = {
	    insn(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch), 0, 0),
	    insn(BPF_JMP | BPF_JEQ | BPF_K, abi->audit_arch, 0, 4),
	    insn(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0, 0),
	    insn(BPF_JMP | BPF_JGE | BPF_K, first | abi->nr_bit, 0, 2),
	    insn(BPF_JMP | BPF_JGT | BPF_K, last | abi->nr_bit, 1, 0),
	    insn(BPF_RET | BPF_K, SECCOMP_RET_TRACE | MAGIC, 0, 0),
	};
	enum { N = sizeof(code) / sizeof(*code) };
	p->filter = xgrow(p->filter, p->len + N + 1U, sizeof(*p->filter));
	memcpy(p->filter + p->len, code, sizeof(code));
	p->len = (unsigned short)(p->len + N);
	p->filter[p->len] = insn(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
}

/* False: the library can't say it. */
static bool add_by_name(const struct maker *m, uint32_t nr, const struct ptrace_condition *c)
{
	int number = number_of(m->abi, nr);
	if (number == __NR_SCMP_ERROR)
		return false;
	struct scmp_arg_cmp equal = {0};
	if (c)
		equal = (struct scmp_arg_cmp){c->arg, SCMP_CMP_MASKED_EQ, UINT32_MAX, c->value};
	int err = seccomp_rule_add_array(m->ctx, SCMP_ACT_TRACE(MAGIC), number, c != NULL, &equal);
	return err == 0 || err == -EEXIST;
}

static bool is_in(const struct ptrace_calls *set, uint32_t nr)
{
	return set->bits && nr < set->n && set->bits[nr / 64] >> nr % 64 & 1;
}

static void add_calls(struct maker *m, const struct ptrace_calls *set)
{
	uint32_t first = 0; /* of those that go in by number */
	for (uint32_t nr = 0; nr <= set->n; nr++) {
		if (is_in(set, nr) && !add_by_name(m, nr, NULL))
			continue;
		if (nr > first)
			add_by_number(m->rest, m->abi, first, nr - 1);
		first = nr + 1;
	}
	for (size_t i = 0; i < set->nconditions; i++)
		if (!add_by_name(m, set->conditions[i].nr, &set->conditions[i]))
			add_by_number(m->rest, m->abi, set->conditions[i].nr, set->conditions[i].nr);
	if (m->abi->abi == arch_native)
		add_by_name(m, (uint32_t)arch_execve, NULL);
}

/* The program that the library makes, taken through a file in memory: this version writes to descriptors only. */
static bool export(scmp_filter_ctx ctx, struct sock_fprog *ret)
{
	int fd = memfd_create("filter", MFD_CLOEXEC);
	bool is_good = fd >= 0 && seccomp_export_bpf(ctx, fd) == 0;
	off_t size = is_good ? lseek(fd, 0, SEEK_END) : 0;
	size_t n = (size_t)size / sizeof(struct sock_filter);
	is_good = is_good && n > 0 && n <= BPF_MAXINSNS;
	if (is_good) {
		*ret = (struct sock_fprog){(unsigned short)n, xcalloc(n, sizeof(struct sock_filter))};
		is_good = pread(fd, ret->filter, (size_t)size, 0) == size;
	}
	if (fd >= 0)
		close(fd);
	return is_good;
}

bool seccomp_build(const struct ptrace_calls *calls, struct seccomp_programs *ret)
{
	*ret = (struct seccomp_programs){0};
	scmp_filter_ctx all = NULL;
	bool is_good = true;
	for (size_t i = 0; i < arch_abi_count && is_good; i++) {
		struct maker m = {context_of(&arch_abis[i]), &arch_abis[i], &ret->v[SECCOMP_BY_NUMBER]};
		is_good = m.ctx;
		if (!is_good)
			break;
		add_calls(&m, &calls[m.abi->abi]);
		if (!all)
			all = m.ctx;
		else
			is_good = seccomp_merge(all, m.ctx) == 0; /* takes it over */
	}
	is_good = is_good && export(all, &ret->v[SECCOMP_BY_NAME]);
	seccomp_release(all);
	if (ret->v[SECCOMP_BY_NUMBER].len)
		ret->v[SECCOMP_BY_NUMBER].len++;
	if (!is_good)
		seccomp_free(ret);
	return is_good;
}

void seccomp_free(struct seccomp_programs *programs)
{
	for (size_t i = 0; i < SECCOMP_PROGRAMS; i++)
		free(programs->v[i].filter);
	*programs = (struct seccomp_programs){0};
}

static uint32_t word_at(const struct seccomp_data *data, uint32_t offset)
{
	uint32_t v = 0;
	if (offset <= sizeof(*data) - sizeof(v))
		memcpy(&v, (const char *)data + offset, sizeof(v));
	return v;
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

static uint32_t run_one(const struct sock_fprog *program, const struct seccomp_data *data)
{
	uint32_t a = 0;
	for (size_t i = 0; i < program->len; i++) {
		const struct sock_filter *f = &program->filter[i];
		switch (BPF_CLASS(f->code)) {
		case BPF_RET:
			return f->k;
		case BPF_LD:
			a = word_at(data, f->k);
			break;
		case BPF_ALU:
			a &= f->k;
			break;
		default:
			i += BPF_OP(f->code) == BPF_JA ? f->k : is_true(f, a) ? f->jt : f->jf;
		}
	}
	return SECCOMP_RET_KILL_PROCESS;
}

bool seccomp_stops(const struct seccomp_programs *programs, const struct seccomp_data *data)
{
	bool does_stop = false;
	for (size_t i = 0; i < SECCOMP_PROGRAMS; i++)
		if (programs->v[i].len)
			does_stop |= run_one(&programs->v[i], data) == (SECCOMP_RET_TRACE | MAGIC);
	return does_stop;
}
