// A hundred thousand goroutines at once, each waiting for its turn in a chain; then the same number that come and go.
package main

import (
	"fmt"
	"os"
	"strconv"
	"sync"
)

func chain(n int) int {
	first := make(chan int)
	in := first
	for i := 0; i < n; i++ {
		out := make(chan int)
		go func(in <-chan int, out chan<- int) { out <- 1 + <-in }(in, out)
		in = out
	}
	first <- 0
	return <-in
}

func crowd(n int) int {
	var mu sync.Mutex
	var wg sync.WaitGroup
	sum := 0
	for i := 0; i < n; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			sum += i & 1
			mu.Unlock()
		}()
	}
	wg.Wait()
	return sum
}

func main() {
	n := 100000
	if len(os.Args) > 1 {
		n, _ = strconv.Atoi(os.Args[1])
	}
	fmt.Println(chain(n), crowd(n))
}
