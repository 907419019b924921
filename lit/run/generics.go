// Type parameters: functions, types, methods, constraints, inference, instances that recurse.
package main

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"sort"
	"strconv"
)

type Number interface {
	~int | ~int8 | ~int32 | ~int64 | ~float64
}

func Sum[T Number](xs ...T) (s T) {
	for _, x := range xs {
		s += x
	}
	return
}

func Map[S ~[]E, E, R any](s S, f func(E) R) []R {
	out := make([]R, 0, len(s))
	for _, x := range s {
		out = append(out, f(x))
	}
	return out
}

func Reduce[E, A any](s []E, a A, f func(A, E) A) A {
	for _, x := range s {
		a = f(a, x)
	}
	return a
}

type List[T any] struct {
	head, tail *node[T]
	len        int
}
type node[T any] struct {
	v    T
	next *node[T]
}

func (l *List[T]) Push(v T) *List[T] {
	n := &node[T]{v: v}
	if l.tail == nil {
		l.head = n
	} else {
		l.tail.next = n
	}
	l.tail = n
	l.len++
	return l
}

func (l *List[T]) All() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		i := 0
		for n := l.head; n != nil; n = n.next {
			if !yield(i, n.v) {
				return
			}
			i++
		}
	}
}

type Tree[K cmp.Ordered, V any] struct {
	root *tnode[K, V]
}
type tnode[K cmp.Ordered, V any] struct {
	k           K
	v           V
	left, right *tnode[K, V]
}

func (t *Tree[K, V]) find(k K) **tnode[K, V] {
	p := &t.root
	for *p != nil {
		switch c := cmp.Compare(k, (*p).k); {
		case c < 0:
			p = &(*p).left
		case c > 0:
			p = &(*p).right
		default:
			return p
		}
	}
	return p
}

func (t *Tree[K, V]) Put(k K, v V) {
	p := t.find(k)
	if *p == nil {
		*p = &tnode[K, V]{k: k}
	}
	(*p).v = v
}

func (n *tnode[K, V]) walk(f func(K, V)) {
	if n != nil {
		n.left.walk(f)
		f(n.k, n.v)
		n.right.walk(f)
	}
}

type Stringer interface{ String() string }
type ID int

func (i ID) String() string { return "#" + strconv.Itoa(int(i)) }

func Join[T Stringer](xs []T) (s string) {
	for _, x := range xs {
		s += x.String()
	}
	return
}

type Setter[T any] interface {
	Set(string) error
	*T
}
type Conf struct{ v int }

func (c *Conf) Set(s string) (err error) { c.v, err = strconv.Atoi(s); return }

func Parse[T any, P Setter[T]](ss []string) ([]T, error) {
	out := make([]T, len(ss))
	for i, s := range ss {
		if err := P(&out[i]).Set(s); err != nil {
			return nil, err
		}
	}
	return out, nil
}

type Opt[T any] struct {
	v  T
	ok bool
}

func Some[T any](v T) Opt[T] { return Opt[T]{v, true} }
func (o Opt[T]) Or(d T) T {
	if o.ok {
		return o.v
	}
	return d
}

type Pair[A, B any] struct {
	First  A
	Second B
}

func MakePair[A, B any](a A, b B) Pair[A, B] { return Pair[A, B]{a, b} }
func (p Pair[A, B]) Swap() Pair[B, A]        { return Pair[B, A]{p.Second, p.First} }

func typeName[T any]() string {
	var z T
	switch any(z).(type) {
	case int:
		return "int"
	case string:
		return "string"
	case []T:
		return "impossible"
	}
	return fmt.Sprintf("%T", z)
}

func Keys[M ~map[K]V, K cmp.Ordered, V any](m M) []K {
	var ks []K
	for k := range m {
		ks = append(ks, k)
	}
	sort.Slice(ks, func(i, j int) bool { return ks[i] < ks[j] })
	return ks
}

func Must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func count[T comparable](xs []T, x T) (n int) {
	for _, y := range xs {
		if x == y {
			n++
		}
	}
	return
}

type MyInts []int

func main() {
	fmt.Println(Sum(1, 2, 3), Sum(1.5, 2), Sum[int8](100, 100), Sum[float64]())
	fmt.Println(Map(MyInts{1, 2, 3}, func(i int) string { return strconv.Itoa(i * i) }), Reduce([]string{"a", "bc"}, 0, func(n int, s string) int { return n + len(s) }))
	l := new(List[string]).Push("x").Push("y").Push("z")
	for i, v := range l.All() {
		if i == 2 {
			break
		}
		fmt.Print(i, v, " ")
	}
	fmt.Println(l.len)
	var t Tree[string, []int]
	for i, w := range []string{"m", "c", "x", "a", "m", "d"} {
		t.Put(w, append((func() []int {
			if n := *t.find(w); n != nil {
				return n.v
			}
			return nil
		})(), i))
	}
	t.root.walk(func(k string, v []int) { fmt.Print(k, v, " ") })
	fmt.Println()
	fmt.Println(Join([]ID{1, 2}), Must(Parse[Conf]([]string{"4", "5"})))
	_, err := Parse[Conf]([]string{"4", "x"})
	fmt.Println(err, errors.Is(err, strconv.ErrSyntax))
	fmt.Println(Some(3).Or(4), Opt[string]{}.Or("none"), MakePair("a", 1).Swap(), MakePair(MakePair(1, 2.5), []int(nil)))
	fmt.Println(typeName[int](), typeName[string](), typeName[Pair[int, []string]](), typeName[map[ID]error]())
	fmt.Printf("%T %T %T\n", l, t, MakePair[any, error](nil, nil))
	fmt.Println(Keys(map[ID]bool{3: true, 1: true}), count([]any{1, "1", 1}, any(1)), count([]float64{1, 2}, 2))
	f := Sum[int]
	fmt.Println(f(4, 5))
	g := Map[[]int, int, bool]
	fmt.Println(g([]int{1, 2}, func(i int) bool { return i > 1 }))
}
