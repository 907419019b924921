// Timers and tickers that nobody can receive from any more are collected; all others fire.
package main

import (
	"fmt"
	"runtime"
	"time"
)

const n = 10000

func inuse() int64 {
	var s runtime.MemStats
	for i := 0; i < 3; i++ {
		runtime.GC()
	}
	runtime.ReadMemStats(&s)
	return int64(s.Mallocs - s.Frees)
}

func dropped(what string, f func()) {
	before := inuse()
	for i := 0; i < n; i++ {
		f()
	}
	fmt.Println(what, inuse()-before < n)
}

//go:noinline
func onlyChan(d time.Duration) <-chan time.Time { return time.NewTicker(d).C }

func main() {
	early, late := time.After(300*time.Millisecond), make(chan int)
	tick := onlyChan(50 * time.Millisecond)
	go func() { // waits while all around is collected
		for i := range 3 {
			<-time.After(time.Duration(100+i) * time.Millisecond)
			late <- i
		}
	}()
	called := make(chan bool)
	time.AfterFunc(200*time.Millisecond, func() { called <- true })
	dropped("After", func() { time.After(time.Hour) })
	dropped("Tick", func() { time.Tick(time.Hour) })
	dropped("NewTimer", func() { time.NewTimer(time.Hour) })
	dropped("NewTicker", func() { time.NewTicker(time.Hour) })
	dropped("Stop", func() { time.NewTimer(time.Hour).Stop() })
	for range 3 {
		fmt.Println(<-late)
	}
	fmt.Println(<-called)
	<-early
	<-tick
	<-tick
	fmt.Println("fired")
}
