// RUN: %goc build -c -o %t.o -d ir,verify %s 2>&1 | FileCheck %s
// Symbols are gc's link names; literals are numbered in the function they stand in, those inside a literal behind a dot.
package main

type T struct{}

// CHECK-DAG: define hidden void @main.T.M(
func (T) M() {}

// CHECK-DAG: define hidden void @"main.(*T).P"(
func (*T) P() {
	// CHECK-DAG: define internal void @"main.(*T).P.func1"(
	f := func() {
		// CHECK-DAG: define internal void @"main.(*T).P.func1.1"(
		g := func() {}
		g()
	}
	f()
}

// CHECK-DAG: define hidden void @main.init.0(
func init() {}

// CHECK-DAG: define hidden void @main.init.1(
func init() {}

// CHECK-DAG: define internal void @main.init.func1(
var v = func() {}

func main() {}
