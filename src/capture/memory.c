/*
 * Memory of a stopped task. process_vm_readv is one cheap call, but containers may forbid it; PTRACE_PEEKDATA is
 * allowed to whoever traces. Both fail for a task that made itself undumpable, unless the tracer has CAP_SYS_PTRACE
 * (kernel/ptrace.c, ptrace_access_vm).
 */
#include "capture/arch.h"
#include "capture/tracer.h"

#include <errno.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

enum { WORD = sizeof(long) };

/* Word by word, each within its page: slow. */
static size_t read_words(pid_t tid, uint64_t addr, uint8_t *dst, size_t n)
{
	size_t got = 0;
	while (got < n) {
		uint64_t at = addr + got;
		size_t off = at % WORD;
		errno = 0;
		long word = ptrace(PTRACE_PEEKDATA, tid, (void *)(uintptr_t)(at - off), NULL);
		if (errno)
			break;
		size_t part = WORD - off < n - got ? WORD - off : n - got;
		memcpy(dst + got, (const uint8_t *)&word + off, part);
		got += part;
	}
	return got;
}

bool memory_registers(struct mem *mem, struct registers *ret)
{
	return arch_registers(mem->tid, ret);
}

size_t memory_read(struct mem *mem, uint64_t addr, void *dst, size_t n)
{
	if (addr != (uintptr_t)addr)
		return 0;
	struct iovec local = {dst, n};
	struct iovec remote = {(void *)(uintptr_t)addr, n};
	ssize_t got = process_vm_readv(mem->tid, &local, 1, &remote, 1, 0);
	if (got >= 0)
		return (size_t)got;
	return errno == EPERM || errno == ENOSYS ? read_words(mem->tid, addr, dst, n) : 0;
}

/* Word by word; also where the task itself may not write. */
static size_t write_words(pid_t tid, uint64_t addr, const uint8_t *src, size_t n)
{
	size_t put = 0;
	while (put < n) {
		uint64_t at = addr + put;
		size_t off = at % WORD;
		size_t part = WORD - off < n - put ? WORD - off : n - put;
		errno = 0;
		long word = ptrace(PTRACE_PEEKDATA, tid, (void *)(uintptr_t)(at - off), NULL);
		memcpy((uint8_t *)&word + off, src + put, part);
		if (errno || ptrace(PTRACE_POKEDATA, tid, (void *)(uintptr_t)(at - off), (void *)word) < 0)
			break;
		put += part;
	}
	return put;
}

size_t memory_write(struct mem *mem, uint64_t addr, const void *src, size_t n)
{
	return addr == (uintptr_t)addr ? write_words(mem->tid, addr, src, n) : 0;
}
