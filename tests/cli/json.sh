#!/bin/sh
# JSON: every record of real runs is valid under the schema that we publish; text and JSON in one run agree.
. tests/cli/tap.inc
check() { python3 tests/cli/check_json.py contrib/ringside.schema.json "$1"; }
ok "ls" sh -c "'$RS' --json='$T/a' -o '$T/a.txt' ls -l / > /dev/null"
ok "ls: valid" check "$T/a"
ok "a shell with children" sh -c "'$RS' -f --json='$T/b' -o /dev/null sh -c 'ls / | cat; kill -9 \$\$' > /dev/null; true"
ok "a shell with children: valid" check "$T/b"
ok "python3" sh -c "'$RS' -f -y --json='$T/c' -o /dev/null python3 -c 'import socket, subprocess; socket.socketpair(); subprocess.run([\"true\"])'"
ok "python3: valid" check "$T/c"
ok "the completeness record is last" sh -c "tail -n 1 '$T/a' | grep -q '\"type\":\"completeness\"'"
ok "stacks" sh -c "'$RS' -kk --json='$T/k' -o /dev/null ls / > /dev/null && grep -q '\"caller\"' '$T/k'"
ok "stacks: valid" check "$T/k"
calls() { [ "$(grep -c '"type":"call"' "$T/a")" -eq "$(grep -c ' = ' "$T/a.txt")" ]; }
ok "as many call records as lines" calls
printf 'import os\nos.write(1, b"\\x1b[31m\\xff\\x00\\"\\\\")\n' > "$T/esc.py"
ok "hostile bytes" sh -c "'$RS' -e trace=write --json='$T/e' -o '$T/e.txt' python3 '$T/esc.py' > /dev/null"
ok "hostile bytes: valid" check "$T/e"
ok "hostile bytes: no raw escape in text" sh -c "! grep -qP '\\x1b' '$T/e.txt'"
# Whatever changes what text shows, or what the command gets to see, the records stay valid.
for o in "-e raw=all" "-e verbose=none" "-e inject=all:error=EPERM:when=5" -z "-e status=unfinished" "-e read=all -e write=all" "-Y -yy" -C "-e trace=none" \
	--syscall-limit=7 -e\ errno=ENOENT "-xx -X raw" "--color=always" "-P /etc" "-e category=file"; do
	# shellcheck disable=SC2086
	"$RS" -f --json="$T/o" -o "$T/o.txt" $o sh -c 'ls /etc > /dev/null; true' > /dev/null 2>&1
	ok "valid with $o" check "$T/o"
done
