// env: GOCDEBUG=checkescape=1,gcstress=7
// Addresses of locals that outlive their frame in every way the language has, looked at when the frame is overwritten.
package main

import (
	"fmt"
	"runtime"
)

// Locals whose addresses go everywhere they can.

type N struct {
	v    int
	next *N
}

type Big struct {
	a, b, c, d, e *int
	f             [4]*int
}

var sink any
var gp *int
var gn *N
var gb *Big
var gf func() int
var ch = make(chan *int, 4)
var m = map[string]*int{}
var ms = map[*int]int{}
var sl []*int
var arr [4]*int
var pp **int

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
func ret(n int) *int { x := n; return &x }

//go:noinline
func bigparam(b Big) *Big { return &b }

//go:noinline
func bigparam2(b Big) **int { return &b.c }

//go:noinline
func bigres(n int) (b Big) { x := n; b.a = &x; y := n + 1; b.f[2] = &y; return }

//go:noinline
func store(n int) { x := n; gp = &x }

//go:noinline
func store2(n int) { x := n; p := &x; q := &p; pp = q }

//go:noinline
func viaparam(p **int, n int) { x := n; *p = &x }

//go:noinline
func viaparam2(b *Big, n int) { x := n; b.f[n&3] = &x }

//go:noinline
func list(n int) *N {
	var h *N
	for i := 0; i < n; i++ {
		nn := N{i, h}
		h = &nn
	}
	return h
}

//go:noinline
func localList(n int) int {
	var h *N
	for i := 0; i < n; i++ {
		nn := N{i, h}
		h = &nn
	}
	s := 0
	for ; h != nil; h = h.next {
		s = s*3 + h.v
	}
	return s
}

//go:noinline
func clos(n int) func() int { x := n; return func() int { x++; return x } }

//go:noinline
func closList(n int) []func() int {
	var fs []func() int
	for i := 0; i < n; i++ {
		fs = append(fs, func() int { i += 10; return i })
	}
	return fs
}

//go:noinline
func localClos(n int) int {
	var fs [8]func() int
	for i := 0; i < n; i++ {
		fs[i&7] = func() int { i += 10; return i }
	}
	s := 0
	for _, f := range fs {
		if f != nil {
			s = s*7 + f()
		}
	}
	return s
}

type T struct{ v int }

func (t *T) get() int { return t.v }
func (t T) val() int  { return t.v }

//go:noinline
func mval(n int) func() int { t := T{n}; return t.get }

//go:noinline
func mval2(n int) func() int { t := T{n}; return t.val }

type I interface{ get() int }

//go:noinline
func iface(n int) I { t := T{n}; return &t }

//go:noinline
func toany(n int) any { x := n; return &x }

//go:noinline
func tochan(n int) { x := n; ch <- &x }

//go:noinline
func tomap(n int) { x := n; m["a"] = &x; y := n + 1; ms[&y] = n }

//go:noinline
func toappend(n int) { x := n; sl = append(sl, &x) }

//go:noinline
func toarr(n int) { x := n; arr[n&3] = &x }

//go:noinline
func select1(n int, c chan *int) {
	x := n
	select {
	case c <- &x:
	default:
	}
}

//go:noinline
func localchan(n int) int {
	c := make(chan *int, 3)
	for i := 0; i < 3; i++ {
		x := n + i
		c <- &x
	}
	burn(1)
	return *<-c*100 + *<-c*10 + *<-c
}

//go:noinline
func localmap(n int) int {
	c := map[int]*int{}
	for i := 0; i < 3; i++ {
		x := n + i
		c[i] = &x
	}
	burn(1)
	return *c[0]*100 + *c[1]*10 + *c[2]
}

//go:noinline
func gorun(n int) int {
	x := n
	p := &x
	done := make(chan bool)
	go func() { *p += 5; done <- true }()
	<-done
	return x
}

//go:noinline
func gotoLoop(n int) int {
	var prev, cur *int
	i := 0
	s := 0
again:
	x := i
	cur = &x
	if prev != nil {
		s = s*10 + *prev
	}
	prev = cur
	i++
	if i < n {
		goto again
	}
	return s
}

//go:noinline
func twoRounds(n int) int {
	var a, b, c *int
	s := 0
	for i := 0; i < n; i++ {
		x := i
		c = b
		b = a
		a = &x
		if c != nil {
			s = s*10 + *c
		}
	}
	return s
}

//go:noinline
func panicker(n int) {
	x := n
	panic(&x)
}

//go:noinline
func recovering(n int) (r *int) {
	defer func() { r = recover().(*int) }()
	panicker(n)
	return nil
}

//go:noinline
func deferLoop(n int) (s int) {
	for i := 0; i < n; i++ {
		x := i
		defer func() { s = s*10 + x }()
	}
	return 0
}

//go:noinline
func condAppend(n int) []*int {
	var local [4]*int
	s := local[:0]
	for i := 0; i < n; i++ {
		s = append(s, new(int))
		*s[i] = i
	}
	if n > 2 {
		return s
	}
	return nil
}

//go:noinline
func sliceOfLocal(n int) []int {
	var a [8]int
	a[3] = n
	return a[2:5]
}

//go:noinline
func rangeAddr() []*int {
	var r []*int
	for i, x := range []int{4, 5, 6} {
		r = append(r, &x, &i)
	}
	return r
}

//go:noinline
func str(n int) string {
	b := []byte{'a', byte('b' + n), 'c'}
	s := string(b)
	return s[1:]
}

//go:noinline
func str2(a, b string) string { s := a + b; return s[1:] + "" }

func main() {
	p := ret(1)
	b := bigparam(Big{a: p})
	b2 := bigparam2(Big{c: p})
	b3 := bigres(4)
	store(2)
	store2(3)
	var q *int
	viaparam(&q, 8)
	gb = new(Big)
	viaparam2(gb, 3)
	gn = list(5)
	f1 := clos(3)
	fs := closList(4)
	m1, m2 := mval(5), mval2(6)
	i1 := iface(7)
	sink = toany(8)
	tochan(9)
	tomap(10)
	for i := 0; i < 9; i++ {
		toappend(i)
	}
	toarr(2)
	cc := make(chan *int, 2)
	select1(4, cc)
	r := recovering(42)
	ca := condAppend(6)
	sol := sliceOfLocal(77)
	ra := rangeAddr()
	s1, s2 := str(1), str2("hello", " world and more than thirty-two bytes of it")
	burn(3)
	runtime.GC()
	burn(4)
	fmt.Println(*p, *b.a, **b2, *b3.a, *b3.f[2], *gp, **pp, *q, *gb.f[3])
	for n := gn; n != nil; n = n.next {
		fmt.Print(n.v, " ")
	}
	fmt.Println(localList(6), f1(), f1(), m1(), m2(), i1.get(), *sink.(*int), *<-ch, *m["a"])
	for k, v := range ms {
		fmt.Println(*k, v)
	}
	for _, f := range fs {
		fmt.Print(f(), " ", f(), " ")
	}
	fmt.Println(localClos(9))
	for _, x := range sl {
		fmt.Print(*x, " ")
	}
	fmt.Println(*arr[2], *<-cc, localchan(3), localmap(4), gorun(4), gotoLoop(5), twoRounds(6), *r, deferLoop(5))
	for _, x := range ca {
		fmt.Print(*x, " ")
	}
	for _, x := range ra {
		fmt.Print(*x, " ")
	}
	fmt.Println(sol[1], s1, s2)
}
