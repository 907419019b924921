// RUN: %goc build -O0 -o %t0 %s && %t0 > %t.out 2>&1 && diff %S/Inputs/elide.out %t.out
// RUN: %goc build -O2 -o %t2 %s && %t2 > %t.out 2>&1 && diff %S/Inputs/elide.out %t.out
// Conversions that are not carried out: string(b) that is only looked at, append of make, len of []rune(s).
package main

import (
	"fmt"
	"testing"
)

// There was a bug where a generic function's string(b) was copied for its comparison.
func same[T string | []byte](a, b T) bool { return string(a[:len(b)]) == string(b) }

func grow(s []int, n int) []int { return append(s[:cap(s)], make([]int, n)...)[:len(s)] }
func main() {
	b := []byte("hello")
	m := map[string]int{"hello": 5}
	fmt.Println(m[string(b)], string(b) == "hello", string(b) < "help", "<"+string(b)+">", string(b)+string(b))
	v, ok := m[string(b[:2])]
	fmt.Println(v, ok)
	m[string(b)+"x"] = 3
	m[string(b)]++
	fmt.Println(m, len([]rune("héé")))
	b = append(b, []byte(" wörld")...)
	fmt.Println(string(b))
	fmt.Println(len(grow(b2(), 10)), cap(grow(b2(), 10)) >= 13)
	func() {
		defer func() { fmt.Println(recover()) }()
		n := -1
		_ = append(b, make([]byte, n)...)
	}()
	long := make([]byte, 100)
	fmt.Println(testing.AllocsPerRun(10, func() { same(long, long[:90]) }), same(string(long), "x"))
	s := append(make([]int, 0, 8), 1)
	t := append(s, 7, 8, 9)
	s = append(s, make([]int, 3)...)
	fmt.Println(s, t)
}
func b2() []int { return []int{1, 2, 3} }
