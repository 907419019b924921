// env: GOCDEBUG=checkescape=1,gcstress=7
// Flows through callees: fields, depth, aliases, results by out pointer, func values, interfaces.
package main

import "fmt"

// Summaries: flows through parameters, fields, aliases, results by out pointer.

type T struct {
	x, y, z *int
	n       *T
	arr     [3]*int
	s       []*int
	f       func(*int) *int
	i       any
}

var g *int
var gt *T

//go:noinline
func burn(n int) int {
	var a [64]int
	for i := range a {
		a[i] = i*n + 0x55555555
	}
	s := 0
	for _, x := range a {
		s += x
	}
	return s
}

//go:noinline
func setx(t *T, p *int) { t.x = p }

//go:noinline
func gety(t *T) *int { return t.y }

//go:noinline
func copyT(d, s *T) { *d = *s }

//go:noinline
func swapxy(t *T) { t.x, t.y = t.y, t.x }

//go:noinline
func deep(t *T, p *int) { t.n.n.n.n.n.x = p }

//go:noinline
func deepget(t *T) *int { return t.n.n.n.n.n.x }

//go:noinline
func leakdeep(t *T) { g = t.n.n.n.n.n.x }

//go:noinline
func link(a, b *T) *T { a.n = b; return a }

//go:noinline
func big(p *int) (t T) { t.arr[1] = p; t.s = append(t.s, p); t.i = p; return }

//go:noinline
func byval(t T) *int { return t.arr[1] }

//go:noinline
func byvalset(t T, p *int) T { t.arr[2] = p; return t }

//go:noinline
func call(f func(*int) *int, p *int) *int { return f(p) }

//go:noinline
func callT(t *T, p *int) { t.z = t.f(p) }

//go:noinline
func leakBy(f func(*int)) { x := 9; f(&x) }

//go:noinline
func compose(f, h func(*int) *int) func(*int) *int { return func(p *int) *int { return f(h(p)) } }

func id(p *int) *int { return p }

type I interface {
	take(*int)
	give() *int
}
type A struct{ p *int }
type B struct {
	p *int
	t T
}

func (a *A) take(p *int) { a.p = p }
func (a *A) give() *int  { return a.p }
func (b *B) take(p *int) { b.t.arr[0] = p }
func (b *B) give() *int  { return b.t.arr[0] }

//go:noinline
func dyn(i I, p *int) *int { i.take(p); return i.give() }

//go:noinline
func mk(k int) I {
	if k == 0 {
		return &A{}
	}
	return &B{}
}

//go:noinline
func f1() *int { x := 1; var t T; setx(&t, &x); swapxy(&t); return gety(&t) }

//go:noinline
func f2() *int { x := 2; var t, u T; t.y = &x; copyT(&u, &t); return gety(&u) }

//go:noinline
func f3() *int {
	x := 3
	var a, b, c, d, e, f T
	a.n, b.n, c.n, d.n, e.n = &b, &c, &d, &e, &f
	deep(&a, &x)
	return f.x
}

//go:noinline
func f4() *int {
	x := 4
	var a, b, c, d, e, f T
	a.n, b.n, c.n, d.n, e.n = &b, &c, &d, &e, &f
	f.x = &x
	return deepget(&a)
}

//go:noinline
func f5() {
	x := 5
	var a, b, c, d, e, f T
	link(&a, link(&b, link(&c, link(&d, link(&e, &f)))))
	f.x = &x
	leakdeep(&a)
}

//go:noinline
func f6() *int { x := 6; t := big(&x); return byval(t) }

//go:noinline
func f7() *int { x := 7; t := byvalset(T{}, &x); return t.arr[2] }

//go:noinline
func f8() *int { x := 8; return call(compose(id, func(p *int) *int { g = p; return p }), &x) }

//go:noinline
func f9() *int { x := 9; t := T{f: id}; callT(&t, &x); return t.z }

//go:noinline
func f10() *int { var k *int; leakBy(func(p *int) { k = p }); return k }

//go:noinline
func f11(k int) *int { x := 11; return dyn(mk(k), &x) }

//go:noinline
func f12() *int { x := 12; b := B{}; var i I = &b; i.take(&x); return b.give() }

//go:noinline
func f13() *int {
	x := 13
	var t T
	p := &t.arr
	q := p[:]
	q[1] = &x
	r := t.arr
	return r[1]
}

//go:noinline
func f14(n int) *int {
	x := 14
	var t T
	t.arr[n%3] = &x
	u := t
	for _, p := range u.arr {
		if p != nil {
			return p
		}
	}
	return nil
}

//go:noinline
func f15() *int {
	x := 15
	s := []*int{nil, &x}
	t := make([]*int, 4)
	copy(t[1:], s)
	return t[2]
}

//go:noinline
func f16() *int {
	x := 16
	var i any = struct{ a, b *int }{nil, &x}
	return i.(struct{ a, b *int }).b
}

//go:noinline
func f17() *int {
	x := 17
	var t T
	t.n = &t
	t.n.n.n.n.n.n.n.y = &x
	return t.y
}

//go:noinline
func rec(n int, p **int, t *T) *int {
	if n == 0 {
		return *p
	}
	x := n
	t.arr[n%3] = &x
	return rec(n-1, &t.arr[n%3], t)
}

//go:noinline
func f18() *int { var t T; z := 18; q := &z; return rec(5, &q, &t) }

//go:noinline
func odd(n int, p *int) *int {
	if n == 0 {
		return p
	}
	return even(n-1, p)
}

//go:noinline
func even(n int, p *int) *int {
	if n == 0 {
		g = p
		return nil
	}
	return odd(n-1, p)
}

//go:noinline
func f19() *int { x := 19; odd(5, &x); y := 20; even(4, &y); return g }

//go:noinline
func two() (*int, *T, string, []int) {
	x := 21
	t := T{x: &x}
	b := [3]byte{'a', 'b', 'c'}
	a := [3]int{1, 2, 3}
	return &x, &t, string(b[:2]), a[1:]
}

//go:noinline
func alias(a, b **int, p *int) *int { *a = p; return *b }

//go:noinline
func f20() *int { x := 22; var q *int; return alias(&q, &q, &x) }

//go:noinline
func alias2(a, b *T, p *int) { a.n = b; a.n.x = p }

//go:noinline
func f21() *int { x := 23; var t T; alias2(&t, &t, &x); return t.x }

//go:noinline
func alias3(a ***int, b **int, p *int) { *a = b; **a = p }

//go:noinline
func f22() *int { x := 24; var q *int; var qq *(*int); alias3(&qq, &q, &x); return q }

//go:noinline
func named() (p *int) {
	x := 25
	defer func() { p = &x }()
	return nil
}

//go:noinline
func named2() (t T) {
	x := 26
	p := &t
	defer func() { p.arr[0] = &x }()
	return
}

//go:noinline
func closureChain() func() *int {
	x := 27
	f := func() *int { return &x }
	h := func() func() *int { return f }
	return func() *int { return h()() }
}

func show(p ...*int) {
	burn(5)
	for _, q := range p {
		fmt.Print(*q, " ")
	}
	fmt.Println()
}

func main() {
	a, b, c, d := f1(), f2(), f3(), f4()
	f5()
	g1 := g
	e, f, h := f6(), f7(), f8()
	show(a, b, c, d, g1, e, f, h, g)
	show(f9(), f10(), f11(0), f11(1), f12(), f13(), f14(2), f15(), f16(), f17(), f18(), f19())
	p, t, s, sl := two()
	show(p, t.x, f20(), f21(), f22(), named(), named2().arr[0], closureChain()(), &sl[0])
	fmt.Println(s)
}
