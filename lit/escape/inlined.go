// RUN: %goc build -c -m -o /dev/null %s 2>&1 | FileCheck %s
// RUN: %goc build -c -m -l -o /dev/null %s 2>&1 | FileCheck --check-prefix=APART %s
// What inlining brought into a function and does not leave it has a line at the call, as in gc.
package main

type T struct{ v int }

// CHECK: inlined.go:[[#@LINE+2]]:31: &T{...} escapes to heap
// APART: inlined.go:[[#@LINE+1]]:31: &T{...} escapes to heap
func fresh(v int) *T { return &T{v: v} }

// CHECK-NEXT: inlined.go:[[#@LINE+1]]:37: &T{...} does not escape
func stays(v int) int { return fresh(v).v }

func leaves(v int) *T { return fresh(v) }

//go:noinline
func apart(v int) *T { return &T{v: v} }

// CHECK-NEXT: inlined.go:[[#@LINE-2]]:31: &T{...} escapes to heap
// APART-NEXT: inlined.go:[[#@LINE-3]]:31: &T{...} escapes to heap

func called(v int) int { return apart(v).v }

// CHECK-NEXT: inlined.go:[[#@LINE+2]]:37: &T{...} does not escape
// CHECK-NEXT: inlined.go:[[#@LINE+1]]:48: &T{...} does not escape
func twice(v int) int { return stays(v) + stays(v+1) }

// APART-NOT: escape
func main() { println(stays(1), leaves(2).v, called(3), twice(4)) }
