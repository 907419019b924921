package main

import "fmt"

var globalVar int // Allocated in global/static memory

func main() {
    globalVar = 100
    fmt.Println(globalVar)
}
