// Method expressions are the functions of the descriptor; pointers that reflect makes have the methods of their types.
package main

import (
	"fmt"
	"reflect"
)

type T struct{ a, b int }

func (t T) M() int { return t.b }

type P struct{ *T }
type Q struct {
	n int
	T
}
type Ptr struct{ _ bool }

func (*Ptr) String() string { return "called" }

type G[E any] struct{ e E }

func (g *G[E]) String() string { return fmt.Sprint(g.e) }

func try(name string, f func()) {
	defer func() { fmt.Println(name, recover()) }()
	f()
}

func stringer(x any) {
	s, ok := reflect.New(reflect.TypeOf(x)).Interface().(fmt.Stringer)
	fmt.Println(ok)
	if ok {
		fmt.Println(s)
	}
}

func main() {
	try("(*T).M", func() { f := (*T).M; f(nil) })
	try("(*T).M called", func() { (*T).M(nil) })
	try("(*P).M", func() { f := (*P).M; f(nil) })
	try("P.M", func() { f := P.M; f(P{}) })
	try("(*Q).M", func() { f := (*Q).M; f(nil) })
	q := Q{1, T{2, 3}}
	fmt.Println((*Q).M(&q), Q.M(q), P.M(P{&q.T}), interface{ M() int }.M(q))

	// There was a bug where these had two codes.
	for _, v := range []any{(*Q).M, Q.M, P.M, (*P).M} {
		recv := reflect.TypeOf(v).In(0)
		fmt.Println(recv, recv.Method(0).Func.Pointer() == reflect.ValueOf(v).Pointer())
	}
	// There was a bug where a pointer type that only reflect makes had no methods.
	stringer(struct{ Ptr }{})
	type local struct{ Ptr }
	stringer(local{})
	stringer(G[int]{7})
	stringer(Q{})
}
