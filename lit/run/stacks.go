// Deep recursion and many goroutines: segments of stacks grow and go, values on them keep their addresses.
package main

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
)

func deep(n int, acc *int) int {
	var pad [20]int
	pad[n%20] = n
	*acc += pad[n%20]
	if n == 0 {
		return 0
	}
	return deep(n-1, acc) + 1
}

func wide(n int) (s string) {
	if n == 0 {
		return ""
	}
	defer func() { s += "." }()
	return wide(n-1) + "x"
}

type frame struct{ data [4096]byte }

func heavy(n int, f frame) byte {
	f.data[n]++
	if n == 0 {
		return f.data[0]
	}
	return heavy(n-1, f) + f.data[n]
}

func ack(m, n int) int {
	if m == 0 {
		return n + 1
	}
	if n == 0 {
		return ack(m-1, 1)
	}
	return ack(m-1, ack(m, n-1))
}

func main() {
	acc := 0
	fmt.Println(deep(100000, &acc), acc)
	fmt.Println(len(wide(500)))
	fmt.Println(heavy(200, frame{}))
	fmt.Println(ack(2, 300))
	var wg sync.WaitGroup
	sums := make([]int, 200)
	for i := range sums {
		wg.Add(1)
		go func() {
			defer wg.Done()
			deep(i*20, &sums[i])
			runtime.Gosched()
			_ = strings.Repeat("x", i)
		}()
	}
	wg.Wait()
	total := 0
	for _, s := range sums {
		total += s
	}
	fmt.Println(total)
	parked := make(chan int)
	var started sync.WaitGroup
	for i := 0; i < 20000; i++ {
		started.Add(1)
		go func() { started.Done(); parked <- i }()
	}
	started.Wait()
	runtime.GC()
	total = 0
	for i := 0; i < 20000; i++ {
		total += <-parked
	}
	fmt.Println(total)
}
