// Ranging over functions: break, continue, labels, return, defer and panics inside the body; iter.Pull; ranging over integers.
package main

import (
	"fmt"
	"iter"
	"slices"
)

func upto(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer fmt.Print("[end]")
		for i := 0; i < n; i++ {
			if !yield(i) {
				return
			}
		}
	}
}

func pairs(yield func(string, int) bool) {
	_ = yield("a", 1) && yield("b", 2) && yield("c", 3)
}

func find(want int) (int, bool) {
	for i := range upto(10) {
		for j := range upto(10) {
			if i*j == want {
				return i*100 + j, true
			}
		}
	}
	return 0, false
}

func labels() {
outer:
	for i := range upto(4) {
		for j := range upto(4) {
			if j == 2 {
				continue outer
			}
			if i == 2 {
				break outer
			}
			fmt.Print(i, j, " ")
		}
	}
	fmt.Println()
}

func deferred() (s string) {
	defer func() { s += "!" }()
	for i := range upto(3) {
		defer func() { s += fmt.Sprint(i) }()
	}
	return "r"
}

func caught() {
	defer func() { fmt.Println("caught", recover()) }()
	for i := range upto(3) {
		if i == 1 {
			panic("in body")
		}
	}
}

func bad(yield func(int) bool) {
	yield(1)
	yield(2)
}

func misuse() {
	defer func() { fmt.Println("misuse:", recover()) }()
	for x := range bad {
		fmt.Println("got", x)
		break
	}
}

func nothing(yield func() bool) {
	for yield() {
	}
}

func main() {
	for i := range 3 {
		fmt.Print(i, " ")
	}
	var n8 int8 = 3
	for i := range n8 {
		fmt.Printf("%T%d ", i, i)
	}
	fmt.Println()
	for range 2 {
		fmt.Print("x")
	}
	fmt.Println()
	for k, v := range pairs {
		if k == "b" {
			continue
		}
		fmt.Print(k, v, " ")
	}
	fmt.Println()
	fmt.Println(find(42))
	fmt.Println(find(101))
	labels()
	fmt.Println(deferred())
	caught()
	misuse()
	count := 0
	for range nothing {
		if count++; count == 5 {
			break
		}
	}
	fmt.Println(count)
	next, stop := iter.Pull(upto(3))
	a, ok := next()
	b, ok2 := next()
	fmt.Println(a, ok, b, ok2)
	stop()
	c, ok3 := next()
	fmt.Println(c, ok3)
	fmt.Println(slices.Collect(upto(4)), slices.Sorted(slices.Values([]int{3, 1, 2})))
	var fs []func() int
	for i := range upto(3) {
		fs = append(fs, func() int { i++; return i })
	}
	for _, f := range fs {
		fmt.Print(f(), f(), " ")
	}
	fmt.Println()
}
