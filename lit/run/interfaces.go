// Interfaces: embedding, assertions, type switches, comparison, nil receivers, method sets through embedding.
package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

type Animal interface{ Sound() string }
type Named interface{ Name() string }
type Pet interface {
	Animal
	Named
}

type base struct{ name string }

func (b *base) Name() string    { return b.name }
func (b base) Describe() string { return "<" + b.name + ">" }

type Dog struct {
	*base
	age int
}

func (d Dog) Sound() string { return "woof" }

type Cat struct{ base }

func (c *Cat) Sound() string { return "meow" }

type Num int

func (n Num) Sound() string { return strings.Repeat("1", int(n)) }

type Err struct{ code int }

func (e *Err) Error() string { return fmt.Sprint("code ", e.code) }

func mayFail(n int) error {
	var e *Err
	if n > 0 {
		e = &Err{n}
		return fmt.Errorf("wrapped: %w", e)
	}
	if n < 0 {
		return e // a nil pointer in an interface
	}
	return nil
}

func classify(x any) string {
	switch v := x.(type) {
	case nil:
		return "nil"
	case int, int64:
		return fmt.Sprintf("integer %v", v)
	case string:
		return "string " + v
	case []int:
		return fmt.Sprint("slice ", len(v))
	case func() int:
		return fmt.Sprint("func ", v())
	case error:
		return "error " + v.Error()
	case Pet:
		return "pet " + v.Name() + " " + v.Sound()
	case Animal:
		return "animal " + v.Sound()
	case struct{ X int }:
		return fmt.Sprint("struct ", v.X)
	case *int:
		return fmt.Sprint("pointer ", *v)
	case chan<- int:
		return "send only"
	default:
		return fmt.Sprintf("other %T", v)
	}
}

type Stringish interface{ ~string }

func try(f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("panic:", r)
		}
	}()
	f()
}

func main() {
	d := Dog{&base{"rex"}, 3}
	c := &Cat{base{"tom"}}
	seven := 7
	for _, x := range []any{nil, 1, int64(2), "s", []int{1, 2}, func() int { return 9 }, errors.New("e"), d, c, Num(3), struct{ X int }{4}, &seven, make(chan<- int), make(chan int), 1.5, [2]bool{}, map[string]int{}} {
		fmt.Println(classify(x))
	}
	var p Pet = d
	a := Animal(p)
	n, ok := a.(Named)
	fmt.Println(n.Name(), ok, d.Describe(), c.Describe())
	_, ok = Animal(Num(1)).(Named)
	fmt.Println(ok)
	fmt.Println(any(1) == any(1), any(1) == any(int8(1)), any("a") == any("a"), any(d) == any(d), any(c) == any(&Cat{base{"tom"}}), any(nil) == nil)
	fmt.Println(any(struct{ a, b any }{1, "x"}) == any(struct{ a, b any }{1, "x"}), a == Animal(d), Num(3) == Animal(Num(3)))
	try(func() { fmt.Println(any([]int{}) == any([]int{})) })
	try(func() { _ = any(struct{ f func() }{}) == any(struct{ f func() }{}) })
	try(func() { _ = a.(Num) })
	try(func() { _ = Animal(nil).(Named) })
	try(func() { _ = any("x").(Pet) })
	try(func() { _ = any(Num(2)).(Pet) })
	try(func() { var w io.Writer; w.Write(nil) })
	fmt.Println(mayFail(0) == nil, mayFail(-1) == nil, mayFail(5))
	var e *Err
	fmt.Println(errors.As(mayFail(6), &e), e.code)
	try(func() { fmt.Println(Dog{}.Name()) })
	f := Animal.Sound
	fmt.Println(f(d), Pet.Name(d), (*Cat).Sound(c))
	var fs []fmt.Stringer
	fs = append(fs, dur(90), &dur2{1})
	fmt.Println(fs, fs[0])
}

type dur int

func (d dur) String() string { return fmt.Sprintf("%dm%ds", int(d)/60, int(d)%60) }

type dur2 struct{ n int }

func (d *dur2) String() string { return "dur2" }
