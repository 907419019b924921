// RUN: %goc build -c -o %t.o -d ir,verify %s 2>&1 | FileCheck %s
// Captured by value when it is never assigned again, else by reference: then the variable is a tagged alloca.
package main

// CHECK-LABEL: define hidden ptr @main.counter(
// CHECK: %n = alloca i64{{.*}}!goc.alloc
// CHECK: %[[C:.*]] = alloca { i64, ptr, i64 }{{.*}}!goc.alloc
// CHECK: store ptr @main.counter.func1, ptr %[[C]]
// CHECK: store ptr %n, ptr
// CHECK: store i64 %step, ptr
func counter(step int) func() int {
	n := 0
	return func() int {
		n += step
		return n
	}
}

// CHECK-LABEL: define internal i64 @main.counter.func1(ptr nest %ctx)
// CHECK: getelementptr inbounds i8, ptr %ctx, i64 8
// CHECK: getelementptr inbounds i8, ptr %ctx, i64 16

// One without captures is a site too, which the pass makes static data.
// CHECK-LABEL: define hidden ptr @main.nothing(
// CHECK: %[[N:.*]] = alloca { i64 }{{.*}}!goc.alloc
// CHECK: store ptr @main.nothing.func1, ptr %[[N]]
func nothing() func() { return func() {} }

type T struct{ n int }

func (t T) get() int { return t.n }

// CHECK-LABEL: define hidden ptr @main.bound(
// CHECK: !goc.alloc
// CHECK: store ptr @main.T.get-fm, ptr
func bound(t T) func() int { return t.get }

// CHECK-LABEL: define linkonce_odr hidden i64 @main.T.get-fm(ptr nest %ctx)
// CHECK-SAME: section "goc_wrappers"
// CHECK: call i64 @main.T.get(ptr nest poison, i64 %{{.*}}) #[[W:[0-9]+]]
// CHECK: attributes #[[W]] = { noinline nomerge }

func main() {}
