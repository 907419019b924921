// env: GOCDEBUG=checkescape=1,gcstress=1
// There were two bugs: func values behind a frame's eighth went to the heap, closures on the stack among them; and a closure that a
// loop (or its size) puts on the heap took parameters along without the summary saying so.
package main

import (
	"fmt"
	"runtime"
)

func twelve() (r int) {
	x := 1
	defer func() { r += x }()
	defer func() { r += x * 10 }()
	defer func() { r += x * 100 }()
	defer func() { r += x * 1000 }()
	defer func() { r += x * 10000 }()
	defer func() { r += x * 100000 }()
	defer func() { r += x * 1000000 }()
	defer func() { r += x * 10000000 }()
	defer func() { r += x * 100000000 }()
	defer func() { r += x * 1000000000 }()
	defer func() { r += x * 10000000000 }()
	defer func() { recover(); r += x * 100000000000 }()
	x = 2
	runtime.GC()
	if r == 0 {
		panic("recovered")
	}
	return 5
}

type T struct{ p *int }

//go:noinline
func loop(n int, t *T) (s int) {
	for i := range n {
		defer func() { s = s*10 + *t.p + i }()
		runtime.GC()
	}
	return 0
}

//go:noinline
func kept(n int, t *T) (f [3]func() int) {
	for i := range f {
		f[i] = func() int { return *t.p + i }
	}
	return f
}

//go:noinline
func local(n int) int {
	x := n
	t := T{&x}
	a := loop(4, &t)
	f := kept(n, &t)
	return a + f[0]() + f[2]()
}

//go:noinline
func nested(n int) (s int) {
	for i := range n {
		defer func() {
			for j := range 3 {
				defer func() { s += i*10 + j }()
			}
			runtime.GC()
		}()
	}
	return 0
}

func main() {
	fmt.Println(twelve(), local(3), nested(12))
}
