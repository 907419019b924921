// Panics of every kind, recovered: as values, as errors, in nested calls, in goroutines.
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
)

type node struct{ next *node }

func try(name string, f func()) {
	defer func() {
		r := recover()
		switch r := r.(type) {
		case runtime.Error:
			fmt.Printf("%-10s runtime error: %v\n", name, strings.TrimPrefix(r.Error(), "runtime error: "))
		case error:
			fmt.Printf("%-10s error: %v\n", name, r)
		case nil:
			fmt.Printf("%-10s fine\n", name)
		default:
			fmt.Printf("%-10s value: %v\n", name, r)
		}
	}()
	f()
}

func safeDiv(a, b int) (q int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("div: %v", r)
		}
	}()
	return a / b, nil
}

func deep(n int) int {
	defer func() {
		if n%3 == 0 {
			if r := recover(); r != nil {
				panic(fmt.Sprint(r, ">", n))
			}
		}
	}()
	if n == 0 {
		panic("bottom")
	}
	return deep(n-1) + 1
}

func main() {
	var list *node
	var m map[string]int
	var any any = "text"
	s := []int{1, 2, 3}
	i := len(os.Args) + 4
	try("nothing", func() {})
	try("index", func() { s[i] = 0 })
	try("slice", func() { fmt.Println(s[i:]) })
	try("nil", func() { list = list.next })
	try("map", func() { m["x"] = 1 })
	try("assert", func() { fmt.Println(any.(int)) })
	try("assert2", func() { fmt.Println(any.(fmt.Stringer)) })
	try("divide", func() { fmt.Println(1 / (i - len(os.Args) - 4)) })
	try("close", func() { var c chan int; close(c) })
	try("custom", func() { panic(errors.New("my own")) })
	try("number", func() { panic(42) })
	try("array", func() { fmt.Println([4]int(s)) })
	try("deep", func() { deep(7) })

	fmt.Println(safeDiv(7, 2))
	fmt.Println(safeDiv(7, 0))

	done := make(chan string)
	go func() {
		defer close(done)
		defer func() { done <- fmt.Sprint("goroutine: ", recover()) }()
		panic("lost and found")
	}()
	for msg := range done {
		fmt.Println(msg)
	}
	defer fmt.Println("deferred before the end")
	defer func() {
		fmt.Println("last:", recover())
		os.Stdout.WriteString("bye\n")
	}()
	panic("the end")
}
