// Values that outlive their functions in every way there is, under a collector that runs often.
// env: GOGC=1
package main

import (
	"fmt"
	"runtime"
)

type node struct {
	v    int
	next *node
	self *node
}

var global *node
var table = map[string]*node{}
var hooks []func() int

func leak(n int) *node         { x := node{v: n}; return &x }
func viaParam(p **node, n int) { x := node{v: n}; *p = &x }
func viaField(h *node, n int)  { h.next = &node{v: n} }
func viaSlice(n int) []*int {
	s := make([]*int, 0, 4)
	for i := 0; i < n; i++ {
		s = append(s, &i)
	}
	return s
}
func viaClosure(n int) func() int { x := n; return func() int { x++; return x } }
func viaIface(n int) any          { var a [4]int; a[n] = n; return a }
func viaChan(c chan *node, n int) { x := node{v: n}; x.self = &x; c <- &x }
func viaDefer() (p *node) {
	x := node{v: 9}
	defer func() { p = &x }()
	return nil
}
func viaPanic() (p *node) {
	defer func() { p = recover().(*node) }()
	panic(&node{v: 10})
}
func viaMap(n int)    { table[fmt.Sprint(n)] = &node{v: n} }
func viaGlobal(n int) { x := node{v: n}; y := &x; z := &y; global = *z }
func viaMethod(n int) func() int {
	x := node{v: n}
	return x.get
}
func (n *node) get() int { return n.v }

func pick(a, b *node, first bool) *node {
	if first {
		return a
	}
	return b
}

func loop(n int) *node {
	var last *node
	for i := 0; i < n; i++ {
		x := node{v: i, next: last}
		last = &x
	}
	return last
}

func partial(n int) *node {
	x := &node{v: n}
	if n%2 == 0 {
		return x
	}
	x.v *= 100
	global.v += x.v
	return nil
}

func swap(a, b *[2]*node) { a[0], b[0] = b[0], a[0] }

func churn() {
	var keep [16][]byte
	for i := 0; i < 2000; i++ {
		keep[i%16] = make([]byte, 100+i%1000)
	}
	runtime.GC()
	runtime.KeepAlive(keep)
}

func stack(n int) int {
	var a [32]int
	p := &a
	for i := range p {
		p[i] = n
	}
	if n == 0 {
		return 0
	}
	return stack(n-1) + p[n%32]
}

func main() {
	a := leak(1)
	var b *node
	viaParam(&b, 2)
	viaField(b, 3)
	s := viaSlice(4)
	f := viaClosure(5)
	i := viaIface(2)
	c := make(chan *node, 1)
	viaChan(c, 6)
	d, e := viaDefer(), viaPanic()
	viaMap(7)
	viaGlobal(8)
	m := viaMethod(11)
	g := pick(leak(12), &node{v: 13}, false)
	l := loop(5)
	var arr, brr [2]*node
	arr[0] = leak(20)
	swap(&arr, &brr)
	for k := 0; k < 3; k++ {
		hooks = append(hooks, func() int { return k + l.v })
	}
	done := make(chan bool)
	go func() { a.v += 100; done <- true }()
	<-done
	churn()
	fmt.Println(stack(1000))
	x := <-c
	fmt.Println(a.v, b.v, b.next.v, *s[0], *s[3], f(), f(), i, x.v, x.self == x, d.v, e.v, table["7"].v, global.v, m(), g.v)
	for n := l; n != nil; n = n.next {
		fmt.Print(n.v, " ")
	}
	p := partial(4)
	q := partial(5)
	churn()
	fmt.Println(p.v, q, global.v, arr[0] == nil, brr[0].v)
	for _, h := range hooks {
		fmt.Print(h(), " ")
	}
	fmt.Println()
}
