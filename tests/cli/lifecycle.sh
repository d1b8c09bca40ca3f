#!/bin/sh
# What the tracer does with its own life and its command's: exit statuses, signals, refusals, lost outputs.
. tests/cli/tap.inc

ok "exit status is the command's" status 7 "$RS" -o "$T/a" sh -c 'exit 7'
ok "killing signal is the command's" status 143 sh -c "'$RS' -o '$T/a' sh -c 'kill -TERM \$\$'"
ok "the log says which signal killed it" has '^\+\+\+ killed by SIGTERM \+\+\+$' "$T/a"
ok "a missing command gives 127" status 127 "$RS" -o "$T/b" nosuchcommand
printf 'not a program\n' > "$T/plain"
ok "a command that is not executable gives 126" status 126 "$RS" -o "$T/b" "$T/plain"
ok "a bad option gives 2" status 2 "$RS" --nosuchoption ls
ok "an unknown call in a filter gives 2" status 2 "$RS" -e trace=nosuchcall ls
ok "no command gives 2" status 2 "$RS"
ok "a dead pid is refused" sh -c "! '$RS' -p 4194303"
ok "a pid that is no number gives 2" status 2 "$RS" -p abc

started() { [ -s "$T/pid" ]; }
sh -c "exec '$RS' -o '$T/c' sh -c 'echo \$\$ > \"$T/pid\"; while [ ! -e \"$T/go\" ]; do sleep 0.05; done; echo alive > \"$T/alive\"'" &
tracer=$!
until_true 10 started
kill -KILL $tracer
: > "$T/go"
ok "the command survives the tracer's SIGKILL" until_true 10 test -s "$T/alive"

many='i=0; while [ $i -lt 3000 ]; do test -e /nonexistent; i=$((i + 1)); done'
ok "a full disk: the tracer fails" sh -c "! '$RS' -o /dev/full sh -c '$many; echo done > $T/full'"
ok "a full disk: the command runs on" until_true 20 test -s "$T/full"
{
	"$RS" -o '|true' sh -c "$many; echo done > $T/pipe"
	echo $? > "$T/pipe.status"
} 2> /dev/null
ok "a closed pipe: the tracer fails" grep -qx 1 "$T/pipe.status"
ok "a closed pipe: the command runs on" until_true 20 test -s "$T/pipe"

sleep 1000 &
target=$!
"$RS" -o "$T/d" -p $target &
tracer=$!
traced() { grep -q "TracerPid:	$tracer" /proc/$target/status; }
untraced() { grep -q "TracerPid:	0" /proc/$target/status; }
ok "attaches to a running process" until_true 10 traced
ok "a second tracer is told of the first" sh -c "'$RS' -p $target 2>&1 | grep -qi 'traced'"
kill -INT $tracer
ok "SIGINT detaches" until_true 10 untraced
ok "the target sleeps on" sh -c "grep -q '^State:	S' /proc/$target/status"
ok "detaching is no failure to write" sh -c "timeout -s INT 0.5 '$RS' -o '$T/d2' -p $target 2> '$T/d2.err'; ! grep -q 'cannot' '$T/d2.err' && grep -q detached '$T/d2.err'"
kill $target
wait 2> /dev/null
