// env: GOCDEBUG=checkescape=1,gcstress=7
// Addresses of locals that the library keeps: iterators, reflection, pools, atomics, unsafe, errors, panics.
package main

import (
	"errors"
	"fmt"
	"iter"
	"reflect"
	"runtime"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"
)

//go:noinline
func burn(n int) int {
	var a [64]int
	for i := range a {
		a[i] = i*n + 0x55555555
	}
	s := 0
	for _, x := range a {
		s += x
	}
	return s
}

type S struct {
	a, b, c int
	P       *int
	q       *string
}

func seq(n int) iter.Seq2[int, *int] {
	return func(yield func(int, *int) bool) {
		for i := 0; i < n; i++ {
			x := i * i
			if !yield(i, &x) {
				return
			}
		}
	}
}

var keepP []*int

//go:noinline
func rf(n int) (res *int) {
	for i, p := range seq(n) {
		if i%2 == 0 {
			keepP = append(keepP, p)
		}
		y := *p + 1
		if i == 5 {
			return &y
		}
		defer func() { y++; keepP = append(keepP, &y) }()
	}
	return nil
}

//go:noinline
func pull(n int) int {
	next, stop := iter.Pull2(seq(n))
	defer stop()
	s := 0
	var last *int
	for {
		_, p, ok := next()
		if !ok {
			break
		}
		if last != nil {
			s = s*10 + *last
		}
		last = p
	}
	return s
}

//go:noinline
func refl(n int) (any, *int) {
	x, y := n, n+1
	s := S{P: &x}
	v := reflect.ValueOf(&s).Elem()
	v.Field(3).Set(reflect.ValueOf(&y))
	t := reflect.New(v.Type())
	t.Elem().Set(v)
	var d S
	reflect.ValueOf(&d).Elem().Set(t.Elem())
	return t.Interface(), d.P
}

//go:noinline
func reflSlice(n int) []*int {
	var s []*int
	v := reflect.ValueOf(&s).Elem()
	for i := 0; i < n; i++ {
		x := i
		v.Set(reflect.Append(v, reflect.ValueOf(&x)))
	}
	return s
}

//go:noinline
func reflMap(n int) map[string]*int {
	m := map[string]*int{}
	v := reflect.ValueOf(m)
	for i := 0; i < n; i++ {
		x := i
		v.SetMapIndex(reflect.ValueOf(fmt.Sprint("k", i)), reflect.ValueOf(&x))
	}
	return m
}

//go:noinline
func reflChan(n int) chan *int {
	c := make(chan *int, n)
	v := reflect.ValueOf(c)
	for i := 0; i < n; i++ {
		x := i
		v.Send(reflect.ValueOf(&x))
	}
	return c
}

//go:noinline
func reflCall(n int) *int {
	x := n
	f := func(p *int, q S) *int { *p += q.a; return p }
	return reflect.ValueOf(f).Call([]reflect.Value{reflect.ValueOf(&x), reflect.ValueOf(S{a: 2})})[0].Interface().(*int)
}

//go:noinline
func makeFunc() func(*int) *int {
	z := 5
	f := func(args []reflect.Value) []reflect.Value {
		y := *args[0].Interface().(*int) + z
		return []reflect.Value{reflect.ValueOf(&y)}
	}
	var fn func(*int) *int
	reflect.ValueOf(&fn).Elem().Set(reflect.MakeFunc(reflect.TypeOf(fn), f))
	return fn
}

var pool = sync.Pool{New: func() any { return new(S) }}

//go:noinline
func usePool(n int) {
	x := n
	s := pool.Get().(*S)
	s.P = &x
	pool.Put(s)
	l := S{P: &x}
	pool.Put(&l)
}

var ap atomic.Pointer[S]
var av atomic.Value
var up unsafe.Pointer

//go:noinline
func atomics(n int) {
	x := n
	s := S{P: &x, a: n}
	if !ap.CompareAndSwap(nil, &s) {
		ap.Store(&s)
	}
	v := S{P: &x, b: n}
	av.Store(&v)
	y := n + 2
	atomic.StorePointer(&up, unsafe.Pointer(&y))
}

//go:noinline
func uns(n int) *int {
	a := [4]int{n, n + 1, n + 2, n + 3}
	p := unsafe.Pointer(&a[0])
	return (*int)(unsafe.Pointer(uintptr(p) + unsafe.Sizeof(a[0])*2))
}

//go:noinline
func unsSlice(n int) []int {
	a := [4]int{n, n + 1, n + 2, n + 3}
	return unsafe.Slice(&a[1], 2)
}

//go:noinline
func unsStr(n byte) string {
	a := [4]byte{n, n + 1, n + 2, n + 3}
	return unsafe.String(&a[0], 3)
}

//go:noinline
func unsAdd(n int) *int {
	a := [4]int{n, n + 1, n + 2, n + 3}
	return (*int)(unsafe.Add(unsafe.Pointer(&a), 16))
}

type E struct{ msg *string }

func (e *E) Error() string { return *e.msg }

//go:noinline
func errf(n int) error {
	s := strings.Repeat("x", n)
	return fmt.Errorf("wrapped: %w", &E{&s})
}

//go:noinline
func selects(n int) int {
	a, b := make(chan *int), make(chan *S, 1)
	go func() {
		for i := 0; i < n; i++ {
			x := i
			select {
			case a <- &x:
			case b <- &S{P: &x}:
			}
		}
		close(a)
	}()
	s, k := 0, 0
	for {
		select {
		case p, ok := <-a:
			if !ok {
				for len(b) > 0 {
					s += *(<-b).P
				}
				return s
			}
			s += *p
		case q := <-b:
			s += *q.P
		}
		k++
	}
}

type G[T any] struct {
	v    *T
	next *G[T]
}

//go:noinline
func push[T any](h *G[T], v T) *G[T] { n := G[T]{&v, h}; return &n }

//go:noinline
func mapAddr[K comparable, V any](ks []K, f func(K) V) map[K]*V {
	m := make(map[K]*V)
	for _, k := range ks {
		v := f(k)
		m[k] = &v
	}
	return m
}

type sorter struct {
	p    []*int
	less func(a, b *int) bool
}

func (s sorter) Len() int           { return len(s.p) }
func (s sorter) Less(i, j int) bool { return s.less(s.p[i], s.p[j]) }
func (s sorter) Swap(i, j int)      { s.p[i], s.p[j] = s.p[j], s.p[i] }

//go:noinline
func sorted(n int) []*int {
	var l []*int
	for i := 0; i < n; i++ {
		x := (i * 7) % n
		l = append(l, &x)
	}
	sort.Sort(sorter{l, func(a, b *int) bool { return *a < *b }})
	return l
}

//go:noinline
func panics(n int) (res *S, err error) {
	x := n
	s := S{P: &x}
	defer func() {
		if r := recover(); r != nil {
			res = r.(*S)
			err = errors.New("got")
		}
	}()
	func() {
		defer func() {
			y := *s.P + 1
			s.P = &y
			panic(&s)
		}()
		panic("first")
	}()
	return nil, nil
}

//go:noinline
func wg(n int) int64 {
	var w sync.WaitGroup
	var sum int64
	var mu sync.Mutex
	for i := 0; i < n; i++ {
		w.Add(1)
		x := i
		p := &x
		go func() {
			defer w.Done()
			mu.Lock()
			defer mu.Unlock()
			runtime.Gosched()
			sum += int64(*p)
			*p++
		}()
	}
	w.Wait()
	return sum
}

//go:noinline
func once() func() *int {
	return sync.OnceValue(func() *int { x := 33; return &x })
}

//go:noinline
func variadic(ps ...*int) []*int { return ps }

//go:noinline
func va(n int) []*int { a, b := n, n+1; return variadic(&a, &b) }

func main() {
	r := rf(10)
	fmt.Println(*r)
	p := pull(5)
	a, b := refl(4)
	rs, rm, rc := reflSlice(4), reflMap(3), reflChan(3)
	c := reflCall(5)
	mf := makeFunc()
	z := 3
	mfr := mf(&z)
	for i := 0; i < 20; i++ {
		usePool(i)
	}
	atomics(8)
	u1, u2, u3, u4 := uns(1), unsSlice(2), unsStr('a'), unsAdd(5)
	e := errf(5)
	se := selects(20)
	h := push(push((*G[string])(nil), "a"), "b")
	m := mapAddr([]string{"x", "yy"}, func(s string) int { return len(s) })
	so := sorted(9)
	ps, perr := panics(3)
	w := wg(30)
	o := once()
	v := va(3)
	burn(3)
	runtime.GC()
	burn(7)
	for _, k := range keepP {
		fmt.Print(*k, " ")
	}
	fmt.Println(p, *a.(*S).P, *b, *c, *mfr)
	for _, k := range rs {
		fmt.Print(*k, " ")
	}
	fmt.Println(*rm["k1"], *rm["k2"], *<-rc, *<-rc)
	g := pool.Get().(*S)
	if g.P != nil {
		_ = *g.P
	}
	fmt.Println(*ap.Load().P, *av.Load().(*S).P, *(*int)(up), *u1, u2, u3, *u4)
	fmt.Println(e, se, *h.v, *h.next.v, *m["x"], *m["yy"], *ps.P, perr, w, *o(), *o(), *v[0], *v[1])
	for _, k := range so {
		fmt.Print(*k, " ")
	}
	fmt.Println()
	var tgt *E
	fmt.Println(errors.As(e, &tgt), tgt)
}
