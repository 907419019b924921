// spectralnorm with its matrix as a func value, which a closure has captured: calls that no compiler can do without unless it makes a copy of the closure.
package main

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"strconv"
	"sync"
)

func a(i, j int) float64 { return 1 / float64((i+j)*(i+j+1)/2+i+1) }

// each runs f on parts of [0, n) in as many goroutines as there are processors.
func each(n int, f func(lo, hi int)) {
	var wg sync.WaitGroup
	p := runtime.GOMAXPROCS(0)
	for k := 0; k < p; k++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			f(n*k/p, n*(k+1)/p)
		}()
	}
	wg.Wait()
}

func times(out, in []float64, at func(i, j int) float64) {
	each(len(out), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			sum := 0.0
			for j, x := range in {
				sum += at(i, j) * x
			}
			out[i] = sum
		}
	})
}

func timesBoth(out, in, tmp []float64) {
	times(tmp, in, a)
	times(out, tmp, func(i, j int) float64 { return a(j, i) })
}

func main() {
	n := 1500
	if len(os.Args) > 1 {
		n, _ = strconv.Atoi(os.Args[1])
	}
	u, v, tmp := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range u {
		u[i] = 1
	}
	for i := 0; i < 10; i++ {
		timesBoth(v, u, tmp)
		timesBoth(u, v, tmp)
	}
	var uv, vv float64
	for i := range u {
		uv += u[i] * v[i]
		vv += v[i] * v[i]
	}
	fmt.Printf("%.9f\n", math.Sqrt(uv/vv))
}
