// RUN: %goc build -c -o %t.o -d ir,verify %s 2>&1 | FileCheck %s
// Integers wrap: no nsw, no nuw. No function must return or make progress.
package main

// CHECK-LABEL: define hidden i32 @main.f(
// CHECK: add i32 %
// CHECK: mul i32 %
// CHECK: sub i32 %
func f(x, y int32) int32 { return (x+y)*y - x }

// CHECK-LABEL: define hidden void @main.forever(
// CHECK: for:
// CHECK-NEXT: br label %for
func forever() {
	for {
	}
}

// CHECK: attributes #0 = { {{.*}}null_pointer_is_valid{{.*}}"disable-tail-calls"="true" "frame-pointer"="all" "target-cpu"="x86-64" }
// CHECK-NOT: mustprogress
// CHECK-NOT: willreturn

func main() {}
