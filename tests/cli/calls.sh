#!/bin/sh
# Some 1300 failing calls with all kinds of pointers: strace 6.1 and ringside print the same lines.
. tests/cli/tap.inc
PROG=${B:-build}/tests/trace/prog_calls
case $(strace --version 2> /dev/null | head -n 1) in
"strace -- version 6.1") ;;
*)
	skip "calls as strace shows them" "strace 6.1 is not installed: others know other names"
	exit 0
	;;
esac
# A message's flags have names that strace 6.1 does not know.
calls() { sed -n -e 's/msg_flags=[^},]*/msg_flags/g' -e '/^read(-1, /,$p' "$1"; }
same() {
	strace -a1 -o "$T/strace" "$@" "$PROG" 2> /dev/null && "$RS" -a1 -o "$T/ringside" "$@" "$PROG" || return 1
	calls "$T/strace" > "$T/a"
	calls "$T/ringside" > "$T/b"
	[ -s "$T/a" ] && diff "$T/a" "$T/b"
}
ok "calls as strace shows them" same
ok "calls as strace -v shows them" same -v
ok "calls as strace -X raw shows them" same -X raw
ok "calls as strace -e verbose=none shows them" same -e verbose=none
ok "calls as strace -xx -s 3 shows them" same -xx -s 3
