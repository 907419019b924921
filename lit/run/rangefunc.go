// RUN: %goc build -O0 -o %t0 %s && %t0 > %t.out 2>&1 && diff %S/Inputs/rangefunc.out %t.out
// RUN: %goc build -O2 -o %t2 %s && %t2 > %t.out 2>&1 && diff %S/Inputs/rangefunc.out %t.out
// RUN: %goc build -O2 -escape=off -o %t3 %s && %t3 > %t.out 2>&1 && diff %S/Inputs/rangefunc.out %t.out
// Range over functions: every way out of a body, through one and several loops, with defers, recovers and misbehaving iterators.
package main

import "fmt"

func count(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := 0; i < n; i++ {
			if !yield(i) {
				return
			}
		}
	}
}

func pairs(s ...string) func(func(int, string) bool) {
	return func(yield func(int, string) bool) {
		for i, x := range s {
			if !yield(i, x) {
				return
			}
		}
	}
}

func stubborn(n int) func(func(int) bool) { // goes on after false
	return func(yield func(int) bool) {
		for i := 0; i < n; i++ {
			yield(i)
		}
	}
}

func ret(n int) (a int, s string) {
	for i := range count(10) {
		if i == n {
			return i * 10, "found"
		}
	}
	return -1, "none"
}

func named(n int) (r int) {
	defer func() { r += 1000 }()
	for i := range count(10) {
		for j := range count(i) {
			if i*j == n {
				return i*100 + j
			}
		}
	}
	r = 5
	for range count(3) {
		r++
		if r == 7 {
			return
		}
	}
	return
}

func labels() {
outer:
	for i := range count(4) {
		for _, s := range pairs("a", "b", "c") {
			switch {
			case s == "b" && i == 0:
				continue outer
			case s == "c" && i == 1:
				break
			case i == 2:
				break outer
			}
			fmt.Print(i, s, " ")
		}
		fmt.Print("| ")
	}
	fmt.Println()
plain:
	for k := 0; k < 3; k++ {
		for i := range count(3) {
			if i == 1 {
				continue plain
			}
			if k == 2 {
				goto done
			}
			fmt.Print(k, i, " ")
		}
	}
done:
	fmt.Println("done")
}

func defers() (s string) {
	defer func() { s += "!" }()
	for i, x := range pairs("x", "y") {
		defer func() { s += fmt.Sprint(i, x) }()
	}
	return "r"
}

type big struct{ a, b, c, d, e int }

func bigs(yield func(big, [3]string) bool) {
	_ = yield(big{1, 2, 3, 4, 5}, [3]string{"p", "q", "r"}) && yield(big{e: 9}, [3]string{})
}

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "panics:", r)
		}
	}()
	f()
}

func gen[T any](xs ...T) func(func(T) bool) {
	return func(yield func(T) bool) {
		for _, x := range xs {
			if !yield(x) {
				return
			}
		}
	}
}

func first[T comparable](want T, xs ...T) (n int, ok bool) {
	for x := range gen(xs...) {
		if x == want {
			return n, true
		}
		n++
	}
	return
}

func main() {
	fmt.Println(ret(3))
	fmt.Println(ret(33))
	fmt.Println(named(12), named(-1))
	labels()
	fmt.Println(defers())
	for b, a := range bigs {
		fmt.Println(b, a, len(a))
	}
	var fs []func() int
	for i := range count(3) {
		fs = append(fs, func() int { i++; return i })
	}
	fmt.Println(fs[0](), fs[0](), fs[2]())
	var k int
	var m = map[string]int{}
	for k, m["v"] = range func(yield func(int, int) bool) { yield(7, 8) } {
	}
	fmt.Println(k, m)
	try("stubborn", func() {
		for i := range stubborn(5) {
			if i == 2 {
				break
			}
		}
	})
	var kept func(int) bool
	for i := range func(yield func(int) bool) { kept = yield; yield(1) } {
		fmt.Println("once", i)
	}
	try("late", func() { kept(2) })
	try("body", func() {
		for i := range count(2) {
			panic(fmt.Sprint("in body ", i))
		}
	})
	fmt.Println(first("c", "a", "b", "c"))
	fmt.Println(first(3.5, 1, 2))
	n := 0
	for range count(4) {
		func() {
			for i := range count(3) {
				if i == 1 {
					return
				}
				n += 10
			}
		}()
		n++
	}
	fmt.Println(n)
}
