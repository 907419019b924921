// A loop without calls does not stop the others: preemption by signal; and a collection while it spins.
// env: GOMAXPROCS=1
package main

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"time"
)

func main() {
	var stop atomic.Bool
	var plain int
	go func() {
		for i := 0; ; i++ {
			plain = i ^ plain
		}
	}()
	go func() {
		for !stop.Load() {
		}
		fmt.Println("stopped")
		stop.Store(false)
	}()
	time.Sleep(5 * time.Millisecond)
	runtime.GC()
	stop.Store(true)
	for stop.Load() {
		runtime.Gosched()
	}
	fmt.Println("done")
}
