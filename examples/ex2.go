package main

import "fmt"

func createPerson() *Person {
    p := Person{Name: "Charlie", Age: 50}  // Local variable
    go func() {
        fmt.Println(p)  // p escapes to the goroutine
    }()
    return &p
}

type Person struct {
    Name string
    Age  int
}

func main() {
    p := createPerson()  // p is passed to a goroutine and must be heap-allocated
    fmt.Println(p)
}
