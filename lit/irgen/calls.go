// RUN: %goc build -c -o %t.o -d ir,verify %s 2>&1 | FileCheck %s
// Parameters are flattened, up to four scalars; larger ones are a copy that the callee owns. Results: three words and two floats in
// registers, else an out area.
package main

type S4 struct {
	s    string
	a, b int
}
type S5 struct{ a, b, c, d, e int }

// CHECK-LABEL: define hidden void @main.params(ptr nest %ctx, ptr %s.ptr, i64 %s.len, ptr %x.ptr, i64 %x.len, i64 %x.cap, ptr %e.type, ptr %e.data, i1 %b, float %f)
func params(s string, x []byte, e any, b bool, f float32) {}

// CHECK-LABEL: define hidden void @main.structs(ptr nest %ctx, ptr %x.s.ptr, i64 %x.s.len, i64 %x.a, i64 %x.b, ptr %y)
func structs(x S4, y S5) {}

// CHECK-LABEL: define hidden { i64, i64, i64, double, double } @main.regs(ptr nest %ctx)
func regs() (int, int, int, float64, float64) { return 1, 2, 3, 4, 5 }

// CHECK-LABEL: define hidden void @main.out(ptr nest %ctx, ptr "goc-out" %out)
// CHECK: store i64 4, ptr
func out() (a, b, c, d int) { return 1, 2, 3, 4 }

// CHECK-LABEL: define hidden i64 @main.one(ptr nest %ctx)
func one() int { return 1 }

// CHECK-LABEL: define hidden i64 @main.caller(
// CHECK: %copy = alloca { i64, i64, i64, i64, i64 }
// CHECK: call i64 @main.one(ptr nest poison) #[[NM:[0-9]+]]
// CHECK: call void @llvm.memmove{{.*}}ptr align 8 %copy, ptr align 8 %y
// CHECK: call void @main.structs(ptr nest poison, ptr null, i64 0, i64 1, i64 2, ptr %copy)
func caller(y S5) int {
	n := one()
	structs(S4{"", 1, 2}, y)
	return n
}

// CHECK-LABEL: define hidden i64 @main.indirect(ptr nest %ctx, ptr %f)
// CHECK: icmp eq ptr %f, null
// CHECK: %[[CODE:.*]] = load ptr, ptr %f
// CHECK: call i64 %[[CODE]](ptr nest %f, i64 3)
func indirect(f func(int) int) int { return f(3) }
// CHECK: attributes #[[NM]] = { nomerge }

func main() {}
