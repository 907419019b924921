// RUN: %goc build -d opt=main.counts -o /dev/null %s 2>&1 | FileCheck %s

// A bundle's functions bring those that they call: sync's Lock and its CompareAndSwap, which main does not import.
package main

import "sync"

var mu sync.Mutex
var n int

// CHECK-LABEL: @main.counts(
// CHECK-NOT: call {{.*}}sync/atomic
// CHECK-NOT: sync.(*Mutex).Lock"
// CHECK: cmpxchg
// CHECK-NOT: call {{.*}}sync/atomic
// CHECK: {{^}$}}
func counts() {
	mu.Lock()
	n++
	mu.Unlock()
}

func main() { counts() }
