// RUN: %goc build -c -o %t.o -d ir,verify %s 2>&1 | FileCheck %s
// A count is compared with the width first; a negative one panics; what is shifted out is 0 or the sign.
package main

// CHECK-LABEL: define hidden i64 @main.left(
// CHECK: %[[BIG:.*]] = icmp uge i64 %n, 64
// CHECK: %[[V:.*]] = shl i64 %x, %n
// CHECK: select i1 %[[BIG]], i64 0, i64 %[[V]]
func left(x int, n uint) int { return x << n }

// CHECK-LABEL: define hidden i32 @main.right(
// CHECK: icmp slt i64 %n, 0
// CHECK: %[[BIG:.*]] = icmp uge i64 %n, 32
// CHECK: %[[C:.*]] = trunc i64 %n to i32
// CHECK: %[[S:.*]] = select i1 %[[BIG]], i32 31, i32 %[[C]]
// CHECK: ashr i32 %x, %[[S]]
// CHECK: call void @runtime.panicshift()
func right(x int32, n int) int32 { return x >> n }

// CHECK-LABEL: define hidden i8 @main.logical(
// CHECK: lshr i8 %x, 3
// CHECK-NOT: select
// CHECK: ret i8
func logical(x uint8) uint8 { return x >> 3 }

// CHECK-LABEL: define hidden i8 @main.far(
// CHECK: ret i8 0
func far(x uint8) uint8 { return x << 9 }

// CHECK-LABEL: define hidden i8 @main.sign(
// CHECK: ashr i8 %x, 7
func sign(x int8) int8 { return x >> 200 }

func main() {}
