// RUN: not %goc build -c -e %s 2>&1 | FileCheck --implicit-check-not="{{^[^[:blank:]].*:[0-9]+: }}" %s
// Constant expressions: overflow, division, shifts, representability, iota.
package p

const (
	a = 1 << 600
// CHECK: :[[@LINE-1]]:8: constant shift overflow
	b = 10 / 0
// CHECK: :[[@LINE-1]]:11: invalid operation: division by zero
	c int8 = 100 + 100
// CHECK: :[[@LINE-1]]:11: cannot use 100 + 100 (untyped int constant 200) as int8 value in constant declaration (overflows)
	d = "a" + 1
// CHECK: :[[@LINE-1]]:6: invalid operation: "a" + 1 (mismatched types untyped string and untyped int)
	e = 1.5 << 1
// CHECK: :[[@LINE-1]]:6: invalid operation: shifted operand 1.5 (untyped float constant) must be integer
	f = len([10]int{})
	g uint = -1
// CHECK: :[[@LINE-1]]:11: cannot use -1 (untyped int constant) as uint value in constant declaration (overflows)
	h = ^uint8(0) + 1
// CHECK: :[[@LINE-1]]:6: ^uint8(0) + 1 (constant 256 of type uint8) overflows uint8
	i = iota
	j
	k, l = iota
// CHECK: :[[@LINE-1]]:5: missing init expr for l
)

var x [f]int
var y [i]string = [7]string{}
// CHECK: :[[@LINE-1]]:19: cannot use [7]string{} (value of type [7]string) as [8]string value in variable declaration
var z = i / 0.0
// CHECK: :[[@LINE-1]]:13: invalid operation: division by zero
