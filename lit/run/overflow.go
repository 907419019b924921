// Endless recursion is Go's fatal error, not a crash.
// exit: 2
// stderr: goroutine stack exceeds 1000000000-byte limit
// stderr: ^fatal error: stack overflow
package main

import "fmt"

//go:noinline
func f(n int, a [64]int) int { a[n%64] = n; return f(n+1, a) + a[n%64] }

func main() {
	fmt.Println("go")
	fmt.Println(f(0, [64]int{}))
}
