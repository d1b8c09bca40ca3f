#!/bin/sh
# Attach to a server under load, detach, and the server serves on.
. tests/cli/tap.inc
if ! command -v redis-server > /dev/null; then skip "redis" "redis-server is not installed"; exit 0; fi
redis-server --port 0 --unixsocket "$T/s" --save '' --dir "$T" > /dev/null &
server=$!
cli() { redis-cli -s "$T/s" "$@"; }
up() { cli ping | grep -q PONG; }
until_true 10 up
redis-benchmark -s "$T/s" -n 20000 -c 20 -q -t set,get > "$T/bench" 2>&1 &
bench=$!
"$RS" -f -o "$T/log" -p $server 2> "$T/err" &
tracer=$!
logged() { [ "$(wc -l < "$T/log")" -gt 1000 ]; }
ok "redis under redis-benchmark is traced" until_true 30 logged
kill -INT $tracer
wait $tracer
ok "the server answers after the detach" up
ok "the server is not traced any more" grep -q 'TracerPid:	0' /proc/$server/status
wait $bench
ok "the benchmark ended well" grep -q 'requests per second' "$T/bench"
ok "no unknown call" sh -c "! grep -n syscall_0x '$T/log'"
kill $server
wait 2> /dev/null
