package main

import "fmt"

func main() {
    x := 10 // 'x' is allocated on the stack
    fmt.Println(x)
}
