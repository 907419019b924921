// RUN: %goc build -O2 -o %t %s && %t
// What is dead when the program calls runtime.GC is collected, though the register that had it was not needed since.
package main

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

func collect(done *atomic.Bool) bool {
	runtime.GC()
	for i := 0; i < 200 && !done.Load(); i++ {
		time.Sleep(time.Millisecond)
	}
	return done.Load()
}

//go:noinline
func once(wrap func([]byte) func()) {
	buf := make([]byte, 1024)
	var done atomic.Bool
	runtime.SetFinalizer(&buf[0], func(*byte) { done.Store(true) })
	f := wrap(buf)
	f()
	if !collect(&done) {
		panic("still live")
	}
	f()
}

func main() {
	once(func(b []byte) func() { return sync.OnceFunc(func() { b[0] = 1 }) })
}
