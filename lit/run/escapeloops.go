// RUN: %goc run -O0 %s 2>&1 | FileCheck %s
// RUN: %goc run -O2 %s 2>&1 | FileCheck %s
// RUN: %goc run -escape=off %s 2>&1 | FileCheck %s

// There was a bug where an object of a loop shared its slot with the one of the round before, which the holder of that round still used.
package main

type W struct{ p *int }

func main() {
	var prev *W
	s := 0
	for k := 0; k < 5; k++ {
		a := new(int)
		*a = k
		if prev != nil {
			s = s*10 + *prev.p
		}
		h := &W{}
		h.p = a
		prev = h
	}
	println(s)
	var q *[2]*int
	for k := 0; k < 5; k++ {
		x := k
		if q != nil {
			print(*q[0], *q[1], " ")
		}
		y := k * 2
		arr := [2]*int{&x, &y}
		q = &arr
	}
	println()
	var f func() int
	for k := 0; k < 4; k++ {
		z := k * 3
		if f != nil {
			print(f(), " ")
		}
		f = func() int { z++; return z }
	}
	println()
}

// CHECK: 123
// CHECK-NEXT: 00 12 24 36
// CHECK-NEXT: 1 4 7
