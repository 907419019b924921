// RUN: %goc build -c -d ir -o /dev/null %s 2>%t.ir
// RUN: %goc build -c -d escape -o /dev/null %s 2>%t.escape
// RUN: %escape %t.ir -o %t.opt
// RUN: tail -n +2 %t.escape > %t.a
// RUN: tail -n +2 %t.opt > %t.b
// RUN: cmp %t.a %t.b
// RUN: FileCheck %s < %t.b

// The plugin makes of the IR before the pass what the compiler makes of it, byte for byte but for the module's name.
package main

type T struct {
	next *T
	v    int
}

var sink any

// CHECK-LABEL: define hidden ptr @main.escapes(
// CHECK: call ptr @runtime.newobject(ptr @"type:main.T")
func escapes(v int) *T { return &T{v: v} }

// CHECK-LABEL: define hidden i64 @main.stays(
// CHECK: alloca { ptr, i64 }
// CHECK-NOT: newobject
// CHECK: ret i64
func stays(v int) int {
	t := &T{v: v}
	u := &T{next: t}
	if v > 1 {
		u.next.v++
	}
	return t.v + u.next.v
}

func main() {
	sink = 42
	f := func() int { return 7 }
	println(escapes(1).v, stays(2), f())
}
