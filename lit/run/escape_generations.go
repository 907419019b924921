// Objects made in loops, two generations of them alive at once in ways that are easily overlooked.
package main

import "fmt"

type N struct {
	v    int
	p, q *N
	f    func() int
}

//go:noinline
func same(p *N) *N { return p }

//go:noinline
func sum(p *N) int {
	s := 0
	for i := 0; p != nil && i < 50; p, i = p.p, i+1 {
		s = s*31 + p.v
	}
	return s & 0xffffff
}

// Through phis: the object of the round before last.
func lag() int {
	var a, b, c *N
	s := 0
	for i := 0; i < 6; i++ {
		x := N{v: i + 1}
		a, b, c = &x, a, b
		if c != nil {
			s = s*10 + c.v
		}
	}
	return s
}

// Chosen by a condition that changes.
func choose(k int) int {
	keep := &N{v: 7}
	s := 0
	for i := 0; i < 8; i++ {
		n := &N{v: i}
		if i%k == 0 {
			keep = n
		}
		s = s*3 + keep.v + n.v
	}
	return s
}

// Held by a closure of the round before.
func closures() int {
	last := func() int { return -1 }
	s := 0
	for i := 0; i < 5; i++ {
		x := i * i
		s = s*7 + last() + x
		last = func() int { x++; return x }
	}
	return s
}

// Held by an array, a struct of pointers, a slice of an array, at an index that varies.
func containers() int {
	var a [3]*N
	var h struct{ x, y *N }
	s := a[:]
	r := 0
	for i := 0; i < 9; i++ {
		n := N{v: i}
		if o := a[(i+1)%3]; o != nil {
			r = r*5 + o.v
		}
		s[i%3] = &n
		h.x, h.y = h.y, s[(i+2)%3]
		r += sum(h.x) + sum(h.y)
	}
	return r & 0xffffff
}

// A loop with two ways in, made of gotos.
func irreducible(k int) int {
	var last *N
	i, s := 0, 0
	if k&1 == 0 {
		goto b
	}
a:
	i++
	{
		x := N{v: i}
		if last != nil {
			s = s*10 + last.v
		}
		last = &x
	}
b:
	i++
	{
		y := N{v: i * 2, p: last}
		s += sum(&y)
		if i%3 == 0 {
			last = &y
		}
	}
	if i < 8 {
		goto a
	}
	return s & 0xffffff
}

// The outer object is made anew only in some rounds: the point that kills the inner one is passed by.
func bypass() int {
	var h *N
	s := 0
	for i := 0; i < 9; i++ {
		if i%3 == 0 {
			h = &N{v: 100 + i}
		}
		h.p = &N{v: i, q: h.p}
		if h.p.q != nil {
			s = s*3 + h.p.q.v
		}
	}
	return s & 0xffffff
}

// The point lies on an inner loop that may run no time.
func inner(n int) int {
	s := 0
	h := &N{v: 1}
	for i := 0; i < 6; i++ {
		for j := 0; j < i%n; j++ {
			h = &N{v: j}
		}
		x := &N{v: i, p: h.p}
		h.p = x
		s = (s*3 + sum(h)) & 0xffffff
	}
	return s
}

// Rotated loop: made at the end of a round, used at the beginning of the next, where an outer one is made.
func rotated() int {
	s := 0
	var x *N
	for i := 0; i < 5; i++ {
		h := &N{v: i}
		h.p = x
		s = (s*3 + sum(h)) & 0xffffff
		x = &N{v: i * 10, p: nil}
	}
	return s + x.v
}

// The new object points to the old one.
func list(n int) int {
	var head *N
	for i := 0; i < n; i++ {
		head = &N{v: i, p: head}
	}
	return sum(head)
}

// An address in a variable that is compared only.
func distinct() int {
	var last *N
	same := 0
	for i := 0; i < 4; i++ {
		x := N{v: i}
		if &x == last {
			same++
		}
		last = &x
	}
	return same
}

// By a deferred call of every round, and a panic in a middle one.
func deferred() (s int) {
	defer func() { recover() }()
	for i := 0; i < 4; i++ {
		x := N{v: i + 1}
		defer func(p *N) { s = s*10 + p.v + x.v }(&x)
		if i == 3 {
			panic(1)
		}
	}
	return
}

// Ranges over functions: the body is a function of its own, what it keeps is the outer one's.
func seq(yield func(*N) bool) {
	for i := 0; i < 4; i++ {
		x := N{v: i + 1}
		if !yield(&x) {
			return
		}
	}
}
func ranged() int {
	var last, first *N
	s := 0
	for x := range seq {
		y := N{v: x.v * 10}
		if first == nil {
			first = &y
		}
		if last != nil {
			s = s*3 + last.v
		}
		last = same(x)
		_ = &y
	}
	return s*1000 + first.v
}

// The switch reads what another round's case made.
func states() int {
	var n *N
	st, s := 0, 0
	for i := 0; i < 9; i++ {
		switch st {
		case 0:
			n = &N{v: i, p: n}
			st = 1
		case 1:
			m := &N{v: i * 7}
			m.p, n = n, m
			st = 2
		case 2:
			if n.p != nil {
				s = s*5 + n.p.v + n.v
			}
			st = 0
		}
	}
	return s & 0xffffff
}

// Two pointers to pointers.
func indirect() int {
	var a, b *N
	pp, s := &a, 0
	for i := 0; i < 6; i++ {
		x := N{v: i}
		*pp = &x
		if pp == &a {
			pp = &b
		} else {
			pp = &a
		}
		s = s*7 + sum(a) + sum(b)
	}
	return s & 0xffffff
}

// A slice of constant size made in every round, and the one of the last.
func slices() int {
	var last []int
	s := 0
	for i := 0; i < 5; i++ {
		cur := make([]int, 4)
		cur[i%4] = i + 1
		for j := range last {
			cur[j] += last[j] * 2
			s = s*3 + last[j]
		}
		last = cur[:i%5]
	}
	return s & 0xffffff
}

// Maps and strings in frames.
func maps() int {
	var last map[int]int
	str, s := "", 0
	for i := 0; i < 5; i++ {
		m := map[int]int{i: i * i}
		for k, v := range last {
			m[k] += v + 1
		}
		for k, v := range m {
			s += k*3 + v
		}
		b := []byte(str)
		str = string(b) + string(rune('a'+i))
		r := []rune(str)
		s += len(r) + int(r[len(r)-1])
		last = m
	}
	return s*100 + len(str)
}

// A value of an interface boxed in one round, looked at in the next.
func boxes() int {
	var last any = 0
	s := 0
	for i := 0; i < 5; i++ {
		var x any = [2]int{i, i * 3}
		if a, ok := last.([2]int); ok {
			s = s*5 + a[0] + a[1]
		}
		last = x
	}
	return s
}

// A closure that refers to itself, made in every round, called from the next.
func recursive() int {
	var old func(int) int
	s := 0
	for i := 1; i < 5; i++ {
		k := i
		var f func(int) int
		f = func(n int) int {
			if n == 0 {
				return k
			}
			return f(n-1) + k
		}
		if old != nil {
			s = s*10 + old(2)
		}
		old = f
	}
	return s
}

func main() {
	for k := 1; k < 4; k++ {
		fmt.Println(lag(), choose(k), closures(), containers(), irreducible(k), bypass(), inner(k+1), rotated(), list(k*3))
	}
	fmt.Println(distinct(), deferred(), ranged(), states(), indirect(), slices(), maps(), boxes(), recursive())
}
