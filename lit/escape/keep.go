// RUN: %goc build -O0 -d keep=p -o %t %s && env GOCDEBUG=checkescape=1,gcstress=1 not %t 2>&1 | FileCheck %s
// RUN: %goc build -O2 -d keep=p -o %t %s && env GOCDEBUG=checkescape=1,gcstress=1 not %t 2>&1 | FileCheck %s
// RUN: %goc build -O2 -o %t %s && env GOCDEBUG=checkescape=1,gcstress=1 %t
// A pass that keeps one escaping variable on the stack is caught, also when its frame is dead.
package main

import "runtime"

var global *int

//go:noinline
func f(n int) {
	p := n
	global = &p
}

func main() {
	f(7)
	runtime.GC()
	println(*global)
}

// CHECK: runtime: pointer 0x{{[0-9a-f]+}} into a stack in a global
// CHECK-NEXT: fatal error: checkescape: the heap or a global points into a goroutine's stack
