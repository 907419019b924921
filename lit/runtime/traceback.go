// RUN: %goc build -o %t %s
// RUN: not %t 2>&1 | FileCheck %s
// RUN: not %t deadlock 2>&1 | FileCheck --check-prefix=DEAD %s
// RUN: not %t unlock 2>&1 | FileCheck --check-prefix=UNLOCK %s
// RUN: not %t print 2>&1 | FileCheck --check-prefix=PRINT %s
// RUN: not %t goexit 2>&1 | FileCheck --check-prefix=GOEXIT %s
// RUN: not %t overflow 2>&1 | FileCheck --check-prefix=OVER %s
// RUN: not %t other 2>&1 | FileCheck --check-prefix=OTHER %s
// RUN: env GOTRACEBACK=all not %t all 2>&1 | FileCheck --check-prefix=ALL %s
// RUN: env GOTRACEBACK=none not %t 2>&1 | FileCheck --check-prefix=NONE %s
// RUN: %t callers 2>&1 | FileCheck --check-prefix=CALLERS %s
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"time"
)

type T struct{ n int }

// Called through an interface: the wrapper (*T).index is not shown.
func (t T) index(x []int) int { return x[t.n] }

type I interface{ index([]int) int }

//go:noinline
func call(i I, x []int) int { return i.index(x) }

func inlined(i I) int { return call(i, make([]int, 3)) }

type Bad struct{}

func (Bad) Error() string { panic("not again") }

//go:noinline
func deep(n int) int {
	var a [50]int
	a[n%50] = n
	return deep(n+1) + a[(n+1)%50]
}

//go:noinline
func frames() {
	pcs := make([]uintptr, 10)
	fs := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	for {
		f, more := fs.Next()
		fmt.Println(f.Function, f.Line)
		if !more {
			return
		}
	}
}

func through() { frames() }

func wait(c chan int) { <-c }

func main() {
	what := "panic"
	if len(os.Args) > 1 {
		what = os.Args[1]
	}
	switch what {
	case "panic":
		defer fmt.Println("deferred")
		inlined(&T{5})
	case "deadlock":
		c := make(chan int)
		go wait(c)
		runtime.Gosched()
		var mu sync.Mutex
		mu.Lock()
		mu.Lock()
	case "unlock":
		var mu sync.Mutex
		mu.Unlock()
	case "print":
		panic(Bad{})
	case "goexit":
		runtime.Goexit()
	case "overflow":
		debug.SetMaxStack(1 << 20)
		deep(0)
	case "other":
		go func() { panic(fmt.Errorf("in another")) }()
		time.Sleep(time.Minute)
	case "all":
		go wait(make(chan int))
		time.Sleep(time.Millisecond)
		defer func() {
			panic(fmt.Sprint("again: ", recover()))
		}()
		panic("first")
	case "callers":
		through()
		func() {
			defer func() {
				recover()
				frames()
			}()
			var p *T
			p.n = 1
		}()
	}
}

// CHECK: deferred
// CHECK-NEXT: panic: runtime error: index out of range [5] with length 3
// CHECK-EMPTY:
// CHECK-NEXT: goroutine 1 [running]:
// CHECK-NEXT: main.T.index(...)
// CHECK-NEXT: {{^	/.*/}}traceback.go:26{{( \+0x[0-9a-f]+)?$}}
// CHECK-NEXT: main.call(...)
// CHECK-NEXT: traceback.go:31 +0x
// CHECK-NEXT: main.inlined(...)
// CHECK-NEXT: {{traceback.go:33$}}
// CHECK-NEXT: main.main()
// CHECK-NEXT: traceback.go:71 +0x
// CHECK-NOT: {{^(goroutine|runtime|main|created)}}

// DEAD: fatal error: all goroutines are asleep - deadlock!
// DEAD-EMPTY:
// DEAD-NEXT: goroutine 1 [sync.Mutex.Lock]:
// DEAD-NEXT: sync.runtime_SemacquireMutex(...)
// DEAD: sync.(*Mutex).Lock(...)
// DEAD: main.main()
// DEAD-NEXT: traceback.go:78 +0x
// DEAD-EMPTY:
// DEAD-NEXT: goroutine {{[0-9]+}} [chan receive]:
// DEAD-NEXT: main.wait(...)
// DEAD-NEXT: traceback.go:61 +0x
// DEAD-NEXT: created by main.main in goroutine 1
// DEAD-NEXT: traceback.go:74 +0x

// UNLOCK: fatal error: sync: unlock of unlocked mutex
// UNLOCK-EMPTY:
// UNLOCK-NEXT: goroutine 1 [running]:
// UNLOCK-NEXT: sync.fatal(...)

// PRINT: fatal error: panic while printing panic value: not again
// PRINT: main.Bad.Error(...)
// PRINT: {{^}}panic(...)
// PRINT: main.main()

// GOEXIT: fatal error: no goroutines (main called runtime.Goexit) - deadlock!

// OVER: runtime: goroutine stack exceeds 1048576-byte limit
// OVER: fatal error: stack overflow
// OVER: goroutine 1 [running]:
// OVER-NEXT: main.deep(...)
// OVER: {{^\.\.\.[0-9]+ frames elided\.\.\.$}}
// OVER: main.main()

// OTHER: {{^}}panic: in another
// OTHER-EMPTY:
// OTHER-NEXT: goroutine {{[0-9]+}} [running]:
// OTHER-NEXT: main.main.func{{[0-9]+}}(...)
// OTHER-NEXT: traceback.go:90 +0x
// OTHER-NEXT: created by main.main in goroutine 1
// OTHER-NEXT: traceback.go:90 +0x
// OTHER-NOT: {{^(goroutine|runtime|main|created)}}

// ALL: panic: first [recovered]
// ALL-NEXT: {{^	}}panic: again: first
// ALL: goroutine 1 [running]:
// ALL-NEXT: main.main.func{{[0-9]+}}(...)
// ALL-NEXT: traceback.go:96
// ALL-NEXT: panic(...)
// ALL: main.main()
// ALL: [chan receive]:
// ALL-NEXT: main.wait(...)

// NONE: panic: runtime error: index
// NONE-NOT: goroutine

// CALLERS: main.frames 49
// CALLERS-NEXT: main.through 59
// CALLERS-NEXT: main.main 100
// CALLERS-NEXT: runtime.main
// CALLERS-NEXT: runtime.goexit
// CALLERS-NEXT: main.frames 49
// CALLERS-NEXT: main.main.func{{.*}} 104
// CALLERS-NEXT: runtime.gopanic
// CALLERS: main.main.func{{[0-9]+}} 107
// CALLERS-NEXT: main.main 108
