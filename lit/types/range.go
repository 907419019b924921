// RUN: not %goc build -c -e %s 2>&1 | FileCheck --implicit-check-not="{{^[^[:blank:]].*:[0-9]+: }}" %s
// For statements with range clause: all kinds of operands.
package p

func ranges(a [3]int, p *[3]int, s string, m map[string]bool, c chan int, d chan<- int, n int8, g func(func(int, string) bool), h func(func() bool), bad func(int)) {
	for i, v := range a {
		_, _ = i, v
	}
	for i, r := range s {
		var x rune = i
// CHECK: :[[@LINE-1]]:7: declared and not used: x
// CHECK: :[[@LINE-2]]:16: cannot use i (variable of type int) as rune value in variable declaration
		_ = r
	}
	for k, v := range m {
		var x bool = k
// CHECK: :[[@LINE-1]]:7: declared and not used: x
// CHECK: :[[@LINE-2]]:16: cannot use k (variable of type string) as bool value in variable declaration
		_ = v
	}
	for v, w := range c {
// CHECK: :[[@LINE-1]]:6: declared and not used: v
// CHECK: :[[@LINE-2]]:9: range over c (variable of type chan int) permits only one iteration variable
	}
	for range d {
// CHECK: :[[@LINE-1]]:12: cannot range over d (variable of type chan<- int): receive from send-only channel
	}
	for i := range n {
		var x int = i
// CHECK: :[[@LINE-1]]:7: declared and not used: x
// CHECK: :[[@LINE-2]]:15: cannot use i (variable of type int8) as int value in variable declaration
	}
	for i, j := range 10 {
// CHECK: :[[@LINE-1]]:6: declared and not used: i
// CHECK: :[[@LINE-2]]:9: range over 10 (untyped int constant) permits only one iteration variable
	}
	for x, y := range g {
		var z int = y
// CHECK: :[[@LINE-1]]:7: declared and not used: z
// CHECK: :[[@LINE-2]]:15: cannot use y (variable of type string) as int value in variable declaration
		_ = x
	}
	for x := range h {
// CHECK: :[[@LINE-1]]:6: range over h (variable of type func(func() bool)) permits no iteration variables
	}
	for range bad {
// CHECK: :[[@LINE-1]]:12: cannot range over bad (variable of type func(int)): func must be func(yield func(...) bool): argument is not func
	}
	for range 1.5 {
// CHECK: :[[@LINE-1]]:12: cannot range over 1.5 (untyped float constant)
	}
	for a.x = range a {
// CHECK: :[[@LINE-1]]:8: a.x undefined (type [3]int has no field or method x)
	}
	for range p {
	}
}
