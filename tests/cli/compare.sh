#!/bin/sh
# The same deterministic command under strace and ringside prints the same lines.
. tests/cli/tap.inc
if ! command -v strace > /dev/null; then skip "comparison with strace" "strace is not installed"; exit 0; fi
same() { tests/compare "$@"; }
ok "true" same -- true
ok "ls" same -- ls /etc/apt
ok "ls -l with descriptors" same -y -- ls -l /etc/apt
ok "cat with hex strings" same -xx -- cat /etc/hostname
ok "echo" same -s 100 -- echo hello
ok "sh with children" same -f -e trace=process,signal -- sh -c 'true; false; exit 3'
ok "file calls of sh" same -e trace=file -- sh -c 'cd /tmp; test -e /etc; : < /etc/passwd'
ok "raw arguments" same -X raw -- cat /etc/hostname
ok "verbose constants" same -X verbose -- cat /etc/hostname
ok "failed calls only" same -Z -- cat /nonexistent
ok "successful calls only" same -z -- cat /nonexistent
