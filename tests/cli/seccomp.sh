#!/bin/sh
# What runs under a seccomp filter behaves as without, and nothing that was asked for goes unseen.
. tests/cli/tap.inc
progs=${B:-build}/tests/trace

ok "children that ask not to be traced get their calls answered" status 0 "$RS" -f --seccomp=on -e trace=getppid -o "$T/u" "$progs/prog_untraced"
ok "and are traced" sh -c "test \$(grep -c 'getppid()' '$T/u') -eq 2"

ok "a command with a filter of its own is denied as it wants" status 0 "$RS" -f -e trace=getpgrp -o "$T/own" "$progs/prog_own_filter"
ok "and what its filter denies is seen, in its children too" sh -c "test \$(grep -c 'getpgrp() .*= -1 EPERM' '$T/own') -eq 2"

ok "auto: a filter is in force where some calls of a command are asked for" sh -c "
	'$RS' -f -e trace=getpgrp -o /dev/null grep Seccomp: /proc/self/status | grep -q '2\$'"
ok "auto: none where all are" sh -c "'$RS' -f -o /dev/null grep Seccomp: /proc/self/status | grep -q '0\$'"
ok "auto: none without -f" sh -c "'$RS' -e trace=getpgrp -o /dev/null grep Seccomp: /proc/self/status | grep -q '0\$'"
ok "--seccomp=off: none" sh -c "'$RS' -f --seccomp=off -e trace=getpgrp -o /dev/null grep Seccomp: /proc/self/status | grep -q '0\$'"
ok "--seccomp=x is refused" status 2 "$RS" --seccomp=x true
if [ "$(id -u)" = 0 ]; then
	ok "as root, new privileges stay possible" sh -c "
		'$RS' -f --seccomp=on -e trace=getpgrp -o /dev/null grep NoNewPrivs /proc/self/status | grep -q '0\$'"
	ok "as another user the filter is installed all the same" sh -c "
		'$RS' -f --seccomp=on -u nobody -e trace=getpgrp -o /dev/null grep Seccomp: /proc/self/status | grep -q '2\$'"
else
	skip "as root, new privileges stay possible" "not root"
	ok "the filter is installed without privileges" sh -c "
		'$RS' -f --seccomp=on -e trace=getpgrp -o /dev/null grep Seccomp: /proc/self/status | grep -q '2\$'"
fi

mkfifo "$T/gate"
"$RS" -f --seccomp=on -e trace=getpgrp -o "$T/k" sh -c "echo > '$T/waits'; read x < '$T/gate'; echo alive > '$T/alive'" &
tracer=$!
until_true 20 test -e "$T/waits"
kill -KILL $tracer
wait $tracer 2> /dev/null
timeout 1 sh -c "echo go > '$T/gate'"
ok "the tracer's death is the command's" test ! -e "$T/alive"

"$RS" -f --seccomp=on -e trace=getpid -o /dev/full sh -c "sh -c ':'; sleep 0.3; sh -c 'echo done > $T/done'; exit 3" 2> "$T/full"
ok "output that can't be written: exit status 1" test $? -eq 1
ok "and a message" grep -q 'cannot write the trace' "$T/full"
ok "and the command has run to its end" test -s "$T/done"

"$RS" -f --seccomp=on -I waiting -e trace=getpid -o "$T/term" sh -c "trap 'sh -c \"echo told > $T/told\"; exit 5' TERM; echo > $T/up; while :; do sleep 0.05; done" &
tracer=$!
until_true 5 test -e "$T/up"
kill -TERM $tracer
wait $tracer
ok "SIGTERM is the command's, and the tracer stays until it has ended" test -s "$T/told"

ok "--entry-only says that results were not captured" sh -c "
	'$RS' -f --entry-only -e trace=openat -o '$T/e' cat /etc/hostname > /dev/null && grep -q '\"/etc/hostname\".*= ? <not captured>\$' '$T/e'"
ok "--entry-only without a filter is refused" status 2 "$RS" --entry-only true
ok "descriptors in the filter: other calls do not stop, and none is lost" sh -c "
	'$RS' -f -e trace-fds=3 -o '$T/f' cat /etc/hostname > /dev/null && '$RS' -f --seccomp=off -e trace-fds=3 -o '$T/g' cat /etc/hostname > /dev/null &&
	test \$(grep -c . '$T/f') -eq \$(grep -c . '$T/g')"
