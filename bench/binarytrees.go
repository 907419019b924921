// Trees that are built and dropped: the allocator and the collector.
package main

import (
	"fmt"
	"os"
	"strconv"
)

type Tree struct{ left, right *Tree }

func build(depth int) *Tree {
	if depth == 0 {
		return &Tree{}
	}
	return &Tree{build(depth - 1), build(depth - 1)}
}

func (t *Tree) count() int {
	if t.left == nil {
		return 1
	}
	return 1 + t.left.count() + t.right.count()
}

func main() {
	n := 16
	if len(os.Args) > 1 {
		n, _ = strconv.Atoi(os.Args[1])
	}
	fmt.Println("stretch", build(n+1).count())
	long := build(n)
	for d := 4; d <= n; d += 4 {
		sum, rounds := 0, 1<<(n-d+4)
		for i := 0; i < rounds; i++ {
			sum += build(d).count()
		}
		fmt.Println(rounds, "trees of depth", d, "sum", sum)
	}
	fmt.Println("long-lived", long.count())
}
