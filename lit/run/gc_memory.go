// The collector keeps what is reachable and frees the rest: finalizers, weak references of package unique, statistics, pools, limits.
package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unique"
)

type node struct {
	next *node
	v    int
}

type big struct {
	pad [1000]int
	p   *node
}

var (
	finalized atomic.Int32
	keep      *node
	sink      any
)

//go:noinline
func makeGarbage(n int) {
	for i := 0; i < n; i++ {
		o := &node{v: i}
		runtime.SetFinalizer(o, func(o *node) { finalized.Add(1) })
	}
}

//go:noinline
func chain(n int) (h *node) {
	for i := 0; i < n; i++ {
		h = &node{h, i}
	}
	return h
}

func main() {
	// Finalizers: most of a hundred run, each once.
	makeGarbage(100)
	for i := 0; i < 50 && finalized.Load() < 90; i++ {
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
	fmt.Println("finalized", finalized.Load() >= 90 && finalized.Load() <= 100)

	// A removed finalizer does not run; a second one is a mistake that ends the program, so it is not tried here.
	o := new(big)
	runtime.SetFinalizer(o, func(*big) { fmt.Println("never") })
	runtime.SetFinalizer(o, nil)
	o = nil

	// A long chain survives, the garbage beside it does not.
	keep = chain(200000)
	for i := 0; i < 20; i++ {
		chain(50000)
	}
	runtime.GC()
	n := 0
	for p := keep; p != nil; p = p.next {
		n++
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Println("chain", n, m.HeapAlloc < 40<<20, m.Mallocs >= 1200000, m.NumGC > 0)

	// Interior pointers keep their object, also from the middle of a large one.
	b := new(big)
	b.p = chain(3)
	in := &b.pad[999]
	b = nil
	sl := make([]*node, 100000)
	sl[99999] = chain(5)
	tail := sl[99999:]
	sl = nil
	runtime.GC()
	*in = 7
	fmt.Println("interior", *in, tail[0].v, tail[0].next.next.v)

	// Memory that is freed is used again.
	for i := 0; i < 200; i++ {
		sink = make([]byte, 4<<20)
	}
	sink = nil
	debug.FreeOSMemory()
	runtime.ReadMemStats(&m)
	fmt.Println("large", m.HeapSys < 300<<20, m.HeapReleased > 0)

	// Handles of package unique.
	h := unique.Make(strings.Repeat("x", 100))
	for i := 0; i < 3; i++ {
		runtime.GC()
	}
	fmt.Println("unique", h == unique.Make(strings.Repeat("x", 100)), len(h.Value()))

	// Pools are emptied by the second collection.
	p := sync.Pool{}
	p.Put(new(big))
	runtime.GC()
	runtime.GC()
	runtime.GC()
	fmt.Println("pool", p.Get() == nil)

	fmt.Println("percent", debug.SetGCPercent(50), debug.SetGCPercent(-1), debug.SetGCPercent(100))
	debug.SetMemoryLimit(200 << 20)
	for i := 0; i < 100; i++ {
		sink = make([]byte, 3<<20)
	}
	runtime.ReadMemStats(&m)
	fmt.Println("limit", m.HeapAlloc < 200<<20)
}
