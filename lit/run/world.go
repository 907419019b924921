// Several goroutines want the world to stand at once: each gets its turn, nobody is forgotten.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	work := []func(){
		func() { runtime.Stack(make([]byte, 4096), true) },
		func() { runtime.GC() },
		func() { var m runtime.MemStats; runtime.ReadMemStats(&m) },
		func() { runtime.GOMAXPROCS(2 + runtime.GOMAXPROCS(0)%3) },
		func() { _ = make([]byte, 1<<16) },
	}
	for round := 0; round < 20; round++ {
		for _, f := range work {
			for range 2 {
				wg.Add(1)
				go func() {
					defer wg.Done()
					for range 10 {
						f()
					}
				}()
			}
		}
		wg.Wait()
	}
	fmt.Println("done")
}
