// RUN: not %goc build -c -e %s 2>&1 | FileCheck --implicit-check-not="{{^[^[:blank:]].*:[0-9]+: }}" %s
// Assignability: identical types, underlying types, interfaces, channels, nil, untyped constants.
package p

type I interface{ M() }
type T struct{ x int }
type U struct{ x int }
type S []int
type V struct{}

func (*V) M() {}

var (
	a int    = "a"
// CHECK: :[[@LINE-1]]:13: cannot use "a" (untyped string constant) as int value in variable declaration
	b string = nil
// CHECK: :[[@LINE-1]]:13: cannot use nil as string value in variable declaration
	c []int  = S{}
	d S      = []int{}
	e T      = U{}
// CHECK: :[[@LINE-1]]:13: cannot use U{} (value of type U) as T value in variable declaration
	f T      = struct{ x int }{}
	g I      = V{}
// CHECK: :[[@LINE-1]]:13: cannot use V{} (value of type V) as I value in variable declaration: V does not implement I (method M has pointer receiver)
	h I      = &V{}
	i *V     = h
// CHECK: :[[@LINE-1]]:13: cannot use h (variable of type I) as *V value in variable declaration: need type assertion
	j chan<- int
	k chan int = j
// CHECK: :[[@LINE-1]]:15: cannot use j (variable of type chan<- int) as chan int value in variable declaration
	l uint8    = 256
// CHECK: :[[@LINE-1]]:15: cannot use 256 (untyped int constant) as uint8 value in variable declaration (overflows)
	m int      = 1.5
// CHECK: :[[@LINE-1]]:15: cannot use 1.5 (untyped float constant) as int value in variable declaration (truncated)
	n float32  = 1
	o any      = nil
	p func()   = func(int) {}
// CHECK: :[[@LINE-1]]:15: cannot use func(int) {} (value of type func(int)) as func() value in variable declaration
)
