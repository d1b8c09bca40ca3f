#!/bin/sh
# How tasks come under trace and leave it, as seen from outside: the options of starting, following and letting go.
. tests/cli/tap.inc
dump=${B:-build}/tests/trace/engine_dump

"$RS" -f -b execve -o "$T/b" sh -c '/bin/true; exec /bin/true'
ok "-b execve lets go of a task that execs, not of the command at first" has 'execve\("/bin/true".* <detached \.\.\.>$' "$T/b"
ok "-b execve: the first exec is traced to its end" has '^[0-9]+ +execve\(.*"sh".*\) = 0$' "$T/b"

ok "--seccomp-bpf shows what was asked for, in children too" sh -c "'$RS' -f --seccomp-bpf -e trace=getpid -o '$T/s' sh -c 'echo \$\$; sh -c \"echo \\\$\\\$\"; :' &&
	test \$(grep -c 'getpid()' '$T/s') -eq 2"
ok "--seccomp-bpf shows no other call" sh -c "! grep -v -e 'getpid()' -e '+++' -e '---' '$T/s' | grep ."
ok "--seccomp-bpf without -f says so and traces" sh -c "'$RS' --seccomp-bpf -e trace=getpid true 2>&1 | grep -q 'cannot be used without'"

for daemon in -D -DD -DDD; do
	ok "$daemon: the command is the process that was started" sh -c "
		'$RS' $daemon -o '$T/d$daemon' sh -c 'echo \$\$ > $T/pid; exit 3' & wait \$!; test \$? -eq 3 && test \$(cat $T/pid) -eq \$!"
	ok "$daemon: the log is whole" until_true 5 grep -q '^+++ exited with 3 +++$' "$T/d$daemon"
done
ok "-D needs a command" status 2 "$RS" -D -p 1

if [ "$(id -u)" = 0 ]; then
	ok "-u runs the command as that user" sh -c "test \"\$('$RS' -o /dev/null -u nobody id -un)\" = nobody"
else
	skip "-u runs the command as that user" "not root"
fi
ok "-u with an unknown user is refused" sh -c "! '$RS' -u no-such-user true"
ok "-E adds to the environment, and removes" sh -c "test \"\$(GONE=1 '$RS' -o /dev/null -E ADDED=x -E GONE sh -c 'echo \$ADDED\$GONE')\" = x"
ok "--argv0 names the command" sh -c "test \"\$('$RS' -o /dev/null --argv0 other sh -c 'echo \$0')\" = other"

"$dump" -q -o "$T/i" sh -c 'trap "echo told > '"$T"'/told; exit" TERM; while :; do sleep 0.1; done' &
tracer=$!
until_true 5 grep -q 'exec' "$T/i"
sleep 0.2
kill -INT $tracer
kill -TERM $tracer
wait $tracer
ok "with a command, SIGINT is the command's; SIGTERM ends the trace" has 'interrupted by 15' "$T/i"
ok "the command gets the SIGTERM" until_true 5 test -s "$T/told"

"$dump" -k -q -o "$T/k" sh -c "sleep 0.5; echo alive > '$T/alive'" &
tracer=$!
until_true 5 grep -q 'exec' "$T/k"
kill -KILL $tracer
sleep 1
ok "--kill-on-exit: the command does not survive its tracer" test ! -e "$T/alive"
wait 2> /dev/null
