package main

import "fmt"

func createPerson() func() {
    p := Person{Name: "Dave", Age: 60}  // Local variable
    return func() {
        fmt.Println(p)  // p escapes to the closure
    }
}

type Person struct {
    Name string
    Age  int
}

func main() {
    closure := createPerson()  // p is captured by the closure and escapes
    closure()
}
