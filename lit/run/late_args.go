// The arguments of go and defer statements: operands are evaluated at the statement, in order; memory is made by the call.
package main

import (
	"fmt"
	"sync"
)

type T struct {
	a int
	s []string
	p *int
	_ int
	i any
}

func (t T) Val(xs ...any)   { fmt.Println("Val", t.a, t.s, xs) }
func (t *T) Ptr(xs ...*T)   { fmt.Print("Ptr ", t.a); show(xs); t.a++ }
func (t *T) Set(m map[string]int, u *T) { fmt.Println("Set", t.a, m, u.a, *u.p); u.a = t.a }

func show(xs []*T) {
	for _, x := range xs {
		if x == nil {
			fmt.Print(" nil")
		} else {
			fmt.Print(" {", x.a, " ", x.s, " ", x.i, "}")
		}
	}
	fmt.Println()
}

type I interface{ Set(map[string]int, *T) }

var trace []string

func n(name string, v int) int { trace = append(trace, name); return v }
func pair() (int, *T)          { trace = append(trace, "pair"); return 7, &T{a: 8} }
func two(x any, ts ...*T)      { fmt.Print("two ", x); show(ts) }
func flush()                   { fmt.Println(trace); trace = nil }

func order() {
	x := 1
	m := map[string]int{"k": 3}
	defer flush()
	defer two(n("a", 1), &T{a: n("b", 2), s: []string{"s"}, i: x}, new(T), nil, &T{i: m["k"]})
	defer two(pair())
	x = 50
	m["k"] = 60
	t := T{a: 9}
	defer t.Val(x, t.a, []int{x, n("c", 5), 4: x}, [2]any{x, "lit"}, T{a: x}, struct{ f, g any }{x, nil})
	t.a = 10
	defer t.Ptr(&t, &T{a: t.a}, []*T{{a: 1}, nil, {a: t.a}}[2])
	t.a = 11
	q := 77
	defer I(&t).Set(map[string]int{"x": x, "y": n("d", 6)}, &T{a: x, p: &q})
	x, t.a, q = 0, 12, 78
	defer (*T).Ptr(&t, []*T{{a: x}, {a: t.a, i: error(nil)}}...)
	defer T.Val(t)
	defer func(a [3]*T, bs ...byte) { fmt.Println(a[1].a, bs, string(bs)) }([...]*T{1: {a: t.a}, 2: nil}, []byte("text")...)
	defer func(f float64, c complex128, b bool, e error, u uint8) { fmt.Println(f, c, b, e, u) }(1, 2, x == 0, nil, 'a')
	defer func(f any, c any, b any, e any) { fmt.Println(f, c, b, e) }(1, 2i, x == 0, 1<<x)
}

func gen[E any, P interface{ *E }](e E) {
	type L struct{ e *E }
	defer func(ps []P, l *L, es ...E) { fmt.Println(*ps[0], *l.e, es) }([]P{P(&e)}, &L{new(E)}, e, e)
	defer func(x any, ps ...P) { fmt.Printf("%v %T\n", x, ps) }(e, []P{P(new(E))}...)
}

type list[E any] []E

func mapOf[M ~map[K]V, K comparable, V any](k K, v V) {
	defer func(m M, ms []M, l list[V]) { fmt.Println(m, ms, l) }(M{k: v}, []M{{k: v}}, list[V]{v, v})
}

func panics() {
	defer func() { fmt.Println("recovered", recover()) }()
	var i I
	defer fmt.Println("never", i.(fmt.Stringer), []int{1})
}

func unhashable() {
	defer func() { fmt.Println("recovered", recover()) }()
	var k any = []int{1}
	defer fmt.Println("never", map[any]int{k: 1})
	fmt.Println("not reached")
}

func seq(yield func(int) bool) {
	for i := range 3 {
		if !yield(i) {
			return
		}
	}
}

func ranges() {
	for i := range seq {
		defer two(i, &T{a: i, s: []string{fmt.Sprint(i)}})
	}
	for i := 0; i < 3; i++ {
		defer two(i, &T{a: i * i}, new(T))
	}
}

func goes() {
	var wg sync.WaitGroup
	var mu sync.Mutex
	sum := 0
	for i := 0; i < 100; i++ {
		wg.Add(2)
		go func(xs []int, p *T, ys ...any) {
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			sum += xs[0]*xs[2] + p.a + len(ys) + ys[0].(int)
		}([]int{i, 0, 2}, &T{a: i}, i, "x", nil)
		c := make(chan int, 1)
		c <- i
		go func(p *[2]int) { mu.Lock(); sum += p[0] + p[1]; mu.Unlock(); wg.Done() }(&[2]int{<-c, i})
	}
	wg.Wait()
	fmt.Println(sum)
}

func large() {
	var a [40]int
	for i := range a {
		a[i] = i
	}
	defer func(b [40]int, c *[40]int, xs ...[40]int) { fmt.Println(b[3], c[3], xs[0][3], len(xs)) }(a, &[40]int{3: a[3]}, a, a)
	a[3] = 99
}

func many() {
	v := 1
	defer func(xs ...int) { fmt.Println(len(xs), xs[0], xs[69]) }(
		v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v,
		v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v, v)
	v = 2
}

func main() {
	order()
	gen(5)
	gen("str")
	mapOf[map[string]int]("k", 1)
	panics()
	unhashable()
	ranges()
	goes()
	large()
	many()
}
