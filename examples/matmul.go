// Multiplies matrices: plain, by rows in goroutines, and by blocks, and compares the results.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

type Matrix struct {
	rows, cols int
	v          []float64
}

func New(rows, cols int) *Matrix {
	return &Matrix{rows, cols, make([]float64, rows*cols)}
}

func (m *Matrix) At(i, j int) *float64 { return &m.v[i*m.cols+j] }
func (m *Matrix) Row(i int) []float64  { return m.v[i*m.cols : (i+1)*m.cols] }

func fill(rows, cols int, seed uint32) *Matrix {
	m := New(rows, cols)
	for i := range m.v {
		seed = seed*1664525 + 1013904223
		m.v[i] = float64(seed>>24) / 16
	}
	return m
}

func mulRow(c, a, b *Matrix, i int) {
	out := c.Row(i)
	for k, x := range a.Row(i) {
		for j, y := range b.Row(k) {
			out[j] += x * y
		}
	}
}

func mul(a, b *Matrix) *Matrix {
	c := New(a.rows, b.cols)
	for i := 0; i < a.rows; i++ {
		mulRow(c, a, b, i)
	}
	return c
}

func mulParallel(a, b *Matrix) *Matrix {
	c := New(a.rows, b.cols)
	rows := make(chan int, 16)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range rows {
				mulRow(c, a, b, i)
			}
		}()
	}
	for i := 0; i < a.rows; i++ {
		rows <- i
	}
	close(rows)
	wg.Wait()
	return c
}

func mulBlocks(a, b *Matrix) *Matrix {
	const n = 16
	c := New(a.rows, b.cols)
	for kk := 0; kk < a.cols; kk += n {
		for jj := 0; jj < b.cols; jj += n {
			for i := 0; i < a.rows; i++ {
				for k := kk; k < min(kk+n, a.cols); k++ {
					x := *a.At(i, k)
					for j := jj; j < min(jj+n, b.cols); j++ {
						*c.At(i, j) += x * *b.At(k, j)
					}
				}
			}
		}
	}
	return c
}

func (m *Matrix) equal(o *Matrix) bool {
	for i := range m.v {
		if m.v[i] != o.v[i] {
			return false
		}
	}
	return m.rows == o.rows && m.cols == o.cols
}

func main() {
	a, b := fill(120, 80, 1), fill(80, 100, 2)
	c := mul(a, b)
	trace := 0.0
	for i := 0; i < min(c.rows, c.cols); i++ {
		trace += *c.At(i, i)
	}
	fmt.Printf("%dx%d, trace %.4f, corner %.4f\n", c.rows, c.cols, trace, *c.At(119, 99))
	fmt.Println("parallel equal:", c.equal(mulParallel(a, b)))
	fmt.Println("blocks equal:", c.equal(mulBlocks(a, b)))
}
