// RUN: not %goc build -c -e %s 2>&1 | FileCheck --implicit-check-not="{{^[^[:blank:]].*:[0-9]+: }}" %s
// Type parameters, constraints, instances and inference.
package p

type Number interface{ ~int | ~float64 }
type List[P any] struct{ next *List[P] }
type MyInt int

func id[T any](x T) T                         { return x }
func sum[T Number](x ...T) (t T)              { return }
func conv[To, From any](f From) (t To)        { return }
func keys[M ~map[K]V, K comparable, V any](m M) []K { return nil }
func eq[T comparable](a, b T) bool            { return a == b }

func use[T any, N Number, C comparable](t T, n N, c C) {
	_ = t + t
// CHECK: :[[@LINE-1]]:6: invalid operation: operator + not defined on t (variable of type T constrained by any)
	_ = t == t
// CHECK: :[[@LINE-1]]:6: invalid operation: t == t (incomparable types in type set)
	_ = n + n
	_ = n % n
// CHECK: :[[@LINE-1]]:6: invalid operation: operator % not defined on n (variable of type N constrained by Number)
	_ = n < n
	_ = c == c
	_ = c < c
// CHECK: :[[@LINE-1]]:6: invalid operation: c < c (type parameter C is not comparable with <)
	_ = t.(int)
// CHECK: :[[@LINE-1]]:6: invalid operation: cannot use type assertion on type parameter value t (variable of type T constrained by any)
	_ = N("a")
// CHECK: :[[@LINE-1]]:8: cannot convert "a" (untyped string value) to type N: cannot convert "a" (untyped string constant) to type int (in N)
	_ = N(1000)
	var l List[T, N]
// CHECK: :[[@LINE-1]]:6: declared and not used: l
// CHECK: :[[@LINE-2]]:8: too many type arguments for type List: have 2, want 1
	var m List
// CHECK: :[[@LINE-1]]:6: declared and not used: m
// CHECK: :[[@LINE-2]]:8: cannot use generic type List[P any] without instantiation
	var k Number
// CHECK: :[[@LINE-1]]:6: declared and not used: k
// CHECK: :[[@LINE-2]]:8: cannot use type Number outside a type constraint: interface contains type constraints
	_ = id
// CHECK: :[[@LINE-1]]:6: cannot use generic function id without instantiation
	_ = id[int]("a")
// CHECK: :[[@LINE-1]]:14: cannot use "a" (untyped string constant) as int value in argument to id[int]
	_ = sum(1, 2.5)
	_ = sum(MyInt(1))
	_ = sum("a")
// CHECK: :[[@LINE-1]]:9: string does not satisfy Number (string missing in ~int | ~float64)
	_ = conv(1)
// CHECK: :[[@LINE-1]]:10: in call to conv, cannot infer To ({{.*}}.go:{{[0-9:]+}})
	_ = conv[string](1)
	_ = keys(map[string]int{})
	_ = keys([]int{})
// CHECK: :[[@LINE-1]]:10: in call to keys, M (type []int) does not satisfy ~map[K]V
	_ = eq([]int{}, nil)
// CHECK: :[[@LINE-1]]:8: []int does not satisfy comparable
	var f func(int) int = id
// CHECK: :[[@LINE-1]]:6: declared and not used: f
	var g func(int) string = id
// CHECK: :[[@LINE-1]]:6: declared and not used: g
// CHECK: :[[@LINE-2]]:27: inferred type func(x int) int for func(x T) T does not match type func(int) string of g
}

func (l List[Q]) ok() *List[Q] { return l.next }
func (l List) bad()            {}
// CHECK: :[[@LINE-1]]:9: cannot use generic type List[P any] without instantiation
func (l List[int, string]) m() {}
// CHECK: :[[@LINE-1]]:9: too many type arguments for type List: have 2, want 1
