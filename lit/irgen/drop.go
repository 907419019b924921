// RUN: %goc build -c -o %t.o -d ir,verify %s 2>&1 | FileCheck %s
// x = nil clears the register of the old value; temporaries of channel operations are cleared; runtime.GC finds no dead value in a saved register.
package main

import "runtime"

// CHECK-LABEL: define hidden void @main.drop(
// CHECK: call ptr asm sideeffect "xorl ${0:k}, ${0:k}", "=r,0,~{dirflag},~{fpsr},~{flags}"(ptr nocapture %x)
// CHECK: store ptr null, ptr %x.addr
func drop(x *int, f func()) {
	x = nil
	f()
	print(x)
}

// CHECK-LABEL: define hidden void @main.noInterface(
// CHECK-NOT: asm
// CHECK: ret void
func noInterface(err error, p *int) {
	q := p
	err = nil
	var r []int = nil
	print(err, q, r)
}

// CHECK-LABEL: define hidden ptr @main.receive(
// CHECK: call void @runtime.chanrecv1(ptr %c, ptr %[[T:.*]])
// CHECK: load ptr, ptr %[[T]]
// CHECK: store volatile ptr null, ptr %[[T]]
func receive(c chan *int) *int { return <-c }

// CHECK-LABEL: define hidden void @main.send(
// CHECK: call void @runtime.chansend1(ptr %c, ptr %[[T:.*]])
// CHECK: store volatile ptr null, ptr %[[T]]
// CHECK-NOT: store volatile
// CHECK: ret void
func send(c chan []int, v []int) { c <- v }

// CHECK-LABEL: define hidden void @main.collect(
// CHECK: call void asm sideeffect "xorl %ebx, {{.*}}", "~{rbx},~{r12},~{r13},~{r14},~{r15},{{.*}}"()
// CHECK-NEXT: call void @runtime.GC()
func collect() { runtime.GC() }

type t struct {
	a [100]int
	s string
}

// A literal of constants is made in place.
// CHECK-LABEL: define hidden void @main.constant(
// CHECK-NOT: alloca %
// CHECK: call void @runtime.panicnil
// CHECK: ret void
func constant(p *t) { *p = t{s: "x"} }

func main() {}
