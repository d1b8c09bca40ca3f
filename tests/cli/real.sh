#!/bin/sh
# Real programs: they do what they do untraced, and nothing in the log is unknown or cut off.
. tests/cli/tap.inc

# whole LOG: every line is a call, a signal, an exit, or a half of one.
whole() {
	! grep -nE 'syscall_0x' "$1" &&
	! grep -vnE '^([0-9]+ +)?([a-z0-9_]+\(.*|<\.\.\. [a-z0-9_]+ resumed>.*|--- .* ---|\+\+\+ .* \+\+\+)$' "$1"
}
same() {
	"$@" > "$T/plain.out" 2> "$T/plain.err"
	s1=$?
	"$RS" -f -o "$T/log" "$@" > "$T/traced.out" 2> "$T/traced.err"
	s2=$?
	[ $s1 = $s2 ] && cmp "$T/plain.out" "$T/traced.out" && cmp "$T/plain.err" "$T/traced.err" && whole "$T/log"
}
mkdir "$T/proj"
for i in 1 2 3 4; do echo "int f$i(void) { return $i; }" > "$T/proj/f$i.c"; done
echo 'int main(void) { return 0; }' > "$T/proj/main.c"
printf 'CFLAGS = -O1\nprog: main.o f1.o f2.o f3.o f4.o\n\t$(CC) -o $@ $^\nclean:\n\trm -f prog *.o\n' > "$T/proj/Makefile"

ok "ls" same ls -l /etc
ok "git status" same git status --short
ok "python3" same python3 -c 'import json, os; print(json.dumps(sorted(os.environ)[:1]))'
ok "gcc" same gcc -c -o "$T/main.o" "$T/proj/main.c"
ok "make -j2" sh -c "'$RS' -f -o '$T/log' make -s -C '$T/proj' -j2 && test -x '$T/proj/prog'"
ok "make -j2 left no garbled line" whole "$T/log"
ok "sqlite3" same sqlite3 :memory: 'create table t(a); insert into t values (1), (2); select sum(a) from t;'
ok "a shell pipeline" same sh -c 'seq 1 1000 | sort -r | head -3'
ok "perl" same perl -e 'print join(",", map { $_ * 2 } 1 .. 5), "\n"'
