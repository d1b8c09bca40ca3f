#!/bin/sh
# The command line: its language, its messages, and what each option does to a line.
. tests/cli/tap.inc
cd "$T" || exit 1
cat > p.c <<'C'
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
static void on(int s) { (void)s; }
int main(void)
{
	char b[8];
	int p[2];
	char text[] = "a\n\1\377\"\\";
	struct iovec v[2] = {{"0123456789abcdefghij", 20}, {"xyz", 3}};
	signal(SIGUSR1, on);
	raise(SIGUSR1);
	prctl(PR_SET_NAME, "renamed");
	getpid();
	for (int i = 0; i < 4; i++)
		syscall(SYS_chdir, ".");
	syscall(1000, 1, 2, 3, 4, 5, 6);
	if (pipe(p) < 0)
		return 1;
	if (write(p[1], text, 6) != 6 || read(p[0], b, 8) != 6)
		return 1;
	if (writev(p[1], v, 2) != 23)
		return 1;
	if (open("/nonexistent", O_RDONLY) >= 0)
		return 1;
	return 3;
}
C
cc -O1 -static -w -D_GNU_SOURCE -o p p.c || { echo "not ok options (no compiler)"; exit 1; }
# line PATTERN OPTIONS...: the log has such a line. none: it has not.
line() { _p=$1; shift; "$RS" -o log "$@" ./p; has "$_p" log; }
none() { _p=$1; shift; "$RS" -o log "$@" ./p; if grep -nE -- "$_p" log; then false; fi; }
# says TEXT OPTIONS...: a message, behind the program's name, and exit status 2.
ln -s "$RS" strace
says() {
	_t=$1
	shift
	PATH=.:$PATH strace "$@" ./p > out 2> err
	[ $? -eq 2 ] && [ "$(head -1 err)" = "strace: $_t" ] || { echo "wanted: strace: $_t"; cat err; false; }
}
count() { _n=$1; shift; "$RS" -qq -o log "$@" ./p; [ "$(wc -l < log)" -eq "$_n" ] || { echo "wanted $_n lines"; cat log; false; }; }

ok "a class is not a call of its name" none '^fstat|statx' -e trace=stat
ok "%class takes what strace puts there" line '^getpid' -e trace=%pure
ok "!: all but those" none '^(write|read)\(' -e 'trace=!write,read'
ok "/regex" line '^writev' -e 'trace=/^write'
ok "numbers are calls" line '^write\(4' -e trace=0,1
ok "@32 takes nothing from a 64-bit program" none '^write' -e trace=write@32
ok "?name may be missing" line '^write' -e 'trace=?nosuchcall,write'
ok "a number nobody knows is shown under any filter" line '^syscall_0x3e8\(0x1, 0x2, 0x3, 0x4, 0x5, 0x6\) = -1 ENOSYS' -e trace=none
ok "an unknown call" says "invalid system call 'foo'" -e trace=foo
ok "an unknown qualifier is a call" says "invalid system call 'foo=bar'" -e foo=bar
ok "an unknown class" says "invalid system call '%foo'" -e trace=%foo
ok "a wrong designator" says "incorrect personality designator 'foo' in qualification 'read@foo'" -e trace=read@foo
ok "an unknown signal" says "invalid signal 'foo'" -e signal=foo
ok "an unknown status" says "invalid status 'x'" -e status=x
ok "no descriptor" says "invalid descriptor 'x'" -e read=x
ok "a bad number, short" says "invalid -a argument: 'x'" -a x
ok "a bad word, long" says "invalid --interruptible argument: 'x'" --interruptible=x
ok "two forms of one option" says "-q and -e quiet/--quiet cannot be provided simultaneously" -q --quiet=exit
ok "-c and -C" says "-c/--summary-only and -C/--summary are mutually exclusive" -c -C
ok "an ambiguous word" says "option '--syscall-' is ambiguous; possibilities: '--syscall-limit' '--syscall-number' '--syscall-times'" --syscall-
ok "-ff into a pipe" says "piping the output and -ff/--output-separately are mutually exclusive" -ff -o '|cat'
ok "an output that cannot be" says "Can't fopen '/nonexistent/x': No such file or directory" -o /nonexistent/x
separate_fails() { "$RS" -ff -o /nonexistent/x ./p 2> err; [ $? -eq 1 ] && has "Can't fopen '/nonexistent/x.[0-9]+': No such file" err; }
ok "-ff: an output that cannot be" separate_fails
appended() { rm -f app.*; "$RS" -ff -A -o app -e trace=chdir ./p; cat app.* | grep -c chdir; for f in app.*; do [ "$(grep -c '' "$f")" -ge 4 ]; done; }
ok "-ff -A" appended
ok "a column twice" says "call summary column has been provided more than once: 'name' (-U option residual: 'name')" -c -U name,name

ok "raw: registers and a hex result" line '^write\(0x4, 0x[0-9a-f]+, 0x6\) +=  ?0x6$' -e raw=write
ok "verbose=none: addresses, but text" line '^pipe2?\(0x[0-9a-f]+' -e verbose=none
ok "verbose=none leaves strings" line '^write\(4, "a' -e verbose=none
ok "abbrev=none" line '^execve\("./p", \["./p"\], \["' -e abbrev=none
ok "abbrev of others only" line '^execve\("./p", \["./p"\], 0x[0-9a-f]+ /\* [0-9]+ vars? \*/' -e abbrev=execve
ok "-z" none ' = -1 ' -z
ok "-Z" none ' = [0-9]' -Z
ok "status=unfinished" line '^exit_group\(3\) +=  ?\?$' -e status=unfinished
ok "errno=" count 2 -e errno=ENOENT,ENOSYS -e signal=none -e trace=%file
ok "signal=none leaves out the signal" none '^--- SIGUSR1' -e signal=none
ok "-n" line '^\[ *1\] write' -n
ok "-n numbers the end by the last call" line '^\[ 231\] \+\+\+ exited' -n
ok "-i does not know the end's address" line '^\[\?{16}\] \+\+\+ exited' -i
ok "-r -t" line '^[0-9:]{8} \(\+     0\.[0-9]{6}\) write' -r -t
ok "non-ascii-chars" line '^write\(4, "a\\n\\x01\\xff\\"\\\\", 6\)' --strings-in-hex=non-ascii-chars
ok "-Y" line '^getpid\(\) +=  ?[0-9]+<p>' -Y -e trace=getpid
ok "-Y sees a change of name" line '^getpid\(\) +=  ?[0-9]+<renamed>' -Y -e trace=getpid
ok "-P with a pattern" count 1 -P 'glob:/none*' -e signal=none -e 'trace=!execve'
ok "trace-fds" line '^writev\(4' -e fds=4
ok "trace-fds leaves out the others" none '^read' -e fds=4
ok "--syscall-limit" count 4 --syscall-limit=4
ok "quiet=exit" none 'exited' -e quiet=exit
ok "--color" line "^$(printf '\033')\[36mwrite" --color=always

dump() {
	"$RS" -o log -e trace=write,writev -e signal=none -e write=4 ./p
	cat > want <<'X'
write(4, "a\n\1\377\"\\", 6)            = 6
 | 00000  61 0a 01 ff 22 5c                                 a..."\           |
writev(4, [{iov_base="0123456789abcdefghij", iov_len=20}, {iov_base="xyz", iov_len=3}], 2) = 23
 * 20 bytes in buffer 0
 | 00000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  0123456789abcdef |
 | 00010  67 68 69 6a                                       ghij             |
 * 3 bytes in buffer 1
 | 00000  78 79 7a                                          xyz              |
X
	grep -vE '^(syscall|\+\+\+)' log | diff want -
}
ok "dumps of what is written" dump
short_dump() { "$RS" -o log -s 0 -e write=4 ./p; has '^ \* 3 bytes in buffer 1$' log; }
ok "dumps are whole whatever -s says" short_dump
table() {
	"$RS" -c -U name,calls,errors,min-time -S calls -e trace=read,chdir,write,open,openat -e signal=none ./p 2> err
	sed -E 's/[0-9]\.[0-9]{6}/T/' err | diff - want.table
}
cat > want.table <<'X'
syscall              calls    errors shortest
---------------- --------- --------- --------
chdir                    4           T
read                     1           T
write                    1           T
openat                   1         1 T
syscall_0x3e8            1         1 T
---------------- --------- --------- --------
total                    8         2 T
X
ok "a table of chosen columns" table
both() { "$RS" -C -U name,calls -o log -e trace=chdir ./p; has "^total" log && has "^chdir\(" log; }
ok "-C: lines and table in one file" both

ok "inject: an error" line '^chdir\("\."\) +=  ?-1 EBADF \(Bad file descriptor\) \(INJECTED\)$' -e inject=chdir:error=EBADF:when=2
inject_count() { _n=$1; shift; "$RS" -o log "$@" ./p; [ "$(grep -c INJECTED log)" -eq "$_n" ] || { cat log; false; }; }
ok "inject: when=first..last" inject_count 2 -e inject=chdir:error=1:when=2..3
ok "inject: when=first+step" inject_count 2 -e inject=chdir:error=1:when=1+2
ok "inject: a result, with another call" line '^chdir\("\."\) +=  ?7 \(INJECTED\)$' -e inject=chdir:retval=7:syscall=getppid
ok "inject: a signal" line '^--- SIGUSR1 \{si_signo=SIGUSR1, si_code=SI_KERNEL\} ---$' -e inject=chdir:signal=USR1:when=1
ok "inject: a delay" line '^chdir\("\."\) +=  ?0 \(DELAYED\) <0\.02' -T -e inject=chdir:delay_enter=20ms:when=1
ok "inject: bytes before the call" line '^write\(4, "XY' -e inject=write:poke_enter=@arg2=5859
ok "inject: bytes after the call" line '^read\(3, "XY.*\(INJECTED: args\)' -e inject=read:poke_exit=@arg2=5859
ok "inject: bytes that the program itself may not write" line '^chdir\("/"\).*\(INJECTED: args\)' -e inject=chdir:poke_enter=@arg1=2f
no_argument() { "$RS" -o log -e inject=chdir:poke_enter=@arg3=2f ./p 2> err; has 'argument #3 was asked for' err && ! grep -q INJECTED log; }
ok "inject: an argument that there is not" no_argument
ok "inject: under a filter" sh -c "'$RS' -f --seccomp-bpf -o log -e trace=writev -e inject=chdir:error=1 ./p; test \$? = 3"
ok "fault: ENOSYS" line 'ENOSYS \(Function not implemented\) \(INJECTED\)$' -e fault=chdir
for bad in read read:foo read:error=0 read:error=1:retval=1 read:when=0:error=1 read:syscall=read:error=1 read:delay_enter=2m read:poke_enter=@arg1=zz; do
	ok "inject: $bad" says "invalid inject argument '$bad'" -e inject=$bad
done
injected_json() { "$RS" --json=j -o log -e inject=chdir:error=EPERM:delay_exit=1ms ./p; has '"injected":\["result","time"\]' j; }
ok "inject: JSON says so" injected_json
if unshare -pf true 2> /dev/null; then
	translated() { "$RS" -f --decode-pids=pidns -o log -e trace=getpid unshare -pf ./p; has "getpid\(\) +=  ?1 /\* [0-9]+ in strace's PID NS \*/" log; }
	ok "--decode-pids=pidns" translated
else
	skip "--decode-pids=pidns" "no pid namespaces here"
fi
completes() { bash -c '. ./c; COMP_WORDS=(ringside -X ""); COMP_CWORD=2; _ringside; [ "${COMPREPLY[*]}" = "raw abbrev verbose" ]'; }
"$RS" --completion=bash > c
ok "bash completes the words of an option" completes
for s in bash zsh fish; do ok "completion for $s" sh -c "'$RS' --completion=$s | grep -q -- 'syscall-limit'"; done
manual() {
	"$RS" --man | sed 's/\\-/-/g' > man
	for o in $("$RS" --help | grep -oE -- '--[a-z][-a-z0-9]+' | sort -u); do grep -q -e "$o" man || { echo "$o is missing"; return 1; }; done
}
ok "the manual has every long option" manual

# A thread that execs goes on in its leader's file.
cat > "$T/exec.c" <<'C'
#include <pthread.h>
#include <string.h>
#include <unistd.h>
static void *run(void *arg)
{
	char *argv[] = {"again", "2", NULL};
	usleep(20000);
	execve("/proc/self/exe", argv, NULL);
	return arg;
}
int main(int argc, char **argv)
{
	pthread_t id;
	if (argc > 1 && strcmp(argv[1], "2") == 0)
		return 7;
	pthread_create(&id, NULL, run, NULL);
	for (;;)
		pause();
}
C
cc -static -pthread -o "$T/exec" "$T/exec.c" 2> /dev/null
"$RS" -ff -a1 -o "$T/ff" -e trace=execve,pause "$T/exec"
ok "-ff: the line of a thread that execs ends in its own file" sh -c "grep -q '^execve(.*<pid changed to [0-9]* \.\.\.>\$' '$T'/ff.*"
ok "-ff: and is gone on with in its leader's" sh -c "grep -q '^<\.\.\. execve resumed>) = 0\$' '$T'/ff.* && grep -q '^+++ superseded by execve in pid' '$T'/ff.*"
ok "-ff: columns are counted in each file" sh -c "grep -q '^pause() = ?\$' '$T'/ff.*"
