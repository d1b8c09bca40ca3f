// A Go HTTP server on a Unix socket, and a client that loads it: http serve SOCKET; http load SOCKET REQUESTS.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
)

func serve(socket string) error {
	l, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	return http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := os.ReadFile("/etc/hostname")
		if err != nil {
			http.Error(w, err.Error(), 500)
			return
		}
		fmt.Fprintf(w, "%s: %s", r.URL.Path, text)
	}))
}

func load(socket string, n int) error {
	transport := &http.Transport{MaxIdleConnsPerHost: 8, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}}
	client := &http.Client{Transport: transport}
	const workers = 8
	errors := make(chan error, workers)
	var wg sync.WaitGroup
	for k := 0; k < workers; k++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := 0; i < n/workers; i++ {
				r, err := client.Get("http://server/x")
				if err != nil {
					errors <- err
					return
				}
				io.Copy(io.Discard, r.Body)
				r.Body.Close()
			}
		}()
	}
	wg.Wait()
	select {
	case err := <-errors:
		return err
	default:
		return nil
	}
}

func main() {
	var err error
	if len(os.Args) == 3 && os.Args[1] == "serve" {
		err = serve(os.Args[2])
	} else if len(os.Args) == 4 && os.Args[1] == "load" {
		n, _ := strconv.Atoi(os.Args[3])
		err = load(os.Args[2], n)
	} else {
		err = fmt.Errorf("usage: http serve SOCKET | load SOCKET REQUESTS")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
