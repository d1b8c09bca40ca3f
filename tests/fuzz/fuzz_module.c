/*
 * Noise as a program's file: segments, notes, unwind tables, symbols, lines, Go's tables; and noise as the stack of a task
 * that runs it. Nothing may crash or hang. `fuzz_module [N [SEED]]` runs by itself over broken copies of the vdso and of
 * a table like Go's; with -fsanitize=fuzzer -Dmain=unused_main it is a libFuzzer target.
 */
#include "event.h"
#include "stack/ehframe.h"
#include "stack/gopcln.h"
#include "stack/symbol.h"
#include "stack/unwind.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ROUNDS = 1500, VDSO_SIZE = 8192, FRAMES = 64, PLACES = 24 };
#define LOADED_AT UINT64_C(0x7f0000000000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t seed = 1;

static uint64_t random_number(void)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return seed >> 20;
}

/* A stack full of words that point into the module, and some that don't. */
static size_t read_noise(struct mem *mem, uint64_t addr, void *dst, size_t n)
{
	(void)mem;
	for (size_t i = 0; i + 8 <= n; i += 8) {
		uint64_t word = (addr + i) * UINT64_C(0x9e3779b97f4a7c15) % VDSO_SIZE + (i % 24 ? LOADED_AT : 0);
		memcpy((char *)dst + i, &word, 8);
	}
	return n;
}

static bool give_registers(struct mem *mem, struct registers *ret)
{
	(void)mem;
	*ret = (struct registers){.n = 17, .ip = 16, .sp = 7, .fp = 6};
	for (int i = 0; i < 17; i++)
		ret->v[i] = 0x7ffd00001000 + 64 * (uint64_t)i;
	ret->v[16] = LOADED_AT + random_number() % VDSO_SIZE;
	return true;
}

static void unwind_in(struct module *m, struct map *modules)
{
	struct region region = {.start = LOADED_AT, .end = LOADED_AT + VDSO_SIZE, .module = m, .is_code = true};
	struct space space = {.regions = &region, .n = 1, .is_read = true};
	struct mem mem = {.read = read_noise, .registers = give_registers};
	struct event ev = {.mem = &mem};
	struct unwound frames[FRAMES];
	struct unwinder *u = unwinder_new();
	for (int i = 0; i < 4; i++) {
		unwind_begin(u, &space, modules, &ev);
		unwind(u, frames, FRAMES);
	}
	unwinder_free(u);
}

static void look_into(struct module *m)
{
	for (int i = 0; i < PLACES; i++) {
		uint64_t offset = random_number() % VDSO_SIZE;
		uint64_t vaddr = 0;
		symbol_at(m, offset, i & 1);
		if (m->go && module_vaddr(m, offset, &vaddr))
			gopcln_frame_size(m->go, vaddr);
	}
	uint64_t n = 0;
	free(ehframe_table(m->image, 0, &n));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64];
	struct map modules = {0};
	int fd = memfd_create("module", 0);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	struct module *m = module_get(&modules, 1, getpid(), path, 1, 2);
	look_into(m);
	unwind_in(m, &modules);
	module_free(m);
	map_free(&modules);
	close(fd);
	return 0;
}

/* What one segment needs to hold a table like Go's at its end, found by its section. */
static size_t make_go(uint8_t *out)
{
	enum { TABLE = 1024, SECTIONS = 2048, STRINGS = 3072, SIZE = 4096 };
	static const char names[] = "\0.gopclntab\0.text";
	memset(out, 0, SIZE);
	Elf64_Ehdr e = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT}, .e_phoff = sizeof(Elf64_Ehdr), .e_phnum = 1,
			.e_shoff = SECTIONS, .e_shnum = 3, .e_shstrndx = 2, .e_shentsize = sizeof(Elf64_Shdr)};
	Elf64_Phdr p = {.p_type = PT_LOAD, .p_filesz = SIZE, .p_memsz = SIZE};
	Elf64_Shdr s[3] = {{0}, {.sh_name = 1, .sh_offset = TABLE, .sh_size = 512, .sh_addr = TABLE}, {.sh_offset = STRINGS, .sh_size = sizeof(names)}};
	uint64_t header[9] = {0x0801000000000000 | 0xfffffff1, 2, 1, 0, 256, 300, 320, 384, 128};
	uint32_t functions[] = {0, 64, 512, 96, 1024};
	memcpy(out, &e, sizeof(e));
	memcpy(out + sizeof(e), &p, sizeof(p));
	memcpy(out + SECTIONS, s, sizeof(s));
	memcpy(out + STRINGS, names, sizeof(names));
	memcpy(out + TABLE, header, sizeof(header));
	memcpy(out + TABLE + 128, functions, sizeof(functions));
	memcpy(out + TABLE + 256, "main.main\0runtime.goexit", 25);
	memcpy(out + TABLE + 384, "\0\2\20\40\1\40\0", 8);
	return SIZE;
}

int main(int argc, char **argv)
{
	long rounds = argc > 1 ? atol(argv[1]) : ROUNDS;
	seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
	const uint8_t *vdso = (const uint8_t *)(uintptr_t)getauxval(AT_SYSINFO_EHDR);
	uint8_t copy[VDSO_SIZE];
	for (long i = 0; i < rounds; i++) {
		size_t n = VDSO_SIZE;
		if (i % 2 && vdso)
			memcpy(copy, vdso, n);
		else
			n = make_go(copy);
		for (uint64_t k = random_number() % 24; k > 0; k--)
			copy[random_number() % n] = (uint8_t)(random_number() % 3 ? random_number() : random_number() % 2 ? 0xff : 0);
		LLVMFuzzerTestOneInput(copy, i % 5 ? n : random_number() % n);
	}
	puts("ok fuzz: broken program files and stacks are unwound as far as they go");
	return 0;
}
