// There was a bug where the arguments of delete could not be the results of one call.
// stderr: ^3 abc
// stderr: ^3 xyz
// stderr: ^1
// stderr: ^0
// stderr: ^+1.000000e+000
// stderr: ^3
// stderr: ^3 words
// stderr: ^2 words
// stderr: ^1 xyz
package main

type key any

func bytes(a []byte) ([]byte, []byte)        { return a, []byte("abc") }
func text(a []byte) ([]byte, string)         { return a, "xyz" }
func entry(m map[int]int) (map[int]int, int) { return m, 0 }
func boxed(m map[key]int) (map[key]int, int) { return m, 7 }
func parts() (float64, float64)              { return 1, 2 }
func more() ([]any, int, string)             { return []any{0}, 1, "two" }
func words(a ...any) (int, string)           { return len(a), "words" }

func deferred(m map[int]int, b []byte) {
	defer println(words(1, 2))
	defer delete(entry(m))
	defer copy(text(b))
}

func main() {
	a := []byte{1, 2, 3}
	println(copy(bytes(a)), string(a))
	println(copy(text(a)), string(a))
	m := map[int]int{0: 0, 1: 1}
	delete(entry(m))
	println(len(m))
	k := map[key]int{7: 1}
	delete(boxed(k))
	println(len(k))
	println(real(complex(parts())))
	println(len(append(more())))
	println(words(more()))
	m[0], a = 0, []byte("...")
	deferred(m, a)
	println(len(m), string(a))
}
