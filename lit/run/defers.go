// defer, panic, recover: order, results, nesting, loops, Goexit, panics in deferred functions.
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
)

func result() (n int) {
	defer func() { n *= 2 }()
	defer func() { n++ }()
	return 20
}

func recovered() (n int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("caught: %v", r)
		}
	}()
	n = 5
	var p *int
	n = *p
	return 7, nil
}

func loop() {
	for i := 0; i < 3; i++ {
		defer fmt.Print("loop", i, " ")
	}
	for i := range 12 {
		defer func() {
			if i == 11 {
				fmt.Print("twelve ")
			}
		}()
	}
}

func nested() {
	defer func() { fmt.Println("outer:", recover()) }()
	defer func() {
		defer func() { fmt.Println("inner:", recover()) }()
		panic("second")
	}()
	panic("first")
}

func replaced() {
	defer func() { fmt.Println("replaced:", recover()) }()
	defer func() { panic("new") }()
	panic("old")
}

func helper() any { return recover() }

func wrongLevel() {
	defer func() { fmt.Println("right level:", recover()) }()
	defer func() { fmt.Println("too deep:", helper()) }()
	defer func() { func() { fmt.Println("too deep:", recover()) }() }()
	panic("x")
}

func direct() {
	defer func() { fmt.Println("direct:", recover()) }()
	defer recover()
	panic("not caught by defer recover()")
}

func repanic() {
	defer func() {
		r := recover()
		fmt.Println("again:", r)
	}()
	func() {
		defer func() { panic(fmt.Sprint("re-", recover())) }()
		panic("thrown")
	}()
}

func goexit() {
	done := make(chan int)
	go func() {
		defer close(done)
		defer func() { fmt.Println("goexit recover:", recover()) }()
		runtime.Goexit()
		fmt.Println("unreachable")
	}()
	<-done
}

type T struct{ name string }

func (t T) Close()   { fmt.Print("close ", t.name, " ") }
func (t *T) Rename() { t.name += "!" }

func methods() {
	t := T{"a"}
	defer t.Close()
	t.name = "b"
	defer t.Close()
	defer t.Rename()
	f := t.Close
	t.name = "c"
	defer f()
	var i interface{ Close() } = t
	defer i.Close()
}

func nilfunc() {
	defer func() { fmt.Println("nil func:", recover()) }()
	var f func()
	defer f()
	fmt.Println("body runs")
}

func runtimeError() {
	defer func() {
		r := recover()
		_, isrt := r.(runtime.Error)
		err, iserr := r.(error)
		fmt.Println(isrt, iserr, err)
		var re runtime.Error
		fmt.Println(errors.As(err, &re))
	}()
	var a []int
	_ = a[len(os.Args)+5]
}

func nilpanic() {
	defer func() {
		r := recover()
		_, ok := r.(*runtime.PanicNilError)
		fmt.Println(r, ok)
	}()
	panic(nil)
}

func deepResume(n int) (r int) {
	x := n * 3
	defer func() {
		if e := recover(); e != nil {
			r = x + e.(int)
		}
	}()
	if n == 0 {
		panic(1000)
	}
	r = deepResume(n - 1)
	if r > 1000 {
		panic(r)
	}
	return r
}

func main() {
	fmt.Println(result())
	fmt.Println(recovered())
	loop()
	fmt.Println()
	nested()
	replaced()
	wrongLevel()
	direct()
	repanic()
	goexit()
	methods()
	fmt.Println()
	nilfunc()
	runtimeError()
	nilpanic()
	fmt.Println(deepResume(50))
	defer fmt.Println("not run by os.Exit")
	defer func() {
		recover()
		fmt.Println("exit")
		os.Exit(0)
	}()
	panic("end")
}
