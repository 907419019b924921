// RUN: %goc build -O0 -o %t0 %s && %t0 > %t.out 2>&1 && diff %S/Inputs/ifaces.out %t.out
// RUN: %goc build -O2 -o %t2 %s && %t2 > %t.out 2>&1 && diff %S/Inputs/ifaces.out %t.out
// RUN: %goc build -O2 -escape=off -o %t3 %s && %t3 > %t.out 2>&1 && diff %S/Inputs/ifaces.out %t.out
// Interfaces: boxing, itabs, embedding and promotion, assertions, switches, comparison, panics, method values and expressions.
package main

import (
	"fmt"
	"runtime"
	"strings"
)

type Shape interface {
	Area() float64
	Name() string
}
type Namer interface{ Name() string }
type Sq struct{ a float64 }
type Big struct{ a, b, c, d, e int }
type Ptr struct{ p *int }
type Fn func() int
type M map[string]int
type One [1]*int
type Empty struct{}
type Str string

func (s Sq) Area() float64 { return s.a * s.a }
func (s Sq) Name() string  { return "sq" }
func (b Big) Name() string { return fmt.Sprint("big", b.e) }
func (b *Big) Set(n int)   { b.e = n }
func (p Ptr) Name() string { return fmt.Sprint("ptr", *p.p) }
func (f Fn) Name() string  { return fmt.Sprint("fn", f()) }
func (m M) Name() string   { return fmt.Sprint("map", len(m)) }
func (o One) Name() string { return fmt.Sprint("one", *o[0]) }
func (Empty) Name() string { return "empty" }
func (s Str) Name() string { return string(s) }

type Outer struct {
	*Inner
	Namer
	n int
}
type Inner struct{ Deep }
type Deep struct{ v int }

func (d Deep) Value() int { return d.v }
func (d *Deep) Inc()      { d.v++ }

type Incer interface {
	Inc()
	Value() int
	Namer
}

func kind(x any) string {
	switch v := x.(type) {
	case nil:
		return "nil"
	case int, int8:
		return fmt.Sprintf("int-ish %v", v)
	case string:
		return "string " + v
	case []int:
		return fmt.Sprint("slice ", len(v))
	case Shape:
		return "shape " + v.Name()
	case Namer:
		return "namer " + v.Name()
	case error:
		return "error " + v.Error()
	case func() int:
		return fmt.Sprint("func ", v())
	case Big:
		return "big"
	default:
		return fmt.Sprintf("other %T", v)
	}
}

func try(name string, f func()) {
	defer func() {
		r := recover()
		if e, ok := r.(runtime.Error); ok {
			fmt.Println(name, "->", e)
		} else {
			fmt.Println(name, "->", r)
		}
	}()
	f()
}

//go:noinline
func call(n Namer) string { return n.Name() }

func main() {
	n := 5
	for _, x := range []Namer{Sq{2}, Big{e: 3}, &Big{e: 4}, Ptr{&n}, Fn(func() int { return 6 }), M{"a": 1}, One{&n}, Empty{}, &Empty{}, Str("str"), &Sq{3}} {
		fmt.Print(x.Name(), " ")
	}
	fmt.Println()
	for _, x := range []any{nil, 1, int8(2), "s", []int{1}, Sq{1}, Str("x"), fmt.Errorf("e"), func() int { return 9 }, Big{}, 2.5, uint8(200), uint64(300), true, 'x', 1i, [2]string{"p", "q"}, struct{}{}} {
		fmt.Print(kind(x), "; ")
	}
	fmt.Println()

	o := Outer{&Inner{Deep{10}}, Str("emb"), 1}
	var inc Incer = o
	inc.Inc()
	inc.Inc()
	fmt.Println(inc.Value(), inc.Name(), o.v, o.Value())
	inc = &o
	inc.Inc()
	f, g, h := o.Inc, inc.Value, (*Deep).Inc
	f()
	h(&o.Deep)
	fmt.Println(g(), Deep.Value(o.Deep), Outer.Value(o), Incer.Value(inc))

	var s Shape = Sq{2}
	var nm Namer = s
	var e any = nm
	_, ok1 := e.(Shape)
	_, ok2 := e.(interface{ Foo() })
	q, ok3 := e.(Sq)
	b, ok4 := e.(Big)
	z, ok5 := e.(*int)
	fmt.Println(ok1, ok2, ok3, q, ok4, b, ok5, z, nm == s, e == nm, e == Sq{2}, s == Sq{3})
	var np *Big
	var nn Namer
	fmt.Println(nn == nil, any(np) == nil, any(np) == any((*Big)(nil)), any(1) == any(1.0), any("a") == any("a"))
	fmt.Println(any([2]any{1, "a"}) == any([2]any{1, "a"}), any(struct {
		a any
		f float64
	}{1, 2}) == any(struct {
		a any
		f float64
	}{1, 3}))

	try("nil method", func() { nn.Name() })
	try("nil value", func() { call(np) })
	try("assert", func() { _ = e.(Big) })
	try("assert nil", func() { var x any; _ = x.(int) })
	try("assert iface", func() { _ = e.(fmt.Stringer) })
	try("assert nil iface", func() { var x any; _ = x.(Namer) })
	try("uncomparable", func() { fmt.Println(any([]int{1}) == any([]int{1})) })
	try("uncomparable field", func() { fmt.Println(any(struct{ f func() }{}) == any(struct{ f func() }{})) })
	try("unhashable", func() { m := map[any]int{}; m[[]int{}] = 1 })
	try("embedded nil", func() { var o Outer; o.Inc() })
	try("embedded nil iface", func() { var o Outer; _ = o.Name() })

	type T struct {
		s string
		i any
		a [3]string
		f float32
		_ int
	}
	x, y := T{"a", 1, [3]string{"x", "y", "z"}, 1.5, 1}, T{"a", 1, [3]string{"x", "y", strings.Repeat("z", 1)}, 1.5, 2}
	m := map[T]int{x: 1}
	m[y]++
	fmt.Println(x == y, m[x], len(m))
	mm := map[any]string{1: "int", int8(1): "int8", "1": "string", 1.0: "float", [1]int{1}: "array", Sq{1}: "struct", true: "bool"}
	fmt.Println(mm[1], mm[int8(1)], mm["1"], mm[1.0], mm[[1]int{1}], mm[Sq{1}], mm[true], len(mm))
	switch i := any(true); {
	case i:
		fmt.Println("true")
	}
	switch any(2) {
	case "2":
		fmt.Println("string")
	case 2:
		fmt.Println("int")
	}
}
