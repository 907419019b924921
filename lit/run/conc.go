// RUN: %goc build -O0 -o %t0 %s && %t0 > %t.out 2>&1 && diff %S/Inputs/conc.out %t.out
// RUN: %goc build -O2 -o %t2 %s && %t2 > %t.out 2>&1 && diff %S/Inputs/conc.out %t.out
// RUN: %goc build -O2 -escape=off -o %t3 %s && %t3 > %t.out 2>&1 && diff %S/Inputs/conc.out %t.out
// go, defer, recover, channels, select.
package main

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"
)

type T struct{ n int }

func (t T) Val(s string)  { fmt.Println("val", t.n, s) }
func (t *T) Ptr(s string) { fmt.Println("ptr", t.n, s) }

type I interface{ Val(string) }

func order() (r int) {
	t := T{1}
	var i I = t
	f := func(a, b int) (int, string) { fmt.Println("f", a, b); return 0, "" }
	defer t.Val("v")
	defer t.Ptr("p")
	defer i.Val("i")
	defer f(t.n, r)
	defer fmt.Println("println", t.n)
	defer func(n int) { r += n; fmt.Println("closure", n, t.n) }(t.n)
	defer print()
	m := map[int]int{1: 1}
	defer delete(m, 1)
	t.n = 2
	for k := 0; k < 12; k++ {
		defer func() { r++ }()
	}
	return 100
}

func recovered(v any) (err error) {
	defer func() {
		switch x := recover().(type) {
		case nil:
		case error:
			err = x
		default:
			err = fmt.Errorf("got %v", x)
		}
	}()
	if v != nil {
		panic(v)
	}
	return nil
}

func nested() {
	defer func() { fmt.Println("outer", recover()) }()
	defer func() {
		defer func() { fmt.Println("inner", recover()) }()
		panic("second")
	}()
	panic("first")
}

func repanic() (s string) {
	defer func() { s = fmt.Sprint(recover()) }()
	defer func() { panic("replaced " + fmt.Sprint(recover())) }()
	panic("one")
}

func helper() any { return recover() }

func notDirect() {
	defer func() { fmt.Println("direct", recover() != nil) }()
	defer func() { fmt.Println("helper", helper()) }()
	defer func() { func() { fmt.Println("deep", recover()) }() }()
	panic(1)
}

func results() (a int, b string, c [3]int) {
	defer func() {
		recover()
		a *= 2
		c[1] = 9
	}()
	a, b, c = 21, "kept", [3]int{1, 2, 3}
	var p *T
	p.n = 1
	return
}

func goexit() {
	done := make(chan string)
	go func() {
		defer func() { done <- fmt.Sprint("exited ", recover()) }()
		runtime.Goexit()
	}()
	fmt.Println(<-done)
}

func channels() {
	c := make(chan [3]string, 2)
	c <- [3]string{"a", "b", "c"}
	c <- [3]string{}
	fmt.Println(len(c), cap(c), (<-c)[1])
	close(c)
	v, ok := <-c
	w, ok2 := <-c
	fmt.Println(v, ok, w, ok2)
	var nilc chan int
	fmt.Println(len(nilc), cap(nilc))
	e := make(chan struct{})
	go func() { e <- struct{}{}; close(e) }()
	n := 0
	for range e {
		n++
	}
	fmt.Println(n)
	fmt.Println(recovered(func() any { return nil }()), try(func() { close(nilc) }), try(func() { close(c) }), try(func() { c <- v }), try(func() { _ = make(chan int, n-2) }))
	gen := func(n int) <-chan int {
		ch := make(chan int)
		go func() {
			defer close(ch)
			for i := 0; i < n; i++ {
				ch <- i
			}
		}()
		return ch
	}
	sum := 0
	for x := range gen(100) {
		sum += x
	}
	fmt.Println(sum)
}

func try(f func()) (err error) {
	defer func() { err, _ = recover().(error) }()
	f()
	return errors.New("none")
}

func selects() {
	a, b, quit := make(chan int), make(chan string, 1), make(chan bool)
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		for i := 0; i < 10; i++ {
			a <- i
		}
		close(quit)
	}()
	go func() { defer wg.Done(); b <- "msg" }()
	na, nb := 0, 0
	arr := [2]string{}
	m := map[string]bool{}
loop:
	for {
		select {
		case v := <-a:
			na += v
		case arr[1], m["ok"] = <-b:
			nb++
		case <-quit:
			break loop
		}
	}
	wg.Wait()
	for nb == 0 {
		arr[1], m["ok"] = <-b
		nb++
	}
	fmt.Println(na, nb, arr, m)
	select {
	case x, ok := <-quit:
		fmt.Println("closed", x, ok)
	default:
		fmt.Println("default")
	}
	select {
	case b <- "full":
		fmt.Println("sent")
	default:
		fmt.Println("full")
	}
	select {
	case b <- "full":
		fmt.Println("sent")
	default:
		fmt.Println("full")
	}
	select {
	case s := <-b:
		fmt.Println("one", s)
	}
	var never chan int
	select {
	case never <- 1:
	case <-never:
	case <-time.After(time.Millisecond):
		fmt.Println("timeout")
	}
	out := make(chan int, 3)
	for i := 0; i < 3; i++ {
		select {
		case out <- i:
		case v := <-never:
			fmt.Println(v)
		}
	}
	fmt.Println(<-out, <-out, <-out)
}

func main() {
	fmt.Println(order())
	fmt.Println(recovered(nil), recovered("str"), recovered(errors.New("err")), recovered(42))
	nested()
	fmt.Println(repanic())
	notDirect()
	fmt.Println(results())
	goexit()
	channels()
	selects()
	var mu sync.Mutex
	var wg sync.WaitGroup
	total := 0
	for i := range 50 {
		wg.Add(1)
		go func(k int) {
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			total += i + k
		}(i)
	}
	wg.Wait()
	fmt.Println(total)
	var t T
	ch := make(chan bool)
	go t.Val("go")
	go func() { ch <- true }()
	<-ch
	time.Sleep(5 * time.Millisecond)
	fmt.Println(try(func() { var f func(); defer f(); fmt.Println("nil func is called late") }))
}
