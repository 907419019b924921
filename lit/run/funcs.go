// RUN: %goc build -O0 -o %t0 %s && %t0 > %t.out 2>&1 && diff %S/Inputs/funcs.out %t.out
// RUN: %goc build -O2 -o %t2 %s && %t2 > %t.out 2>&1 && diff %S/Inputs/funcs.out %t.out
// RUN: %goc build -O2 -escape=off -o %t3 %s && %t3 > %t.out 2>&1 && diff %S/Inputs/funcs.out %t.out
// Closures, captures, loop variables, method values and expressions, embedding, interfaces, generics, range over functions.
package main

type Shape interface {
	Area() int
	Name() string
}
type Rect struct{ w, h int }

func (r Rect) Area() int    { return r.w * r.h }
func (r Rect) Name() string { return "rect" }
func (r *Rect) Grow(n int)  { r.w += n; r.h += n }

type Named struct {
	*Rect
	label string
}

func (n Named) Name() string { return n.label + "/" + n.Rect.Name() }

type Outer struct {
	Named
	Shape2
}
type Shape2 interface{ Corners() int }
type four struct{}

func (four) Corners() int { return 4 }

func counter() (func() int, func()) {
	n := 0
	return func() int { n++; return n }, func() { n = 100 }
}

func closures() {
	next, reset := counter()
	print(next(), next(), " ")
	reset()
	println(next())
	var fs []func() int
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { i += 10; return i })
	}
	for _, f := range fs {
		print(f(), " ", f(), " ")
	}
	var gs []func() int
	for i, v := range []int{7, 8} {
		gs = append(gs, func() int { return i*100 + v })
	}
	println(gs[0](), gs[1]())
	var fib func(int) int
	fib = func(n int) int {
		if n < 2 {
			return n
		}
		return fib(n-1) + fib(n-2)
	}
	println(fib(15))
	a := [3]int{1, 2, 3}
	h := func() int { return a[0] + a[1] + a[2] }
	println(h())
}

func methods() {
	r := Rect{2, 3}
	area := r.Area
	grow := r.Grow
	grow(1)
	println(area(), r.Area(), Rect.Area(r), (*Rect).Area(&r))
	(*Rect).Grow(&r, 1)
	n := Named{&r, "n"}
	o := &Outer{n, four{}}
	o.Grow(1)
	println(o.Area(), o.Name(), o.Corners(), o.w)
	var s Shape = o
	f := s.Name
	println(f(), s.Area(), Shape.Name(s), (*Outer).Corners(o), Outer.Area(*o))
	var e any = r
	if _, ok := e.(Shape); ok {
		println("shape")
	}
	if _, ok := e.(interface{ Grow(int) }); !ok {
		println("no pointer methods")
	}
	switch v := any(&r).(type) {
	case interface{ Grow(int) }:
		v.Grow(10)
		println("grown", r.w)
	}
	var nilshape Shape
	func() {
		defer func() { println(recover().(error).Error()) }()
		nilshape.Area()
	}()
	func() {
		var p *Rect
		defer func() { println(recover().(error).Error()) }()
		nilshape = p
		nilshape.Area()
	}()
	func() {
		defer func() { println(recover().(error).Error()) }()
		_ = e.(string)
	}()
	func() {
		defer func() { println(recover().(error).Error()) }()
		_ = e.(Shape2)
	}()
}

type Number interface{ ~int | ~int8 | ~float64 }

func Sum[T Number](xs ...T) (t T) {
	for _, x := range xs {
		t += x
	}
	return
}

type Stack[T any] struct{ items []T }

func (s *Stack[T]) Push(x T) { s.items = append(s.items, x) }
func (s *Stack[T]) Pop() (x T, ok bool) {
	if len(s.items) == 0 {
		return
	}
	x = s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return x, true
}
func (s *Stack[T]) All() func(func(int, T) bool) {
	return func(yield func(int, T) bool) {
		for i, x := range s.items {
			if !yield(i, x) {
				return
			}
		}
	}
}

func Map[K comparable, V, W any](m map[K]V, f func(K, V) W) map[K]W {
	r := make(map[K]W)
	for k, v := range m {
		r[k] = f(k, v)
	}
	return r
}

type Stringer interface{ String() string }
type ID int8

func (i ID) String() string { return "ID" + string(rune('0'+i)) }
func Join[T Stringer](xs []T) (s string) {
	for _, x := range xs {
		s += x.String()
	}
	return
}

func Ptr[T any](x T) *T { return &x }
func Zero[T any]() (z T) { return }
func Is[T any](x any) bool { _, ok := x.(T); return ok }

func generics() {
	println(Sum(1, 2, 3), Sum(1.5, 2), Sum[ID](), Sum(ID(100), ID(100)))
	var s Stack[string]
	s.Push("a")
	s.Push("b")
	for i, x := range s.All() {
		print(i, x, " ")
	}
	x, ok := s.Pop()
	println(x, ok, len(Map(map[string]int{"a": 1, "b": 2}, func(k string, v int) float64 { return float64(v) })))
	println(Join([]ID{1, 2, 3}), *Ptr(5), *Ptr("x"), Zero[int](), Zero[string]() == "", Zero[*int]() == nil)
	println(Is[int](1), Is[string](1), Is[Stringer](ID(1)), Is[Stack[int]](Stack[int]{}), Is[Stack[int]](Stack[string]{}))
	f := Sum[float64]
	println(f(1, 2, 3))
	type pair[A, B any] struct {
		a A
		b B
	}
	p := pair[int, string]{1, "x"}
	q := pair[int, string]{1, "x"}
	println(p == q, any(p) == any(q))
}

func find(s *Stack[int], want int) (at int) {
	defer func() { print("(deferred ", at, ") ") }()
	for i, x := range s.All() {
		if x == want {
			return i
		}
		if x < 0 {
			break
		}
	}
	return -1
}

func ranges() {
	s := &Stack[int]{[]int{5, 6, 7, -1, 8}}
	println(find(s, 7))
	println(find(s, 8))
outer:
	for i := range 3 {
		for j, x := range s.All() {
			switch {
			case x == 6:
				continue
			case i == 1:
				continue outer
			case x < 0:
				break outer
			}
			print(i, j, x, " ")
		}
	}
	println()
	for i, r := range "aé\xff世" {
		print(i, ":", r, " ")
	}
	println()
	n := 0
	for range 4 {
		n++
	}
	var i8 int8
	for i8 = range int8(3) {
	}
	ch := make(chan int, 3)
	ch <- 1
	ch <- 2
	close(ch)
	for v := range ch {
		n += v * 10
	}
	m := map[string]int{"x": 1, "y": 2, "z": 3}
	t := 0
	for k, v := range m {
		t += v
		delete(m, k)
	}
	println(n, i8, t, len(m))
	i := 0
loop:
	if i < 3 {
		i++
		goto loop
	}
	switch i {
	case 3:
		print("three ")
		fallthrough
	case 4:
		println("four")
	default:
		println("default")
	}
}

func main() {
	closures()
	methods()
	generics()
	ranges()
}
