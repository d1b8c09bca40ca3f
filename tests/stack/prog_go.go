// Calls getppid from a goroutine, through a closure and a method.
package main

import "syscall"

type counter struct{ n int }

//go:noinline
func (c *counter) ask() int {
	c.n++
	return syscall.Getppid() + c.n
}

//go:noinline
func outer(c *counter, f func() int) int {
	return c.ask() + f()
}

func main() {
	done := make(chan int)
	go func() {
		c := &counter{}
		done <- outer(c, func() int { return 1 })
	}()
	<-done
}
