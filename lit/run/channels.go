// Channels and select: buffering, closing, nil channels, directions, timeouts, pipelines, fairness of results.
package main

import (
	"fmt"
	"sync"
	"time"
)

func try(f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("panic:", r)
		}
	}()
	f()
}

type msg struct {
	id   int
	text string
	back chan<- string
}

func server(in <-chan msg) {
	for m := range in {
		m.back <- fmt.Sprintf("%d:%s", m.id, m.text)
	}
}

func pipeline(n int) int {
	src := make(chan int)
	go func() {
		defer close(src)
		for i := 1; i <= n; i++ {
			src <- i
		}
	}()
	sq := make(chan int, 3)
	go func() {
		defer close(sq)
		for x := range src {
			sq <- x * x
		}
	}()
	sum := 0
	for x := range sq {
		sum += x
	}
	return sum
}

func main() {
	c := make(chan int, 2)
	c <- 1
	c <- 2
	fmt.Println(len(c), cap(c))
	select {
	case c <- 3:
		fmt.Println("no room, and yet")
	default:
		fmt.Println("full")
	}
	close(c)
	a, ok := <-c
	fmt.Println(a, ok)
	a, ok = <-c
	fmt.Println(a, ok)
	a, ok = <-c
	fmt.Println(a, ok)
	try(func() { c <- 1 })
	try(func() { close(c) })
	in, back := make(chan msg), make(chan string)
	go server(in)
	for i, s := range []string{"x", "y"} {
		in <- msg{i, s, back}
		fmt.Println(<-back)
	}
	close(in)
	fmt.Println(pipeline(100))
	var never chan int
	select {
	case <-never:
	case never <- 1:
	case <-time.After(time.Millisecond):
		fmt.Println("timeout")
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	total := map[int]int{}
	work := make(chan int)
	for w := 0; w < 5; w++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for n := range work {
				mu.Lock()
				total[n%3] += n
				mu.Unlock()
			}
		}()
	}
	for i := 0; i < 300; i++ {
		work <- i
	}
	close(work)
	wg.Wait()
	fmt.Println(total)
	quit, data := make(chan struct{}), make(chan int)
	go func() {
		for i := 0; i < 5; i++ {
			<-data
		}
		close(quit)
	}()
	sent := 0
loop:
	for {
		select {
		case data <- sent:
			sent++
		case <-quit:
			break loop
		}
	}
	fmt.Println(sent)
	var once sync.Once
	for i := 0; i < 3; i++ {
		once.Do(func() { fmt.Println("once", i) })
	}
	cond := sync.NewCond(&mu)
	ready := false
	go func() { mu.Lock(); ready = true; cond.Broadcast(); mu.Unlock() }()
	mu.Lock()
	for !ready {
		cond.Wait()
	}
	mu.Unlock()
	chans := make(chan chan int, 1)
	inner := make(chan int, 1)
	chans <- inner
	inner <- 42
	fmt.Println(<-<-chans)
	arr := make(chan [3]string, 1)
	arr <- [3]string{"a", "b", "c"}
	fmt.Println(len(<-arr))
	counts := [2]int{}
	x, y := make(chan int, 1000), make(chan int, 1000)
	for i := 0; i < 1000; i++ {
		x <- i
		y <- i
	}
	for i := 0; i < 1000; i++ {
		select {
		case <-x:
			counts[0]++
		case <-y:
			counts[1]++
		}
	}
	fmt.Println(counts[0]+counts[1], counts[0] > 300, counts[1] > 300)
}
