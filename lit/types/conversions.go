// RUN: not %goc build -c -e %s 2>&1 | FileCheck --implicit-check-not="{{^[^[:blank:]].*:[0-9]+: }}" %s
// Conversions: between numbers, strings, slices, arrays, pointers, of constants.
package p

import "unsafe"

type A struct{ x int }
type B struct {
	x int "tag"
}

func conv(s string, n int, f float64, l []byte, p *A) {
	_ = string(n)
	_ = string(f)
// CHECK: :[[@LINE-1]]:13: cannot convert f (variable of type float64) to type string
	_ = []byte(s)
	_ = []int(s)
// CHECK: :[[@LINE-1]]:12: cannot convert s (variable of type string) to type []int
	_ = int(s)
// CHECK: :[[@LINE-1]]:10: cannot convert s (variable of type string) to type int
	_ = int8(300)
// CHECK: :[[@LINE-1]]:11: constant 300 overflows int8
	_ = int(1.5)
// CHECK: :[[@LINE-1]]:10: cannot convert 1.5 (untyped float constant) to type int
	_ = uint(-1)
// CHECK: :[[@LINE-1]]:11: constant -1 overflows uint
	_ = (*B)(p)
	_ = (*int)(p)
// CHECK: :[[@LINE-1]]:13: cannot convert p (variable of type *A) to type *int
	_ = [4]byte(l)
	_ = (*[4]byte)(l)
	_ = [4]int(l)
// CHECK: :[[@LINE-1]]:13: cannot convert l (variable of type []byte) to type [4]int
	_ = unsafe.Pointer(p)
	_ = unsafe.Pointer(n)
// CHECK: :[[@LINE-1]]:21: cannot convert n (variable of type int) to type unsafe.Pointer
	_ = string(0x10ffff1)
	_ = A(B{})
	_ = int()
// CHECK: :[[@LINE-1]]:6: missing argument in conversion to int
	_ = int(1, 2)
// CHECK: :[[@LINE-1]]:13: too many arguments in conversion to int
}
