// Closures: captured variables are shared, loop variables are fresh, method values bind, recursion through variables.
package main

import "fmt"

type counter struct{ n int }

func (c *counter) inc() int  { c.n++; return c.n }
func (c counter) get() int   { return c.n }
func (c *counter) add(k int) { c.n += k }

func gen() (func() int, func()) {
	x := 0
	return func() int { x++; return x }, func() { x = 100 }
}

func compose(fs ...func(int) int) func(int) int {
	return func(x int) int {
		for _, f := range fs {
			x = f(x)
		}
		return x
	}
}

type visitor func(depth int) visitor

func main() {
	next, jump := gen()
	fmt.Println(next(), next())
	jump()
	fmt.Println(next())
	var fs []func() int
	for i := 0; i < 3; i++ {
		defer func() { fmt.Println("deferred", i) }()
		fs = append(fs, func() int { i *= 10; return i })
	}
	for i, v := range []string{"a", "b"} {
		fs = append(fs, func() int { return i + len(v) })
	}
	for _, f := range fs {
		fmt.Print(f(), " ", f(), " ")
	}
	fmt.Println()
	c := &counter{}
	inc, get := c.inc, c.get
	inc()
	inc()
	fmt.Println(c.n, get(), c.get(), (*counter).inc(c), counter.get(*c))
	add := (*counter).add
	add(c, 5)
	fmt.Println(c.n)
	var fib func(int) int
	fib = func(n int) int {
		if n < 2 {
			return n
		}
		return fib(n-1) + fib(n-2)
	}
	fmt.Println(fib(20), compose(fib, func(x int) int { return x * 2 })(10))
	depth := 0
	var v visitor
	v = func(d int) visitor {
		depth += d
		if d > 3 {
			return nil
		}
		return v
	}
	for d := 1; ; d++ {
		if w := v(d); w == nil {
			break
		}
	}
	fmt.Println(depth)
	func() {
		defer func(x int) { fmt.Println("argument", x, "variable", depth) }(depth)
		depth = 77
	}()
	total := 0
	for i := 0; i < 5; i++ {
		func() {
			if i%2 == 0 {
				return
			}
			total += i
		}()
	}
	fmt.Println(total)
	arr := [3]func(){}
	for i := range arr {
		arr[i] = func() { fmt.Print(i, " ") }
	}
	for _, f := range arr {
		f()
	}
	fmt.Println()
	shadow := 1
	{
		shadow := shadow + 1
		func() { shadow++ }()
		fmt.Println(shadow)
	}
	fmt.Println(shadow)
}
