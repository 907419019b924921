// RUN: %goc build -c -o %t.o -d ir,verify %s 2>&1 | FileCheck %s
// A local whose address is not taken is an untagged entry alloca for each word; one that is addressed is a tagged one where it is declared.
package main

var sink *int

// CHECK-LABEL: define hidden i64 @main.plain(
// CHECK-NEXT: entry:
// CHECK: %n.addr = alloca i64
// CHECK: %s.ptr = alloca ptr
// CHECK-NOT: goc.alloc
// CHECK: %s.len = alloca i64
// CHECK: store ptr null, ptr %s.ptr
// CHECK: store i64 0, ptr %s.len
// CHECK: ret i64
func plain(n int) int {
	var s string
	if n > 0 {
		s = "x"
	}
	return len(s)
}

// CHECK-LABEL: define hidden void @main.addressed(
// CHECK: for:
// CHECK: %x = alloca i64, align 8, !dbg ![[AT:[0-9]+]], !goc.alloc ![[TAG:[0-9]+]]
// CHECK-NEXT: store i64 0, ptr %x
func addressed() {
	for {
		var x int
		sink = &x
	}
}

// CHECK-LABEL: define hidden ptr @main.param(
// CHECK: %p.addr = alloca i64{{.*}}!goc.alloc
// CHECK-NEXT: store i64 %p, ptr %p.addr
func param(p int) *int { return &p }

// CHECK-DAG: ![[TAG]] = !{!"var", !"x", ptr @"type:int", i64 0}
// CHECK-DAG: ![[AT]] = !DILocation(line: 30, column: 7

func main() {}
