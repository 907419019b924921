// The heap's side of sync.Cond leads to waiters on stacks; that is not an escape.
// env: GOCDEBUG=checkescape=1,gcstress=7
package main

import (
	"fmt"
	"sync"
)

func main() {
	c := sync.NewCond(&sync.Mutex{})
	var wg sync.WaitGroup
	ready, done := 0, []int{}
	for i := range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			c.L.Lock()
			for ready <= i {
				c.Wait()
			}
			done = append(done, i)
			c.L.Unlock()
		}()
	}
	for range 4 {
		c.L.Lock()
		ready++
		c.L.Unlock()
		c.Signal()
		c.Broadcast()
		_ = make([]*int, 100)
	}
	c.L.Lock()
	ready = 8
	c.L.Unlock()
	c.Broadcast()
	wg.Wait()
	sum := 0
	for _, d := range done {
		sum += d
	}
	fmt.Println(len(done), sum)
}
