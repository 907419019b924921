// A nil dereference that nobody recovers.
// exit: 2
// stderr: ^panic: runtime error: invalid memory address or nil pointer dereference
// stderr: [signal SIGSEGV: segmentation violation
// stderr: goroutine 1 [running]:
// stderr: main.
package main

type T struct {
	a [100]int
	b *T
}

//go:noinline
func get(t *T) int { return t.b.a[5] }

func main() {
	println(get(&T{}))
}
