// Maps: every kind of key, nil maps, deletion while iterating, order of printing, values that are structures.
package main

import (
	"fmt"
	"maps"
	"slices"
)

type key struct {
	s string
	i int8
	f float32
}

type face interface{ M() int }
type A int
type B struct{ x, y string }

func (a A) M() int { return int(a) }
func (b B) M() int { return len(b.x) }

func try(f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("panic:", r)
		}
	}()
	f()
}

func main() {
	m := map[key]int{{"a", 1, 0.5}: 1, {"a", 1, -0.5}: 2}
	m[key{"a", 1, 0.5}] += 10
	v, ok := m[key{"b", 0, 0}]
	fmt.Println(m, v, ok, len(m))
	arr := map[[2]string][]int{}
	arr[[2]string{"x", "y"}] = append(arr[[2]string{"x", "y"}], 1, 2)
	fmt.Println(arr)
	any := map[interface{}]string{1: "int", int8(1): "int8", "1": "string", 1.0: "float", nil: "nil", [1]int{1}: "array", struct{}{}: "empty"}
	fmt.Println(any[1], any[int8(1)], any["1"], any[1.0], any[nil], any[[1]int{1}], any[struct{}{}], any[uint(1)] == "")
	try(func() { any[[]int{1}] = "slice" })
	try(func() { _ = any[map[int]int{}] })
	f := map[face]int{A(1): 1, B{"x", "y"}: 2}
	fmt.Println(f[A(1)], f[B{"x", "y"}], f[A(2)], len(f))
	var none map[string]int
	fmt.Println(none["x"], len(none), none == nil)
	delete(none, "x")
	for range none {
		fmt.Println("never")
	}
	try(func() { none["x"] = 1 })
	n := map[int]int{}
	for i := 0; i < 1000; i++ {
		n[i*7919] = i
	}
	sum := 0
	for k, v := range n {
		if v%2 == 0 {
			delete(n, k)
		}
		sum++
	}
	left := 0
	for k := range n {
		if _, ok := n[k]; !ok {
			fmt.Println("lost", k)
		}
		left++
	}
	fmt.Println(len(n), left, sum >= 500 && sum <= 1000)
	keys := slices.Sorted(maps.Keys(map[string]bool{"z": true, "a": true, "m": false}))
	fmt.Println(keys)
	type big struct{ data [40]int }
	bm := map[int]big{}
	bm[1] = big{}
	x := bm[1]
	x.data[39] = 5
	bm[2] = x
	fmt.Println(bm[1].data[39], bm[2].data[39], bm[3].data[0])
	pm := map[string]*big{}
	pm["p"] = &x
	pm["p"].data[0]++
	fmt.Println(x.data[0])
	clear(bm)
	fmt.Println(len(bm))
	c := map[string]map[string]int{}
	for _, w := range []string{"ab", "ac", "ba"} {
		if c[w[:1]] == nil {
			c[w[:1]] = map[string]int{}
		}
		c[w[:1]][w]++
	}
	fmt.Println(c)
}
