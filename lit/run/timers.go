// Sleeping, timers, tickers, contexts with deadlines; mutual exclusion with atomics.
package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	start := time.Now()
	time.Sleep(10 * time.Millisecond)
	d := time.Since(start)
	fmt.Println(d >= 10*time.Millisecond, d < 5*time.Second)
	t := time.NewTimer(time.Hour)
	fmt.Println(t.Stop(), t.Reset(time.Millisecond))
	<-t.C
	order := make(chan int, 3)
	for _, ms := range []int{400, 10, 200} {
		time.AfterFunc(time.Duration(ms)*time.Millisecond, func() { order <- ms })
	}
	fmt.Println(<-order, <-order, <-order)
	ctx, cancel := context.WithTimeout(context.WithValue(context.Background(), "k", "v"), 5*time.Millisecond)
	defer cancel()
	<-ctx.Done()
	fmt.Println(ctx.Err(), errors.Is(ctx.Err(), context.DeadlineExceeded), ctx.Value("k"))
	tick := time.NewTicker(time.Millisecond)
	n := 0
	for range tick.C {
		if n++; n == 3 {
			tick.Stop()
			break
		}
	}
	fmt.Println(n)
	var count atomic.Int64
	var spin int32
	var plain int
	var wg sync.WaitGroup
	for i := 0; i < 50; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := 0; j < 100; j++ {
				count.Add(1)
				for !atomic.CompareAndSwapInt32(&spin, 0, 1) {
					time.Sleep(time.Microsecond)
				}
				plain++
				atomic.StoreInt32(&spin, 0)
			}
		}()
	}
	wg.Wait()
	fmt.Println(count.Load(), plain)
	var rw sync.RWMutex
	var m sync.Map
	for i := 0; i < 10; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			rw.RLock()
			m.Store(i, i*i)
			rw.RUnlock()
		}()
	}
	wg.Wait()
	v, ok := m.Load(7)
	fmt.Println(v, ok)
	pool := sync.Pool{New: func() any { return new([64]byte) }}
	pool.Put(pool.Get())
	fmt.Println(time.Unix(1700000000, 0).UTC().Format(time.RFC3339), time.Duration(1500)*time.Millisecond)
}
