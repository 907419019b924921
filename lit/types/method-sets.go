// RUN: not %goc build -c -e %s 2>&1 | FileCheck --implicit-check-not="{{^[^[:blank:]].*:[0-9]+: }}" %s
// Method sets and selectors: pointer receivers, embedding, ambiguity, method expressions.
package p

type T struct{ x int }

func (T) val()  {}
func (*T) ptr() {}

type E struct{ T }
type P struct{ *T }
type D struct {
	T
	U
}
type U struct{ x int }

func use(t T, e E, p P, d D) {
	t.val()
	t.ptr()
	T{}.val()
	T{}.ptr()
// CHECK: :[[@LINE-1]]:6: cannot call pointer method ptr on T
	e.ptr()
	p.ptr()
	E{}.ptr()
// CHECK: :[[@LINE-1]]:6: cannot call pointer method ptr on E
	P{}.ptr()
	_ = d.x
// CHECK: :[[@LINE-1]]:8: ambiguous selector d.x
	_ = d.T.x
	T.val(t)
	T.ptr(t)
// CHECK: :[[@LINE-1]]:4: invalid method expression T.ptr (needs pointer receiver (*T).ptr)
	(*T).ptr(&t)
	(*T).val(&t)
	t.none()
// CHECK: :[[@LINE-1]]:4: t.none undefined (type T has no field or method none)
	t.X = 1
// CHECK: :[[@LINE-1]]:4: t.X undefined (type T has no field or method X, but does have method x)
	t.Val()
// CHECK: :[[@LINE-1]]:4: t.Val undefined (type T has no field or method Val, but does have method val)
}

func (int) m()  {}
// CHECK: :[[@LINE-1]]:7: cannot define new methods on non-local type int
func (T) val()  {}
// CHECK: :[[@LINE-1]]:10: method T.val already declared at {{.*}}.go:{{[0-9:]+}}
func (T) x()    {}
// CHECK: :[[@LINE-1]]:10: field and method with the same name x
func (**T) pp() {}
// CHECK: :[[@LINE-1]]:7: invalid receiver type **T
