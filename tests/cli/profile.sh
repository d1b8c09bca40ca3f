#!/bin/sh
# The profile's options: what stands alone, what goes where, records and documents that are valid, scripts that run.
. tests/cli/tap.inc
valid() { python3 -c 'import json, sys, jsonschema
s = json.load(open(sys.argv[1])); p = json.load(open(sys.argv[2]))
jsonschema.Draft202012Validator(s).validate(p)' "$1" "$2"; }
records() { python3 -c 'import json, sys, jsonschema
v = jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))
rs = [json.loads(l) for l in open(sys.argv[2])]
assert rs and all(r["type"] == "finding" for r in rs), rs
for r in rs: v.validate(r)' "$1" "$2"; }
head -c 300000 /dev/urandom > "$T/data"
ok "--profile alone prints no lines" sh -c "'$RS' --profile cat '$T/data' 2> '$T/err' > /dev/null && ! grep -q 'openat(' '$T/err'"
ok "--profile names the file, its bytes and buffers" sh -c "grep -A4 '^$T/data ' '$T/err' | tr '\n' ' ' | grep -qE 'read +4 calls, 293.0 KiB \(300000\).*buffers 512.0 KiB offered, 57 % filled'"
ok "--profile ends with the findings" has '^Findings: 0' "$T/err"
ok "-o writes the lines beside the profile" sh -c "'$RS' --profile='$T/p' -o '$T/lines' cat '$T/data' > /dev/null && grep -q 'openat(' '$T/lines' && grep -q '^Profile:' '$T/p' && ! grep -q 'openat(' '$T/p'"
ok "--profile-sort=name sorts by name" sh -c "'$RS' --profile='$T/p' --profile-sort=name cat '$T/data' > /dev/null && sed -n '/^ *time *calls *opens/,/^\$/p' '$T/p' | awk 'NR > 1 && NF { print \$NF }' | LC_ALL=C sort -c"
ok "--profile-sort refuses what it does not know" sh -c "'$RS' --profile-sort=size true 2> '$T/e'; test \$? = 2"
ok "--fds tells where a file was opened and closed" sh -c "'$RS' --fds cat '$T/data' 2> '$T/f' > /dev/null && grep -A5 '$T/data ' '$T/f' | tr '\n' ' ' | grep -qE 'made +open as 3 at .* record [0-9]+; read kept over exec +moved +293.0 KiB read.* end +closed at'"
ok "--tree shows processes and what they exchanged" sh -c "'$RS' -f --tree sh -c 'cat \"$T/data\" | wc -c' 2> '$T/t' > /dev/null && grep -q 'cat) wrote 293.0 KiB, [0-9]* (wc) read 293.0 KiB: pipe:' '$T/t' && grep -q '^  [0-9]* wc -c' '$T/t' && grep -q 'exit 0, ran' '$T/t'"
ok "--tree lists inputs, executables and libraries" sh -c "grep -A9 '^Inputs' '$T/t' | grep -q '$T/data' && grep -A3 '^Executables' '$T/t' | grep -q bin/ && grep -A3 '^Libraries' '$T/t' | grep -q libc"
ok "--tree says with whom a process waits" sh -c "'$RS' -f --tree sh -c '(sleep 0.2; echo x) | cat' 2> '$T/t' > /dev/null && grep -A9 '^  [0-9]* cat' '$T/t' | grep -qE 'in calls on: .*pipe [0-9.]+ ms in 2 calls .*most on pipe:.* with [0-9]+ \(sh\)'"
mkfifo "$T/fifo"
cat "$T/fifo" > /dev/null &
cat=$!
exec 9> "$T/fifo"
"$RS" -p $cat --tree --profile="$T/t" 2> /dev/null &
rs=$!
sleep 1
kill -INT $rs
wait $rs 2> /dev/null
exec 9>&-
ok "--tree of an attached process says what it is blocked on" has 'pipe [0-9.]+ (s|ms) in 1 calls .longest [0-9.]+ (s|ms), not over yet, most on .*/fifo' "$T/t"
ok "a call that death cut short counts as waiting" sh -c "'$RS' -f --tree sh -c 'sleep 5 & sleep 0.3; kill \$!; wait' 2> '$T/t'; grep -A4 '^  [0-9]* sleep 5' '$T/t' | grep -qE 'sleep [0-9.]+ ms in 1 calls'"
printf 'import threading\nt = threading.Thread(target=lambda: None, name="x")\nt.start()\nt.join()\n' > "$T/thread.py"
ok "--tree shows threads" sh -c "'$RS' -f --tree --profile-json='$T/k' \$(python3 -c 'import sys; print(sys.executable)') -S '$T/thread.py' 2> '$T/t' && grep -qE '^    exit 0, ran [0-9.]+ ms, 2 threads' '$T/t' && [ \$(grep -cE '^    thread [0-9]+ python' '$T/t') = 2 ]"
ok "--tree with threads: valid" valid contrib/ringside-profile.schema.json "$T/k"
ok "--findings=json writes records" sh -c "cd '$T' && '$RS' --findings=json '$PWD/$B/tests/profile/faults' small-reads bad 2> '$T/j'"
ok "--findings=json: valid under the schema of records" records contrib/ringside.schema.json "$T/j"
ok "findings are records of --json too" sh -c "cd '$T' && '$RS' --findings --json=r -o /dev/null '$PWD/$B/tests/profile/faults' small-reads bad 2> j && grep -q '\"type\":\"finding\",\"id\":\"small-reads\"' r"
ok "findings are records of --json too: valid" python3 tests/cli/check_json.py contrib/ringside.schema.json "$T/r"
ok "a program that is killed has a profile" sh -c "'$RS' --profile-json='$T/k' sh -c 'kill -9 \$\$'; python3 -c 'import json; p = json.load(open(\"$T/k\")); assert p[\"processes\"][0][\"signal\"] == 9'"
ok "a filter restricts the profile, and is named" sh -c "'$RS' -e trace=openat --profile-json='$T/k' cat '$T/data' > /dev/null; python3 -c 'import json; p = json.load(open(\"$T/k\")); assert p[\"filters\"] == [\"trace=openat\"]; assert all(not f[\"read\"] for f in p[\"files\"])'"
ok "what was not followed or filtered is said" sh -c "'$RS' --profile='$T/p' -e trace=all sh -c 'true | true' && grep -q '^Not followed: 2 processes' '$T/p' && '$RS' --profile='$T/p' -e trace=openat true && grep -q 'only calls that pass: trace=openat' '$T/p'"
ok "attached processes are profiled" sh -c "sleep 5 & pid=\$!; '$RS' -p \$pid --profile-json='$T/a' & rs=\$!; sleep 1; kill \$pid; wait \$rs; python3 -c 'import json; p = json.load(open(\"$T/a\")); assert p[\"processes\"][0][\"is_attached\"]'"
ok "attached processes: valid" valid contrib/ringside-profile.schema.json "$T/a"
ok "contrib/largest-files" sh -c "'$RS' --profile-json='$T/k' cat '$T/data' > /dev/null; contrib/largest-files '$T/k' | grep -q '293.0 KiB .* $T/data'"
ok "contrib/descriptor-leaks finds a leak" sh -c "cd '$T' && '$RS' --profile-json=k '$PWD/$B/tests/profile/faults' descriptor-growth bad; '$PWD/contrib/descriptor-leaks' k > out; test \$? = 1 && grep -q '80 in $T/, open by' out"
ok "contrib/descriptor-leaks is content with the corrected twin" sh -c "cd '$T' && '$RS' --profile-json=k '$PWD/$B/tests/profile/faults' descriptor-growth good; '$PWD/contrib/descriptor-leaks' k"
ok "the manual has the findings and their limits" sh -c "'$RS' --man | grep -q '^.It small-reads (medium)' && '$RS' --man | grep -q '^1000 sequential reads under 4096'"
ok "every call that makes a descriptor says so" python3 tests/profile/effects.py
mkdir "$T/spool"
for i in $(seq 100); do : > "$T/spool/$i"; done
echo line > "$T/spool/line"
${CC:-cc} -g -O1 -o "$T/leak" docs/examples/leak.c
ok "with -k a finding and a description say who opened" sh -c "'$RS' -k --findings --fds '$T/leak' '$T/spool' 2> '$T/s' && grep -qE '^    from +main \(.*examples/leak.c:[0-9]+\)' '$T/s' && grep -qE 'record [0-9]+, from main' '$T/s'"
# The same run's lines, and strace's of another run, summed by a script that knows the text format only.
summed() {
	"$RS" -f -y -T -o "$T/log" --profile-json="$T/k" "$@" > "$T/out" && python3 tests/profile/sum_lines.py "$T/log" "$T/k"
}
as_strace() {
	summed "$@" && strace -f -y -o "$T/slog" "$@" > "$T/out" && python3 tests/profile/sum_lines.py "$T/slog" "$T/k" another-run
}
ok "sums are those of the lines: gcc" summed gcc -c -o "$T/x.o" tests/profile/truth.c
ok "sums are those of the lines, and strace's: tar" as_strace tar cf "$T/x.tar" tests
ok "sums are those of the lines, and strace's: a pipeline" as_strace sh -c 'cat /etc/passwd | sort | head -3'
# Sockets know their peers.
exchanged() { sed -n '/^Exchanged/,$p' "$T/s" | sed -E 's/[0-9]+ \(python[0-9.]*\)/P/g; s/socket:\[[0-9]+\]/S/g' | grep -cxF "    $1: S to S"; }
python=$(python3 -c 'import sys; print(sys.executable)')
ok "sockets: traced" sh -c "cd '$T' && '$RS' -f --profile='$T/s' --profile-json='$T/k' --tree '$python' -S '$PWD/tests/profile/sockets.py'"
ok "sockets: valid" valid contrib/ringside-profile.schema.json "$T/k"
ok "sockets: TCP there" [ "$(exchanged 'P wrote 9.8 KiB, P read 9.8 KiB')" = 1 ]
ok "sockets: TCP and back" [ "$(exchanged 'P wrote 500 bytes, P read 500 bytes')" = 1 ]
ok "sockets: unix" [ "$(exchanged 'P wrote 5 bytes, P read 5 bytes')" = 1 ]
ok "sockets: a pair" [ "$(exchanged 'P wrote 7 bytes, P read 7 bytes')" = 1 ]
ok "sockets: a file's block names the peer" has '^    peer   socket:\[[0-9]+\] of [0-9]+ \(python' "$T/s"
# Names are the traced program's.
printf 'import os\nn = b"a\\x1b[31m\\nb\\xff\\"\\\\"\nf = os.open(n, os.O_CREAT | os.O_RDWR)\nos.write(f, b"x")\n' > "$T/name.py"
ok "hostile names" sh -c "cd '$T' && '$RS' --profile=s --fds --tree --profile-json=k '$python' -S name.py"
ok "hostile names: valid" valid contrib/ringside-profile.schema.json "$T/k"
ok "hostile names: no control characters in text" sh -c "grep -aq 'a?\\[31m?b' '$T/s' && ! grep -qaP '\\x1b' '$T/s'"
