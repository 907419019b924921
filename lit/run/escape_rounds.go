// env: GOCDEBUG=checkescape=1,gcstress=7
// There was a bug where a loop reused the slot of an object although the object of the last round that held it was still to be
// used: that one was dead at its own allocation, but not yet at this one.
package main

import "fmt"

type X struct{ v int }
type H struct{ p *X }

func oldHolder(n int) (s int) {
	var prev *H
	for i := range n {
		x := &X{i}
		if prev != nil {
			s = s*10 + prev.p.v
		}
		h := &H{x}
		prev = h
	}
	return s
}

func newHolder(n int) (s int) { // here both may stay
	for i := range n {
		h := &H{}
		x := &X{i}
		h.p = x
		s = s*10 + h.p.v
	}
	return s
}

func oldInNew(n int) (s int) {
	last := &X{7}
	for i := range n {
		h := &H{last}
		x := &X{i}
		s = s*10 + h.p.v
		last = x
	}
	return s
}

func threeDeep(n int) (s int) {
	type K struct{ h *H }
	var prev *K
	for i := range n {
		x := &X{i}
		h := &H{x}
		if prev != nil {
			s = s*10 + prev.h.p.v
		}
		k := &K{h}
		prev = k
	}
	return s
}

func byGoto(n int) (s int) {
	var prev *H
	i := 0
again:
	x := &X{i}
	if prev != nil {
		s = s*10 + prev.p.v
	}
	prev = &H{x}
	if i++; i < n {
		goto again
	}
	return s
}

func closures(n int) (s int) {
	var prev func() int
	for i := range n {
		x := i * 3
		if prev != nil {
			s = s*10 + prev()
		}
		prev = func() int { x++; return x }
	}
	return s
}

// There was a bug where each of two holders counted as renewed because the other one was.
func twoHolders(n int) (s int) {
	var prev *H
	for i := range n {
		k := &H{}
		x := &X{i}
		k.p = x
		if prev != nil {
			s = s*10 + prev.p.v
		}
		h := &H{}
		h.p = k.p
		prev = h
	}
	return s
}

func main() {
	fmt.Println(twoHolders(6), oldHolder(6), newHolder(6), oldInNew(6), threeDeep(6), byGoto(6), closures(4))
}
