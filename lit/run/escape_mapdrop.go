// A map that a frame could hold, but that the program drops by assigning nil: what it held is collected.
package main

import (
	"fmt"
	"runtime"
)

func heapMB() uint64 {
	runtime.GC()
	runtime.GC()
	var ms runtime.MemStats
	runtime.ReadMemStats(&ms)
	return ms.HeapAlloc >> 20
}

func main() {
	m := make(map[int][]byte)
	for i := 0; i < 100; i++ {
		m[i] = make([]byte, 1<<20)
	}
	fmt.Println(len(m))
	m = nil
	fmt.Println(heapMB() < 20)
}
