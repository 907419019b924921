// RUN: not %goc build -c -e %s 2>&1 | FileCheck --implicit-check-not="{{^[^[:blank:]].*:[0-9]+: }}" %s
// Unused variables, imports, expressions and labels that gc refuses.
package p

import (
	"unsafe"
// CHECK: :[[@LINE-1]]:2: "unsafe" imported and not used
	u "unsafe"
// CHECK: :[[@LINE-1]]:2: "unsafe" imported as u and not used
)

func unused(p int) (r int) {
	a := 1
// CHECK: :[[@LINE-1]]:2: declared and not used: a
	var b int
// CHECK: :[[@LINE-1]]:6: declared and not used: b
	c, d := 1, 2
// CHECK: :[[@LINE-1]]:5: declared and not used: d
	_ = c
	e := 1
// CHECK: :[[@LINE-1]]:2: declared and not used: e
	e = 2
	f := func() { g := 1 }
// CHECK: :[[@LINE-1]]:2: declared and not used: f
// CHECK: :[[@LINE-2]]:16: declared and not used: g
	for i := range 3 {
// CHECK: :[[@LINE-1]]:6: declared and not used: i
	}
	var h int
	h++
	1 + 1
// CHECK: :[[@LINE-1]]:2: 1 + 1 (untyped int constant 2) is not used
	p
// CHECK: :[[@LINE-1]]:2: p (variable of type int) is not used
	unused
// CHECK: :[[@LINE-1]]:2: unused (value of type func(p int) (r int)) is not used
	len("a")
// CHECK: :[[@LINE-1]]:2: len("a") (constant 1 of type int) is not used
	return
}
