// RUN: %goc build -c -o %t.o -d ir,verify %s 2>&1 | FileCheck %s
// From go1.22 each round has its own variable: when it is in memory, a fresh one is made before the post statement.
package main

var fs []func() int

// CHECK-LABEL: define hidden void @main.loop(
// CHECK: %i.loop = alloca ptr
// CHECK: %i = alloca i64{{.*}}!goc.alloc
// CHECK: store ptr %i, ptr %i.loop
// CHECK: for.post:
// CHECK: %[[NEXT:i[0-9]+]] = alloca i64{{.*}}!goc.alloc
// CHECK: store ptr %[[NEXT]], ptr %i.loop
func loop() {
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { i++; return i })
	}
}

// A variable that is only read in the closure is copied into it.
// CHECK-LABEL: define hidden void @main.ranged(
// CHECK: range.body:
// CHECK: alloca { i64, i64 }{{.*}}!goc.alloc
func ranged() {
	for i := range 3 {
		fs = append(fs, func() int { return i })
	}
}

func main() {}
