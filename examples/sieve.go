// The concurrent prime sieve: one goroutine for each prime found so far.
package main

import "fmt"

func generate(ch chan<- int) {
	for i := 2; ; i++ {
		ch <- i
	}
}

func filter(in <-chan int, out chan<- int, prime int) {
	for {
		if i := <-in; i%prime != 0 {
			out <- i
		}
	}
}

func main() {
	ch := make(chan int)
	go generate(ch)
	for i := 0; i < 100; i++ {
		prime := <-ch
		fmt.Print(prime)
		if i%10 == 9 {
			fmt.Println()
		} else {
			fmt.Print(" ")
		}
		next := make(chan int)
		go filter(ch, next, prime)
		ch = next
	}
}
