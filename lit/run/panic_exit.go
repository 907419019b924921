// A panic that nobody recovers: deferred calls run, the report, exit status 2.
// exit: 2
// stderr: ^panic: E7
// stderr: goroutine 1 [running]:
// stderr: main.f(
// stderr: panic_exit.go:20
// stderr: main.main()
package main

import "fmt"

type E struct{ Code int }

func (e E) Error() string { return fmt.Sprint("E", e.Code) }

//go:noinline
func f(n int) int {
	defer fmt.Println("deferred")
	if n > 0 {
		panic(E{n})
	}
	return n
}

func main() { fmt.Println(f(7)) }
