// RUN: %goc build -c -o %t.o -d ir,verify %s 2>&1 | FileCheck %s
// Conversions out of range are what the instruction gives, comparisons are ordered but !=, nothing is fast or fused.
package main

// CHECK-LABEL: define hidden i64 @main.toint(
// CHECK: %[[V:.*]] = insertelement <2 x double> zeroinitializer, double %f, i64 0
// CHECK: call i64 @llvm.x86.sse2.cvttsd2si64(<2 x double> %[[V]])
func toint(f float64) int { return int(f) }

// CHECK-LABEL: define hidden i8 @main.tobyte(
// CHECK: call i32 @llvm.x86.sse2.cvttsd2si(
// CHECK: trunc i32
func tobyte(f float64) uint8 { return uint8(f) }

// CHECK-LABEL: define hidden i64 @main.touint(
// CHECK: fcmp olt double %f, 0x43E0000000000000
// CHECK: call i64 @llvm.x86.sse2.cvttsd2si64(
// CHECK: call i64 @llvm.x86.sse2.cvttsd2si64(
// CHECK: or i64 %{{.*}}, -9223372036854775808
func touint(f float64) uint64 { return uint64(f) }

// CHECK-LABEL: define hidden i1 @main.ne(
// CHECK: fcmp une double %x, %y
func ne(x, y float64) bool { return x != y }

// CHECK-LABEL: define hidden i1 @main.lt(
// CHECK: fcmp olt double %x, %y
func lt(x, y float64) bool { return x < y }

// CHECK-LABEL: define hidden double @main.muladd(
// CHECK: %[[M:.*]] = fmul double %x, %y
// CHECK: fadd double %[[M]], %z
func muladd(x, y, z float64) float64 { return x*y + z }

// CHECK-LABEL: define hidden double @main.neg(
// CHECK: fneg double %x
func neg(x float64) float64 { return -x }

func main() {}
