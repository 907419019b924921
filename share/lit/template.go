// A test of where values live: what must stay on the stack, what may go to the heap. Change it, add files like it.
//
// RUN: %goc build -c -m %s 2>&1 | FileCheck %s
// RUN: %goc build -c -d ir=main.sum %s 2>&1 | FileCheck --check-prefix=IR %s
package main

type point struct{ x, y int }

// CHECK: template.go:[[#@LINE+2]]:{{[0-9]+}}: moved to heap: p
func leak() *point {
	p := point{1, 2}
	return &p
}

// The points of sum never leave it.
// CHECK-NOT: moved to heap
// IR-LABEL: define {{.*}}@main.sum(
// IR: alloca {{.*}} !goc.alloc
func sum(n int) (s int) {
	for i := 0; i < n; i++ {
		p := &point{i, 1}
		s += p.x + p.y
	}
	return s
}

func main() {
	println(leak().x, sum(10))
}
