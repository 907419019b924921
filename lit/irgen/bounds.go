// RUN: %goc build -c -o %t.o -d ir,verify %s 2>&1 | FileCheck %s
// One unsigned comparison; the panic's function says whether the index was signed.
package main

// CHECK-LABEL: define hidden i64 @main.index(
// CHECK: icmp uge i64 %i, %s.len
// CHECK: getelementptr inbounds [8 x i8], ptr %s.ptr, i64 %i
// CHECK: call void @runtime.panicIndex(i64 %i, i64 %s.len)
func index(s []int, i int) int { return s[i] }

// CHECK-LABEL: define hidden i64 @main.small(
// CHECK: %[[I:.*]] = zext i8 %i to i64
// CHECK: call void @runtime.panicIndexU(i64 %[[I]], i64 %s.len)
func small(s []int, i uint8) int { return s[i] }

// CHECK-LABEL: define hidden i8 @main.char(
// CHECK: icmp uge i64 %i, %s.len
func char(s string, i int) byte { return s[i] }

// CHECK-LABEL: define hidden i64 @main.constant(
// CHECK-NOT: panicIndex
// CHECK: ret i64
func constant(a *[4]int) int { return a[3] }

// There was a bug where what stands behind the check, which always fails, had no address to store to.
// CHECK-LABEL: define hidden void @main.empty(
// CHECK: icmp uge i64 %{{.*}}, 0
// CHECK: call void @runtime.panicIndex(
func empty(i int) {
	var a [0]int
	a[i] = 1
	a[i]++
	for _, a[i] = range []int{1} {
	}
}

func main() {}
