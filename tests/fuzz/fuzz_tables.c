/*
 * Noise as a table: the compiler must complain, never crash. `fuzz_tables [N [SEED]]` runs by itself over cut and
 * mixed pieces of a valid table; with -fsanitize=fuzzer -Dmain=unused_main it is a libFuzzer target.
 * Links with src/gen/ (without main.c) and src/base/.
 */
#include "gen/gen.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

enum { INPUT_MOST = 4096, ROUNDS = 3000, LIVE_MOST = 1 << 16 };

/* The compiler frees nothing until it exits; a fuzzer has to, so where the sanitizer tells of allocations they are listed. */
static const volatile void *live[LIVE_MOST];
static bool is_listing;
static bool is_alone; /* a short run, which may leak */

static void on_malloc(const volatile void *p, size_t n)
{
	(void)n;
	size_t i = (uintptr_t)p / 16 % LIVE_MOST;
	for (size_t tries = 0; is_listing && tries < LIVE_MOST; tries++, i = (i + 1) % LIVE_MOST)
		if (!live[i]) {
			live[i] = p;
			return;
		}
}

static void on_free(const volatile void *p)
{
	size_t i = (uintptr_t)p / 16 % LIVE_MOST;
	for (size_t tries = 0; p && is_listing && tries < 64; tries++, i = (i + 1) % LIVE_MOST)
		if (live[i] == p) {
			live[i] = NULL;
			return;
		}
}

int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void *, size_t), void (*)(const volatile void *)) __attribute__((weak));
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

static FILE *nowhere(void)
{
	static FILE *out;
	if (!out) {
		out = fopen("/dev/null", "w");
		if (!out)
			abort();
		setvbuf(out, NULL, _IONBF, 0);
		if (__sanitizer_install_malloc_and_free_hooks && !is_alone)
			__sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
	}
	return out;
}

static void compile_text(const char *text, FILE *out)
{
	char numbers[] = "name\tx86_64\ti386\nopenat\t257\t295=old\nioctl\t16\t54\nread\t0\t3\n";
	char errnos[] = "number\tname\tmessage\n1\tEPERM\t-\n";
	char signals[] = "number\tname\tnote\n1\tSIGHUP\t-\n";
	struct gen *g = xcalloc(1, sizeof(*g));
	g->errors.is_quiet = true;
	g->is_strict = strlen(text) % 2;
	parse("fuzz", text, &g->ast, &g->errors);
	compile(g, "numbers.tsv", numbers);
	dump(g, "openat", out);
	check_headers(g, out);
	if (!g->errors.n)
		emit(g, errnos, signals, out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > INPUT_MOST)
		return 0;
	FILE *out = nowhere();
	char text[INPUT_MOST + 1];
	memcpy(text, data, size);
	text[size] = '\0';
	is_listing = true;
	compile_text(text, out);
	is_listing = false;
	for (size_t i = 0; i < LIVE_MOST; i++) {
		free((void *)(uintptr_t)live[i]);
		live[i] = NULL;
	}
	return 0;
}

static const char seed_text[] =
    "from <linux/x.h>\ncategory file\nenum access : u32 {\n\tO_RDONLY 0\n\tO_RDWR 2 @arm(3)\n}\nflags of : u32 @unknown(\"O_???\") {\n"
    "\t3 access\n\tO_T O_C|O_D\n\tO_C 1<<19\n\tO_D 0x10\n}\ntype fl = of[u64]\nstruct s @chain(len, 4) @show(v, len) {\n\tlen u16\n\tk access\n"
    "\tb u32:3 if k == O_RDWR\n\tv ch[k] @more\n\tn in64[s]\n}\nchoice ch(k access = peek(0, 4)) {\n\tO_RDONLY|7 text[rest]\n\telse chain[s, rest]\n}\n"
    "## Open.\nopenat(fd fd_at, p path[fd], n inout[u32], f fl, m off if f & ~O_C, a out[array[s, take(ret, *n)]] @count) fd @network => open(ret, p, f)\n"
    "ioctl(fd fd, cmd ioctl_nr, arg ulong[hex]) int @switch(cmd & 0xff)\nioctl$A=_IOR('T', 1, s)|B=2(arg out[s])\nread(a hook[x, a]) int @undecoded\n";

static unsigned long next(unsigned long *state)
{
	*state = *state * 6364136223846793005UL + 1442695040888963407UL;
	return *state >> 33;
}

int main(int argc, char **argv)
{
	is_alone = true;
	unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 0) : ROUNDS;
	unsigned long state = argc > 2 ? strtoul(argv[2], NULL, 0) : 1;
	for (unsigned long i = 0; i < rounds; i++) {
		char text[sizeof(seed_text)];
		memcpy(text, seed_text, sizeof(text));
		for (unsigned long changes = next(&state) % 8; changes; changes--) {
			size_t n = next(&state) % 24;
			size_t to = next(&state) % (sizeof(text) - n);
			size_t from = next(&state) % (sizeof(text) - n);
			memmove(text + to, text + from, n);
			if (next(&state) % 4 == 0)
				text[next(&state) % sizeof(text)] = (char)next(&state);
		}
		LLVMFuzzerTestOneInput((const uint8_t *)text, sizeof(text) - 1);
	}
	printf("ok fuzz-tables\n");
	return 0;
}
