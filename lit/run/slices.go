// Slices and arrays: append and aliasing, three-index slices, copies, conversions, bounds, clear, min and max.
package main

import "fmt"

//go:noinline
func id[T any](x T) T { return x }

func try(f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("panic:", r)
		}
	}()
	f()
}

type pair struct {
	a int
	b string
}

func variadic(xs ...int) (int, bool) { return len(xs), xs == nil }

func main() {
	a := [...]int{5: 50, 1: 10, 20}
	fmt.Println(a, len(a))
	s := a[1:3]
	fmt.Println(s, len(s), cap(s), a[1:3:4], cap(a[1:3:4]))
	s = append(s, 99)
	fmt.Println(a, s)
	s = append(s[:2:2], 77)
	fmt.Println(a, s)
	b := a
	b[0] = -1
	fmt.Println(a == b, a != b, a[0], b[0])
	var nilslice []int
	fmt.Println(nilslice == nil, len(nilslice), append(nilslice, nilslice...) == nil, append([]int{}, nilslice...) == nil)
	fmt.Println(variadic())
	fmt.Println(variadic(nil...))
	fmt.Println(variadic(1, 2))
	fmt.Println(variadic(s...))
	p := &a
	for i := range p {
		p[i] = i
	}
	for i, v := range a { // a copy
		a[len(a)-1-i] = v * 10
	}
	fmt.Println(a, len(p), p[2:4])
	grow := []pair{}
	for i := 0; i < 20; i++ {
		grow = append(grow, pair{i, fmt.Sprint(i)})
	}
	for i := range grow {
		grow[i].a *= 2
	}
	fmt.Println(grow[3], grow[19], len(grow), cap(grow) >= 20)
	m := [][]int{{1}, {2, 3}, nil}
	m[2] = append(m[2], m[1]...)
	m[1][0] = 9
	fmt.Println(m)
	bytes := append([]byte("ab"), "cd"...)
	fmt.Println(copy(bytes[1:], bytes), copy(bytes, "XY"))
	fmt.Println(string(bytes))
	arr := [3]int(s)
	ptr := (*[2]int)(s)
	ptr[0] = 42
	fmt.Println(arr, *ptr, s)
	clear(s)
	fmt.Println(s, min(3, id(1), 2), max(id("a"), "b"))
	i, j := id(4), id(2)
	try(func() { fmt.Println(s[i]) })
	try(func() { fmt.Println(s[-id(1)]) })
	try(func() { fmt.Println(s[i:]) })
	try(func() { fmt.Println(s[i:j]) })
	try(func() { fmt.Println(s[j:1]) })
	try(func() { fmt.Println(s[:j:100]) })
	try(func() { fmt.Println("str"[i]) })
	try(func() { fmt.Println("str"[i:]) })
	try(func() { fmt.Println(a[id(uint8(200))]) })
	try(func() { _ = make([]int, id(-1)) })
	try(func() { _ = make([]int, id(2), id(1)) })
	try(func() { _ = make([]int, id(1<<62)) })
	try(func() { fmt.Println([4]int(s)) })
	var z [0]int
	fmt.Println(z, len(z), struct{}{}, make([]struct{}, 5))
	big := make([][100]int, 3)
	big[1][50] = 7
	c := big[1]
	big[1][50] = 8
	fmt.Println(c[50], big[1][50])
}
