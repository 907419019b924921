// Flips of all permutations: integers, small slices, bounds checks.
package main

import (
	"fmt"
	"os"
	"strconv"
)

func flips(p, q []int) int {
	copy(q, p)
	for n := 0; ; n++ {
		first := q[0]
		if first == 0 {
			return n
		}
		for i, j := 0, first; i < j; i, j = i+1, j-1 {
			q[i], q[j] = q[j], q[i]
		}
	}
}

func fannkuch(n int) (sum, most int) {
	p, q, count := make([]int, n), make([]int, n), make([]int, n)
	for i := range p {
		p[i] = i
	}
	for even := true; ; even = !even {
		if p[0] != 0 {
			f := flips(p, q)
			most = max(most, f)
			if even {
				sum += f
			} else {
				sum -= f
			}
		}
		i := 1
		for ; i < n; i++ {
			first := p[0]
			copy(p[:i], p[1:i+1])
			p[i] = first
			if count[i]++; count[i] <= i {
				break
			}
			count[i] = 0
		}
		if i == n {
			return sum, most
		}
	}
}

func main() {
	n := 10
	if len(os.Args) > 1 {
		n, _ = strconv.Atoi(os.Args[1])
	}
	sum, most := fannkuch(n)
	fmt.Printf("%d\nPfannkuchen(%d) = %d\n", sum, n, most)
}
