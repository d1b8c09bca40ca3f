#!/bin/sh
# Go: the compiler, and a static binary with many goroutines, raw calls and SIGURG noise.
. tests/cli/tap.inc
if ! command -v go > /dev/null; then skip "go" "no Go compiler here"; exit 0; fi
cat > "$T/server.go" <<'G'
package main

import ("fmt"; "io"; "net"; "os"; "sync"; "time")

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil { panic(err) }
	go func() { for { c, err := l.Accept(); if err != nil { return }; go func() { io.Copy(c, c); c.Close() }() } }()
	var wg sync.WaitGroup
	var mu sync.Mutex
	total := 0
	for i := 0; i < 50; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			c, err := net.Dial("tcp", l.Addr().String())
			if err != nil { panic(err) }
			buf := make([]byte, 5)
			for j := 0; j < 20; j++ { fmt.Fprintf(c, "hello"); io.ReadFull(c, buf); mu.Lock(); total += len(buf); mu.Unlock() }
			x := 0
			for end := time.Now().Add(2 * time.Millisecond); time.Now().Before(end); { x++ }
			c.Close()
		}()
	}
	wg.Wait()
	fmt.Println(total)
	os.Exit(total % 256)
}
G
export GOCACHE="$T/cache" GOFLAGS=-mod=mod CGO_ENABLED=0 GO111MODULE=off
ok "go build under -f" sh -c "cd '$T' && '$RS' -f -o build.log go build -o server server.go && test -x server"
ok "a static Go server answers all" sh -c "'$RS' -f -o '$T/log' '$T/server' | grep -qx 5000"
ok "its exit status comes through" status 136 "$RS" -f -o "$T/log" "$T/server"
ok "nothing unknown in its log" sh -c "! grep -n 'syscall_0x' '$T/log'"
entries() { "$RS" -f --json="$T/j" -o /dev/null "$T/server" > /dev/null; python3 - "$T/j" <<'P'
import json, sys
n = {}
for line in open(sys.argv[1]):
    r = json.loads(line)
    if r["type"] == "call" and r["name"] in ("write", "read") and r.get("ret", {}) not in (None,) and "error" not in r:
        n[r["name"]] = n.get(r["name"], 0) + 1
assert n["write"] >= 1000 and n["read"] >= 1000, n  # the server copies by splice
P
}
ok "every read and write of it is a JSON record" entries
