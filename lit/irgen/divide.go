// RUN: %goc build -c -o %t.o -d ir,verify %s 2>&1 | FileCheck %s
// Zero panics; MinInt / -1 is MinInt and % -1 is 0, so -1 never reaches sdiv.
package main

// CHECK-LABEL: define hidden i64 @main.quo(
// CHECK: icmp eq i64 %y, 0
// CHECK: %[[IS:.*]] = icmp eq i64 %y, -1
// CHECK: %[[D:.*]] = select i1 %[[IS]], i64 1, i64 %y
// CHECK: %[[Q:.*]] = sdiv i64 %x, %[[D]]
// CHECK: select i1 %[[IS]], i64 %{{.*}}, i64 %[[Q]]
// CHECK: call void @runtime.panicdivide()
func quo(x, y int) int { return x / y }

// CHECK-LABEL: define hidden i32 @main.rem(
// CHECK: %[[R:.*]] = srem i32
// CHECK: select i1 %{{.*}}, i32 0, i32 %[[R]]
func rem(x, y int32) int32 { return x % y }

// CHECK-LABEL: define hidden i64 @main.unsigned(
// CHECK-NOT: select
// CHECK: udiv i64 %x, %y
func unsigned(x, y uint) uint { return x / y }

// CHECK-LABEL: define hidden i64 @main.constant(
// CHECK-NOT: panicdivide
// CHECK: sdiv i64 %x, 10
func constant(x int) int { return x / 10 }

// CHECK-LABEL: define hidden i64 @main.minus(
// CHECK-NOT: sdiv
// CHECK: sub i64 0, %x
func minus(x int) int { return x / -1 }

func main() {}
