// Structures: comparison, embedding, copies, zero sizes, anonymous types, padding, tags, big results and parameters.
package main

import (
	"fmt"
	"unsafe"
)

type Point struct{ X, Y int }
type Rect struct{ Min, Max Point }
type Named struct {
	Rect
	*Meta
	Name string
}
type Meta struct{ tags []string }

func (p Point) Add(q Point) Point  { return Point{p.X + q.X, p.Y + q.Y} }
func (p *Point) Scale(k int)       { p.X *= k; p.Y *= k }
func (r Rect) Size() Point         { return Point{r.Max.X - r.Min.X, r.Max.Y - r.Min.Y} }
func (m *Meta) Tag(s string) *Meta { m.tags = append(m.tags, s); return m }

type Big struct {
	a [10]int
	s string
	f float64
}

func big(b Big, n int) (Big, error) {
	b.a[n] = n
	b.s += "!"
	return b, nil
}

type mixed struct {
	a bool
	b int64
	c bool
	d int32
	e bool
	_ int16
	f string
}

func many(a int, b float32, c string, d []byte, e any, f Point, g [2]int8, h bool, i complex128, j func() int) (int, string, float64, bool, Point) {
	return a + len(c) + len(d) + f.X + int(g[1]) + j(), fmt.Sprint(e), float64(b) + real(i), !h, f
}

func main() {
	p := Point{1, 2}
	q := p
	q.Scale(3)
	fmt.Println(p, q, p == q, p == Point{1, 2}, p.Add(q))
	n := Named{Rect{p, q}, &Meta{}, "n"}
	n.Tag("x").Tag("y")
	n.Min.X = -1
	n.Max.Scale(2)
	fmt.Println(n.Size(), n.tags, n.Rect, n.Name)
	arr := [2]Rect{{Max: Point{5, 5}}}
	cp := arr
	cp[0].Max.X = 9
	fmt.Println(arr, cp, arr == cp)
	b, err := big(Big{s: "b", f: 1.5}, 3)
	fmt.Println(b, err)
	fmt.Println(unsafe.Sizeof(mixed{}), unsafe.Offsetof(mixed{}.d), unsafe.Offsetof(mixed{}.f), unsafe.Alignof(mixed{}), unsafe.Sizeof(struct{}{}))
	m1, m2 := mixed{a: true, f: "x"}, mixed{a: true, f: "x"}
	fmt.Println(m1 == m2)
	anon := struct {
		Point
		Z int `json:"z"`
	}{Point{1, 2}, 3}
	anon.Point.X++
	fmt.Printf("%v %+v %#v %T\n", anon, anon, p, anon)
	pp := &p
	ppp := &pp
	(*ppp).X = 50
	(**ppp).Y++
	fmt.Println(p, *pp)
	fmt.Println(many(1, 2.5, "abc", []byte{1}, 'x', p, [2]int8{1, 2}, true, 1+2i, func() int { return 100 }))
	x := struct{ a, b any }{p, &p == pp}
	fmt.Println(x.a == any(p), x.b)
	ptrs := map[string]*Point{"a": {1, 1}}
	ptrs["a"].Scale(7)
	fmt.Println(*ptrs["a"], []*Point{{2, 3}}[0].Add(p), map[Point]string{{1, 2}: "k"})
	type local struct{ next *local }
	l := &local{&local{}}
	fmt.Println(l.next.next == nil, l.next != nil)
	fmt.Println(func() (r Rect) { r.Max = Point{1, 1}; defer func() { r.Min.X = -5 }(); return }())
}
