// Order of evaluation and of initialisation.
package main

import "fmt"

var (
	a    = c + b
	b    = f("b", 1)
	c    = f("c", 2)
	d    = func() int { return f("d", a) }()
	_    = f("blank", 9)
	x, y = two()
)

func init() { fmt.Println("init 1", a, b, c, d, x, y) }
func init() { fmt.Println("init 2") }

func two() (int, int) { fmt.Println("two"); return 7, 8 }

func f(name string, v int) int {
	fmt.Println("eval", name, v)
	return v
}

func g(xs ...any) []any { return xs }

type S struct{ p, q int }

func main() {
	arr := []int{10, 20, 30}
	i := 0
	i, arr[i] = 1, 99
	fmt.Println(i, arr)
	arr[0], arr[1], arr[2] = arr[2], arr[0], arr[1]
	fmt.Println(arr)
	fmt.Println(g(f("x", 1), f("y", 2)+f("z", 3), S{f("p", 4), f("q", 5)}))
	m := map[int]int{}
	m[f("key", 1)] = f("value", 2)
	m[f("k2", 1)] += f("v2", 5)
	fmt.Println(m)
	fmt.Println(f("left", 0) == 1 && f("right", 1) == 1, f("l", 1) == 1 || f("r", 1) == 1)
	switch f("tag", 2) {
	case f("case1", 1), f("case2", 2), f("case3", 3):
		fmt.Println("matched")
		fallthrough
	case f("never", 0):
		fmt.Println("fell")
	default:
		fmt.Println("default")
	}
	p := &S{1, 2}
	p, p.q = nil, 5
	fmt.Println(p)
	var fn func(int) func(int) int = func(a int) func(int) int {
		fmt.Println("outer", a)
		return func(b int) int { fmt.Println("inner", b); return a + b }
	}
	fmt.Println(fn(f("1st", 1))(f("2nd", 2)))
	for i, n := 0, f("bound", 2); i < n; i++ {
		fmt.Print(i)
	}
	fmt.Println()
	goto end
end:
	fmt.Println("end")
}
