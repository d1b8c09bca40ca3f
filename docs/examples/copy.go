// copy FROM TO SIZE: copies with a buffer of SIZE bytes; SIZE 0: io.Copy as it comes.
package main

import (
	"io"
	"os"
	"strconv"
)

// Hides ReadFrom and WriteTo, so that io.CopyBuffer uses the buffer.
type reader struct{ io.Reader }
type writer struct{ io.Writer }

func main() {
	in, err := os.Open(os.Args[1])
	if err != nil {
		panic(err)
	}
	out, err := os.Create(os.Args[2])
	if err != nil {
		panic(err)
	}
	size, _ := strconv.Atoi(os.Args[3])
	if size == 0 {
		_, err = io.Copy(out, in)
	} else {
		_, err = io.CopyBuffer(writer{out}, reader{in}, make([]byte, size))
	}
	if err != nil || out.Close() != nil {
		panic(err)
	}
}
