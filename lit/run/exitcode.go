// os.Exit, arguments, environment, standard input, println to standard error.
// exit: 3
// args: one two
// env: GREETING=hello
// stderr: ^println 1 true +1.500000e+000 x
package main

import (
	"bufio"
	"fmt"
	"os"
)

func main() {
	println("println", 1, true, 1.5, "x")
	fmt.Println(os.Args[1:], os.Getenv("GREETING"), len(os.Args))
	r := bufio.NewReader(os.Stdin)
	var a, b int
	n, err := fmt.Fscan(r, &a, &b)
	fmt.Println(a+b, n, err)
	_, err = fmt.Fscan(r, &a)
	fmt.Println(err)
	_, err = os.Open("/does/not/exist")
	fmt.Println(err, os.IsNotExist(err))
	defer fmt.Println("never")
	os.Exit(3)
}
