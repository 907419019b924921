// RUN: %goc build -c -o %t.o -d ir,verify %s 2>&1 | FileCheck %s
// Results are captured by an empty asm before the checkpoint; coming back a second time, the function returns them.
package main

// CHECK-LABEL: define hidden i64 @main.f(
// CHECK: %rec = alloca [192 x i8], align 16
// CHECK: call void asm sideeffect "", "*m,~{memory}"(ptr elementtype(i64) %r)
// CHECK: %[[C:.*]] = call i32 @runtime.checkpoint(ptr %rec)
// CHECK: icmp eq i32 %[[C]], 0
// CHECK: call void @runtime.deferproc(ptr %rec
// CHECK: deferreturn:
// CHECK-NEXT: call void @runtime.deferreturn(ptr %rec)
// CHECK-NEXT: load i64, ptr %r
// CHECK-NEXT: ret i64
func f() (r int) {
	defer g()
	return h()
}

// What a deferred function can see is stored at once: the hardware may fault.
// CHECK-LABEL: define hidden i64 @main.watched(
// CHECK: store volatile i64 2, ptr %captured
// CHECK: store i64 3, ptr %own
// CHECK: store volatile i64 4, ptr %r
func watched() (r int) {
	captured, own := 1, 1
	defer func() { println(captured) }()
	captured = 2
	own = 3
	r = 4
	return own
}

func g() {}
func h() int { return 1 }

func main() {}
