// All goroutines asleep.
// exit: 2
// stderr: ^fatal error: all goroutines are asleep - deadlock!
// stderr: goroutine 1 [chan receive]:
// stderr: main.main()
package main

import "fmt"

func main() {
	fmt.Println("waiting")
	c := make(chan int)
	go func() { select {} }()
	<-c
}
