// RUN: not %goc build -c -e %s 2>&1 | FileCheck --implicit-check-not="{{^[^[:blank:]].*:[0-9]+: }}" %s
// Calls: counts and types of arguments, variadic parameters, several results.
package p

func two() (int, string)   { return 0, "" }
func take(int, string)     {}
func some(a int, b ...int) {}
func none()                {}

func calls(l []int) {
	take(two())
	take(1)
// CHECK: :[[@LINE-1]]:7: not enough arguments in call to take
	take(1, "a", 2)
// CHECK: :[[@LINE-1]]:15: too many arguments in call to take
	take("a", 1)
// CHECK: :[[@LINE-1]]:7: cannot use "a" (untyped string constant) as int value in argument to take
// CHECK: :[[@LINE-2]]:12: cannot use 1 (untyped int constant) as string value in argument to take
	some()
// CHECK: :[[@LINE-1]]:2: not enough arguments in call to some
	some(1, 2, 3)
	some(1, l...)
	some(1, 2, l...)
// CHECK: :[[@LINE-1]]:13: too many arguments in call to some
	some(1, "a")
// CHECK: :[[@LINE-1]]:10: cannot use "a" (untyped string constant) as int value in argument to some
	none(1)
// CHECK: :[[@LINE-1]]:7: too many arguments in call to none
	_ = none()
// CHECK: :[[@LINE-1]]:6: none() (no value) used as value
	_ = two()
// CHECK: :[[@LINE-1]]:6: assignment mismatch: 1 variable but two returns 2 values
	var a, b, c = two()
// CHECK: :[[@LINE-1]]:6: declared and not used: a
// CHECK: :[[@LINE-2]]:9: declared and not used: b
// CHECK: :[[@LINE-3]]:12: declared and not used: c
// CHECK: :[[@LINE-4]]:16: assignment mismatch: 3 variables but two returns 2 values
	x := two
	x.y()
// CHECK: :[[@LINE-1]]:4: x.y undefined (type func() (int, string) has no field or method y)
	l()
// CHECK: :[[@LINE-1]]:2: invalid operation: cannot call non-function l (variable of type []int)
	1()
// CHECK: :[[@LINE-1]]:2: invalid operation: cannot call non-function 1 (untyped int constant)
}
