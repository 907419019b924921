// RUN: %goc build -c -o %t.o -d ir,verify %s 2>&1 | FileCheck %s
// A dereference is tested for nil by a branch to a cold block, once in a block for one value.
package main

type T struct{ a, b int }

// CHECK-LABEL: define hidden i64 @main.sum(
// CHECK: icmp eq ptr %t, null
// CHECK-NOT: icmp eq ptr
// CHECK: add i64
// CHECK: call void @runtime.panicnil()
// CHECK-NEXT: unreachable
func sum(t *T) int { return t.a + t.b }

// An unused load panics too.
// CHECK-LABEL: define hidden void @main.touch(
// CHECK: icmp eq ptr %p, null
func touch(p *int) { _ = *p }

// p is tested when it is stored to, behind the call.
// CHECK-LABEL: define hidden void @main.late(
// CHECK: call i64 @main.f(
// CHECK: icmp eq ptr %t, null
func late(t *T) { t.a = f() }

func f() int { return 1 }

// The variable itself is never nil.
// CHECK-LABEL: define hidden i64 @main.local(
// CHECK-NOT: icmp eq ptr
// CHECK: ret i64
func local() int {
	var t T
	p := &t.a
	_ = p
	return t.b
}

func main() {}
