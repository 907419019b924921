// The largest singular value of a matrix that is computed on the fly: divisions, slices.
package main

import (
	"fmt"
	"math"
	"os"
	"strconv"
)

func a(i, j int) float64 { return 1 / float64((i+j)*(i+j+1)/2+i+1) }

func times(out, in []float64) {
	for i := range out {
		sum := 0.0
		for j, x := range in {
			sum += a(i, j) * x
		}
		out[i] = sum
	}
}

func timesTransposed(out, in []float64) {
	for i := range out {
		sum := 0.0
		for j, x := range in {
			sum += a(j, i) * x
		}
		out[i] = sum
	}
}

func timesBoth(out, in, tmp []float64) {
	times(tmp, in)
	timesTransposed(out, tmp)
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
