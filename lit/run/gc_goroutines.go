// Many goroutines build and check linked structures, maps, closures and deep stacks while the collector runs.
// env: GOCDEBUG=gcstress=3000,checkheap=1
package main

import (
	"fmt"
	"sync"
)

type Node struct {
	next *Node
	data [3]int
	m    map[string]*Node
	s    []string
	e    any
	f    func() int
}

func mk(n int) *Node {
	var h *Node
	for i := 0; i < n; i++ {
		x := &Node{next: h}
		x.data[0] = i
		if i%10 == 0 {
			x.m = map[string]*Node{"self": x}
			x.s = []string{"a", "b" + string(rune('a'+i%26))}
		}
		if i%7 == 0 {
			x.e = i
			x.f = func() int { return x.data[0] }
		}
		h = x
	}
	return h
}
func check(h *Node, n int) bool {
	for i := n - 1; i >= 0; i-- {
		if h == nil || h.data[0] != i {
			return false
		}
		if i%10 == 0 && (h.m["self"] != h || h.s[1] != "b"+string(rune('a'+i%26))) {
			return false
		}
		if i%7 == 0 && (h.e.(int) != i || h.f() != i) {
			return false
		}
		h = h.next
	}
	return h == nil
}
func rec(d int, h *Node, n int) bool {
	if d == 0 {
		return check(h, n)
	}
	var pad [20]*Node
	for i := range pad {
		pad[i] = mk(d)
	}
	if !rec(d-1, h, n) {
		return false
	}
	for i := range pad {
		if !check(pad[i], d) {
			return false
		}
	}
	return true
}
func main() {
	var wg sync.WaitGroup
	var mu sync.Mutex
	shared := map[int]*Node{}
	bad := 0
	for g := 0; g < 16; g++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			ch := make(chan *Node, 10)
			for r := 0; r < 30; r++ {
				h := mk(100 + r)
				go func() { ch <- mk(50) }()
				if !rec(12, h, 100+r) {
					mu.Lock()
					bad++
					mu.Unlock()
				}
				if !check(<-ch, 50) {
					mu.Lock()
					bad++
					mu.Unlock()
				}
				mu.Lock()
				shared[g*1000+r] = h
				if r > 5 {
					if !check(shared[g*1000+r-5], 100+r-5) {
						bad++
					}
					delete(shared, g*1000+r-5)
				}
				mu.Unlock()
			}
		}()
	}
	wg.Wait()
	fmt.Println("bad", bad, len(shared))
}
