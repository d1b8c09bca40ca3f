# Ringside. The targets people use:
#   make            the tracer: build/ringside
#   make try        install what is missing, build, trace a real command
#   make check      install what the tests need, build, run every test
#   make install    PREFIX=/usr/local DESTDIR=
# Variables: SAN=1 (ASan and UBSan), COV=1 (gcov); each gets its own build folder.

PREFIX ?= /usr/local
CC ?= cc
B := build$(if $(SAN),/san)$(if $(COV),/cov)

# The one list of Debian packages: to build, and what the tests need besides.
PACKAGES := gcc libc6-dev make pkg-config libseccomp-dev libunwind-dev libdw-dev libiberty-dev
TEST_PACKAGES := libcmocka-dev strace python3 python3-jsonschema gcc-aarch64-linux-gnu libc6-dev-arm64-cross linux-libc-dev-arm64-cross gcc-12-multilib golang-go \
	redis-server sqlite3 git clang gdb g++ procps

CFLAGS ?= -O2 -g
CPPFLAGS += -Isrc -I$B -D_GNU_SOURCE
override CFLAGS += -std=c17 -Wall -Wextra -Wshadow -Wconversion -Werror \
	$(if $(SAN),-fsanitize=address$(comma)undefined -fno-sanitize-recover=undefined -O1 -Wno-format-truncation) $(if $(COV),--coverage -O0)
comma := ,
LDLIBS += -lseccomp -lunwind-$(ARCH) -ldw -lelf -liberty

GEN_SRC := $(wildcard src/gen/*.c) $(wildcard src/base/*.c)
GEN_LIB_SRC := $(filter-out src/gen/main.c,$(GEN_SRC))
SRC := $(filter-out src/gen/%,$(wildcard src/*.c src/*/*.c src/*/*/*.c))
ARCH := $(shell $(CC) -dumpmachine | sed 's/-.*//')
SRC := $(filter-out $(filter-out src/capture/ptrace_$(ARCH).c,$(wildcard src/capture/ptrace_x86_64.c src/capture/ptrace_aarch64.c)),$(SRC))
OBJ := $(SRC:src/%.c=$B/%.o) $B/desc_tables.o
LIB_OBJ := $(filter-out $B/main.o,$(OBJ))
TABLES := $(wildcard tables/*.tsv tables/*.tbl tables/*/*.tbl)

all: $B/ringside $B/ringside.1

$B/ringside: $(OBJ)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(OBJ) $(LDLIBS)

$B/ringside.1: $B/ringside
	$B/ringside --man > $@.new && mv $@.new $@

$B/gen: $(GEN_SRC) $(wildcard src/gen/*.h src/gen/*.def src/base/*.h src/desc/*.h src/desc/*.def src/decode/hooks/*.def)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -o $@ $(GEN_SRC)

$B/desc_tables.c: $B/gen $(TABLES)
	$(if $(SAN),ASAN_OPTIONS=detect_leaks=0 )$B/gen -o $@ $(TABLES)

$B/desc_tables.o: $B/desc_tables.c
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$B/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

-include $(OBJ:.o=.d)

# What is missing of a list of packages is installed, after saying so. $(1): the list.
SUDO = $(if $(filter 0,$(shell id -u)),,sudo)
define need
	@missing=; for p in $(1); do dpkg-query -W -f '$${db:Status-Status}' $$p 2>/dev/null | grep -qx installed || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
		if command -v apt-get >/dev/null; then \
			echo "Installing with apt-get:$$missing"; \
			$(SUDO) apt-get update -qq && DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
		else echo "Please install (Debian's names):$$missing"; fi; \
	fi
endef

packages:
	$(call need,$(PACKAGES))

test-packages:
	$(call need,$(PACKAGES) $(TEST_PACKAGES))

try: packages
	@$(MAKE) --no-print-directory -s all
	@echo "== ringside -e trace=file ls /  (which files does ls touch?)"
	@$B/ringside -e trace=file ls / > /dev/null
	@echo "== ringside -c ls /  (where does the time go?)"
	@$B/ringside -c ls / > /dev/null
	@echo "== ringside --json=build/ls.json ls /  (one record a call)"
	@$B/ringside --json=$B/ls.json -o /dev/null ls / > /dev/null && grep -m1 '"name":"openat"' $B/ls.json
	@echo "Next: $B/ringside -f COMMAND; $B/ringside --help"

check: test-packages
	@$(MAKE) --no-print-directory all
	@B=$B tests/run

check-tables: $B/gen
	$B/gen --strict --stats $(TABLES)

check-headers: $B/gen
	$B/gen --check-headers -o $B/check_headers.c $(TABLES)
	CC="$(CC)" tests/tables/check-headers $B/check_headers.c

install: all
	install -Dm755 $B/ringside $(DESTDIR)$(PREFIX)/bin/ringside
	install -Dm644 $B/ringside.1 $(DESTDIR)$(PREFIX)/share/man/man1/ringside.1
	for s in bash zsh fish; do $B/ringside --completion=$$s > $B/completion.$$s || exit 1; done
	install -Dm644 $B/completion.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/ringside
	install -Dm644 $B/completion.zsh $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_ringside
	install -Dm644 $B/completion.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/ringside.fish

bench: all tests-build
	@B=$B tests/bench/bench

# A minute of libFuzzer for each target; a crash stops it and leaves its input behind.
fuzz: $B/desc_tables.c
	@mkdir -p $B/fuzz
	@for t in tests/fuzz/fuzz_*.c; do n=$B/fuzz/$$(basename $$t .c); mkdir -p $$n.corpus; \
		clang $(CPPFLAGS) -std=c17 -O1 -g -fsanitize=fuzzer,address,undefined -Dmain=unused_main -o $$n $$t \
			$$(case $$t in *_tables.c) echo $(GEN_LIB_SRC) ;; *) echo $(filter-out src/main.c,$(SRC)) $B/desc_tables.c $(LDLIBS) ;; esac) && $$n -max_total_time=60 $$n.corpus || exit 1; done

clean:
	rm -rf build

.PHONY: all packages test-packages try check check-tables check-headers fuzz bench install clean
.DELETE_ON_ERROR:

# What the tests need built: each tests/unit/test_*.c with the library, each traced program alone, runners by name.
UNIT := $(patsubst tests/%.c,$B/tests/%,$(wildcard tests/unit/test_*.c))
TRACED := $(patsubst tests/%.c,$B/tests/%,$(wildcard tests/trace/expect_*.c tests/trace/prog_*.c tests/bench/prog_*.c))
RUNNERS := $(patsubst tests/%.c,$B/tests/%,$(wildcard tests/decode/*.c tests/trace/engine_*.c tests/trace/state_*.c tests/fuzz/fuzz_*.c $(filter-out tests/bench/prog_%,$(wildcard tests/bench/*.c))))
PROFILED := $B/tests/profile/truth $B/tests/profile/faults
tests-build: $(UNIT) $(TRACED) $(RUNNERS) $(PROFILED)

$(UNIT): $B/%: %.c $(LIB_OBJ)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -o $@ $< $(LIB_OBJ) $(LDLIBS) -lcmocka

$(TRACED): $B/%: %.c tests/trace/tail.c tests/trace/tail.h
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE -std=c17 -Wall -O1 -fno-optimize-sibling-calls -pthread -static -o $@ $< tests/trace/tail.c

$(PROFILED): $B/%: $(wildcard tests/profile/*.c tests/profile/*.h)
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE -std=c17 -Wall -O1 -g -pthread -static -o $@ $*.c $(wildcard $*_*.c)

# The table compiler's fuzzer is made of the compiler, not of the tracer.
GEN_FUZZ := $B/tests/fuzz/fuzz_tables
$(GEN_FUZZ): tests/fuzz/fuzz_tables.c $(GEN_LIB_SRC)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -o $@ $^

$(filter-out $(GEN_FUZZ),$(RUNNERS)): $B/%: %.c $(LIB_OBJ)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -o $@ $< $(LIB_OBJ) $(LDLIBS)

# The fuzz targets alone; with SAN=1 they are what `make check` runs for a short while.
fuzz-runners: $(filter $B/tests/fuzz/%,$(RUNNERS))

.PHONY: tests-build fuzz-runners
