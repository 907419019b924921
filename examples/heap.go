package main

import "fmt"

type Person struct {
    Name string
    Age  int
}

func main() {
    p := new(Person) // Allocated on the heap
    p.Name = "Alice"
    p.Age = 30
    fmt.Println(p)
}
