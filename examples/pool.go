// A pool of workers with results, a deadline for each job, and a stop for all.
package main

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"sync"
	"sync/atomic"
	"time"
)

type Job struct {
	id    int
	takes time.Duration
}

type Result struct {
	id  int
	err error
}

var errTimeout = errors.New("timeout")

func do(ctx context.Context, j Job) error {
	done := make(chan struct{})
	t := time.AfterFunc(j.takes, func() { close(done) })
	defer t.Stop()
	select {
	case <-done:
		return nil
	case <-time.After(150 * time.Millisecond):
		return errTimeout
	case <-ctx.Done():
		return ctx.Err()
	}
}

func worker(ctx context.Context, jobs <-chan Job, results chan<- Result, busy *atomic.Int64) {
	for j := range jobs {
		busy.Add(1)
		results <- Result{j.id, do(ctx, j)}
	}
}

func main() {
	ctx, stop := context.WithCancel(context.Background())
	jobs, results := make(chan Job), make(chan Result)
	var busy atomic.Int64
	var wg sync.WaitGroup
	for i := 0; i < 4; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			worker(ctx, jobs, results, &busy)
		}()
	}
	go func() {
		for id := 1; id <= 12; id++ {
			takes := time.Millisecond
			if id%4 == 0 {
				takes = time.Hour // never in time
			}
			jobs <- Job{id, takes}
		}
		close(jobs)
	}()
	go func() { wg.Wait(); close(results) }()

	var all []Result
	for r := range results {
		all = append(all, r)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].id < all[j].id })
	for _, r := range all {
		fmt.Println(r.id, r.err)
	}
	fmt.Println("jobs done:", busy.Load())

	stop()
	fmt.Println("stopped:", do(ctx, Job{99, time.Hour}))

	ticks := 0
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
loop:
	for {
		select {
		case <-tick.C:
			if ticks++; ticks == 3 {
				break loop
			}
		}
	}
	select {
	case v := <-make(chan int):
		fmt.Println("impossible", v)
	default:
		fmt.Println("ticks:", ticks)
	}
}
