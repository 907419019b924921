// What a program has dropped is collected, at -O0 too: x = nil clears the register or the slot that x was in, and the temporaries of
// channel operations hold nothing afterwards. A large literal of constants needs no copy on the stack.
package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

type Large [10 << 20]byte

func inUse() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Alloc)
}

func expect(what string, start int64, held bool) {
	runtime.NumGoroutine() // its result replaces what KeepAlive left in a register, which the next frame may save
	if now := inUse() - start; now > 9<<20 != held {
		fmt.Println(what, "bytes in use:", now)
	}
}

//go:noinline
func pointer(x *Large, start int64) {
	expect("parameter, held:", start, true)
	runtime.KeepAlive(x)
	x = nil
	expect("parameter, dropped:", start, false)
	x = new(Large)
	expect("new one:", start, true)
	runtime.KeepAlive(x)
}

//go:noinline
func slices(c chan []byte, start int64) {
	for x := range c {
		expect("received, held:", start, true)
		runtime.KeepAlive(&x[0])
		x = nil
		expect("received, dropped:", start, false)
	}
}

//go:noinline
func selected(c chan []byte, start int64) {
	for {
		var x []byte
		var ok bool
		select {
		case x, ok = <-c:
		case <-make(chan int):
		}
		if !ok {
			break
		}
		expect("selected, held:", start, true)
		if x[0] == 1 {
			continue
		}
		x = nil
		expect("selected, dropped:", start, false)
	}
}

func filled() chan []byte {
	c := make(chan []byte, 4)
	c <- make([]byte, 10<<20)
	close(c)
	return c
}

type Record struct {
	A [1 << 20]byte
	B string
	C [3]int
}

func literal(done chan *Record) {
	r := new(Record)
	*r = Record{B: "old", C: [3]int{1, 2, 3}}
	*r = Record{B: "b", C: [...]int{2: 5}}
	done <- r
}

func main() {
	start := inUse()
	pointer(new(Large), start)
	start = inUse()
	slices(filled(), start)
	start = inUse()
	selected(filled(), start)
	debug.SetMaxStack(1 << 16)
	done := make(chan *Record)
	go literal(done)
	r := <-done
	fmt.Println(r.B, r.C[0], r.C[2])
	func() {
		defer func() { fmt.Println(recover() != nil) }()
		var none *Record
		*none = Record{B: "x"}
	}()
}
