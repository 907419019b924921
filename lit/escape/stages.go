// RUN: %goc build -c -d ir=main.both -o /dev/null %s 2>&1 | FileCheck --check-prefix=BORN %s
// RUN: %goc build -c -d escape=main.both -o /dev/null %s 2>&1 | FileCheck --check-prefix=DECIDED %s
// RUN: %goc build -c -d opt=main.both -o /dev/null %s 2>&1 | FileCheck --check-prefix=DONE %s
// Both objects are born as allocas; the pass keeps one, which SROA dissolves, and makes a call of the other.
package main

type T struct{ v, w int }

// BORN-LABEL: define hidden ptr @main.both(
// BORN: %stays = alloca { i64, i64 }, {{.*}}!goc.alloc
// BORN: %leaves = alloca { i64, i64 }, {{.*}}!goc.alloc
// BORN-NOT: newobject
// BORN: ret ptr

// DECIDED-LABEL: define hidden ptr @main.both(
// DECIDED: %stays = alloca { i64, i64 }, {{.*}}!goc.stack
// DECIDED-NOT: alloca
// DECIDED: %leaves = call ptr @runtime.newobject(ptr @"type:main.T"){{.*}}!goc.alloc
// DECIDED-NOT: newobject
// DECIDED: ret ptr

// DONE-LABEL: define hidden {{.*}}ptr @main.both(
// DONE-NOT: alloca
// DONE: call {{.*}}ptr @runtime.newobject(ptr {{.*}}@"type:main.T")
// DONE-NOT: alloca
// DONE: ret ptr
//
//go:noinline
func both(n int) *T {
	stays := T{v: n}
	p := &stays
	p.w = p.v + 1
	leaves := T{v: p.v, w: p.w}
	return &leaves
}

func main() { println(both(1).w) }
