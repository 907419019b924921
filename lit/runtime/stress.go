// RUN: %goc build -o %t %s && env GOMAXPROCS=4 %t 2>&1 | FileCheck %s
// RUN: env GOMAXPROCS=1 %t 2>&1 | FileCheck %s
// Everything at once: rings of channels, recursion over stack segments, loops without calls (preempted by signal only), recovered panics and
// faults, timers, tickers, selects, mutexes, GOMAXPROCS changing and collections (both stop the world).
package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

var stop atomic.Bool
var errors, fails atomic.Int64
var wg sync.WaitGroup
var counts [16]atomic.Int64

func fail(what string) {
	if errors.Add(1) < 5 {
		println("failed:", what)
	}
}

func run(k int, f func()) {
	wg.Add(1)
	go func() {
		defer wg.Done()
		for !stop.Load() {
			f()
			counts[k].Add(1)
		}
	}()
}

func fib(n, a, b, c, d, e, f, g int) int {
	var pad [8]int
	pad[n&7] = n
	if b != a+1 || c != a+2 || d != a+3 || e != a+4 || f != a+5 || g != a+6 {
		fail("arguments")
	}
	if n < 2 {
		return n
	}
	r := fib(n-1, a, b, c, d, e, f, g) + fib(n-2, a+1, b+1, c+1, d+1, e+1, f+1, g+1)
	if pad[n&7] != n {
		fail("frame")
	}
	return r
}

func deep(n int) int {
	var v [20]int
	v[n%20] = n
	if n == 0 {
		return 0
	}
	r := deep(n-1) + 1
	if v[n%20] != n {
		fail("deep frame")
	}
	return r
}

func spin() {
	a, b, c, d := 0, 1, 2, 3
	x := 1.0
	for i := 0; i < 3000000; i++ {
		a, b, c, d = d-2, a+2, b+2, c+2
		a, b, c, d = a+1-1, b, c, d
		x = x*1.0000001 + 1e-9
	}
	if !(x > 1) {
		fail("float register")
	}
	if b-a > 100 || c-d > 100 {
		fail("register")
	}
}

type node struct {
	l, r *node
	v    int
}

func tree(n int) *node {
	if n == 0 {
		return nil
	}
	return &node{tree(n - 1), tree(n - 1), n}
}
func (t *node) sum() int {
	if t == nil {
		return 0
	}
	return t.v + t.l.sum() + t.r.sum()
}

func fault(n int, p *int) int {
	if n == 0 {
		return *p
	}
	return fault(n-1, p) + 1
}
func recovering(n int) (res int) {
	defer func() {
		runtime.Gosched()
		if r := recover(); r != nil {
			res++
			if _, ok := r.(runtime.Error); !ok && n&1 == 0 {
				fail("kind of panic")
			}
		}
	}()
	if n&1 != 0 {
		panic(n)
	}
	fault(n, nil)
	return -5
}

func ring(n int) {
	in := make(chan int)
	out := in
	for i := 0; i < n; i++ {
		c, d := out, make(chan int, i%3)
		wg.Add(1)
		go func() {
			defer wg.Done()
			for v := range c {
				d <- v + 1
			}
			close(d)
		}()
		out = d
	}
	wg.Add(1)
	go func() {
		defer wg.Done()
		for i := 0; !stop.Load(); i++ {
			in <- i
		}
		close(in)
	}()
	wg.Add(1)
	go func() {
		defer wg.Done()
		i := 0
		for v := range out {
			if v != i+n {
				fail("ring")
			}
			i++
			counts[0].Add(1)
		}
	}()
}

func main() {
	ring(8)
	for i := 0; i < 2; i++ {
		run(1, func() {
			if fib(12, 1, 2, 3, 4, 5, 6, 7) != 144 {
				fail("fib")
			}
		})
		run(2, func() {
			if deep(300) != 300 {
				fail("deep")
			}
			runtime.Gosched()
		})
		run(3, spin)
		n := 0
		run(4, func() {
			if recovering(n%61) != 1 {
				fail("recover")
			}
			n++
		})
		run(5, func() {
			t := time.Now()
			time.Sleep(50 * time.Microsecond)
			if time.Since(t) < 50*time.Microsecond {
				fail("sleep")
			}
		})
		run(6, func() {
			c := make(chan int, 4)
			for i := 0; i < 20; i++ {
				go func() { c <- i }()
			}
			s := 0
			for i := 0; i < 20; i++ {
				s += <-c
			}
			if s != 190 {
				fail("spawn")
			}
		})
		run(7, func() {
			if tree(8).sum() != 502 {
				fail("tree")
			}
		})
		var mu sync.Mutex
		var rw sync.RWMutex
		x, y := 0, 0
		for j := 0; j < 3; j++ {
			run(8, func() {
				mu.Lock()
				x++
				y = x
				mu.Unlock()
				rw.RLock()
				if y > x {
					fail("rwmutex")
				}
				rw.RUnlock()
			})
		}
		tk := time.NewTicker(time.Millisecond)
		run(9, func() {
			select {
			case <-tk.C:
			case <-time.After(200 * time.Millisecond):
				fails.Add(1)
			}
		})
		run(10, func() {
			t := time.NewTimer(time.Duration(50) * time.Microsecond)
			runtime.Gosched()
			if !t.Stop() {
				select {
				case <-t.C:
					fail("value after Stop")
				default:
				}
			}
		})
	}
	for end, i := time.Now().Add(2*time.Second), 0; time.Now().Before(end); i++ {
		runtime.GOMAXPROCS(1 + i%4)
		time.Sleep(time.Millisecond)
		if i%10 == 0 {
			runtime.GC()
		}
	}
	runtime.GOMAXPROCS(4)
	stop.Store(true)
	wg.Wait()
	for i := 0; i < 11; i++ {
		if counts[i].Load() == 0 {
			fmt.Println("nothing done:", i)
		}
		fmt.Print(counts[i].Load(), " ")
	}
	fmt.Println()
	fmt.Println("errors", errors.Load())
}

// CHECK-NOT: nothing done
// CHECK: errors 0
