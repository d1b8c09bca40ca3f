/*
 * Noise as the argument of options: -e in all its forms, -p, -P, --inject, timestamps, columns. What is wrong must be told
 * and end with status 2; nothing may crash. `fuzz_filter [N [SEED]]` runs by itself over mixed pieces of valid arguments;
 * with -fsanitize=fuzzer -Dmain=unused_main it is a libFuzzer target.
 */
#include "base/diag.h"
#include "filter/filter.h"
#include "opts.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { INPUT_MOST = 200, ROUNDS = 4000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

static jmp_buf refused;
static int status;

/* A refusal ends the program; here it ends the input. */
_Noreturn void exit(int code)
{
	status = code;
	longjmp(refused, 1);
}

static void try_argument(char *option, char *argument)
{
	char name[] = "fuzz", command[] = "true";
	char *argv[] = {name, option, argument, command, NULL};
	struct options options;
	status = 0;
	if (setjmp(refused) == 0) {
		opts_parse(&options, 4, argv);
		filter_free(filter_new(&options));
	} else if (status != 0 && status != EXIT_USAGE) {
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char *const options[] = {"-e", "-e", "-e", "-P", "-p", "-a", "-s", "-U", "-S", "-O", "-I", "-X", "-E", "-t", "-o"};
	char text[INPUT_MOST + 1];
	if (size < 1 || size > INPUT_MOST)
		return 0;
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	char *option = strdup(options[data[0] % (sizeof(options) / sizeof(options[0]) - 1)]);
	try_argument(option, text);
	free(option);
	return 0;
}

static unsigned long next(unsigned long *state)
{
	*state = *state * 6364136223846793005UL + 1442695040888963407UL;
	return *state >> 33;
}

int main(int argc, char **argv)
{
	static const char *const pieces[] = {"trace=", "!", "open", "openat", ",", "%file", "%%stat", "/re(ad|v)", "/[", "?x", "@64", "@x32", "all", "none",
	    "inject=", "fault=", ":error=ENOENT", ":retval=", ":when=", "1", "+", "..", "-1", "99999999999999999999", ":signal=SIGUSR1", ":delay_enter=",
	    "5ms", ":poke_enter=@arg1=", "00ff", "signal=", "HUP", "status=failed", "fd=", "read=", "write=", "quiet=", "attach", "decode-fds=path",
	    "decode-pids=comm", "category=file", "caller=lib*", "errno=EBADF", "abbrev=", "raw=", "verbose=", "=", "time-percent", "calls", "\xff", " "};
	unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 0) : ROUNDS;
	unsigned long state = argc > 2 ? strtoul(argv[2], NULL, 0) : 1;
	int out = dup(STDOUT_FILENO);
	int nowhere = open("/dev/null", O_WRONLY);
	dup2(nowhere, STDERR_FILENO);
	dup2(nowhere, STDOUT_FILENO);
	for (unsigned long i = 0; i < rounds; i++) {
		char text[INPUT_MOST + 64] = {(char)next(&state)};
		size_t n = 1;
		for (unsigned long k = next(&state) % 9; k > 0 && n < INPUT_MOST - 32; k--) {
			const char *piece = pieces[next(&state) % (sizeof(pieces) / sizeof(pieces[0]))];
			memcpy(text + n, piece, strlen(piece));
			n += strlen(piece);
		}
		LLVMFuzzerTestOneInput((const uint8_t *)text, n);
	}
	dprintf(out, "ok fuzz: arguments of options are taken or refused\n");
	_exit(0);
}
